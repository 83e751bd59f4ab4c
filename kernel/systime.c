/* Calls about time: clocks, sleep, giving the CPU away.  Dispatched by
 * syscall.c. */
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "abi/types.h"
#include "process.h"
#include "process_usage.h"
#include "syscall.h"
#include "thread.h"
#include "usercopy.h"

#define SECOND 1000000000u

static struct abi_timespec
time_from_ns(uint64_t ns)
{
	return (struct abi_timespec){
		.tv_sec = (int64_t)(ns / SECOND),
		.tv_nsec = (int64_t)(ns % SECOND),
	};
}

/* What it ran. */
static uint64_t
time_used(struct process *process)
{
	struct trace_usage usage;

	process_usage(process, &usage);
	return usage.run_ns;
}

int64_t
sys_clock_gettime(struct thread *self, int clock, uint64_t time)
{
	struct abi_timespec now;
	uint64_t ns;

	switch (clock) {
	case KCLOCK_REALTIME:
		ns = arch_time_ns() + arch_wall_ns();
		break;
	case KCLOCK_MONOTONIC:
		ns = arch_time_ns();
		break;
	case KCLOCK_PROCESS:
		ns = time_used(self->process);
		break;
	default:
		return -EINVAL;
	}
	now = time_from_ns(ns);
	return copy_to_user(time, &now, sizeof(now));
}

/* When a sleep that begins now is over; one that is too long for the clock
 * never is. */
static uint64_t
time_deadline(const struct abi_timespec *time)
{
	uint64_t now = arch_time_ns(), seconds = (uint64_t)time->tv_sec;
	uint64_t nanoseconds = (uint64_t)time->tv_nsec;

	if (seconds > (DEADLINE_NONE - now - nanoseconds) / SECOND)
		return DEADLINE_NONE;
	return now + seconds * SECOND + nanoseconds;
}

static int
time_sleep(struct thread *self, uint64_t deadline)
{
	int error = 0;

	while (!error) {
		sched_prepare(self, SLEEP_INTERRUPTIBLE, "nanosleep");
		error = sched_sleep(self, deadline);
	}
	return error == -ETIMEDOUT ? 0 : error;
}

int64_t
sys_nanosleep(struct thread *self, uint64_t time, uint64_t left)
{
	struct abi_timespec wanted, rest;
	uint64_t deadline, now;
	int error = copy_from_user(&wanted, time, sizeof(wanted));

	if (error)
		return error;
	if (wanted.tv_sec < 0 || wanted.tv_nsec < 0 || wanted.tv_nsec >= SECOND)
		return -EINVAL;
	deadline = time_deadline(&wanted);
	error = time_sleep(self, deadline);
	if (!error || !left)
		return error;
	now = arch_time_ns();
	rest = time_from_ns(deadline > now ? deadline - now : 0);
	return copy_to_user(left, &rest, sizeof(rest)) ? -EFAULT : error;
}

int64_t
sys_sched_yield(struct thread *self)
{
	sched_yield(self);
	return 0;
}
