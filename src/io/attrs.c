/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "attrs.h"

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

enum {
	/* What the kernel allows at most. */
	NAMES_MAX = 65536,
	VALUE_MAX = 65536,
	/* linux/posix_acl_xattr.h: a header, then entries of tag, permissions, id. */
	ACL_HEADER = 4,
	ACL_ENTRY = 8,
	ACL_PERM = 2
};

static const char acl_name[] = "system.posix_acl_access";

static const struct rule {
	const char *prefix;
	bool required;
} data_rules[] = {
	{ "user.", true },
	{ "trusted.", false },
	{ "system.nfs4_acl", false },
	{ "security.selinux", false },
	{ "security.SMACK64", false },
};

/* Permission bits of one class, 0 to 7. */
static unsigned
class_bits(unsigned bits, enum attrs_for how)
{
	if (how == ATTRS_LOCK)
		return bits & 2 ? 6 : 0;
	return how == ATTRS_BESIDE ? bits & 6 : bits;
}

static mode_t
mode_for(mode_t mode, enum attrs_for how)
{
	if (how == ATTRS_DATA)
		return mode & 07777;
	return class_bits(mode >> 6 & 7, how) << 6 | class_bits(mode >> 3 & 7, how) << 3 |
	       class_bits(mode & 7, how);
}

static bool
copy_owner(const struct stat *st, int to)
{
	if (geteuid() == 0 && fchown(to, st->st_uid, st->st_gid) == 0)
		return true;
	return fchown(to, (uid_t)-1, st->st_gid) == 0;
}

/* Without an ACL of its own, a file must not have the directory's default
 * one. */
static bool
drop_acl(int to)
{
	return fremovexattr(to, acl_name) == 0 || errno == ENODATA || errno == EOPNOTSUPP;
}

static bool
copy_acl(int from, int to, enum attrs_for how, unsigned char *value)
{
	ssize_t n = fgetxattr(from, acl_name, value, VALUE_MAX);

	if (n < 0)
		return (errno == ENODATA || errno == EOPNOTSUPP) && drop_acl(to);
	for (ssize_t at = ACL_HEADER; at + ACL_ENTRY <= n; at += ACL_ENTRY)
		value[at + ACL_PERM] = (unsigned char)class_bits(value[at + ACL_PERM], how);
	return fsetxattr(to, acl_name, value, (size_t)n, 0) == 0;
}

static const struct rule *
rule_for(const char *name)
{
	for (size_t i = 0; i < sizeof(data_rules) / sizeof(data_rules[0]); i++)
		if (strncmp(name, data_rules[i].prefix, strlen(data_rules[i].prefix)) == 0)
			return &data_rules[i];
	return NULL;
}

static bool
copy_xattr(int from, int to, const char *name, void *value)
{
	const struct rule *rule = rule_for(name);
	ssize_t n;

	if (!rule)
		return true;
	n = fgetxattr(from, name, value, VALUE_MAX);
	return (n >= 0 && fsetxattr(to, name, value, (size_t)n, 0) == 0) || !rule->required;
}

static bool
copy_xattrs(int from, int to, char *names, void *value)
{
	ssize_t n = flistxattr(from, names, NAMES_MAX);

	if (n < 0)
		return errno == EOPNOTSUPP || errno == ENOSYS;
	for (char *name = names; name < names + n; name += strlen(name) + 1)
		if (!copy_xattr(from, to, name, value))
			return false;
	return true;
}

/* The name of the step that failed, or NULL. */
static const char *
copy_all(int from, int to, enum attrs_for how, char *room)
{
	struct stat st;
	void *value = room + NAMES_MAX;

	if (fstat(from, &st) < 0)
		return "attributes";
	if (!copy_owner(&st, to))
		return "group";
	if (!copy_acl(from, to, how, value))
		return "ACL";
	if (how == ATTRS_DATA && !copy_xattrs(from, to, room, value))
		return "extended attributes";
	return fchmod(to, mode_for(st.st_mode, how)) == 0 ? NULL : "mode";
}

bool
attrs_copy(int from, int to, enum attrs_for how, const char **what)
{
	char *room = malloc(NAMES_MAX + VALUE_MAX);

	*what = room ? copy_all(from, to, how, room) : "attributes";
	free(room);
	return !*what;
}

void
attrs_refresh(int from, int to, enum attrs_for how)
{
	struct stat a, b;
	const char *what;

	if (fstat(from, &a) < 0 || fstat(to, &b) < 0 || (geteuid() && geteuid() != b.st_uid))
		return;
	if ((b.st_mode & 07777) == mode_for(a.st_mode, how) && a.st_gid == b.st_gid &&
	    (geteuid() || a.st_uid == b.st_uid))
		return;
	attrs_copy(from, to, how, &what);
}

static bool
is_member(gid_t gid)
{
	int n = getgroups(0, NULL);
	gid_t *groups = n > 0 ? malloc((size_t)n * sizeof(*groups)) : NULL;
	bool found = false;

	n = groups ? getgroups(n, groups) : 0;
	for (int i = 0; i < n; i++)
		found |= groups[i] == gid;
	free(groups);
	return found;
}

bool
attrs_can_keep_group(int dir, const struct stat *file)
{
	struct stat st;

	if (geteuid() == 0 || getegid() == file->st_gid)
		return true;
	if (fstat(dir, &st) == 0 && st.st_mode & S_ISGID && st.st_gid == file->st_gid)
		return true;
	return is_member(file->st_gid);
}
