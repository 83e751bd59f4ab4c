/*
 * What the tests of signals share.  All of it holds on Linux too: there the
 * tests whose sources say so are run as well, to see that they ask for what
 * Linux does.
 */
#pragma once

#include <signal.h>
#include <sys/time.h>
#include <ucontext.h>
#include "boot/children.h"

/* What the last handler was given. */
static volatile sig_atomic_t caught, caught_last;
static volatile siginfo_t caught_info;

__attribute__((unused)) static void catch (int sig)
{
	caught++;
	caught_last = sig;
}

__attribute__((unused)) static void
catch_info(int sig, siginfo_t *info, void *context)
{
	(void)context;
	caught++;
	caught_last = sig;
	memcpy((void *)(uintptr_t)&caught_info, info, sizeof *info);
}

static inline void
handle(int sig, void (*handler)(int), unsigned flags)
{
	struct sigaction action = {.sa_flags = (int)flags};

	action.sa_handler = handler;
	sigemptyset(&action.sa_mask);
	CHECK_EQ(sigaction(sig, &action, NULL), 0);
}

static inline void
handle_info(int sig, void (*handler)(int, siginfo_t *, void *), unsigned flags)
{
	struct sigaction action = {.sa_flags = (int)flags | SA_SIGINFO};

	action.sa_sigaction = handler;
	sigemptyset(&action.sa_mask);
	CHECK_EQ(sigaction(sig, &action, NULL), 0);
}

static inline sigset_t
set_of(int sig)
{
	sigset_t set;

	sigemptyset(&set);
	if (sig)
		CHECK_EQ(sigaddset(&set, sig), 0);
	return set;
}

static inline void
block(int sig)
{
	sigset_t set = set_of(sig);

	CHECK_EQ(sigprocmask(SIG_BLOCK, &set, NULL), 0);
}

static inline void
unblock(int sig)
{
	sigset_t set = set_of(sig);

	CHECK_EQ(sigprocmask(SIG_UNBLOCK, &set, NULL), 0);
}

static inline int
is_blocked(int sig)
{
	sigset_t set;

	CHECK_EQ(sigprocmask(SIG_BLOCK, NULL, &set), 0);
	return sigismember(&set, sig);
}

static inline int
is_pending(int sig)
{
	sigset_t set;

	CHECK_EQ(sigpending(&set), 0);
	return sigismember(&set, sig);
}

static inline int
queue(pid_t pid, int sig, int value)
{
	return sigqueue(pid, sig, (union sigval){.sival_int = value});
}

/* A child's word for `asleep in a call`. */
static inline int
is_asleep(pid_t pid)
{
	char path[64], text[512];
	ssize_t n;
	int fd;

#ifdef __linux__
	snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
#else
	snprintf(path, sizeof path, "proc:/%d/status", (int)pid);
#endif
	fd = open(path, O_RDONLY);
	CHECK(fd >= 0);
	n = read(fd, text, sizeof text - 1);
	close(fd);
	CHECK(n > 0);
	text[n] = '\0';
#ifdef __linux__
	return strstr(text, ") S ") != NULL;
#else
	return strstr(text, "state asleep") != NULL;
#endif
}

static inline void
wait_asleep(pid_t pid)
{
	while (!is_asleep(pid))
		pause_ms(1);
}

static inline int
wait_status_of(pid_t pid, int options)
{
	int status = -1;

	CHECK_EQ(waitpid(pid, &status, options), pid);
	return status;
}
