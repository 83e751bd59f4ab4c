/*
 * Attaching against exec: a user opens whatever he can of a process of his that
 * starts a set-uid program at that moment, and looks for what is not his.
 */
#pragma once

#include <stdint.h> /* before stdatomic.h, which needs it */

#include <sched.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include "boot/rise.h"

#define RISE_PAGE 0x600000000000 /* the risen program's only */

struct attach_race {
	_Atomic pid_t target;
	_Atomic int done;
	_Atomic long opened; /* so that it was a race */
	_Atomic long won;
};

/* Made again and again, until it is refused or there is none any more: does a
 * text say this? */
static inline int
race_text_has(pid_t pid, const char *name, const char *what, long *opened)
{
	char text[8192];
	int fd = proc_try(pid, name, O_RDONLY), seen = 0;
	ssize_t n;

	if (fd < 0)
		return 0;
	++*opened;
	while (!seen && (n = pread(fd, text, sizeof text - 1, 0)) > 0) {
		text[n] = '\0';
		seen = strstr(text, what) != NULL;
	}
	close(fd);
	return seen;
}

/* Does anything show its page? */
static inline int
race_memory(pid_t pid, long *opened)
{
	int fd = proc_try(pid, "mem", O_RDWR), got = 0;
	char byte;

	if (fd < 0)
		return 0;
	++*opened;
	for (int i = 0; i < 50 && !got; i++)
		got = pread(fd, &byte, 1, RISE_PAGE) == 1 ||
		      pwrite(fd, "x", 1, RISE_PAGE) == 1;
	close(fd);
	return got;
}

/* A session whose reads end, as the process ends: was it there behind exec? */
static inline int
race_session(pid_t pid, int flags, long *opened)
{
	int fd = proc_try(pid, "trace", flags), seen = 0;
	char text[4096];
	ssize_t n;

	if (fd < 0)
		return 0;
	++*opened;
	if (flags == O_RDWR)
		(void)put(fd, "on exec hold\non leave execve hold\n"
			      "on enter mmap hold\n");
	while ((n = read(fd, text, sizeof text - 1)) > 0) {
		text[n] = '\0';
		seen |= strstr(text, " exec /") || strstr(text, "execve") ||
			strstr(text, "hold enter mmap");
		if (flags == O_RDONLY && strstr(text, "enter"))
			seen = 1;
	}
	close(fd);
	return seen;
}

/* Stops it, and sets it off again if it may: held and risen is a win. */
static inline int
race_stop(pid_t pid, long *opened)
{
	int fd = proc_try(pid, "ctl", O_WRONLY), seen = 0;

	if (fd < 0)
		return 0;
	++*opened;
	if (put(fd, "stop\n") == 5) {
		int status = proc_try(pid, "status.bin", O_RDONLY);
		struct trace_status is = {0};

		if (status >= 0)
			(void)read(status, &is, sizeof is);
		close(status);
		seen = is.uid[1] == 0 && is.holds && is.pid == (uint32_t)pid;
		(void)put(fd, "run\n");
	}
	close(fd);
	return seen;
}

/* The risen program alone has a descriptor 77. */
static inline int
race_descriptors(pid_t pid, long *opened)
{
	char path[64], text[1024];
	int dir, fd, seen = 0;

	snprintf(path, sizeof path, "proc:/%d/fd", (int)pid);
	dir = open(path, O_RDONLY | O_DIRECTORY);
	if (dir < 0)
		return 0;
	++*opened;
	fd = openat(dir, "77", O_RDONLY);
	if (fd >= 0) {
		seen = read(fd, text, sizeof text) > 0;
		close(fd);
	}
	close(dir);
	return seen;
}

static inline int
race_once(pid_t pid, long turn, long *opened)
{
	switch (turn % 8) {
	case 0:
		return race_session(pid, O_RDWR, opened);
	case 1:
		return race_text_has(pid, "env", "RISEN=", opened);
	case 2:
		return race_memory(pid, opened);
	case 3:
		return race_text_has(pid, "maps", RISE_PROGRAM, opened);
	case 4:
		return race_stop(pid, opened);
	case 5:
		return race_session(pid, O_RDONLY, opened);
	case 6:
		return race_text_has(pid, "exe", RISE_PROGRAM, opened);
	default:
		return race_descriptors(pid, opened);
	}
}

static inline void
race_attack(struct attach_race *race)
{
	long opened = 0;

	rise_become(USER);
	for (long turn = 0; !atomic_load(&race->done); turn++) {
		pid_t pid = atomic_load(&race->target);

		if (pid && race_once(pid, turn, &opened))
			atomic_fetch_add(&race->won, 1);
		if (!pid)
			sched_yield();
		atomic_store(&race->opened, opened);
	}
	_exit(0);
}

/* One that rises and ends, again and again. */
static inline void
race_rise(struct attach_race *race)
{
	char *argv[] = {(char[]){"p"}, (char[]){"once"}, NULL};
	char *envp[] = {(char[]){"RISEN=1"}, NULL};
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (pid == 0) {
		rise_become(USER);
		atomic_store(&race->target, getpid());
		sched_yield();
		execve(RISE_PROGRAM, argv, envp);
		_exit(97);
	}
	CHECK_EQ(exit_status(wait_for(pid)), 0);
	atomic_store(&race->target, 0);
}

static inline void
attach_race(long rounds)
{
	struct attach_race *race =
		mmap(NULL, sizeof *race, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t attacker;

	CHECK(race != MAP_FAILED);
	rise_program(0, 0, 04755);
	attacker = fork();
	CHECK(attacker >= 0);
	if (attacker == 0)
		race_attack(race);
	/* until there was a race, however late the attacker is */
	for (long i = 0; i < rounds || !atomic_load(&race->opened); i++)
		race_rise(race);
	atomic_store(&race->done, 1);
	CHECK_EQ(exit_status(wait_for(attacker)), 0);
	CHECK_EQ(atomic_load(&race->won), 0);
	CHECK(atomic_load(&race->opened) > 0);
	unlink(RISE_PROGRAM);
}
