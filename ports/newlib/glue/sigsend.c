/*
 * Sending signals, and waiting for them.
 */
#include <errno.h>
#include <signal.h>
#include <sys/time.h>
#include <unistd.h>

#include <proctor/abi/signal.h>
#include "glue.h"

_Static_assert(sizeof(struct itimerval) == sizeof(struct abi_itimerval),
	       "struct itimerval is the kernel's");

int
kill(pid_t pid, int signal)
{
	return (int)__result(__sys_kill(pid, signal));
}

int
killpg(pid_t group, int signal)
{
	return group < 0 ? (int)__result(-EINVAL) : kill(-group, signal);
}

int
tgkill(pid_t pid, pid_t tid, int signal)
{
	return (int)__result(__sys_tgkill(pid, tid, signal));
}

int
raise(int signal)
{
	return tgkill(getpid(), gettid(), signal);
}

int
sigqueue(pid_t pid, int signal, const union sigval value)
{
	return (int)__result(
		__sys_sigqueue(pid, signal, (long)value.sival_ptr));
}

/* ---- waiting ---- */

int
pause(void)
{
	return (int)__result(__sys_pause());
}

int
sigsuspend(const sigset_t *set)
{
	return (int)__result(__sys_sigsuspend(set));
}

int
sigtimedwait(const sigset_t *restrict set, siginfo_t *restrict info,
	     const struct timespec *restrict timeout)
{
	return (int)__result(__sys_sigtimedwait(set, info, timeout));
}

int
sigwaitinfo(const sigset_t *restrict set, siginfo_t *restrict info)
{
	return sigtimedwait(set, info, NULL);
}

/* Gives the error, and is not ended by other signals' handlers. */
int
sigwait(const sigset_t *restrict set, int *restrict signal)
{
	long result;

	do
		result = __sys_sigtimedwait(set, NULL, NULL);
	while (result == -EINTR);
	if (result < 0)
		return (int)-result;
	*signal = (int)result;
	return 0;
}

/* ---- the clock ---- */

int
setitimer(int which, const struct itimerval *restrict value,
	  struct itimerval *restrict old)
{
	return (int)__result(__sys_setitimer(which, value, old));
}

int
getitimer(int which, struct itimerval *value)
{
	return (int)__result(__sys_getitimer(which, value));
}

/* Whole seconds, a part of one counting as one. */
unsigned
alarm(unsigned seconds)
{
	struct itimerval value = {.it_value.tv_sec = seconds}, old;

	setitimer(ITIMER_REAL, &value, &old);
	return (unsigned)old.it_value.tv_sec + (old.it_value.tv_usec > 0);
}
