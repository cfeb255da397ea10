/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a change may touch.  Each row is tried twice: all of its steps on one
 * plan, and with the new text read again after each step. */
#include "plan.h"

#define HEAD "# the plan" LF LF
#define LF "\n"

/* A step is a line to add ("+LINE"), a key to remove ("-KEY"), attributes to set
 * ("KEY a=1 b=": the second is removed), a new line for a key ("=KEY a=1") or a
 * key to move to ("KEY>KEY"); steps end in a semicolon. */
static const struct {
	const char *before, *steps, *after;
} cases[] = {
	/* a new record goes directly below the one that precedes it */
	{ "10.0.0.0/24" LF "10.0.0.1" LF "# mail" LF "10.0.0.5" LF, "+10.0.0.2 a=1",
	    "10.0.0.0/24" LF "10.0.0.1" LF "10.0.0.2 a=1" LF "# mail" LF "10.0.0.5" LF },
	{ "10.0.0.0/24" LF LF "# b" LF "10.0.1.0/24" LF, "+10.0.0.1",
	    "10.0.0.0/24" LF "10.0.0.1" LF LF "# b" LF "10.0.1.0/24" LF },
	{ "10.0.0.0/24" LF "10.0.0.5" LF "10.0.2.0/24" LF, "+10.0.1.0/24",
	    "10.0.0.0/24" LF "10.0.0.5" LF "10.0.1.0/24" LF "10.0.2.0/24" LF },
	{ "10.0.0.0/24" LF "# end" LF, "+10.0.0.1", "10.0.0.0/24" LF "10.0.0.1" LF "# end" LF },
	{ "10.0.0.0/16" LF "10.0.0.8" LF,
	    "+10.0.0.0/24;+10.0.0.8-10.0.0.9;+10.0.0.0/20;+10.0.0.0/8;+10.0.0.8-10.0.0.8",
	    "10.0.0.0/8" LF "10.0.0.0/16" LF "10.0.0.0/20" LF "10.0.0.0/24" LF
	    "10.0.0.8-10.0.0.8" LF "10.0.0.8-10.0.0.9" LF "10.0.0.8" LF },
	{ "10.0.0.0/8" LF "2001:db8::/32" LF, "+11.0.0.0/8;+2001:db8:a::/48;+::/0",
	    "10.0.0.0/8" LF "11.0.0.0/8" LF "::/0" LF "2001:db8::/32" LF "2001:db8:a::/48" LF },
	{ "@vrf b" LF "@vrf a" LF "@vrf C" LF "10.0.0.0/8" LF "10.0.0.0/8%a" LF "10.0.0.0/8%C" LF,
	    "+10.0.0.0/8%b;+::/0",
	    "@vrf b" LF "@vrf a" LF "@vrf C" LF "10.0.0.0/8" LF "::/0" LF "10.0.0.0/8%a" LF
	    "10.0.0.0/8%b" LF "10.0.0.0/8%C" LF },
	/* wherever that one stands */
	{ "10.0.2.0/24" LF "10.0.0.0/24" LF "10.0.1.0/24" LF, "+10.0.2.1;+10.0.0.1;+10.0.3.0/24",
	    "10.0.2.0/24" LF "10.0.2.1" LF "10.0.3.0/24" LF "10.0.0.0/24" LF "10.0.0.1" LF
	    "10.0.1.0/24" LF },
	{ "10.0.2.0/24" LF "@vrf a" LF "10.0.0.0/24" LF, "+9.0.0.0/8;+10.0.0.1",
	    "9.0.0.0/8" LF "10.0.2.0/24" LF "@vrf a" LF "10.0.0.0/24" LF "10.0.0.1" LF },
	/* several at one place */
	{ "10.0.0.1" LF "10.0.0.9" LF, "+10.0.0.5;+10.0.0.3;+10.0.0.7;+10.0.0.4",
	    "10.0.0.1" LF "10.0.0.3" LF "10.0.0.4" LF "10.0.0.5" LF "10.0.0.7" LF "10.0.0.9" LF },
	/* with none before it: above the first record and its comments */
	{ "10.0.0.0/8" LF, "+9.0.0.0/8", "9.0.0.0/8" LF "10.0.0.0/8" LF },
	{ "# c" LF "10.0.0.0/8" LF, "+9.0.0.0/8", "9.0.0.0/8" LF "# c" LF "10.0.0.0/8" LF },
	{ HEAD "# c" LF "# d" LF "10.0.0.0/8" LF, "+9.0.0.0/8;+8.0.0.0/8;+8.0.0.1;+7.0.0.0/8",
	    HEAD "7.0.0.0/8" LF "8.0.0.0/8" LF "8.0.0.1" LF "9.0.0.0/8" LF "# c" LF "# d" LF
		 "10.0.0.0/8" LF },
	{ HEAD "@ipam 1" LF "@vrf b" LF LF "# c" LF "10.0.0.0/8" LF, "+9.0.0.0/8;+8.0.0.0/8",
	    HEAD "@ipam 1" LF "@vrf b" LF "8.0.0.0/8" LF "9.0.0.0/8" LF LF "# c" LF
		 "10.0.0.0/8" LF },
	{ LF LF "# c" LF "10.0.0.0/8" LF, "+9.0.0.0/8;+8.0.0.0/8",
	    "8.0.0.0/8" LF "9.0.0.0/8" LF LF LF "# c" LF "10.0.0.0/8" LF },
	/* with no record but objects: below them; with nothing: at the end */
	{ "@ipam 1" LF "# c" LF, "+10.0.0.0/8;+9.0.0.0/8",
	    "@ipam 1" LF "9.0.0.0/8" LF "10.0.0.0/8" LF "# c" LF },
	{ "@vrf a" LF "@zone b" LF, "+10.0.0.0/8", "@vrf a" LF "@zone b" LF "10.0.0.0/8" LF },
	{ "", "+10.0.0.0/8", "10.0.0.0/8" LF },
	{ "", "+10.0.0.0/8;+9.0.0.0/8;+10.0.0.1", "9.0.0.0/8" LF "10.0.0.0/8" LF "10.0.0.1" LF },
	{ LF, "+10.0.0.0/8", LF "10.0.0.0/8" LF },
	{ "# c" LF, "+10.0.0.0/8", "# c" LF "10.0.0.0/8" LF },
	{ "# c", "+10.0.0.0/8", "# c" LF "10.0.0.0/8" LF },
	{ "# c" LF, "+10.0.0.0/8;+9.0.0.0/8;+8.0.0.0/8",
	    "8.0.0.0/8" LF "9.0.0.0/8" LF "# c" LF "10.0.0.0/8" LF },
	{ "# c" LF LF, "+10.0.0.0/8;+9.0.0.0/8", "# c" LF LF "9.0.0.0/8" LF "10.0.0.0/8" LF },
	{ "# c" LF, "+10.0.0.0/8;+@vrf a", "@vrf a" LF "# c" LF "10.0.0.0/8" LF },
	{ "# c" LF, "+10.0.0.0/8;+9.0.0.0/8;-10.0.0.0/8;-9.0.0.0/8;+8.0.0.0/8;+7.0.0.0/8",
	    "7.0.0.0/8" LF "# c" LF "8.0.0.0/8" LF },
	/* a removed record leaves its comments: they are the next one's then */
	{ "# a" LF "10.0.0.0/8" LF "# b" LF "11.0.0.0/8" LF, "-10.0.0.0/8;+9.0.0.0/8",
	    "9.0.0.0/8" LF "# a" LF "# b" LF "11.0.0.0/8" LF },
	{ "# a" LF "10.0.0.0/8" LF LF "# b" LF "11.0.0.0/8" LF, "-10.0.0.0/8;+9.0.0.0/8",
	    "# a" LF LF "9.0.0.0/8" LF "# b" LF "11.0.0.0/8" LF },
	{ "@vrf a" LF "# a" LF "10.0.0.0/8" LF "# b" LF "11.0.0.0/8" LF,
	    "-10.0.0.0/8;+9.0.0.0/8;-11.0.0.0/8;-9.0.0.0/8;+8.0.0.0/8",
	    "@vrf a" LF "8.0.0.0/8" LF "# a" LF "# b" LF },
	{ "# a" LF "@vrf a" LF "# b" LF "11.0.0.0/8" LF, "-@vrf a;+@vrf b;+9.0.0.0/8",
	    "@vrf b" LF "9.0.0.0/8" LF "# a" LF "# b" LF "11.0.0.0/8" LF },
	{ "# a" LF "10.0.0.0/8" LF, "-10.0.0.0/8;+9.0.0.0/8;+8.0.0.0/8",
	    "8.0.0.0/8" LF "# a" LF "9.0.0.0/8" LF },
	{ "10.0.0.0/8" LF "# a" LF "11.0.0.0/8" LF, "+10.0.0.1;-10.0.0.0/8;+9.0.0.0/8",
	    "9.0.0.0/8" LF "10.0.0.1" LF "# a" LF "11.0.0.0/8" LF },
	{ "10.0.0.5" LF, "+10.0.0.1;-10.0.0.5;+10.0.0.0;+10.0.0.7;-10.0.0.1;+10.0.0.3",
	    "10.0.0.0" LF "10.0.0.3" LF "10.0.0.7" LF },
	{ "10.0.0.1" LF "10.0.0.5" LF, "-10.0.0.1;+10.0.0.1 a=1;-10.0.0.1;+10.0.0.1",
	    "10.0.0.1" LF "10.0.0.5" LF },
	{ "10.0.0.1 # x" LF "10.0.0.5" LF, "-10.0.0.1;+10.0.0.1", "10.0.0.1" LF "10.0.0.5" LF },

	/* a new object: below the last of its kind, else below the last, else first */
	{ "@zone a" LF "@vrf b" LF "@owner c" LF "10.0.0.0/8" LF, "+@vrf d;+@zone e ns=x;+@vrf c",
	    "@zone a" LF "@zone e ns=x" LF "@vrf b" LF "@vrf d" LF "@vrf c" LF "@owner c" LF
	    "10.0.0.0/8" LF },
	{ "@ipam 1" LF "@vrf b" LF LF "# c" LF "10.0.0.0/8" LF, "+@owner x;+@owner y",
	    "@ipam 1" LF "@vrf b" LF "@owner x" LF "@owner y" LF LF "# c" LF "10.0.0.0/8" LF },
	{ "@ipam 1" LF "10.0.0.0/8" LF, "+@owner x", "@ipam 1" LF "@owner x" LF "10.0.0.0/8" LF },
	{ HEAD "# c" LF "10.0.0.0/8" LF, "+@vrf a;+@owner b;+@vrf c;+9.0.0.0/8",
	    HEAD "@vrf a" LF "@vrf c" LF "@owner b" LF "9.0.0.0/8" LF "# c" LF "10.0.0.0/8" LF },
	{ HEAD "# c" LF "10.0.0.0/8" LF, "+9.0.0.0/8;+@vrf a",
	    HEAD "@vrf a" LF "9.0.0.0/8" LF "# c" LF "10.0.0.0/8" LF },
	{ "10.0.0.0/8" LF "@vrf b" LF "11.0.0.0/8" LF, "+@vrf c;+@zone a",
	    "10.0.0.0/8" LF "@vrf b" LF "@vrf c" LF "@zone a" LF "11.0.0.0/8" LF },
	{ "", "+@vrf a;+@vrf b;+10.0.0.0/8;+@owner c",
	    "@vrf a" LF "@vrf b" LF "@owner c" LF "10.0.0.0/8" LF },
	{ "# c" LF, "+@vrf a;+10.0.0.0/8", "# c" LF "@vrf a" LF "10.0.0.0/8" LF },
	{ "@vrf a" LF "@vrf b" LF, "-@vrf b;+@vrf c;-@vrf a;+@vrf d", "@vrf c" LF "@vrf d" LF },
	{ "@vrf a" LF "10.0.0.0/8" LF, "-@vrf a;+@vrf c", "@vrf c" LF "10.0.0.0/8" LF },
	{ "", "+@vrf b;+10.0.0.0/8%b;+@vrf a;+10.0.0.0/8%a;+10.0.0.0/9%b",
	    "@vrf b" LF "@vrf a" LF "10.0.0.0/8%a" LF "10.0.0.0/8%b" LF "10.0.0.0/9%b" LF },

	/* the end of the file */
	{ "10.0.0.0/24" LF "10.0.0.1", "+10.0.0.2", "10.0.0.0/24" LF "10.0.0.1" LF "10.0.0.2" LF },
	{ "10.0.0.0/24" LF "10.0.0.5", "+10.0.0.2", "10.0.0.0/24" LF "10.0.0.2" LF "10.0.0.5" },
	{ "10.0.0.0/24" LF "10.0.0.5", "10.0.0.5 a=1", "10.0.0.0/24" LF "10.0.0.5 a=1" },
	{ "10.0.0.0/24" LF "# end", "+10.0.0.2", "10.0.0.0/24" LF "10.0.0.2" LF "# end" },
	{ "10.0.0.0/24" LF "10.0.0.5", "-10.0.0.5", "10.0.0.0/24" LF },
	{ "10.0.0.0/24" LF "10.0.0.5", "-10.0.0.5;+10.0.0.6", "10.0.0.0/24" LF "10.0.0.6" LF },
	{ "10.0.0.0/24", "-10.0.0.0/24", "" },
	{ "10.0.0.0/24", "+@vrf a", "@vrf a" LF "10.0.0.0/24" },
	{ "@vrf a", "+@vrf b;+10.0.0.0/8", "@vrf a" LF "@vrf b" LF "10.0.0.0/8" LF },

	/* a removed record: its whole line and no other */
	{ "10.0.0.0/24" LF "# a" LF "\t10.0.0.5   x=1 # b" LF "# c" LF LF "10.0.0.6" LF,
	    "-10.0.0.5", "10.0.0.0/24" LF "# a" LF "# c" LF LF "10.0.0.6" LF },
	{ "10.0.0.5" LF, "-10.0.0.5", "" },
	{ LF "10.0.0.5" LF LF, "-10.0.0.5", LF LF },

	/* setting: the bytes of the value, no others */
	{ "10.0.0.5   a=1\tb=\"x y\"   c=3  # d" LF, "10.0.0.5 a=2",
	    "10.0.0.5   a=2\tb=\"x y\"   c=3  # d" LF },
	{ "10.0.0.5   a=1\tb=\"x y\"   c=3  # d" LF, "10.0.0.5 b=2",
	    "10.0.0.5   a=1\tb=2   c=3  # d" LF },
	{ "10.0.0.5   a=1\tb=\"x y\"   c=3  # d" LF, "10.0.0.5 c=_",
	    "10.0.0.5   a=1\tb=\"x y\"   c=\" \"  # d" LF },
	{ "10.0.0.5 a=1", "10.0.0.5 a=2", "10.0.0.5 a=2" },
	{ "  10.0.0.5 a=1 " LF, "10.0.0.5 a=x\"y_", "  10.0.0.5 a=\"x\\\"y \" " LF },
	{ "10.0.0.5 ab=1 b=1" LF, "10.0.0.5 b=2", "10.0.0.5 ab=1 b=2" LF },
	{ "2001:DB8::0:5 a=1" LF, "2001:db8::5 a=2", "2001:DB8::0:5 a=2" LF },
	{ "10.0.0.5%default a=1" LF, "10.0.0.5 a=2", "10.0.0.5%default a=2" LF },
	{ "@zone \t a  x=1" LF, "@zone a x=2 y=3", "@zone \t a  x=2 y=3" LF },
	/* the same value, in other quotes: nothing */
	{ "10.0.0.5 a=\"1\" b=\"x\\\\ y\" c=\"\"" LF, "10.0.0.5 a=1 b=x\\_y",
	    "10.0.0.5 a=\"1\" b=\"x\\\\ y\" c=\"\"" LF },
	/* a new one: behind the last, before a comment */
	{ "10.0.0.5" LF, "10.0.0.5 a=1", "10.0.0.5 a=1" LF },
	{ "10.0.0.5  " LF, "10.0.0.5 a=1", "10.0.0.5 a=1  " LF },
	{ "10.0.0.5 # c" LF, "10.0.0.5 a=1", "10.0.0.5 a=1 # c" LF },
	{ "10.0.0.5 x=1   \t# c" LF, "10.0.0.5 a=1 b=_#_",
	    "10.0.0.5 x=1 a=1 b=\" # \"   \t# c" LF },
	{ "10.0.0.5 x=\"#\"" LF, "10.0.0.5 a=#", "10.0.0.5 x=\"#\" a=#" LF },
	{ "@vrf a#b # c" LF, "@vrf a#b x=1", "@vrf a#b x=1 # c" LF },
	/* a removed one: with the blanks before it */
	{ "10.0.0.5   a=1   b=\"x y\"\tc=3  # d" LF, "10.0.0.5 b=", "10.0.0.5   a=1\tc=3  # d" LF },
	{ "10.0.0.5   a=1   b=2" LF, "10.0.0.5 a=", "10.0.0.5   b=2" LF },
	{ "10.0.0.5   a=1   b=2" LF, "10.0.0.5 b= a=", "10.0.0.5" LF },
	{ "10.0.0.5 a=1 # c" LF, "10.0.0.5 a=", "10.0.0.5 # c" LF },
	{ "10.0.0.5 a=\"\" b=1" LF, "10.0.0.5 a=", "10.0.0.5 b=1" LF },
	{ "10.0.0.5  b=1" LF, "10.0.0.5 a=", "10.0.0.5  b=1" LF },
	{ "10.0.0.5 a=1 b=2 c=3" LF, "10.0.0.5 d=4 b= a=9 e=5", "10.0.0.5 a=9 c=3 d=4 e=5" LF },
	{ "10.0.0.5 a=1" LF, "10.0.0.5 a=2 a=3;10.0.0.5 a=;10.0.0.5 a=4", "10.0.0.5 a=4" LF },
	{ "10.0.0.5 a=1" LF, "10.0.0.5 a=2;10.0.0.5 a=1", "10.0.0.5 a=1" LF },
	{ "10.0.0.5 a=1" LF,
	    "+10.0.0.6;10.0.0.6 b=2;-10.0.0.5;10.0.0.6 c=3 b=", "10.0.0.6 c=3" LF },
	{ "10.0.0.5 a=1" LF, "10.0.0.5 a=2;-10.0.0.5", "" },

	/* a line in place of another: its key stays as it is written */
	{ "# a" LF "  2001:DB8::5   a=1 # c" LF, "=2001:db8::5 b=2_3",
	    "# a" LF "2001:DB8::5 b=\"2 3\"" LF },
	{ "10.0.0.5 a=1", "=10.0.0.5;10.0.0.5 c=1", "10.0.0.5 c=1" },

	/* moved: attributes, spacing and comment go along; to the new place */
	{ "10.0.0.0/24" LF "# x" LF "  10.0.0.5   a=1\tb=2 # c" LF "10.0.0.6" LF "10.0.0.8" LF,
	    "10.0.0.5>10.0.0.7",
	    "10.0.0.0/24" LF "# x" LF "10.0.0.6" LF "10.0.0.7   a=1\tb=2 # c" LF "10.0.0.8" LF },
	{ "@vrf b" LF "10.0.0.1-10.0.0.1 a=1" LF, "10.0.0.1-10.0.0.1>10.0.0.9-10.0.0.9%b",
	    "@vrf b" LF "10.0.0.9-10.0.0.9%b a=1" LF },
	{ "2001:DB8::5" LF, "2001:db8::5>2001:db8::6", "2001:db8::6" LF },
};

