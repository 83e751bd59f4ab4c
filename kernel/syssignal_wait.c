/*
 * Calls that wait for signals, and the clock that sends one: sigsuspend, pause,
 * sigtimedwait, setitimer, getitimer.  Dispatched by syscall.c; the waiting is
 * in signal_wait.c, the clock in signal_alarm.c.
 */
#include "abi/errno.h"
#include "abi/types.h"
#include "signal.h"
#include "syscall.h"
#include "usercopy.h"

#define SECOND	    1000000000u
#define MICROSECOND 1000u
#define SECONDS_MAX (INT64_MAX / SECOND / 2) /* longer is for ever */

int64_t
sys_sigsuspend(struct thread *self, uint64_t set)
{
	uint64_t mask;
	int error = copy_from_user(&mask, set, sizeof(mask));

	return error ? error : signal_suspend(self, mask);
}

int64_t
sys_pause(struct thread *self)
{
	return signal_pause(self);
}

/* 0: only a look. */
static int
sigtimedwait_deadline(uint64_t timeout, uint64_t *deadline)
{
	struct abi_timespec time;
	int error;

	*deadline = DEADLINE_NONE;
	if (!timeout)
		return 0;
	error = copy_from_user(&time, timeout, sizeof(time));
	if (error)
		return error;
	if (time.tv_sec < 0 || time.tv_nsec < 0 || time.tv_nsec >= SECOND)
		return -EINVAL;
	if (!time.tv_sec && !time.tv_nsec)
		*deadline = 0;
	else if (time.tv_sec < SECONDS_MAX)
		*deadline = arch_time_ns() + (uint64_t)time.tv_sec * SECOND +
			    (uint64_t)time.tv_nsec;
	return 0;
}

int64_t
sys_sigtimedwait(struct thread *self, uint64_t set, uint64_t info,
		 uint64_t timeout)
{
	struct signal_info taken;
	struct abi_siginfo shown;
	uint64_t mask, deadline;
	int result = copy_from_user(&mask, set, sizeof(mask));

	if (!result)
		result = sigtimedwait_deadline(timeout, &deadline);
	if (!result)
		result = signal_await(self, mask, deadline, &taken);
	if (result < 0 || !info)
		return result;
	shown = signal_info_abi(&taken);
	return copy_to_user(info, &shown, sizeof(shown)) ? -EFAULT : result;
}

/* ---- the clock ---- */

static int
itimer_ns(const int64_t time[2], uint64_t *ns)
{
	if (time[0] < 0 || time[1] < 0 || time[1] >= 1000000)
		return -EINVAL;
	*ns = time[0] < SECONDS_MAX ? (uint64_t)time[0] * SECOND +
					      (uint64_t)time[1] * MICROSECOND
				    : (uint64_t)SECONDS_MAX * SECOND;
	return 0;
}

static void
itimer_time(uint64_t ns, int64_t time[2])
{
	ns += MICROSECOND - 1; /* what is left is never shown as nothing */
	time[0] = (int64_t)(ns / SECOND);
	time[1] = (int64_t)(ns % SECOND / MICROSECOND);
}

static int
itimer_put(uint64_t to, const struct signal_alarm *alarm)
{
	struct abi_itimerval value;

	itimer_time(alarm->left_ns, value.value);
	itimer_time(alarm->interval_ns, value.interval);
	return copy_to_user(to, &value, sizeof(value));
}

int64_t
sys_setitimer(struct thread *self, int which, uint64_t value, uint64_t old)
{
	struct signal_alarm alarm = {0}, before;
	struct abi_itimerval wanted = {0};
	int error = which == KITIMER_REAL ? 0 : -EINVAL;

	if (!error && value)
		error = copy_from_user(&wanted, value, sizeof(wanted));
	if (!error)
		error = itimer_ns(wanted.value, &alarm.left_ns);
	if (!error)
		error = itimer_ns(wanted.interval, &alarm.interval_ns);
	if (error)
		return error;
	before = signal_alarm_set(self->process, &alarm);
	return old ? itimer_put(old, &before) : 0;
}

int64_t
sys_getitimer(struct thread *self, int which, uint64_t value)
{
	struct signal_alarm alarm;

	if (which != KITIMER_REAL)
		return -EINVAL;
	alarm = signal_alarm_get(self->process);
	return itimer_put(value, &alarm);
}
