/*
 * Signals.  The system delivers none to a handler yet, so the calls that would
 * install or hold them say so (ENOSYS); ISO C's signal and raise work within
 * the process, as newlib has them.
 */
#include <signal.h>
#include <setjmp.h>

#include "glue.h"

int
sigaction(int number, const struct sigaction *action, struct sigaction *old)
{
	(void)number;
	(void)action;
	(void)old;
	return (int)__result(-ENOSYS);
}

int
sigprocmask(int how, const sigset_t *set, sigset_t *old)
{
	(void)how;
	(void)set;
	(void)old;
	return (int)__result(-ENOSYS);
}

int
sigpending(sigset_t *set)
{
	(void)set;
	return (int)__result(-ENOSYS);
}

int
sigsuspend(const sigset_t *set)
{
	(void)set;
	return (int)__result(-ENOSYS);
}

int
sigaltstack(const stack_t *restrict stack, stack_t *restrict old)
{
	(void)stack;
	(void)old;
	return (int)__result(-ENOSYS);
}

int
__sigjmp_save(sigjmp_buf env, int save)
{
	int before = errno;

	env->__saved = save && sigprocmask(SIG_BLOCK, NULL, &env->__mask) == 0;
	errno = before;
	return 0;
}

void
siglongjmp(sigjmp_buf env, int value)
{
	if (env->__saved)
		sigprocmask(SIG_SETMASK, &env->__mask, NULL);
	longjmp(env->__regs, value);
}