static struct str
unescape(struct plan *p, struct str s)
{
	char *z = arena_z(&p->db.arena, s);

	for (char *c = z; *c; c++)
		if (*c == '_')
			*c = ' ';
	return (struct str){ z, s.n };
}

static size_t
assigns(struct plan *p, struct str words, struct assign a[ASSIGNS_MAX])
{
	size_t n = plan_assigns(plan_z(p, words), a);

	for (size_t i = 0; i < n; i++) {
		a[i].name = arena_str(&p->db.arena, a[i].name);
		a[i].value = unescape(p, a[i].value);
	}
	return n;
}

/* Where the attributes of a step begin: behind the key, which for an object has
 * a blank in it. */
static size_t
words_at(struct str step)
{
	size_t at = str_find(step, ' ');

	if (step.p[0] == '@' && at < step.n)
		at += 1 + str_find(str_cut(step, at + 1, step.n), ' ');
	return at;
}

static void
move(struct plan *p, struct str step)
{
	size_t at = str_find(step, '>');
	struct key key = plan_key(plan_z(p, str_cut(step, at + 1, step.n)));

	struct rec *r = plan_rec(p, plan_z(p, str_cut(step, 0, at)));
	struct str line = rec_line(r), old = rec_key(r),
		   vrf = db_vrf_name(&p->db, plan_vrf(p, &key));
	struct str rest = str_cut(line, (size_t)(old.p - line.p) + old.n, line.n);
	struct str fresh = key_fmt_kind(&p->db.arena, r->kind, key.span, vrf);

	line = arena_fmt(&p->db.arena, "%.*s%.*s", STR_FMT(fresh), STR_FMT(rest));
	edit_rekey(&p->db, &r, &line, 1);
}

