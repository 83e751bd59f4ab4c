/*
 * Registers of another thread: read while it is held by anybody or sleeps in a
 * call, written while it is held.  Called by schemes/proc.
 *
 * Whoever reads or writes holds the thread itself meanwhile (hold_raise), so it
 * cannot start to run in between: nothing is torn.  Values are checked as a
 * whole, then set as a whole.
 */
#include "trace/hold.h"
#include "abi/errno.h"

/* An access to a thread that stands still. */
struct access {
	int (*act)(struct thread *, void *);
	void *arg;
	bool done;
	int error;
};

static enum arch_regs_at
regs_at(struct thread *thread)
{
	switch (atomic_load(&thread->trace->at)) {
	case AT_ENTER:
		return REGS_AT_ENTER;
	case AT_LEAVE:
		return REGS_AT_LEAVE;
	case AT_CALL:
		return REGS_IN_CALL;
	default:
		return thread->call ? REGS_IN_CALL : REGS_OUTSIDE;
	}
}

/* ---- what is done to a thread that is off its CPU and kept from running ----
 */

static int
regs_get(struct thread *thread, void *arg)
{
	arch_regs_get(&thread->arch, arg);
	return 0;
}

struct regs_change {
	int (*change)(struct trace_regs *, void *);
	void *arg;
};

static int
regs_change(struct thread *thread, void *arg)
{
	const struct regs_change *asked = arg;
	enum arch_regs_at at = regs_at(thread);
	struct trace_regs old, regs;
	int error;

	arch_regs_get(&thread->arch, &old);
	regs = old;
	error = asked->change(&regs, asked->arg);
	if (!error)
		error = arch_regs_check(&old, &regs, at);
	if (error)
		return error;
	if (at == REGS_AT_ENTER)
		trace_keep_asked(thread);
	else if (at == REGS_AT_LEAVE && regs.rax != old.rax)
		thread->signal.restart = false;
	arch_regs_set(&thread->arch, &regs);
	if (at != REGS_OUTSIDE && regs.rip != old.rip) {
		thread->trace->moved = true;
		if (at != REGS_AT_LEAVE) /* the call's end takes notice */
			atomic_fetch_or(&thread->arch.flags, THREAD_LEAVE);
	}
	if (at == REGS_AT_ENTER && regs.orig_rax != old.orig_rax)
		thread->trace->given = false;
	atomic_fetch_or(&thread->arch.flags, THREAD_TOUCHED);
	return 0;
}

static int
fpregs_get(struct thread *thread, void *arg)
{
	arch_fpregs_get(&thread->arch, arg);
	return 0;
}

struct fpregs_change {
	int (*change)(struct trace_fpregs *, void *);
	void *arg;
};

static int
fpregs_change(struct thread *thread, void *arg)
{
	const struct fpregs_change *asked = arg;
	struct trace_fpregs old, regs;
	int error;

	arch_fpregs_get(&thread->arch, &old);
	regs = old;
	error = asked->change(&regs, asked->arg);
	if (!error)
		error = arch_fpregs_check(&old, &regs);
	if (!error)
		arch_fpregs_set(&thread->arch, &regs);
	return error;
}

/* ---- making it stand still ---- */

/* On its way to sleep it is still on its CPU: not yet. */
static void
access_now(struct thread *thread, void *arg)
{
	struct access *access = arg;

	if (atomic_load(&thread->sched.on_cpu))
		return;
	access->done = true;
	access->error = access->act(thread, access->arg);
}

/* TARGETS lock: one at a time.  Parked or in a call, the thread is kept asleep
 * meanwhile. */
static void
access_try(struct thread *thread, struct access *access)
{
	struct trace_process *targets = thread->process->trace;

	spin_lock(&targets->lock);
	if (thread->trace->ended) {
		access->done = true;
		access->error = -ESRCH;
	} else {
		sched_if_asleep(thread, access_now, access);
	}
	spin_unlock(&targets->lock);
}

/* A held thread that runs in the kernel still comes to rest soon: at its leave,
 * asleep, or dead. */
static int
access_held(struct thread *self, struct thread *thread, struct access *access)
{
	for (;;) {
		access_try(thread, access);
		if (access->done)
			return access->error;
		if (thread_flags(self) & THREAD_KILLED)
			return -EINTR;
		sched_yield(self);
	}
}

/* Held by anybody, or asleep in a call. */
static int
access_read(struct thread *self, struct thread *thread,
	    int (*act)(struct thread *, void *), void *arg)
{
	struct access access = {.act = act, .arg = arg};
	int error;

	if (hold_raise(thread->trace)) {
		error = access_held(self, thread, &access);
		hold_lower(thread, NULL);
		return error;
	}
	access_try(thread, &access);
	return access.done ? access.error : -EBUSY;
}

/* Held by anybody. */
static int
access_write(struct thread *self, struct thread *thread,
	     int (*act)(struct thread *, void *), void *arg)
{
	struct access access = {.act = act, .arg = arg};
	int error;

	if (thread->trace->ended)
		return -ESRCH;
	if (!hold_raise(thread->trace))
		return -EBUSY;
	error = access_held(self, thread, &access);
	hold_lower(thread, NULL);
	return error;
}

int
trace_regs_read(struct thread *self, struct thread *thread,
		struct trace_regs *regs)
{
	return access_read(self, thread, regs_get, regs);
}

int
trace_regs_change(struct thread *self, struct thread *thread,
		  int (*change)(struct trace_regs *, void *), void *arg)
{
	struct regs_change asked = {change, arg};

	return access_write(self, thread, regs_change, &asked);
}

int
trace_fpregs_read(struct thread *self, struct thread *thread,
		  struct trace_fpregs *regs)
{
	return access_read(self, thread, fpregs_get, regs);
}

int
trace_fpregs_change(struct thread *self, struct thread *thread,
		    int (*change)(struct trace_fpregs *, void *), void *arg)
{
	struct fpregs_change asked = {change, arg};

	return access_write(self, thread, fpregs_change, &asked);
}
