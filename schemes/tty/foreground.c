/*
 * Whom the terminal's ^C and ^\ reach: one process, set by TIOCSPGRP, and all
 * its descendants.  There are no process groups.
 *
 * Called by ioctl.c; the keys come from console.c's interrupt, which cannot
 * walk processes, so a thread of its own posts the signals.  The rule: a
 * process is known by reference, not by number, so a signal never reaches a
 * stranger that got an old number.
 */
#include "abi/errno.h"
#include "life.h"
#include "process.h"
#include "tty.h"

/* Nobody takes `process` from the caller. */
static bool
foreground_descends(struct process *process, const struct process *ancestor)
{
	struct process *parent;
	bool found = false;

	process_get(process);
	while (process && !found) {
		found = process == ancestor;
		parent = process_parent(process);
		process_put(process);
		process = parent;
	}
	if (process)
		process_put(process);
	return found;
}

static void
foreground_post(struct process *ancestor, int sig)
{
	struct process *process;
	uint32_t pid = 0;

	while ((process = process_next(pid))) {
		pid = process->pid;
		if (foreground_descends(process, ancestor))
			signal_post(process, sig);
		process_put(process);
	}
}

/* What is due, taken; *process gets a reference or NULL. */
static uint64_t
foreground_take(struct process **process)
{
	uint64_t due;

	spin_lock(&tty.lock);
	due = tty.signals_due;
	tty.signals_due = 0;
	*process = due ? tty.foreground : NULL;
	if (*process)
		process_get(*process);
	spin_unlock(&tty.lock);
	return due;
}

static void
foreground_deliver(uint64_t due, struct process *process)
{
	for (; process && due; due &= due - 1)
		foreground_post(process, __builtin_ctzl(due) + 1);
	if (process)
		process_put(process);
}

static void
foreground_run(void *arg)
{
	struct thread *self = thread_self();
	struct process *process = NULL;
	uint64_t due;

	(void)arg;
	for (;;) {
		WAIT_FOR(&tty.signals, self, SLEEP_KILLABLE, "the terminal",
			 DEADLINE_NONE, (due = foreground_take(&process)));
		foreground_deliver(due, process);
	}
}

int
foreground_init(void)
{
	struct thread *thread =
		thread_create_kernel("tty", foreground_run, NULL);

	if (!thread)
		return -ENOMEM;
	sched_start(thread);
	thread_put(thread);
	return 0;
}

int
foreground_set(struct process *caller, int32_t pid)
{
	struct process *process = pid > 0 ? process_find((uint32_t)pid) : NULL;
	struct process *old;

	if (!process)
		return pid > 0 ? -ESRCH : -EINVAL;
	if (!signal_allowed(caller, process)) {
		process_put(process);
		return -EPERM;
	}
	spin_lock(&tty.lock);
	old = tty.foreground;
	tty.foreground = process;
	spin_unlock(&tty.lock);
	if (old)
		process_put(old);
	return 0;
}

int32_t
foreground_get(void)
{
	int32_t pid = 0;

	spin_lock(&tty.lock);
	if (tty.foreground)
		pid = (int32_t)tty.foreground->pid;
	spin_unlock(&tty.lock);
	return pid;
}
