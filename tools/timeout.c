/*
 * timeout [-k DURATION] [-s SIGNAL] DURATION COMMAND [ARG]...: a command, for
 * so long.
 *
 * It waits for the end of the command or of the time by sigtimedwait, with the
 * signals that it passes on blocked from the start, so none is missed.
 */
#include "signals.h"
#include "util.h"

#include <errno.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char timeout_usage[] =
	"usage: timeout [-k DURATION] [-s SIGNAL] DURATION COMMAND [ARG]...\n"
	"Ends a command after so many seconds (or with m, h, d behind).\n"
	"  -s SIGNAL    by this instead of TERM\n"
	"  -k DURATION  by KILL so much later\n"
	"Status: the command's; 124: the time was over; 126, 127 as in sh.\n";

static const int passed_on[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};

static double
duration(const char *text)
{
	char *end;
	double value = strtod(text, &end);
	const char *units = "smhd", *unit = strchr(units, *end);
	static const double seconds[] = {1, 60, 3600, 86400};

	if (end == text || !(value >= 0) || unit == NULL ||
	    (*end != '\0' && end[1] != '\0'))
		util_die("%s: no duration", text);
	return *end == '\0' ? value : value * seconds[unit - units];
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* A signal of the set; 0: the time is over; below 0: neither. */
static int
await(const sigset_t *set, double until)
{
	double left = until - now();
	struct timespec t = {0, 0};
	int sig;

	if (until < 0)
		return sigwaitinfo(set, NULL);
	if (left > 0) {
		t.tv_sec = (time_t)left;
		t.tv_nsec = (long)((left - floor(left)) * 1e9);
	}
	sig = sigtimedwait(set, NULL, &t);
	return sig < 0 && errno == EAGAIN ? 0 : sig;
}

static _Noreturn void
run(char **command, const sigset_t *before)
{
	sigprocmask(SIG_SETMASK, before, NULL);
	execvp(*command, command);
	util_trouble = errno == ENOENT ? 127 : 126;
	util_die_of(*command);
}

static int
status_of(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}

int
main(int argc, char **argv)
{
	double until, kill_after = -1;
	int c, status, sig = SIGTERM;
	bool over = false;
	sigset_t set, before;
	pid_t pid;
	size_t i;

	(void)argc;
	util_start("timeout", timeout_usage);
	util_trouble = 125;
	while ((c = util_option(argv, "+k:s:")) >= 0) {
		if (c == 'k')
			kill_after = duration(optarg);
		else if ((sig = signal_number(optarg)) < 0)
			util_die("%s: no such signal", optarg);
	}
	if (argv[optind] == NULL || argv[optind + 1] == NULL)
		util_usage();
	until = duration(argv[optind]);
	until = until > 0 ? now() + until : -1;
	sigemptyset(&set);
	sigaddset(&set, SIGCHLD);
	for (i = 0; i < sizeof passed_on / sizeof *passed_on; i++)
		sigaddset(&set, passed_on[i]);
	sigprocmask(SIG_BLOCK, &set, &before);
	pid = fork();
	if (pid < 0)
		util_die_of("fork");
	if (pid == 0)
		run(argv + optind + 1, &before);
	while (waitpid(pid, &status, WNOHANG) == 0) {
		c = await(&set, until);
		if (c > 0 && c != SIGCHLD)
			kill(pid, c);
		if (c != 0)
			continue;
		if (over && kill_after >= 0)
			sig = SIGKILL;
		kill(pid, sig);
		kill(pid, SIGCONT);
		until = !over && kill_after >= 0 ? now() + kill_after : -1;
		over = true;
	}
	if (over && sig != SIGKILL)
		return 124;
	return status_of(status);
}
