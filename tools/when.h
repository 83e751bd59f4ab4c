/* Points in time as date and touch take them. */
#pragma once

#include <stdbool.h>
#include <time.h>

/*
 * YYYY-MM-DD[Thh:mm[:ss[.frac]]][Z], @SECONDS[.frac] since 1970, or now; a
 * space may stand for T.  false: it is none, or there is no such day or hour.
 */
bool when_parse(const char *text, struct timespec *time);

/* [[CC]YY]MMDDhhmm[.ss], as touch -t has it. */
bool when_parse_stamp(const char *text, struct timespec *time);
