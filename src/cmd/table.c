/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "cmd.h"

const struct opt cmd_global_options[] = {
	{ 'f', "file", "FILE", "the data file" },
	{ 'o', "output-format", "FORMAT", "table, tsv, json or ipam" },
	{ 'n', "dry-run", NULL, "show what would change, write nothing" },
	{ 'q', "quiet", NULL, "no messages but errors" },
	{ 'm', "reason", "REASON", "why, for the journal" },
	{ 0, "vrf", "NAME", "the VRF of keys without %VRF" },
	{ 0, "wait", "SECONDS", "how long to wait for the lock (10)" },
	{ 0, "color", "WHEN", "auto, always or never" },
	{ 0, "fields", "A,B,C", "the fields to show; help lists them" },
	{ 'h', "help", NULL, "how a command is used" },
	OPT_END,
};

const struct opt cmd_options[] = {
	{ 0, "count", "N", "how many of each target" },
	{ 0, "any", NULL, "from the first target that has room" },
	{ 0, "strategy", "S", "first, last, random or sparse" },
	{ 0, "eui64", NULL, "make the IPv6 address from mac=" },
	{ 0, "ensure", NULL, "what host= has already is the answer" },
	{ 0, "force", NULL, "override a range, a quarantine, a second address of one host" },
	{ 'r', "recursive", NULL, "with all that it holds" },
	{ 0, "keep", NULL, "leave what it holds to the parent" },
	{ 0, "all", NULL, "all addresses of a host" },
	{ 0, "quarantine", "DURATION", "how long a released address rests" },
	{ 0, "own", NULL, "look at own values only" },
	{ 0, "strict", NULL, "warnings count, too" },
	{ 0, "check", NULL, "only say whether anything would change" },
	{ 0, "over", "PERCENT", "those at or over it; exit 1 if there is any" },
	OPT_END,
};

const struct cmd cmd_table[] = {
	{ "init", NULL, cmd_init, CMD_NO_FILE | CMD_NO_BATCH, "", "[FILE]", "make a new data file" },
	{ "subnet", "add", cmd_subnet_add, CMD_WRITE | CMD_ASSIGN, "", "PREFIX [A=V...]", "add a subnet" },
	{ "subnet", "list", cmd_subnet_list, 0, "own", "[SELECT...]", "list subnets" },
	{ "subnet", "tree", cmd_subnet_tree, 0, "", "[PREFIX]", "subnets as a tree, with utilisation" },
	{ "subnet", "free", cmd_subnet_free, 0, "", "[PREFIX...] [/LEN]", "the free blocks" },
	{ "subnet", "rm", cmd_subnet_rm, CMD_WRITE, "recursive keep", "PREFIX...", "remove subnets" },
	{ "range", "add", cmd_range_add, CMD_WRITE | CMD_ASSIGN, "", "FIRST-LAST [A=V...]", "add a range" },
	{ "range", "list", cmd_range_list, 0, "own", "[SELECT...]", "list ranges" },
	{ "range", "rm", cmd_range_rm, CMD_WRITE, "", "RANGE...", "remove ranges" },
	{ "object", "add", cmd_object_add, CMD_WRITE | CMD_ASSIGN, "", "KIND NAME [A=V...]", "add an object" },
	{ "object", "list", cmd_object_list, 0, "", "[KIND]", "list objects" },
	{ "object", "rm", cmd_object_rm, CMD_WRITE, "", "KIND NAME", "remove an object" },
	{ "alloc", NULL, cmd_alloc, CMD_WRITE | CMD_ASSIGN, "count any strategy eui64 ensure force",
	    "TARGET... [A=V...]", "allocate addresses" },
	{ "release", NULL, cmd_release_address, CMD_WRITE, "all quarantine", "TARGET...", "free addresses" },
	{ "expire", NULL, cmd_expire, CMD_WRITE, "", "", "release what has expired, end quarantines" },
	{ "set", NULL, cmd_set, CMD_WRITE | CMD_ASSIGN, "force", "TARGET... A=V...", "change attributes" },
	{ "get", NULL, cmd_get, CMD_ANY_FILE, "", "TARGET A", "print an attribute's value" },
	{ "show", NULL, cmd_show, CMD_ANY_FILE, "", "TARGET", "a record, where it sits, what it inherits" },
	{ "list", NULL, cmd_list, 0, "own", "[SELECT...]", "list records" },
	{ "check", NULL, cmd_check, CMD_ANY_FILE, "strict", "", "every problem in the file" },
	{ "fmt", NULL, cmd_fmt, CMD_WRITE | CMD_ANY_FILE, "check", "", "canonical order and keys" },
	{ "report", NULL, cmd_report, 0, "over own", "[usage] [SELECT...]", "utilisation" },
	{ "batch", NULL, cmd_batch, CMD_WRITE | CMD_NO_BATCH, "", "[FILE]", "commands, one a line, all or nothing" },
	{ "help", NULL, cmd_help, CMD_NO_FILE, "", "[COMMAND]", "how a command is used" },
	{ "version", NULL, cmd_version, CMD_NO_FILE, "", "", "the program's version" },
};
const size_t cmd_table_len = ARRAY_LEN(cmd_table);
