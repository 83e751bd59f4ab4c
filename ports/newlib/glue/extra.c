/*
 * Functions that newlib has under other names, or only for systems it knows.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "glue.h"

_ssize_t
getdelim(char **restrict line, size_t *restrict size, int end,
	 FILE *restrict file)
{
	return __getdelim(line, size, end, file);
}

_ssize_t
getline(char **restrict line, size_t *restrict size, FILE *restrict file)
{
	return __getdelim(line, size, '\n', file);
}

/* In place: newlib's setenv may own the vector, and goes on growing it. */
int
clearenv(void)
{
	if (environ)
		environ[0] = NULL;
	return 0;
}

/* ---- system ---- */

/* The terminal's signals are the command's, and its end is nobody's but ours.
 */
struct system_signals {
	struct sigaction interrupt, quit;
	sigset_t mask;
};

static void
system_hold(struct system_signals *kept)
{
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	sigset_t child;

	sigaction(SIGINT, &ignore, &kept->interrupt);
	sigaction(SIGQUIT, &ignore, &kept->quit);
	sigemptyset(&child);
	sigaddset(&child, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child, &kept->mask);
}

static void
system_give_back(const struct system_signals *kept)
{
	sigaction(SIGINT, &kept->interrupt, NULL);
	sigaction(SIGQUIT, &kept->quit, NULL);
	sigprocmask(SIG_SETMASK, &kept->mask, NULL);
}

static int
system_wait(pid_t pid)
{
	int status;
	pid_t ended;

	do
		ended = waitpid(pid, &status, 0);
	while (ended < 0 && errno == EINTR);
	return ended < 0 ? -1 : status;
}

/* newlib's system comes here.  Without a shell there is no command processor,
 * which ISO C allows. */
int _system(const char *command);

int
_system(const char *command)
{
	struct system_signals kept;
	int status = -1;
	pid_t pid;

	if (!command)
		return access("/bin/sh", X_OK) == 0;
	system_hold(&kept);
	pid = fork();
	if (pid == 0) {
		system_give_back(&kept);
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	if (pid > 0)
		status = system_wait(pid);
	system_give_back(&kept);
	return status;
}
