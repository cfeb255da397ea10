/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "environment.h"

#include <regex.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include "core/when.h"
#include "file.h"
#include "hash.h"
#include "workers.h"

static bool
system_random(void *p, size_t n)
{
	return getrandom(p, n, 0) == (ssize_t)n;
}

static void *
pattern_compile(const char *pattern, char *err, size_t errsize)
{
	regex_t *re = malloc(sizeof(*re));

	int fault = re ? regcomp(re, pattern, REG_EXTENDED | REG_NOSUB) : REG_ESPACE;
	if (!fault)
		return re;
	regerror(fault, re, err, errsize);
	free(re);
	return NULL;
}

static bool
pattern_match(const void *regex, const char *text)
{
	return regexec(regex, text, 0, NULL, 0) == 0;
}

static void
pattern_free(void *regex)
{
	regfree(regex);
	free(regex);
}

/* The locale's character set, by its name: nothing here needs the locale itself. */
static bool
is_utf8(void)
{
	static const char *const variables[] = { "LC_ALL", "LC_CTYPE", "LANG" };
	const char *locale = NULL;

	for (size_t i = 0; i < ARRAY_LEN(variables) && !(locale && *locale); i++)
		locale = getenv(variables[i]);
	return locale && (strcasestr(locale, "utf-8") || strcasestr(locale, "utf8"));
}

static struct screen
find_screen(void)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");
	struct screen s = { .is_terminal = isatty(1), .utf8 = is_utf8() };
	struct winsize size;

	s.no_color = no_color && *no_color;
	s.color = s.is_terminal && !s.no_color && term && strcmp(term, "dumb") != 0;
	if (s.is_terminal && ioctl(1, TIOCGWINSZ, &size) == 0) {
		s.width = size.ws_col;
		s.height = size.ws_row;
	}
	return s;
}

/* IPAM_NOW may have a fraction of a second, as RFC 3339 has: it is left out. */
static bool
read_now(const char *now, int64_t *out)
{
	const char *dot = strchr(now, '.');
	char text[WHEN_TEXT];

	if (!dot)
		return when_parse(str_from(now), out);
	size_t digits = strspn(dot + 1, "0123456789");
	int n = snprintf(text, sizeof(text), "%.*s%s", (int)(dot - now), now, dot + 1 + digits);
	return digits && n < (int)sizeof(text) && when_parse(str_from(text), out);
}

bool
environment_fill(struct env *env, void (*oom)(size_t wanted), struct diags *d)
{
	const char *now = getenv("IPAM_NOW");

	*env = (struct env){ .oom = oom,
		.map = file_map,
		.unmap = file_unmap,
		.run = workers_run,
		.workers = workers_count(),
		.random = system_random,
		.sha256 = hash_sha256,
		.regex_compile = pattern_compile,
		.regex_match = pattern_match,
		.regex_free = pattern_free,
		.screen = find_screen(),
		.now = time(NULL) };
	if (now && *now && !read_now(now, &env->now)) {
		diag_fail(d, STATUS_USAGE, "IPAM_NOW=%s: a time is written 2026-12-31T10:00:00Z",
		    now);
		return false;
	}
	return true;
}
