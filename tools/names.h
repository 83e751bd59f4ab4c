/* Signals and times by their names, for kill and timeout. */
#pragma once

#include <time.h>

/* The number of NAME, SIGNAME or a number; -1: there is none. */
int names_signal(const char *text);
/* The name without SIG, or NULL. */
const char *names_signal_name(int number);
/* NUMBER[smhd], fractions allowed.  false: it is none. */
_Bool names_time(const char *text, struct timespec *time);
