/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "workers.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>

struct worker {
	pthread_t thread;
	bool is_running;
	void (*job)(void *ctx, size_t i);
	void *ctx;
	size_t i;
};

size_t
workers_count(void)
{
	cpu_set_t set;
	int n = sched_getaffinity(0, sizeof(set), &set) < 0 ? 1 : CPU_COUNT(&set);

	return n < WORKERS_MAX ? (size_t)n : WORKERS_MAX;
}

static void *
work(void *p)
{
	const struct worker *w = p;

	w->job(w->ctx, w->i);
	return NULL;
}

static void
run_some(void (*job)(void *ctx, size_t i), void *ctx, size_t from, size_t to)
{
	struct worker w[WORKERS_MAX];
	sigset_t all, before;
	size_t n = to - from;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	for (size_t i = 1; i < n; i++) {
		w[i] = (struct worker){ .job = job, .ctx = ctx, .i = from + i };
		w[i].is_running = pthread_create(&w[i].thread, NULL, work, &w[i]) == 0;
	}
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	job(ctx, from);
	for (size_t i = 1; i < n; i++)
		if (w[i].is_running)
			pthread_join(w[i].thread, NULL);
		else
			job(ctx, w[i].i);
}

void
workers_run(void (*job)(void *ctx, size_t i), void *ctx, size_t n)
{
	for (size_t at = 0; at < n; at += WORKERS_MAX)
		run_some(job, ctx, at, n - at < WORKERS_MAX ? n : at + WORKERS_MAX);
}
