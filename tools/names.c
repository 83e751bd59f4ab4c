/*
 * Names of signals, lengths of time, users and groups, numbers of bytes.
 */
#include "names.h"

#include <ctype.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
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

/* The last number of 32 bits is nobody's: for chown it is `as it was`. */
static _Bool
names_id(const char *text, unsigned *id)
{
	unsigned long number;
	char *end;

	text += *text == '+';
	number = strtoul(text, &end, 10);
	if (!isdigit((unsigned char)*text) || *end != '\0' ||
	    number >= UINT32_MAX)
		return 0;
	*id = (unsigned)number;
	return 1;
}

_Bool
names_user(const char *text, uid_t *id)
{
	const struct passwd *user = getpwnam(text);
	unsigned number;

	if (user != NULL)
		*id = user->pw_uid;
	else if (names_id(text, &number))
		*id = (uid_t)number;
	else
		return 0;
	return 1;
}

_Bool
names_group(const char *text, gid_t *id)
{
	const struct group *group = getgrnam(text);
	unsigned number;

	if (group != NULL)
		*id = group->gr_gid;
	else if (names_id(text, &number))
		*id = (gid_t)number;
	else
		return 0;
	return 1;
}

static uint64_t
names_unit(const char **text, const char *letters)
{
	static const struct {
		char letter;
		uint64_t bytes;
	} units[] = {{'b', 512},     {'c', 1},	     {'k', 1024},   {'K', 1024},
		     {'m', 1 << 20}, {'M', 1 << 20}, {'G', 1 << 30}};
	size_t i;

	if (**text == '\0' || strchr(letters, **text) == NULL)
		return 1;
	for (i = 0; units[i].letter != **text; i++)
		continue;
	(*text)++;
	return units[i].bytes;
}

_Bool
names_bytes(const char **text, int base, const char *letters, uint64_t *bytes)
{
	char *end;

	if (!isdigit((unsigned char)**text))
		return 0;
	errno = 0;
	*bytes = strtoull(*text, &end, base);
	*text = end;
	return errno == 0 && !__builtin_mul_overflow(
				     *bytes, names_unit(text, letters), bytes);
}
