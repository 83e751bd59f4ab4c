/* newlib's <time.h> with Linux's clock numbers, and the functions that it
 * lacks. */
#ifndef _PROCTOR_TIME_H
#define _PROCTOR_TIME_H

#include_next <time.h>

#undef CLOCK_REALTIME
#undef CLOCK_MONOTONIC
#undef CLOCK_PROCESS_CPUTIME_ID
#undef CLOCK_REALTIME_COARSE
#undef CLOCK_MONOTONIC_RAW
#undef CLOCK_MONOTONIC_COARSE
#undef CLOCK_BOOTTIME
#undef CLOCK_REALTIME_ALARM
#undef CLOCK_BOOTTIME_ALARM
#undef TIMER_ABSTIME

#define CLOCK_REALTIME		 0
#define CLOCK_MONOTONIC		 1
#define CLOCK_PROCESS_CPUTIME_ID 2
#define TIMER_ABSTIME		 1

#ifdef __cplusplus
extern "C" {
#endif

#if __BSD_VISIBLE || __GNU_VISIBLE
time_t timegm(struct tm *);
#endif

#ifdef __cplusplus
}
#endif

#endif
