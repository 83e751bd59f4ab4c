/*
 * What the tests of the terminal share: sessions on it, keys that are typed.
 *
 * Keys are typed with TIOCSTI, so that no test needs a hand outside.
 */
#pragma once

#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include "boot/children.h"

static int terminal; /* this session's */

static inline void
type(const char *keys)
{
	for (; *keys; keys++)
		CHECK_EQ(ioctl(terminal, TIOCSTI, keys), 0);
}

/* Shared, by a test that needs it: which signals came, and what else is to be
 * told. */
static volatile int *seen;

static inline void
note(int sig)
{
	seen[sig]++;
}

static inline void
await_note(const volatile int *what)
{
	while (!*what)
		pause_ms(1);
}

/* Its settings as at boot, with this more (c_lflag). */
static inline void
terminal_reset(tcflag_t more)
{
	struct termios sane;

	CHECK_EQ(tcgetattr(terminal, &sane), 0);
	sane.c_iflag = ICRNL | IXON | IMAXBEL | IUTF8;
	sane.c_oflag = OPOST | ONLCR;
	sane.c_lflag = ISIG | ICANON | IEXTEN | more;
	sane.c_cc[VMIN] = 1;
	sane.c_cc[VTIME] = 0;
	CHECK_EQ(tcsetattr(terminal, TCSAFLUSH, &sane), 0);
}

/* A session that has the terminal, in a child of its own; its end as of
 * in_child. */
static inline int
in_session(void (*body)(void))
{
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (pid == 0) {
		CHECK(setsid() > 0);
		terminal = open("tty:", O_RDWR);
		CHECK(terminal >= 0);
		CHECK_EQ(tcgetsid(terminal), getpid());
		terminal_reset(0);
		body();
		_exit(0);
	}
	return child_end(pid);
}

/* A child in a group of its own, in the background. */
static inline pid_t
job_start(void (*body)(void))
{
	int told[2];
	pid_t pid;
	char c;

	CHECK_EQ(pipe(told), 0);
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		CHECK_EQ(setpgid(0, 0), 0);
		CHECK_EQ(write(told[1], "", 1), 1);
		body();
		_exit(0);
	}
	CHECK_EQ(read(told[0], &c, 1), 1);
	close(told[0]);
	close(told[1]);
	return pid;
}

/* A shell that gives the terminal away is in the background itself then. */
static inline void
foreground(pid_t group)
{
	signal(SIGTTOU, SIG_IGN);
	CHECK_EQ(tcsetpgrp(terminal, group), 0);
	signal(SIGTTOU, SIG_DFL);
	CHECK_EQ(tcgetpgrp(terminal), group);
}

static inline void
check_stopped_by(pid_t pid, int sig)
{
	int status;

	CHECK_EQ(waitpid(pid, &status, WUNTRACED), pid);
	CHECK(WIFSTOPPED(status));
	CHECK_EQ(WSTOPSIG(status), sig);
}

/* It sleeps on what is called so. */
static inline void
await_sleep(pid_t pid, const char *what)
{
	char text[65536], start[32], *line, *end;
	ssize_t n, more;
	int fd;

	snprintf(start, sizeof(start), "%d/%d\t", pid, pid);
	for (;;) {
		fd = open("sys:/block", O_RDONLY);
		CHECK(fd >= 0);
		for (n = 0; (more = read(fd, text + n,
					 sizeof(text) - 1 - (size_t)n)) > 0;)
			n += more;
		close(fd);
		text[n] = '\0';
		line = strstr(text, start);
		end = line ? strchr(line, '\n') : NULL;
		if (end) {
			*end = '\0';
			if (strstr(line, what))
				return;
		}
		pause_ms(1);
	}
}

/* Bodies of jobs. */

static inline void
read_a_line(void)
{
	char text[16];

	CHECK_EQ(read(terminal, text, sizeof(text)), 6);
	CHECK_EQ(memcmp(text, "hello\n", 6), 0);
}

static inline void
write_a_line(void)
{
	CHECK_EQ(write(terminal, "x\n", 2), 2);
}
