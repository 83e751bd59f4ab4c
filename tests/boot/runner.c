/*
 * runner GROUP NONCE [FILE]: runs tests in the guest and prints TAP.
 *
 * Started by tests/boot/run-group as the job of one boot, with a line `PROGRAM
 * CASE SECONDS` for each test on stdin.  Every case is a process of its own;
 * one that outlives its limit is dumped and killed, one that leaves processes
 * behind has failed.  Each line bears the boot's nonce, so that no old result
 * counts.
 */
#include "runner.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define RUNNER_OUTPUT "/tmp/.output"

enum { RUNNER_KILL_SECONDS = 10 };

struct runner {
	const char *group, *nonce;
	int number, failed;
};

struct runner_case {
	char program[128], name[256];
	int seconds;
};

static pid_t
runner_start_timer(int seconds)
{
	struct timespec left = {.tv_sec = seconds};
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	nanosleep(&left, NULL);
	_exit(0);
}

static pid_t
runner_start_case(const struct runner *r, const struct runner_case *c)
{
	char path[512];
	int in, out;
	pid_t pid = fork();

	if (pid != 0)
		return pid;
	/* kill(0) is its own, and it may be stopped as by a terminal. */
	setpgid(0, 0);
	in = open("null:", O_RDONLY);
	out = open(RUNNER_OUTPUT, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND,
		   0666);
	if (in < 0 || out < 0 || dup2(in, 0) < 0 || dup2(out, 1) < 0 ||
	    dup2(out, 2) < 0) {
		perror("runner");
		_exit(126);
	}
	if (in > 2)
		close(in);
	if (out > 2)
		close(out);
	snprintf(path, sizeof path, "/test/%s/%s", r->group, c->program);
	if (chdir("/tmp") == 0)
		execl(path, path, c->name, (char *)NULL);
	perror(path);
	_exit(127);
}

/* Waits for the one or the other.  Returns which ended, its status in *status;
 * -1 if neither can. */
static pid_t
runner_wait(pid_t one, pid_t other, int *status)
{
	pid_t ended;

	do
		ended = wait(status);
	while (ended > 0 && ended != one && ended != other);
	return ended;
}

static void
runner_stop_timer(pid_t timer)
{
	kill(timer, SIGKILL);
	waitpid(timer, NULL, 0);
}

/* The case is late: says all that is known of it, then ends it. */
static void
runner_end_hung(const struct snapshot *before, pid_t pid, int seconds)
{
	pid_t timer;
	int status;

	printf("# no end after %d seconds\n", seconds);
	snapshot_dump(before);
	kill(pid, SIGKILL);
	timer = runner_start_timer(RUNNER_KILL_SECONDS);
	if (runner_wait(pid, timer, &status) == pid)
		runner_stop_timer(timer);
	else
		puts("# SIGKILL does not end it");
}

/* Returns true if the case ended by itself with status 0. */
static bool
runner_watch(const struct runner *r, const struct runner_case *c,
	     const struct snapshot *before)
{
	pid_t pid = runner_start_case(r, c);
	pid_t timer = pid < 0 ? -1 : runner_start_timer(c->seconds);
	int status = 0;

	if (pid < 0 || timer < 0) {
		puts("# no process to be had");
		return false;
	}
	if (runner_wait(pid, timer, &status) != pid) {
		runner_end_hung(before, pid, c->seconds);
		return false;
	}
	runner_stop_timer(timer);
	if (WIFSIGNALED(status))
		printf("# killed by signal %d\n", WTERMSIG(status));
	else if (WEXITSTATUS(status) != 0)
		printf("# exit status %d\n", WEXITSTATUS(status));
	return status == 0;
}

static void
runner_run(struct runner *r, const struct runner_case *c)
{
	struct snapshot before;
	bool good;
	int left;

	printf("# begin %s %s.%s\n", r->nonce, r->group, c->name);
	fflush(stdout);
	snapshot_take(&before);
	good = runner_watch(r, c, &before);
	left = snapshot_clear(&before);
	if (left > 0)
		printf("# left %d processes behind\n", left);
	snapshot_print_file(RUNNER_OUTPUT);
	unlink(RUNNER_OUTPUT);
	good = good && left == 0;
	r->failed += !good;
	printf("%sok %d - %s %s.%s\n", good ? "" : "not ", ++r->number,
	       r->nonce, r->group, c->name);
	fflush(stdout);
}

/* Takes a line `PROGRAM CASE SECONDS` apart.  Returns false if it is none. */
static bool
runner_parse(char *line, struct runner_case *c)
{
	char *program = strtok(line, " "), *name = strtok(NULL, " ");
	char *seconds = strtok(NULL, " \n");

	if (seconds == NULL || strlen(program) >= sizeof c->program ||
	    strlen(name) >= sizeof c->name)
		return false;
	strcpy(c->program, program);
	strcpy(c->name, name);
	c->seconds = (int)strtol(seconds, NULL, 10);
	return c->seconds > 0;
}

int
main(int argc, char **argv)
{
	struct runner r = {0};
	struct runner_case c;
	FILE *list = argc == 4 ? fopen(argv[3], "r") : stdin;
	char line[512];

	if (argc < 3 || list == NULL) {
		fputs("usage: runner GROUP NONCE [FILE]\n", stderr);
		return 2;
	}
	r.group = argv[1];
	r.nonce = argv[2];
	while (fgets(line, sizeof line, list) != NULL)
		if (runner_parse(line, &c))
			runner_run(&r, &c);
	printf("1..%d\n# end %s, %d failed\n", r.number, r.nonce, r.failed);
	return 0;
}