static void
take(struct plan *p, struct str step)
{
	struct assign a[ASSIGNS_MAX];
	bool replace = step.p[0] == '=';

	if (step.p[0] == '+') {
		struct str line = arena_str(&p->db.arena, str_cut(step, 1, step.n));
		check(edit_add_line(&p->db, line), "%.*s", STR_FMT(step));
	} else if (step.p[0] == '-') {
		edit_remove(&p->db, plan_rec(p, plan_z(p, str_cut(step, 1, step.n))));
	} else if (str_find(step, '>') < step.n) {
		move(p, step);
	} else {
		step = str_cut(step, replace, step.n);
		size_t at = words_at(step), n = 0;
		struct rec *r = plan_rec(p, plan_z(p, str_cut(step, 0, at)));
		if (at < step.n)
			n = assigns(p, str_cut(step, at + 1, step.n), a);
		if (replace)
			edit_replace(&p->db, r, a, n);
		else
			edit_assign(&p->db, r, a, n);
	}
}

/* The pieces: kept ones are bytes of the old text, in order. */
static void
check_pieces(struct plan *p, struct str text, const char *about)
{
	struct piece *piece;
	size_t n = edit_pieces(&p->db, 0, &piece), at = 0, kept = 0;

	for (size_t i = 0; i < n; i++) {
		const char *bytes = piece[i].kept ? p->source.p + piece[i].from : piece[i].p;
		check(piece[i].n && at + piece[i].n <= text.n &&
			  memcmp(bytes, text.p + at, piece[i].n) == 0,
		    "%s: piece %zu", about, i);
		check(!piece[i].kept || piece[i].from >= kept, "%s: piece %zu is taken twice",
		    about, i);
		if (piece[i].kept)
			kept = piece[i].from + piece[i].n;
		at += piece[i].n;
	}
	check(at == text.n, "%s: the pieces end early", about);
}

