/*
 * Calls about what a process does with its signals: sigaction, sigprocmask,
 * sigaltstack, sigreturn.  Dispatched by syscall.c; what they mean is in
 * signal_action.c and signal_handle.c.
 */
#include "abi/errno.h"
#include "signal.h"
#include "syscall.h"
#include "usercopy.h"

#define ACTION_FLAGS                                                           \
	(KSA_NOCLDSTOP | KSA_NOCLDWAIT | KSA_SIGINFO | KSA_RESTORER |          \
	 KSA_ONSTACK | KSA_RESTART | KSA_NODEFER | KSA_RESETHAND)

int64_t
sys_sigaction(struct thread *self, int sig, uint64_t action, uint64_t old)
{
	struct process *process = self->process;
	struct abi_sigaction new = {0}, before;
	int error = 0;

	if (sig < 1 || sig > SIGNAL_MAX ||
	    (action && (signal_bit(sig) & SIGNALS_UNBLOCKABLE)))
		return -EINVAL;
	if (action)
		error = copy_from_user(&new, action, sizeof(new));
	if (error)
		return error;
	before = signal_action_get(process, sig);
	if (action) {
		new.flags &= ACTION_FLAGS;
		new.mask &= ~SIGNALS_UNBLOCKABLE;
		error = signal_action_set(process, sig, &new);
	}
	if (error || !old)
		return error;
	return copy_to_user(old, &before, sizeof(before));
}

static int
sigprocmask_of(int how, uint64_t before, uint64_t set, uint64_t *mask)
{
	switch (how) {
	case KSIG_BLOCK:
		*mask = before | set;
		return 0;
	case KSIG_UNBLOCK:
		*mask = before & ~set;
		return 0;
	case KSIG_SETMASK:
		*mask = set;
		return 0;
	default:
		return -EINVAL;
	}
}

int64_t
sys_sigprocmask(struct thread *self, int how, uint64_t set, uint64_t old)
{
	uint64_t before = self->signal.blocked, wanted = 0, mask = before;
	int error = 0;

	if (set)
		error = copy_from_user(&wanted, set, sizeof(wanted));
	if (!error && set)
		error = sigprocmask_of(how, before, wanted, &mask);
	if (error)
		return error;
	signal_mask_set(self, mask);
	return old ? copy_to_user(old, &before, sizeof(before)) : 0;
}

int64_t
sys_sigpending(struct thread *self, uint64_t set)
{
	struct process *process = self->process;
	uint64_t pending;

	spin_lock(&process->lock);
	pending = (self->signal.pending.set | process->signal.pending.set) &
		  self->signal.blocked;
	spin_unlock(&process->lock);
	return copy_to_user(set, &pending, sizeof(pending));
}

/* ---- the signal stack ---- */

static int
sigaltstack_check(struct abi_stack *stack, int32_t now)
{
	if (now == KSS_ONSTACK)
		return -EPERM;
	if (stack->flags & ~(KSS_DISABLE | KSS_ONSTACK))
		return -EINVAL;
	if (stack->flags & KSS_DISABLE)
		*stack = (struct abi_stack){0};
	else if (stack->size < KMINSIGSTKSZ)
		return -ENOMEM;
	else if (stack->sp + stack->size < stack->sp)
		return -EINVAL;
	stack->flags = 0;
	stack->pad = 0;
	return 0;
}

int64_t
sys_sigaltstack(struct thread *self, uint64_t stack, uint64_t old)
{
	struct abi_stack new, before = self->signal.stack;
	int error = 0;

	before.flags = signal_stack_flags(self, thread_frame(self)->rsp);
	if (stack)
		error = copy_from_user(&new, stack, sizeof(new));
	if (!error && stack)
		error = sigaltstack_check(&new, before.flags);
	if (error)
		return error;
	if (stack)
		self->signal.stack = new;
	return old ? copy_to_user(old, &before, sizeof(before)) : 0;
}

/* ---- the end of a handler ---- */

/* A frame that says what it may not is the program's SIGSEGV. */
int64_t
sys_sigreturn(struct thread *self)
{
	const struct signal_info bad = {.signo = KSIGSEGV, .code = KSI_KERNEL};
	struct abi_stack stack;
	uint64_t mask;

	if (arch_signal_return(&self->arch, &mask, &stack)) {
		signal_force(self, &bad);
		return 0;
	}
	if (!sigaltstack_check(&stack, 0))
		self->signal.stack = stack;
	signal_mask_set(self, mask);
	return (int64_t)thread_frame(self)->rax;
}
