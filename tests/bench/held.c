/*
 * What one call costs in guest instructions, untraced and held twice (enter and
 * leave), on the instruction clock: run with --icount, where the time stamp
 * counter counts instructions.
 *
 *	held N		prints `untraced U`, `held H`, `switches S`, `idle I`
 *
 * U is one getpid of this program, its loop and the C library included.  H is
 * one getpid of a child whose every getpid is held at enter and at leave, all
 * that the kernel, libtrace and both loops do for it included.  S and I are
 * switches and entries of the idle thread per hold, times 1000.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <trace.h>
#include "clock.h"

static void
call(long n)
{
	for (long i = 0; i < n; i++)
		(void)getpid();
}

struct counters {
	long switches, idle;
};

static struct counters
counters_now(void)
{
	struct counters now = {0, 0};
	FILE *file = fopen("sys:/cpu", "r");
	char word[64];

	while (file && fscanf(file, "%63s", word) == 1) {
		if (strcmp(word, "switches") == 0)
			(void)fscanf(file, "%ld", &now.switches);
		else if (strcmp(word, "idle") == 0)
			(void)fscanf(file, "%ld", &now.idle);
	}
	if (file)
		(void)fclose(file);
	return now;
}

static int
fail(const char *what, int error)
{
	fprintf(stderr, "held: %s: %s\n", what, trace_strerror(error));
	return 1;
}

/* The first tenth warms up; what is measured begins and ends at an enter. */
static int
measure(struct trace *trace, long n)
{
	uint64_t began = 0, ended = 0;
	struct counters from = {0, 0}, to = {0, 0};
	struct trace_event event;
	long entered = 0, left = 0;
	int more;

	while ((more = trace_next(trace, &event, -1)) > 0) {
		left += event.type == TRACE_EV_leave;
		if (event.type != TRACE_EV_enter)
			continue;
		if (++entered == n / 10) {
			from = counters_now();
			began = clock_now();
		} else if (entered == n) {
			ended = clock_now();
			to = counters_now();
		}
	}
	if (more < 0)
		return fail("trace_next", more);
	if (entered != n || left != n)
		return fail("events lost or doubled", 0);
	n -= n / 10;
	printf("held %" PRIu64 "\nswitches %ld\nidle %ld\n",
	       (ended - began) / (uint64_t)n,
	       (to.switches - from.switches) * 1000 / (2 * n),
	       (to.idle - from.idle) * 1000 / (2 * n));
	return 0;
}

int
main(int argc, char *argv[])
{
	char *child[] = {"held", "call", argc > 1 ? argv[argc - 1] : NULL,
			 NULL};
	long n = argc > 1 ? strtol(argv[argc - 1], NULL, 10) : 0;
	uint64_t began;
	struct trace *trace;
	int error;

	if (n < 100)
		return 2;
	if (argc == 3) {
		call(n);
		return 0;
	}
	began = clock_now();
	call(n);
	printf("untraced %" PRIu64 "\n", (clock_now() - began) / (uint64_t)n);
	error = trace_spawn(&trace, "/bin/held", child, NULL, NULL);
	if (!error)
		error = trace_on(trace, "enter", "getpid", "hold");
	if (!error)
		error = trace_on(trace, "leave", "getpid", "hold");
	return error ? fail("starting", error) : measure(trace, n);
}
