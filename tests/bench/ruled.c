/*
 * What one getpid costs its caller under a rule, in guest instructions: run
 * with --icount, where the time stamp counter counts instructions.
 *
 *	ruled N		prints a line `NAME COST` for each row of `cases`
 *
 * The child measures itself; its loop and the C library are included.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "clock.h"

static const struct {
	const char *name, *rules;
} cases[] = {
	{"none", ""},
	{"another", "on enter getppid hold\non leave getppid hold\n"},
	{"count", "on enter getpid count\n"},
	{"return", "on enter getpid return 1\n"},
	{"return_at_leave", "on leave getpid return 1\n"},
};

static int
fail(const char *what)
{
	perror(what);
	return 1;
}

/* A tenth warms up. */
static int
child(int in, int out, long n)
{
	uint64_t began = 0;
	char byte;

	(void)!read(in, &byte, 1);
	for (long i = 0; i < n + n / 10; i++) {
		if (i == n / 10)
			began = clock_now();
		(void)getpid();
	}
	began = (clock_now() - began) / (uint64_t)n;
	return write(out, &began, sizeof began) != sizeof began;
}

static int
measure(size_t i, long n)
{
	int down[2], up[2], fd;
	uint64_t cost;
	char path[64];
	pid_t pid;

	if (pipe(down) || pipe(up))
		return fail("pipe");
	pid = fork();
	if (pid < 0)
		return fail("fork");
	if (pid == 0)
		_exit(child(down[0], up[1], n));
	snprintf(path, sizeof path, "proc:/%d/trace", (int)pid);
	fd = open(path, O_RDWR);
	if (fd < 0 || write(fd, cases[i].rules, strlen(cases[i].rules)) < 0)
		return fail(path);
	if (write(down[1], "", 1) != 1 ||
	    read(up[0], &cost, sizeof cost) != sizeof cost)
		return fail("measuring");
	close(fd);
	printf("%s %" PRIu64 "\n", cases[i].name, cost);
	return 0;
}

int
main(int argc, char *argv[])
{
	long n = argc > 1 ? strtol(argv[1], NULL, 10) : 0;
	int status = 0;

	if (n < 100)
		return 2;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		status |= measure(i, n);
	return status;
}
