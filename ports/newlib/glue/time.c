/*
 * Clocks.  The system counts no processor time yet: clock and times give the
 * time since the process began, all of it as the process's own.
 */
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

#include "glue.h"

#define TICKS_PER_SECOND 100 /* sysconf(_SC_CLK_TCK) */

static struct timespec began;

int
clock_gettime(clockid_t clock, struct timespec *time)
{
	return (int)__result(__sys_clock_gettime(clock, time));
}

int
nanosleep(const struct timespec *time, struct timespec *left)
{
	return (int)__result(__sys_nanosleep(time, left));
}

int
gettimeofday(struct timeval *restrict time, void *restrict zone)
{
	struct timespec now;

	(void)zone;
	if (clock_gettime(CLOCK_REALTIME, &now) < 0)
		return -1;
	time->tv_sec = now.tv_sec;
	time->tv_usec = now.tv_nsec / 1000;
	return 0;
}

void
__clock_start(void)
{
	__sys_clock_gettime(CLOCK_MONOTONIC, &began);
}

/* Time since the process began, in units of which there are so many a second.
 */
static clock_t
time_since(const struct timespec *now, long units)
{
	return (now->tv_sec - began.tv_sec) * units +
	       (now->tv_nsec - began.tv_nsec) / (1000000000 / units);
}

clock_t
clock(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_MONOTONIC, &now) < 0)
		return -1;
	return time_since(&now, CLOCKS_PER_SEC);
}

clock_t
times(struct tms *times)
{
	struct timespec now;

	if (clock_gettime(CLOCK_MONOTONIC, &now) < 0)
		return -1;
	*times = (struct tms){.tms_utime = time_since(&now, TICKS_PER_SECOND)};
	return now.tv_sec * TICKS_PER_SECOND +
	       now.tv_nsec / (1000000000 / TICKS_PER_SECOND);
}
