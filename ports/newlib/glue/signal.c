/*
 * What a process does with its signals, and what it blocks.
 *
 * A handler returns into __sigreturn, which the kernel is told with each action
 * (SA_RESTORER); it finds its frame where the handler's return has left rsp.
 */
#include <signal.h>
#include <setjmp.h>
#include <string.h>
#include <unistd.h>

#include <proctor/abi/signal.h>
#include <proctor/abi/syscall.h>
#include "glue.h"

_Static_assert(sizeof(siginfo_t) == sizeof(struct abi_siginfo),
	       "siginfo_t is the kernel's");
_Static_assert(sizeof(stack_t) == sizeof(struct abi_stack),
	       "stack_t is the kernel's");

/* Not a function: nobody calls it, and there is nothing to return to. */
void __sigreturn(void);

__attribute__((naked)) void
__sigreturn(void)
{
	__asm__("movl %0, %%eax\n\tsyscall\n\tud2" : : "i"(SYS_sigreturn));
}

static void
action_to_kernel(const struct sigaction *from, struct abi_sigaction *to)
{
	*to = (struct abi_sigaction){
		.handler = (unsigned long)from->sa_handler,
		.flags = (unsigned)from->sa_flags | KSA_RESTORER,
		.restorer = (unsigned long)__sigreturn,
		.mask = from->sa_mask,
	};
}

static void
action_from_kernel(const struct abi_sigaction *from, struct sigaction *to)
{
	memset(to, 0, sizeof *to);
	to->sa_handler = (_sig_func_ptr)from->handler;
	to->sa_flags = (int)(from->flags & ~KSA_RESTORER);
	to->sa_mask = from->mask;
}

int
sigaction(int number, const struct sigaction *restrict action,
	  struct sigaction *restrict old)
{
	struct abi_sigaction new, before;
	long result;

	if (action)
		action_to_kernel(action, &new);
	result = __sys_sigaction(number, action ? &new : NULL,
				 old ? &before : NULL);
	if (result == 0 && old)
		action_from_kernel(&before, old);
	return (int)__result(result);
}

/* As on BSD and Linux: the handler stays, and calls go on. */
_sig_func_ptr
signal(int number, _sig_func_ptr handler)
{
	struct sigaction action = {.sa_flags = SA_RESTART}, old;

	action.sa_handler = handler;
	if (sigaction(number, &action, &old) < 0)
		return SIG_ERR;
	return old.sa_handler;
}

int
siginterrupt(int number, int interrupts)
{
	struct sigaction action;

	if (sigaction(number, NULL, &action) < 0)
		return -1;
	if (interrupts)
		action.sa_flags &= ~SA_RESTART;
	else
		action.sa_flags |= SA_RESTART;
	return sigaction(number, &action, NULL);
}

int
sigprocmask(int how, const sigset_t *restrict set, sigset_t *restrict old)
{
	return (int)__result(__sys_sigprocmask(how, set, old));
}

int
sigpending(sigset_t *set)
{
	return (int)__result(__sys_sigpending(set));
}

int
sigaltstack(const stack_t *restrict stack, stack_t *restrict old)
{
	return (int)__result(__sys_sigaltstack(stack, old));
}

int
__sigjmp_save(sigjmp_buf env, int save)
{
	env->__saved = save;
	if (save)
		sigprocmask(SIG_BLOCK, NULL, &env->__mask);
	return 0;
}

void
siglongjmp(sigjmp_buf env, int value)
{
	if (env->__saved)
		sigprocmask(SIG_SETMASK, &env->__mask, NULL);
	longjmp(env->__regs, value);
}
