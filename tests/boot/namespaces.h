/*
 * What the tests of namespaces share: children that give up a scheme and look
 * for it.
 */
#pragma once

#include <stdbool.h>
#include <sys/namespace.h>
#include "trace/tracing.h"

#define SELF "proc:/self/status"

static inline int
in_child(void (*body)(void))
{
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (pid == 0) {
		body();
		_exit(0);
	}
	return exit_status(wait_for(pid));
}

static inline int
opened(const char *path, int flags)
{
	int fd = open(path, flags);

	CHECK(fd >= 0);
	return fd;
}

/* Another program that tries. */
static inline int
program_finds_proc(void)
{
	pid_t pid = fork();
	int status;

	CHECK(pid >= 0);
	if (pid == 0) {
		execl("/bin/sh", "sh", "-c", "test -e proc:/1", (char *)NULL);
		_exit(99);
	}
	status = exit_status(wait_for(pid));
	CHECK(status == 0 || status == 1);
	return status == 0;
}

static inline void
drop_proc(void)
{
	CHECK_EQ(nsdrop("proc", NULL, 0), 0);
}
