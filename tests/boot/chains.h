/*
 * A member of a group that is never the same for long: it makes the next and
 * ends, for ever.  One is always on its way when the group is walked.
 */
#pragma once

#include "boot/children.h"

static inline void
chain_start(pid_t pgid)
{
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (pid > 0) {
		CHECK_EQ(child_end(pid), 0);
		return;
	}
	CHECK_EQ(setpgid(0, pgid), 0);
	for (;;)
		if (fork() > 0)
			_exit(0);
}
