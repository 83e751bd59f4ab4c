/*
 * Names of signals and lengths of time.
 */
#include "names.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct {
	const char *name;
	int number;
} names_signals[] = {
#define SIGNAL(name, number, action) {&#name[3], number},
#include <proctor/abi/signals.def>
#undef SIGNAL
};

int
names_signal(const char *text)
{
	char *end;
	long number = strtol(text, &end, 10);
	size_t i;

	if (end != text)
		return *end == '\0' && number >= 0 && number < NSIG
			       ? (int)number
			       : -1;
	if (strncasecmp(text, "SIG", 3) == 0)
		text += 3;
	for (i = 0; i < sizeof names_signals / sizeof *names_signals; i++)
		if (strcasecmp(names_signals[i].name, text) == 0)
			return names_signals[i].number;
	return -1;
}

const char *
names_signal_name(int number)
{
	size_t i;

	for (i = 0; i < sizeof names_signals / sizeof *names_signals; i++)
		if (names_signals[i].number == number)
			return names_signals[i].name;
	return NULL;
}

_Bool
names_time(const char *text, struct timespec *time)
{
	static const char units[] = "smhd";
	static const int seconds[] = {1, 60, 3600, 86400};
	const char *unit = units;
	char *end;
	double number = strtod(text, &end);

	if (end != text && *end != '\0' && end[1] == '\0')
		unit = strchr(units, *end++);
	if (end == text || unit == NULL || *end != '\0' || !(number >= 0))
		return 0;
	number *= seconds[unit - units];
	if (number > 1e15)
		number = 1e15;
	time->tv_sec = (time_t)number;
	time->tv_nsec = (long)((number - (double)time->tv_sec) * 1e9);
	return 1;
}
