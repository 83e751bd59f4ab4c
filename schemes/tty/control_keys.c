/*
 * Keys that are signals, and other signals to the group in the foreground.
 *
 * The keys come from console.c's interrupt, which cannot walk processes, so a
 * thread of its own posts them.  The rule: a group is known by reference, not
 * by number, so that a signal never reaches a stranger that got an old number.
 */
#include "abi/errno.h"
#include "control.h"
#include "group.h"
#include "life.h"
#include "process.h"
#include "tty.h"

/* What is due, taken. */
static uint64_t
control_take_due(void)
{
	uint64_t due;

	spin_lock(&tty.lock);
	due = tty.signals_due;
	tty.signals_due = 0;
	spin_unlock(&tty.lock);
	return due;
}

static void
control_deliver(uint64_t due)
{
	struct group *group = control_foreground();

	if (!group)
		return;
	for (; due; due &= due - 1)
		signal_post_group(group, __builtin_ctzl(due) + 1);
	group_drop(group);
}

static void
control_keys_run(void *arg)
{
	struct thread *self = thread_self();
	uint64_t due;

	(void)arg;
	for (;;) {
		WAIT_FOR(&tty.signals, self, SLEEP_KILLABLE, "the terminal",
			 DEADLINE_NONE, (due = control_take_due()));
		control_deliver(due);
	}
}

int
control_keys_init(void)
{
	struct thread *thread =
		thread_create_kernel("tty", control_keys_run, NULL);

	if (!thread)
		return -ENOMEM;
	sched_start(thread);
	thread_put(thread);
	return 0;
}