static void
check_case(const char *before, const char *steps, const char *after, bool reload)
{
	struct str rest = str_from(steps), step;
	struct plan plans[2], *p = &plans[0];

	plan_load(p, before);
	while (str_next(&rest, ';', &step)) {
		take(p, step);
		if (!reload)
			continue;
		struct plan *next = p == &plans[0] ? &plans[1] : &plans[0];
		plan_read(next, edit_text(&p->db, 0));
		plan_release(p);
		p = next;
	}
	struct str text = edit_text(&p->db, 0);
	check_text(plan_z(p, text), after, steps);
	check_pieces(p, text, steps);
	check(reload || edit_is_changed(&p->db) || strcmp(before, after) == 0, "%s", steps);
	plan_release(p);
}

static void
test_cases(void **state)
{
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		check_case(cases[i].before, cases[i].steps, cases[i].after, false);
		check_case(cases[i].before, cases[i].steps, cases[i].after, true);
	}
}

/* The list of changes: in the order of the plan, objects first, real ones only. */
static void
test_changes(void **state)
{
	static const struct {
		const char *before, *steps, *changes;
	} rows[] = {
		{ "10.0.0.5 a=1" LF, "10.0.0.5 a=1", "" },
		{ "10.0.0.5 a=1" LF, "10.0.0.5 a=2;10.0.0.5 a=1", "" },
		{ "10.0.0.5 a=1" LF, "+10.0.0.6;10.0.0.6 x=1;-10.0.0.6", "" },
		{ "  10.0.0.5 a=1 # c" LF, "10.0.0.5 a=2",
		    "-  10.0.0.5 a=1 # c|+  10.0.0.5 a=2 # c|" },
		{ "10.0.0.5 a=1" LF, "10.0.0.5 a=2;-10.0.0.5", "-10.0.0.5 a=1|" },
		{ "10.0.0.5 a=1" LF, "-10.0.0.5;+10.0.0.5 b=1", "-10.0.0.5 a=1|+10.0.0.5 b=1|" },
		{ "10.0.0.5" LF, "+10.0.0.6;10.0.0.6 a=1;10.0.0.6 b=2", "+10.0.0.6 a=1 b=2|" },
		{ "10.0.0.0/24" LF "10.0.0.5 a=1" LF,
		    "10.0.0.5>10.0.0.3;+@vrf b;10.0.0.0/24 x=1;+9.0.0.0/8;+::%b;+::",
		    "+@vrf b|+9.0.0.0/8|-10.0.0.0/24|+10.0.0.0/24 x=1|+10.0.0.3 a=1|-10.0.0.5 "
		    "a=1|+::|+::%b|" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str rest = str_from(rows[i].steps), step;
		struct line_change *v;
		struct plan p;
		struct buf b;
		plan_load(&p, rows[i].before);
		while (str_next(&rest, ';', &step))
			take(&p, step);
		buf_init(&b, &plan_env);
		size_t n = edit_changes(&p.db, &v);
		for (size_t k = 0; k < n; k++) {
			if (v[k].before.n)
				buf_fmt(&b, "-%.*s|", STR_FMT(v[k].before));
			if (v[k].after.n)
				buf_fmt(&b, "+%.*s|", STR_FMT(v[k].after));
		}
		check_text(plan_z(&p, buf_get(&b)), rows[i].changes, rows[i].steps);
		assert_int_equal(edit_is_changed(&p.db), n > 0);
		buf_release(&b);
		plan_release(&p);
	}
}

/* What is added with edit_add() and edit_add_object(), and what is refused. */
static void
test_add(void **state)
{
	struct assign a[] = { { STR("host"), STR("www") }, { STR("note"), STR("a b") },
		{ STR("tag"), STR_NONE }, { STR("x"), STR("\"") } };
	struct assign twice[] = { { STR("x"), STR("1") }, { STR("x"), STR("2") } };
	struct key key;
	struct plan p;

	(void)state;
	plan_load(&p, "@vrf Blue\n");
	key = plan_key("10.0.0.0/24");
	struct rec *r = edit_add(&p.db, 1, key.span, KIND_SUBNET, NULL, 0);
	assert_ptr_equal(r, plan_rec(&p, "10.0.0.0/24%blue"));
	key = plan_key("10.0.0.5-10.0.0.5");
	r = edit_add(&p.db, 0, key.span, KIND_RANGE, a, 1);
	assert_ptr_equal(r, plan_rec(&p, "10.0.0.5-10.0.0.5"));
	assert_ptr_equal(db_range_over(&p.db, 0, span_first(key.span)), r);
	r = edit_add(&p.db, 0, key.span, KIND_ADDRESS, a, ARRAY_LEN(a));
	assert_ptr_equal(r, plan_rec(&p, "10.0.0.5"));
	assert_null(edit_add(&p.db, 0, plan_key("10.0.0.6").span, KIND_ADDRESS, twice, 2));
	assert_null(edit_add_line(&p.db, STR("# comment")));
	assert_null(edit_add_line(&p.db, STR("10.0.0.6\n10.0.0.7")));
	assert_null(edit_add_line(&p.db, STR("10.0.0.6 x")));
	r = edit_add_object(&p.db, STR("zone"), STR("example.net"), a, 2);
	assert_ptr_equal(r, plan_rec(&p, "@zone example.net"));
	assert_null(edit_add_object(&p.db, STR("zone"), STR("a,b"), NULL, 0));
	assert_true(edit_set(&p.db, r, "note", STR("x")));
	assert_false(edit_set(&p.db, r, "note", STR("x")));
	assert_true(edit_set(&p.db, r, "host", STR_NONE));
	assert_false(edit_set(&p.db, r, "host", STR_NONE));
	check_text(plan_z(&p, edit_text(&p.db, 0)),
	    "@vrf Blue" LF "@zone example.net note=x" LF "10.0.0.5-10.0.0.5 host=www" LF
	    "10.0.0.5 host=www note=\"a b\" x=\"\\\"\"" LF "10.0.0.0/24%Blue" LF,
	    "edit_add");
	plan_release(&p);
}

/* Parents follow what comes, goes and moves. */
static void
test_parents(void **state)
{
	static const struct {
		const char *steps, *key, *parent;
	} rows[] = {
		{ "+10.0.0.0/16", "10.0.0.5", "10.0.0.0/24" },
		{ "+10.0.0.0/16", "10.0.0.0/24", "10.0.0.0/16" },
		{ "+10.0.0.0/16", "10.0.0.0/16", "10.0.0.0/8" },
		{ "+10.0.0.0/16", "10.0.9.1", "10.0.0.0/16" },
		{ "+10.0.0.0/16;-10.0.0.0/24", "10.0.0.5", "10.0.0.0/16" },
		{ "+10.0.0.0/16;-10.0.0.0/24", "10.0.0.128/25", "10.0.0.0/16" },
		{ "-10.0.0.0/24", "10.0.0.5", "10.0.0.0/8" },
		{ "-10.0.0.0/8", "10.0.9.1", NULL },
		{ "-10.0.0.0/8;-10.0.0.0/24", "10.0.0.10-10.0.0.19", NULL },
		{ "+10.0.0.0/28", "10.0.0.5", "10.0.0.0/28" },
		{ "+10.0.0.0/27", "10.0.0.10-10.0.0.19", "10.0.0.0/27" },
		{ "+10.0.0.0/27", "10.0.0.200", "10.0.0.128/25" },
		{ "+10.0.0.5/32", "10.0.0.5", "10.0.0.5/32" },
		{ "10.0.0.0/24>10.0.0.0/23", "10.0.0.128/25", "10.0.0.0/23" },
		{ "10.0.0.5>10.0.9.2", "10.0.9.2", "10.0.0.0/8" },
		{ "+10.0.0.0/24%b", "10.0.0.5", "10.0.0.0/24" },
		{ "+10.0.0.0/24%b", "10.0.0.5%b", "10.0.0.0/24%b" },
	};

	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		struct str rest = str_from(rows[i].steps), step;
		struct plan p;
		plan_load(&p, "@vrf b" LF "10.0.0.0/8" LF "10.0.0.0/24" LF "10.0.0.5" LF
			      "10.0.0.10-10.0.0.19" LF "10.0.0.128/25" LF "10.0.0.200" LF
			      "10.0.9.1" LF "10.0.0.5%b" LF);
		while (str_next(&rest, ';', &step))
			take(&p, step);
		const struct rec *parent = plan_rec(&p, rows[i].key)->parent;
		check_text(parent ? plan_z(&p, db_key(&p.db, parent)) : NULL, rows[i].parent,
		    rows[i].steps);
		plan_release(&p);
	}
}

