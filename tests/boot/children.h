/*
 * What the tests of processes share: children that do one thing, and how they
 * ended.
 *
 * A child that is to be met in a certain state says so through a pipe or is
 * watched through its files, so that nothing here sleeps for luck.
 */
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <proctor/abi/syscall.h>
#include "test.h"

/* Any call at all; the result as the kernel gave it. */
static inline long
raw_call(long number, const uint64_t a[6])
{
	uint64_t a3 = a[3], a4 = a[4], a5 = a[5];
	register uint64_t r10 __asm__("r10") = a3;
	register uint64_t r8 __asm__("r8") = a4;
	register uint64_t r9 __asm__("r9") = a5;
	long result;

	__asm__ volatile("syscall"
			 : "=a"(result)
			 : "a"(number), "D"(a[0]), "S"(a[1]), "d"(a[2]),
			   "r"(r10), "r"(r8), "r"(r9)
			 : "rcx", "r11", "memory");
	return result;
}

/* A child that does this and, if it comes back, ends with 0. */
static inline pid_t
child_start(void (*body)(void))
{
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (pid == 0) {
		body();
		_exit(0);
	}
	return pid;
}

/* Waits for it: its exit status, 128 + N if signal N killed it. */
static inline int
child_end(pid_t pid)
{
	int status = -1;

	CHECK_EQ(waitpid(pid, &status, 0), pid);
	CHECK(WIFEXITED(status) || WIFSIGNALED(status));
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

static inline int
in_child(void (*body)(void))
{
	return child_end(child_start(body));
}

/* The child's end when it became this program. */
static inline int
program_end(const char *path, char **argv, char **envp)
{
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (pid == 0) {
		execve(path, argv, envp);
		_exit(100 + errno);
	}
	return child_end(pid);
}

/* Kills it and sees that this was its end. */
static inline void
child_kill(pid_t pid)
{
	CHECK_EQ(kill(pid, SIGKILL), 0);
	CHECK_EQ(child_end(pid), 128 + SIGKILL);
}

static inline void
pause_ms(long ms)
{
	struct timespec time = {ms / 1000, ms % 1000 * 1000000};

	nanosleep(&time, NULL);
}

static inline void
sleep_for_ever(void)
{
	for (;;)
		pause_ms(1000000);
}

static inline void
spin_for_ever(void)
{
	for (;;)
		__asm__ volatile("" ::: "memory");
}

static inline int64_t
clock_ns(clockid_t clock)
{
	struct timespec time;

	CHECK_EQ(clock_gettime(clock, &time), 0);
	return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

/* Memory that children share; zero. */
static inline void *
shared_memory(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	CHECK(memory != MAP_FAILED);
	return memory;
}

/* A private page between two that are not there. */
static inline char *
lone_page(void)
{
	char *pages = mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(pages != MAP_FAILED);
	CHECK_EQ(munmap(pages, 4096), 0);
	CHECK_EQ(munmap(pages + 2 * 4096, 4096), 0);
	return pages + 4096;
}
