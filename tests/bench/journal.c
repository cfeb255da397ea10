/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * journal BLOCKS ADDRESSES PLAN: a plan, and PLAN.log with so many blocks that lead to it:
 * addresses of 10.0.0.0/8 that come, change and go, 30 seconds apart until now.
 */
#include <stdio.h>
#include <time.h>

#include "core/journal.h"
#include "io/hash.h"

enum { LINE = 96 };

static char subnet[] = "10.0.0.0/8 name=all usable=all";

static void
flush(struct buf *b, FILE *f)
{
	fwrite(b->p, 1, b->n, f);
	b->n = 0;
}

static struct block_line
line_of(char op, char *text)
{
	return (struct block_line){ op, str_from(text) };
}

/* The k-th change of a plan: of an address, what was there and what is then. */
static void
change(const struct env *env, struct block *b, char (*plan)[LINE], unsigned long addresses,
    unsigned long k)
{
	static char before[LINE], command[2 * LINE];
	unsigned long at = (k * 2654435761UL >> 7) % addresses;
	char ip[16], *now = plan[at];

	snprintf(ip, sizeof(ip), "10.%lu.%lu.%lu", at >> 16, at >> 8 & 255, at & 255);
	snprintf(before, sizeof(before), "%s", now);
	if (*before)
		vec_push(env, &b->line, line_of('-', before));
	if (*before && k % 3 == 0)
		*now = '\0';
	else
		snprintf(now, LINE, "%s host=h%lu mac=52:54:00:%02lx:%02lx:%02lx", ip, k,
		    k >> 16 & 255, k >> 8 & 255, k & 255);
	if (*now)
		vec_push(env, &b->line, line_of('+', now));
	snprintf(command, sizeof(command), "ipam %s %s",
	    *now ? *before ? "set" : "alloc" : "release", *now ? now : ip);
	b->field[FIELD_COMMAND] = str_from(command);
}

static void
write_journal(FILE *f, char (*plan)[LINE], unsigned long addresses, unsigned long blocks)
{
	struct env env = env_plain;
	struct block b = { .kind = BLOCK_FIRST };
	struct chain chain;
	struct buf out;

	env.sha256 = hash_sha256;
	buf_init(&out, &env);
	buf_z(&out, JOURNAL_HEAD);
	chain_start(&chain);
	b.field[FIELD_USER] = STR("alice");
	b.field[FIELD_HOST] = STR("jump1");
	b.time = time(NULL) - 30 * (int64_t)blocks;
	vec_push(&env, &b.line, line_of('+', subnet));
	block_put(&out, &env, &chain, &b);
	for (unsigned long k = 1; k < blocks; k++) {
		b.kind = BLOCK_CHANGE;
		b.line.n = 0;
		b.time += 30;
		b.field[FIELD_USER] = k % 5 ? STR("alice") : STR("bob");
		b.field[FIELD_REASON] = k % 4 ? STR_NONE : STR("ticket 4711: a new machine");
		change(&env, &b, plan, addresses, k);
		block_put(&out, &env, &chain, &b);
		flush(&out, f);
	}
	vec_release(&b.line);
	buf_release(&out);
}

static void
write_plan(FILE *f, char (*plan)[LINE], unsigned long addresses)
{
	fprintf(f, "%s\n", subnet);
	for (unsigned long i = 0; i < addresses; i++)
		if (*plan[i])
			fprintf(f, "%s\n", plan[i]);
}

int
main(int argc, char **argv)
{
	char name[4096];

	if (argc != 4)
		return 2;
	unsigned long blocks = strtoul(argv[1], NULL, 10), addresses = strtoul(argv[2], NULL, 10);
	char(*plan)[LINE] = calloc(addresses, sizeof(*plan));
	snprintf(name, sizeof(name), "%s.log", argv[3]);
	FILE *journal = fopen(name, "w"), *f = fopen(argv[3], "w");
	if (!plan || !journal || !f)
		exit(1);
	write_journal(journal, plan, addresses, blocks);
	write_plan(f, plan, addresses);
	free(plan);
	return fclose(journal) != 0 || fclose(f) != 0;
}
