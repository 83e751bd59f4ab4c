/*
 * What two processes cost: a round trip through two pipes, a child made and
 * waited for, a child that becomes another program.  Of one thing N times.
 *
 *	family pipe|fork|exec N		prints `count C`, `ns T`, `switches S`,
 *					`idle I`, `interrupts J`
 *
 * C is the time stamp counter's difference for one (guest instructions, with
 * --icount), T that of the clock; S, I and J are switches, entries of idle
 * threads and interrupts (but ticks) for one, times 1000, all CPUs together.
 *The first tenth warms up.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "clock.h"

static int down[2], up[2];

static void
check(int good, const char *what)
{
	if (good)
		return;
	perror(what);
	exit(1);
}

static void
pipe_prepare(void)
{
	long n;

	check(pipe(down) == 0 && pipe(up) == 0, "pipe");
	if (fork() != 0)
		return;
	close(down[1]);
	while (read(down[0], &n, sizeof n) == sizeof n)
		check(write(up[1], &n, sizeof n) == sizeof n, "write");
	_exit(0);
}

static void
pipe_once(void)
{
	long n = 1;

	check(write(down[1], &n, sizeof n) == sizeof n, "write");
	check(read(up[0], &n, sizeof n) == sizeof n, "read");
}

static void
nothing(void)
{
}

static void
child_await(pid_t pid)
{
	int status;

	check(waitpid(pid, &status, 0) == pid && status == 0, "child");
}

static void
fork_once(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	child_await(pid);
}

static void
exec_once(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		execl("/bin/family", "family", (char *)NULL);
		_exit(1);
	}
	child_await(pid);
}

static const struct kind {
	const char *name;
	void (*prepare)(void), (*once)(void);
} kinds[] = {
	{"pipe", pipe_prepare, pipe_once},
	{"fork", nothing, fork_once},
	{"exec", nothing, exec_once},
};

struct counters {
	int64_t count, ns, switches, idle, interrupts;
};

static struct counters
counters_now(void)
{
	struct counters now = {0};
	FILE *file = fopen("sys:/cpu", "r");
	struct timespec time;
	char word[64];
	long value;

	while (file && fscanf(file, "%63s", word) == 1) {
		if (strcmp(word, "switches") == 0 &&
		    fscanf(file, "%ld", &value) == 1)
			now.switches += value;
		else if (strcmp(word, "idle") == 0 &&
			 fscanf(file, "%ld", &value) == 1)
			now.idle += value;
		else if (strcmp(word, "interrupts") == 0 &&
			 fscanf(file, "%ld", &value) == 1)
			now.interrupts += value;
		else if (strcmp(word, "ticks") == 0 &&
			 fscanf(file, "%ld", &value) == 1)
			now.interrupts -= value;
	}
	if (file)
		(void)fclose(file);
	check(clock_gettime(CLOCK_MONOTONIC, &time) == 0, "clock");
	now.ns = time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
	now.count = (int64_t)clock_now();
	return now;
}

static void
measure(const struct kind *kind, long n)
{
	struct counters from, to;

	kind->prepare();
	for (long i = 0; i < n / 10 + 1; i++)
		kind->once();
	from = counters_now();
	for (long i = 0; i < n; i++)
		kind->once();
	to = counters_now();
	printf("count %" PRId64 "\nns %" PRId64 "\nswitches %" PRId64
	       "\nidle %" PRId64 "\ninterrupts %" PRId64 "\n",
	       (to.count - from.count) / n, (to.ns - from.ns) / n,
	       (to.switches - from.switches) * 1000 / n,
	       (to.idle - from.idle) * 1000 / n,
	       (to.interrupts - from.interrupts) * 1000 / n);
}

int
main(int argc, char *argv[])
{
	long n = argc == 3 ? strtol(argv[2], NULL, 10) : 0;

	if (argc == 1)
		return 0;
	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
		if (n > 0 && strcmp(argv[1], kinds[i].name) == 0) {
			measure(&kinds[i], n);
			return 0;
		}
	return 2;
}
