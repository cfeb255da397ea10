/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "progress.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void
progress_start(struct progress *p, bool quiet)
{
	const char *term = getenv("TERM");

	p->on = !quiet && isatty(2) && term && strcmp(term, "dumb") != 0;
}

void
progress_show(const struct progress *p, const char *fmt, ...)
{
	va_list ap;

	if (!p->on)
		return;
	va_start(ap, fmt);
	fputs("\r\033[K", stderr);
	vfprintf(stderr, fmt, ap);
	fflush(stderr);
	va_end(ap);
}

void
progress_end(const struct progress *p)
{
	if (p->on)
		fputs("\r\033[K", stderr);
}
