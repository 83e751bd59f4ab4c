/*
 * A handler is entered: its frame goes on the user's stack, or on the one that
 * sigaltstack named, and the mask grows for its time.  Called by signal_take.c.
 *
 * The rule: a frame that cannot be written is a SIGSEGV of its own, one of
 * SIGSEGV that cannot be written is the end; so this never loops.
 */
#include "signal.h"

static bool
signal_on_stack(const struct abi_stack *stack, uint64_t sp)
{
	return stack->size && sp > stack->sp && sp - stack->sp <= stack->size;
}

int32_t
signal_stack_flags(const struct thread *self, uint64_t sp)
{
	const struct abi_stack *stack = &self->signal.stack;

	if (!stack->size)
		return KSS_DISABLE;
	return signal_on_stack(stack, sp) ? KSS_ONSTACK : 0;
}

/* Where the frame goes.  On a signal stack it stays in it. */
static void
signal_place(struct thread *self, const struct abi_sigaction *action,
	     struct arch_signal *signal)
{
	const struct abi_stack *stack = &self->signal.stack;
	uint64_t sp = thread_frame(self)->rsp;
	bool on = signal_on_stack(stack, sp);

	signal->stack = *stack;
	signal->stack.flags = signal_stack_flags(self, sp);
	signal->sp = arch_signal_sp(&self->arch);
	signal->least = on ? stack->sp : 0;
	if (on || !stack->size || !(action->flags & KSA_ONSTACK))
		return;
	signal->sp = stack->sp + stack->size;
	signal->least = stack->sp;
}

/* 0, or -EFAULT. */
static int
signal_enter(struct thread *self, const struct signal_info *info,
	     const struct abi_sigaction *action)
{
	struct abi_siginfo shown = signal_info_abi(info);
	struct thread_signal *own = &self->signal;
	struct arch_signal signal = {
		.handler = action->handler,
		.restorer = action->flags & KSA_RESTORER ? action->restorer : 0,
		.mask = own->mask_kept ? own->kept_mask : own->blocked,
		.info = &shown,
		.vector = own->trap.vector,
		.error = own->trap.error,
		.address = own->trap.address,
	};

	signal_place(self, action, &signal);
	return arch_signal_enter(&self->arch, &signal);
}

static void
signal_fail(struct thread *self, int sig)
{
	const struct signal_info info = {.signo = KSIGSEGV, .code = KSI_KERNEL};

	if (sig == KSIGSEGV)
		exit_self(self, WAIT_SIGNALED(KSIGSEGV));
	signal_force(self, &info);
}

void
signal_handle(struct thread *self, const struct signal_info *info)
{
	struct process *process = self->process;
	struct abi_sigaction action;
	uint64_t more;

	spin_lock(&process->lock);
	action = signal_action_take(process, info->signo);
	spin_unlock(&process->lock);
	if (signal_enter(self, info, &action)) {
		signal_fail(self, info->signo);
		return;
	}
	more = action.mask;
	if (!(action.flags & KSA_NODEFER))
		more |= signal_bit(info->signo);
	self->signal.mask_kept = false;
	signal_mask_set(self, self->signal.blocked | more);
}