/* Of several sources each keeps its own; a record that nothing precedes goes to
 * the first. */
static void
test_sources(void **state)
{
	static const struct text_source sources[] = {
		{ "a", "10.0.0.0/24" LF, 12 },
		{ "b", "10.0.1.0/24" LF "10.0.1.1", 20 },
	};
	struct db db;
	struct diags d;

	(void)state;
	db_init(&db, &plan_env);
	diags_init(&d, &plan_env);
	assert_int_equal(db_load(&db, sources, 2, &d), STATUS_OK);
	edit_add_line(&db, STR("10.0.0.1"));
	edit_add_line(&db, STR("10.0.1.2"));
	edit_add_line(&db, STR("9.0.0.0/8"));
	edit_set(&db, db_find(&db, 0, plan_key("10.0.1.0/24").span, KIND_SUBNET), "a", STR("1"));
	assert_true(str_eq(edit_text(&db, 0), STR("9.0.0.0/8" LF "10.0.0.0/24" LF "10.0.0.1" LF)));
	assert_true(
	    str_eq(edit_text(&db, 1), STR("10.0.1.0/24 a=1" LF "10.0.1.1" LF "10.0.1.2" LF)));
	diags_release(&d);
	db_release(&db);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cases),
		cmocka_unit_test(test_changes),
		cmocka_unit_test(test_add),
		cmocka_unit_test(test_parents),
		cmocka_unit_test(test_sources),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
