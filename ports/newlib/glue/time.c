/*
 * Clocks, and the time that processes have used: clock gives what this one ran,
 * times what was found of it at the clock's ticks to be the program's or the
 * kernel's.
 */
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/times.h>
#include <time.h>
#include <unistd.h>

#include "glue.h"

#define TICKS_PER_SECOND 100 /* sysconf(_SC_CLK_TCK) */

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

/* In units of which there are so many a second. */
static clock_t
time_in(const struct timespec *time, long units)
{
	return time->tv_sec * units + time->tv_nsec / (1000000000 / units);
}

static clock_t
time_ticks(const struct timeval *time)
{
	return time->tv_sec * TICKS_PER_SECOND +
	       time->tv_usec / (1000000 / TICKS_PER_SECOND);
}

clock_t
clock(void)
{
	struct timespec ran;

	if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ran) < 0)
		return -1;
	return time_in(&ran, CLOCKS_PER_SEC);
}

clock_t
times(struct tms *times)
{
	struct rusage self, children;
	struct timespec now;

	if (getrusage(RUSAGE_SELF, &self) < 0 ||
	    getrusage(RUSAGE_CHILDREN, &children) < 0 ||
	    clock_gettime(CLOCK_MONOTONIC, &now) < 0)
		return -1;
	*times = (struct tms){
		.tms_utime = time_ticks(&self.ru_utime),
		.tms_stime = time_ticks(&self.ru_stime),
		.tms_cutime = time_ticks(&children.ru_utime),
		.tms_cstime = time_ticks(&children.ru_stime),
	};
	return time_in(&now, TICKS_PER_SECOND);
}
