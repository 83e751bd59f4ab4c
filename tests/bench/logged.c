/*
 * What a logged call costs in guest instructions, its reader included: run with
 * --icount, where the time stamp counter counts instructions.
 *
 *	logged N	prints `logged L` and `reads R`
 *
 * L is one getpid of a child whose every leave of getpid is logged, all that
 * the kernel and both loops do for it included.  R is how many reads the tracer
 * needed for 10,000 events.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <proctor/abi/trace.h>
#include "clock.h"

static int
fail(const char *what)
{
	perror(what);
	return 1;
}

static bool
rule_write(int fd, const char *line)
{
	struct {
		struct trace_verb verb;
		char text[64];
	} packed = {.verb.verb = TRACE_VERB_text};
	size_t length = strlen(line);

	packed.verb.size = (uint32_t)(sizeof packed.verb + length);
	memcpy(packed.text, line, length);
	return write(fd, &packed, packed.verb.size) ==
	       (ssize_t)packed.verb.size;
}

/* The child begins when its input ends. */
static int
child(int in, long n)
{
	char byte;

	(void)!read(in, &byte, 1);
	for (long i = 0; i < n; i++)
		(void)getpid();
	return 0;
}

static int
measure(int fd, long n)
{
	static struct trace_event events[512];
	uint64_t began = clock_now();
	long left = 0, reads = 0;
	ssize_t got;

	while ((got = read(fd, events, sizeof events)) > 0) {
		reads++;
		left += (long)((size_t)got / sizeof events[0]);
	}
	if (got < 0)
		return fail("read");
	if (left != n + 1) { /* and the end */
		fprintf(stderr, "logged: %ld events of %ld\n", left, n + 1);
		return 1;
	}
	printf("logged %" PRIu64 "\nreads %ld\n",
	       (clock_now() - began) / (uint64_t)n, reads * 10000 / n);
	return 0;
}

int
main(int argc, char *argv[])
{
	long n = argc > 1 ? strtol(argv[1], NULL, 10) : 0;
	char path[64];
	int ends[2], fd;
	pid_t pid;

	if (n < 100)
		return 2;
	if (pipe(ends))
		return fail("pipe");
	pid = fork();
	if (pid < 0)
		return fail("fork");
	if (pid == 0) {
		close(ends[1]);
		return child(ends[0], n);
	}
	snprintf(path, sizeof path, "proc:/%d/trace.bin", (int)pid);
	fd = open(path, O_RDWR);
	if (fd < 0 || !rule_write(fd, "on leave getpid log\n"))
		return fail(path);
	close(ends[1]);
	return measure(fd, n);
}
