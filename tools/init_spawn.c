/*
 * A program started and waited for, with the statuses that sh gives.
 *
 * Called by init_run.c, init_demo.c and init_shell.c.  The child sets itself up
 * and tells on its own stderr what it could not do; the parent learns
 * everything from wait alone.
 */
#include "init.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SPAWN_FAILED = 125, SPAWN_NOT_EXECUTABLE = 126, SPAWN_NOT_FOUND = 127 };

static const char *
spawn_get_path(char **env)
{
	for (; *env != NULL; env++)
		if (strncmp(*env, "PATH=", 5) == 0)
			return *env + 5;
	return "/bin";
}

/* Tries each directory of PATH.  Returns the errno that tells most: one of a
 * file that was there, else ENOENT. */
static int
spawn_search(const struct init_command *c)
{
	const char *dir = spawn_get_path(c->env);
	int told = ENOENT;
	char path[1024];

	for (;;) {
		size_t length = strcspn(dir, ":");

		snprintf(path, sizeof path, "%.*s%s%s", (int)length, dir,
			 length > 0 ? "/" : "", c->argv[0]);
		execve(path, c->argv, c->env);
		if (errno != ENOENT && errno != ENOTDIR)
			told = errno;
		if (dir[length] == '\0')
			return told;
		dir += length + 1;
	}
}

static _Noreturn void
spawn_give_up(const char *what, int error, int status)
{
	fprintf(stderr, "%s: %s\n", what, strerror(error));
	fflush(stderr);
	_exit(status);
}

/* A session of its own, whose terminal is the one that it reads. */
static void
spawn_take_terminal(void)
{
	setsid();
	if (isatty(0))
		(void)ioctl(0, TIOCSCTTY, 1);
}

static _Noreturn void
spawn_child(const struct init_command *c)
{
	int fd, error;

	for (fd = 0; fd < 3; fd++)
		if (dup2(c->stdio[fd], fd) < 0)
			_exit(SPAWN_FAILED);
	spawn_take_terminal();
	umask(022);
	if (chdir(c->cwd) < 0)
		spawn_give_up(c->cwd, errno, SPAWN_FAILED);
	if (c->user != 0 && (setgid(c->user) < 0 || setuid(c->user) < 0))
		spawn_give_up("setuid", errno, SPAWN_FAILED);
	if (c->path != NULL || strchr(c->argv[0], '/') != NULL) {
		execve(c->path != NULL ? c->path : c->argv[0], c->argv, c->env);
		error = errno;
	} else {
		error = spawn_search(c);
	}
	spawn_give_up(c->argv[0], error,
		      error == ENOENT || error == ENOTDIR
			      ? SPAWN_NOT_FOUND
			      : SPAWN_NOT_EXECUTABLE);
}

int
init_spawn_wait(const struct init_command *command)
{
	pid_t child = fork(), ended;
	int status;

	if (child < 0) {
		perror("init: fork");
		return -1;
	}
	if (child == 0)
		spawn_child(command);
	do
		ended = wait(&status);
	while (ended != child && (ended > 0 || errno == EINTR));
	return ended == child ? status : -1;
}

int
init_spawn(const struct init_command *command)
{
	int status = init_spawn_wait(command);

	if (status < 0)
		return SPAWN_FAILED;
	return WIFSIGNALED(status) ? 128 + WTERMSIG(status)
				   : WEXITSTATUS(status);
}
