/*
 * What a process does with each signal, and what a thread blocks.  Called by
 * the calls of syssignal.c, by fork and exec, and by whoever posts or takes a
 * signal.
 *
 * The rule: pending and not blocked means that something is to be done: what is
 * set to be ignored is pending no more, whatever is unblocked flags the thread.
 */
#include "signal.h"

#include "abi/errno.h"
#include "heap.h"
#include "text.h"

/* Signals that have no row end a process. */
static const uint8_t defaults[SIGNAL_MAX + 1] = {
#define SIGNAL(name, number, action) [number] = (action),
#include "abi/signals.def"
#undef SIGNAL
};

enum signal_action
signal_action_of(const struct process *process, int sig)
{
	if (process->signal.caught & signal_bit(sig))
		return HANDLE;
	if (process->signal.ignored & signal_bit(sig))
		return IGNORE;
	return defaults[sig];
}

/* ---- of a process ---- */

static void
signal_action_put(struct process *process, int sig,
		  const struct abi_sigaction *action)
{
	uint64_t bit = signal_bit(sig);
	struct process_signal *signal = &process->signal;

	signal->caught &= ~bit;
	signal->ignored &= ~bit;
	if (action->handler == KSIG_IGN)
		signal->ignored |= bit;
	else if (action->handler != KSIG_DFL)
		signal->caught |= bit;
	if (signal->actions)
		signal->actions[sig - 1] = *action;
}

void
signal_reset(struct process *process, int sig)
{
	const struct abi_sigaction none = {.handler = KSIG_DFL};

	signal_action_put(process, sig, &none);
}

struct abi_sigaction
signal_action_take(struct process *process, int sig)
{
	struct abi_sigaction action = process->signal.actions[sig - 1];

	if (action.flags & KSA_RESETHAND)
		signal_reset(process, sig);
	return action;
}

/* The table is there from the first time on. */
static int
signal_actions_make(struct process *process)
{
	const size_t size = SIGNAL_MAX * sizeof(struct abi_sigaction);
	struct abi_sigaction *actions;

	if (process->signal.actions)
		return 0;
	actions = heap_zalloc(size);
	if (!actions)
		return -ENOMEM;
	spin_lock(&process->lock);
	if (!process->signal.actions) {
		process->signal.actions = actions;
		actions = NULL;
	}
	spin_unlock(&process->lock);
	heap_free(actions);
	return 0;
}

int
signal_action_set(struct process *process, int sig,
		  const struct abi_sigaction *action)
{
	enum signal_action then;
	int error = signal_actions_make(process);

	if (error)
		return error;
	spin_lock(&process->lock);
	signal_action_put(process, sig, action);
	then = signal_action_of(process, sig);
	if (then == IGNORE || then == CONTINUE)
		signal_discard(process, signal_bit(sig));
	spin_unlock(&process->lock);
	return 0;
}

struct abi_sigaction
signal_action_get(struct process *process, int sig)
{
	struct abi_sigaction action = {.handler = KSIG_DFL};

	spin_lock(&process->lock);
	if (process->signal.actions)
		action = process->signal.actions[sig - 1];
	spin_unlock(&process->lock);
	return action;
}

/* ---- of a thread ---- */

/* PROCESS lock.  What this thread blocks from now on may be another's. */
static void
signal_pass_on(struct thread *self, uint64_t newly_blocked)
{
	uint64_t set = self->process->signal.pending.set & newly_blocked;

	for (; set; set &= set - 1)
		signal_notify(self->process, NULL, __builtin_ctzll(set) + 1);
}

void
signal_mask_set(struct thread *self, uint64_t mask)
{
	struct process *process = self->process;
	uint64_t before = self->signal.blocked;

	mask &= ~SIGNALS_UNBLOCKABLE;
	if (mask == before)
		return;
	spin_lock(&process->lock);
	self->signal.blocked = mask;
	signal_pass_on(self, mask & ~before);
	signal_settle(self);
	spin_unlock(&process->lock);
}

/* ---- born and made new ---- */

int
signal_inherit(struct thread *self, struct process *child,
	       struct thread *thread)
{
	const struct process_signal *from = &self->process->signal;
	int error = from->actions ? signal_actions_make(child) : 0;

	if (error)
		return error;
	spin_lock(&self->process->lock);
	if (from->actions)
		memcpy(child->signal.actions, from->actions,
		       SIGNAL_MAX * sizeof(struct abi_sigaction));
	child->signal.caught = from->caught;
	child->signal.ignored = from->ignored;
	spin_unlock(&self->process->lock);
	thread->signal.blocked = self->signal.blocked;
	thread->signal.stack = self->signal.stack;
	return 0;
}

void
signal_exec(struct process *process, struct thread *thread)
{
	spin_lock(&process->lock);
	for (uint64_t set = process->signal.caught; set; set &= set - 1)
		signal_reset(process, __builtin_ctzll(set) + 1);
	spin_unlock(&process->lock);
	thread->signal.stack = (struct abi_stack){0};
}

void
signal_gone(struct process *process)
{
	const struct signal_alarm none = {0};
	struct abi_sigaction *actions;

	signal_alarm_set(process, &none);
	spin_lock(&process->lock);
	signal_discard(process, UINT64_MAX);
	actions = process->signal.actions;
	process->signal.actions = NULL;
	process->signal.caught = 0;
	spin_unlock(&process->lock);
	heap_free(actions);
}
