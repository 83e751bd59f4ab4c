/*
 * A QEMU of ours: started with one socket for each line between us and the
 * guest.
 *
 * Called by relay.  QEMU finds the sockets and the initrd (a file without a
 * name) at fixed descriptors, so nothing lies on disk that could be left
 * behind; its own session keeps ^C from it.
 */
#include "machine.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Out of the way of the descriptors that QEMU is to find. */
#define MACHINE_HIGH_FD 20

static int
machine_move_up(int fd)
{
	int high = fcntl(fd, F_DUPFD_CLOEXEC, MACHINE_HIGH_FD);

	if (fd < 0 || high < 0)
		die("no descriptors: %s", strerror(errno));
	close(fd);
	return high;
}

static int
machine_make_initrd(const struct buffer *initrd)
{
	int fd = machine_move_up(memfd_create("initrd", MFD_CLOEXEC));
	int error = buffer_store(fd, initrd->data, initrd->used);

	if (error < 0)
		die("initrd: %s", strerror(-error));
	return fd;
}

static _Noreturn void
machine_exec(char **argv, const int *theirs, int initrd)
{
	sigset_t none;
	int i;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	setsid();
	for (i = 0; i < MACHINE_MESSAGES; i++)
		dup2(theirs[i], MACHINE_FIRST_FD + i);
	dup2(theirs[MACHINE_MESSAGES], STDERR_FILENO);
	dup2(initrd, MACHINE_INITRD_FD);
	i = open("/dev/null", O_RDWR | O_CLOEXEC);
	dup2(i, STDIN_FILENO);
	dup2(i, STDOUT_FILENO);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	signal(SIGPIPE, SIG_DFL);
	execvp(argv[0], argv);
	fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
	_exit(127);
}

void
machine_start(struct machine *m, char **argv, const struct buffer *initrd)
{
	int theirs[MACHINE_LINES], pair[2], i, file;

	for (i = 0; i < MACHINE_LINES; i++) {
		if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) <
		    0)
			die("no sockets: %s", strerror(errno));
		m->ends[i] = machine_move_up(pair[0]);
		theirs[i] = machine_move_up(pair[1]);
	}
	file = machine_make_initrd(initrd);
	m->pid = fork();
	if (m->pid < 0)
		die("no process: %s", strerror(errno));
	if (m->pid == 0)
		machine_exec(argv, theirs, file);
	for (i = 0; i < MACHINE_LINES; i++)
		close(theirs[i]);
	close(file);
}

void
machine_kill(struct machine *m)
{
	if (m->pid > 0)
		kill(m->pid, SIGKILL);
}

void
machine_reap(struct machine *m)
{
	while (m->pid > 0 && waitpid(m->pid, NULL, 0) < 0 && errno == EINTR)
		continue;
	m->pid = 0;
}
