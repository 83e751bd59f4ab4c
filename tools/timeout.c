/*
 * timeout [-s SIGNAL] [-k TIME] TIME COMMAND [ARGUMENT]...: runs a command for
 * some time at most.
 *
 * Everything that can happen meanwhile is a signal: the end of the command, or
 * one that is sent on to it.  They are blocked and waited for, so none is lost.
 * The command and all that it starts are in a process group with this program,
 * and what ends it is sent to them all.
 */
#include "names.h"
#include "util.h"

#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static const char timeout_usage[] =
	"usage: timeout [-s SIGNAL] [-k TIME] TIME COMMAND [ARGUMENT]...\n"
	"Runs COMMAND in a process group of its own and ends the group after "
	"TIME:\n10, 0.5, 2m, 3h, 1d; 0: never.\n"
	"  -s SIGNAL  by this one, not TERM\n"
	"  -k TIME    so much later by KILL\n"
	"Status: the command's; 124 if its time was over, 137 if KILL ended "
	"it;\n"
	"125 trouble, 126 it cannot be run, 127 it is not there.\n";

enum { TIMEOUT_OVER = 124, TIMEOUT_KILLED = 137 };

static const int timeout_passed[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM};

static pid_t
timeout_start(char **argv, const sigset_t *mask)
{
	pid_t pid = fork();
	int error;

	if (pid != 0)
		return pid;
	sigprocmask(SIG_SETMASK, mask, NULL);
	execvp(argv[0], argv);
	error = errno;
	util_fail(argv[0]);
	_exit(error == ENOENT ? 127 : 126);
}

/* What of `length` is left since `start`. */
static struct timespec
timeout_left(const struct timespec *length, const struct timespec *start)
{
	struct timespec now, left;

	clock_gettime(CLOCK_MONOTONIC, &now);
	left.tv_sec = length->tv_sec - (now.tv_sec - start->tv_sec);
	left.tv_nsec = length->tv_nsec - (now.tv_nsec - start->tv_nsec);
	if (left.tv_nsec < 0)
		left.tv_sec--, left.tv_nsec += 1000000000;
	if (left.tv_nsec >= 1000000000)
		left.tv_sec++, left.tv_nsec -= 1000000000;
	if (left.tv_sec < 0)
		left.tv_sec = left.tv_nsec = 0;
	return left;
}

/* To the command and to the group, but not to this program, if that can be
 * helped. */
static void
timeout_send(pid_t pid, int number)
{
	sigset_t own;

	kill(pid, number);
	signal(number, SIG_IGN);
	sigemptyset(&own);
	sigaddset(&own, number);
	sigprocmask(SIG_UNBLOCK, &own, NULL);
	kill(0, number);
	if (number != SIGKILL && number != SIGCONT)
		kill(0, SIGCONT);
}

/* Waits for the command's end; false: the time is over first.  length: NULL or
 * how long. */
static bool
timeout_wait(pid_t pid, const sigset_t *signals, const struct timespec *length,
	     int *status)
{
	struct timespec start, left = {0};
	struct timespec *limit = length != NULL ? &left : NULL;
	int signal;

	clock_gettime(CLOCK_MONOTONIC, &start);
	for (;;) {
		if (waitpid(pid, status, WNOHANG) == pid)
			return true;
		if (limit != NULL)
			left = timeout_left(length, &start);
		signal = sigtimedwait(signals, NULL, limit);
		if (signal < 0 && errno == EAGAIN)
			return waitpid(pid, status, WNOHANG) == pid;
		if (signal > 0 && signal != SIGCHLD)
			timeout_send(pid, signal);
	}
}

static int
timeout_status(int status)
{
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}

/* Returns the status to exit with. */
static int
timeout_run(char **argv, const struct timespec *length, int signal,
	    const struct timespec *later)
{
	sigset_t signals, mask;
	int status = 0;
	size_t i;
	pid_t pid;

	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	for (i = 0; i < sizeof timeout_passed / sizeof *timeout_passed; i++)
		sigaddset(&signals, timeout_passed[i]);
	sigprocmask(SIG_BLOCK, &signals, &mask);
	setpgid(0, 0);
	pid = timeout_start(argv, &mask);
	if (pid < 0)
		util_die_of("fork");
	if (timeout_wait(pid, &signals, length, &status))
		return timeout_status(status);
	timeout_send(pid, signal);
	if (later != NULL && !timeout_wait(pid, &signals, later, &status)) {
		timeout_send(pid, SIGKILL);
		signal = SIGKILL;
	} else if (later != NULL) {
		return TIMEOUT_OVER;
	}
	timeout_wait(pid, &signals, NULL, &status);
	return signal == SIGKILL ? TIMEOUT_KILLED : TIMEOUT_OVER;
}

static struct timespec
timeout_time(const char *text)
{
	struct timespec time;

	if (!names_time(text, &time))
		util_die("%s: not a time", text);
	return time;
}

int
main(int argc, char **argv)
{
	struct timespec length, later;
	int c, signal = SIGTERM;
	bool kills = false, ends;

	util_trouble = 125;
	util_start("timeout", timeout_usage);
	while ((c = util_option(argv, "+s:k:")) >= 0) {
		if (c == 's') {
			signal = names_signal(optarg);
			if (signal < 0)
				util_die("%s: no such signal", optarg);
		} else {
			later = timeout_time(optarg);
			kills = true;
		}
	}
	if (argc - optind < 2)
		util_usage();
	length = timeout_time(argv[optind]);
	ends = length.tv_sec > 0 || length.tv_nsec > 0;
	return timeout_run(argv + optind + 1, ends ? &length : NULL, signal,
			   kills ? &later : NULL);
}
