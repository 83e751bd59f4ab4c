/*
 * One signal at a time, from pending to done; all of it in the thread itself.
 *
 *	choose	out of the queues into the thread's slot
 *	judge	tracers may replace it or take it away (and hold meanwhile)
 *	act	end, stop, enter a handler
 *
 * Called on the way to user mode, and when a signal has ended an interruptible
 * sleep: there it is chosen and judged before the sleeping call hears of it.
 * What comes out as nothing lets the call sleep on, and so does a stop, after
 * it; only a handler or the end gives the call -EINTR, and is acted on when the
 * call is over.  No lock is held while a judge is asked.
 */
#include "signal.h"

#include "abi/errno.h"
#include "trace/trace.h"

/* ---- choose ---- */

/* PROCESS lock.  A thread's own come first; one that a tracer has given it, and
 * that is judged thereby, before all. */
static bool
signal_pick(struct thread *self)
{
	struct thread_signal *own = &self->signal;
	uint64_t of = ~signal_withheld(self);
	int sig = own->chosen.signo ? 0 : trace_take_injected(self);

	if (own->chosen.signo)
		return true;
	own->judged = false;
	own->forced = false;
	own->continues = self->process->signal.continues;
	if (sig) {
		own->chosen = (struct signal_info){.signo = sig};
		own->judged = true;
		return true;
	}
	return signal_queue_take(&own->pending, of, &own->chosen) ||
	       signal_queue_take(&self->process->signal.pending, of,
				 &own->chosen);
}

/* The slot is filled, or there is nothing to fill it with. */
static bool
signal_fill(struct thread *self)
{
	bool filled;

	spin_lock(&self->process->lock);
	filled = signal_pick(self);
	signal_settle(self);
	spin_unlock(&self->process->lock);
	return filled;
}

static void
signal_forget(struct thread *self)
{
	self->signal.chosen.signo = 0;
}

/* ---- judge ---- */

/* The one place where tracers are asked. */
static void
signal_judge(struct thread *self)
{
	struct thread_signal *own = &self->signal;
	int sig = own->chosen.signo;

	if (own->judged)
		return;
	own->judged = true;
	if (!trace_wants_signal(self->process, sig))
		return;
	own->chosen.signo = trace_signal(self, &own->chosen);
	if (own->chosen.signo != sig)
		own->forced = false;
}

enum signal_action
signal_chosen_action(struct thread *self)
{
	const struct thread_signal *own = &self->signal;
	enum signal_action action;

	spin_lock(&self->process->lock);
	action = signal_action_of(self->process, own->chosen.signo);
	if (own->forced && (action != HANDLE ||
			    (own->blocked & signal_bit(own->chosen.signo))))
		action = TERMINATE;
	spin_unlock(&self->process->lock);
	return action;
}

bool
signal_choose(struct thread *self)
{
	while (!(thread_flags(self) & THREAD_KILLED) && signal_fill(self)) {
		enum signal_action action;

		signal_judge(self);
		if (!self->signal.chosen.signo)
			continue;
		action = signal_chosen_action(self);
		if (action != IGNORE && action != CONTINUE)
			return true;
		signal_forget(self);
	}
	return false;
}

/* ---- act ---- */

static void
signal_terminate(struct thread *self, const struct signal_info *info)
{
	exit_self(self, WAIT_SIGNALED(info->signo));
}

static void
signal_stop_chosen(struct thread *self, const struct signal_info *info)
{
	signal_stop(self, info->signo, self->signal.continues);
}

static void (*const actors[])(struct thread *, const struct signal_info *) = {
	[TERMINATE] = signal_terminate,
	[STOP] = signal_stop_chosen,
	[HANDLE] = signal_handle,
};

static void
signal_act_on(struct thread *self)
{
	enum signal_action action = signal_chosen_action(self);
	struct signal_info info = self->signal.chosen;

	signal_forget(self);
	if (action != IGNORE && action != CONTINUE)
		actors[action](self, &info);
}

/* What sigsuspend has set for its time only goes with the call. */
static void
signal_mask_back(struct thread *self)
{
	if (!self->signal.mask_kept)
		return;
	self->signal.mask_kept = false;
	signal_mask_set(self, self->signal.kept_mask);
}

void
signal_deliver(struct thread *self)
{
	for (;;) {
		uint32_t flags = thread_flags(self);

		if (flags & THREAD_KILLED)
			exit_self(self, WAIT_SIGNALED(KSIGKILL));
		else if (flags & THREAD_STOPPED)
			signal_park(self);
		else if (flags & THREAD_HOLD) /* no signal acts on it then */
			trace_user_return(self);
		else if (!(flags & THREAD_SIGNAL))
			return;
		else if (signal_choose(self))
			signal_act_on(self);
		else
			signal_mask_back(self);
	}
}

/* ---- in a sleep ---- */

int
signal_interrupt(struct thread *self)
{
	for (;;) {
		uint32_t flags = thread_flags(self);

		if (flags & THREAD_KILLED)
			return -EINTR;
		if (flags & THREAD_STOPPED) {
			signal_park(self);
			continue;
		}
		/* no signal acts on a thread that is held */
		if (trace_hold_in_sleep(self))
			continue;
		if (!signal_choose(self))
			return 0;
		if (signal_chosen_action(self) != STOP) {
			self->signal.interrupted = true;
			return -EINTR;
		}
		signal_act_on(self);
	}
}

void
signal_force(struct thread *self, const struct signal_info *info)
{
	spin_lock(&self->process->lock);
	self->signal.chosen = *info;
	self->signal.judged = false;
	self->signal.forced = true;
	signal_settle(self);
	spin_unlock(&self->process->lock);
}
