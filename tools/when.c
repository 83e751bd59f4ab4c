/*
 * Points in time, read: see when.h.
 *
 * The C library's mktime takes a 31st of April for the 1st of May; so what it
 * made of the parts is compared with them.
 */
#include "when.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Two digits, or -1. */
static int
when_pair(const char *text)
{
	if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
		return -1;
	return (text[0] - '0') * 10 + text[1] - '0';
}

static bool
when_make(struct tm *tm, bool utc, time_t *time)
{
	struct tm made = *tm;

	made.tm_isdst = -1;
	*time = utc ? timegm(&made) : mktime(&made);
	return made.tm_mday == tm->tm_mday && made.tm_hour == tm->tm_hour &&
	       made.tm_min == tm->tm_min && made.tm_mon == tm->tm_mon;
}

/* .5 or ,5: nanoseconds; moves *text behind it. */
static long
when_fraction(const char **text)
{
	long ns = 0, unit = 100000000;

	if (**text != '.' && **text != ',')
		return 0;
	for ((*text)++; **text >= '0' && **text <= '9'; (*text)++) {
		ns += (**text - '0') * unit;
		unit /= 10;
	}
	return ns;
}

static bool
when_seconds(const char *text, struct timespec *time)
{
	char *end;
	const char *rest;

	errno = 0;
	time->tv_sec = strtoll(text, &end, 10);
	rest = end;
	time->tv_nsec = when_fraction(&rest);
	/* Nanoseconds count on from a second before. */
	if (*text == '-' && time->tv_nsec > 0) {
		time->tv_sec--;
		time->tv_nsec = 1000000000 - time->tv_nsec;
	}
	return end != text && *rest == '\0' && errno == 0;
}

/* hh:mm[:ss[.frac]]; returns what stands behind it, or NULL. */
static const char *
when_clock(const char *text, struct tm *tm, long *ns)
{
	const char *rest = strptime(text, "%H:%M", tm);

	if (rest == NULL || *rest != ':')
		return rest;
	tm->tm_sec = when_pair(rest + 1);
	if (tm->tm_sec < 0 || tm->tm_sec > 59)
		return NULL;
	rest += 3;
	*ns = when_fraction(&rest);
	return rest;
}

static bool
when_date(const char *text, struct timespec *time)
{
	struct tm tm = {0};
	const char *rest = strptime(text, "%Y-%m-%d", &tm);
	bool utc;

	time->tv_nsec = 0;
	if (rest != NULL && (*rest == 'T' || *rest == ' '))
		rest = when_clock(rest + 1, &tm, &time->tv_nsec);
	if (rest == NULL)
		return false;
	utc = strcmp(rest, "Z") == 0;
	return (utc || *rest == '\0') && when_make(&tm, utc, &time->tv_sec);
}

bool
when_parse(const char *text, struct timespec *time)
{
	if (strcmp(text, "now") == 0)
		return clock_gettime(CLOCK_REALTIME, time) == 0;
	if (*text == '@')
		return when_seconds(text + 1, time);
	return when_date(text, time);
}

static int
when_this_year(void)
{
	time_t now = time(NULL);

	return localtime(&now)->tm_year;
}

/* The year of CC and YY, or of YY alone, from 1900 on. */
static int
when_year(const int *pair, size_t pairs)
{
	if (pairs == 4)
		return when_this_year();
	if (pairs == 5)
		return pair[0] < 69 ? pair[0] + 100 : pair[0];
	return pair[0] * 100 + pair[1] - 1900;
}

bool
when_parse_stamp(const char *text, struct timespec *time)
{
	size_t length = strcspn(text, "."), pairs = length / 2, i;
	int pair[6] = {0}, *last, second = 0;
	struct tm tm = {0};

	if (length % 2 != 0 || pairs < 4 || pairs > 6)
		return false;
	for (i = 0; i < pairs; i++)
		if ((pair[i] = when_pair(text + 2 * i)) < 0)
			return false;
	if (text[length] == '.')
		second = strlen(text + length) == 3
				 ? when_pair(text + length + 1)
				 : -1;
	if (second < 0 || second > 60)
		return false;
	last = pair + pairs - 4;
	tm.tm_year = when_year(pair, pairs);
	tm.tm_mon = last[0] - 1;
	tm.tm_mday = last[1];
	tm.tm_hour = last[2];
	tm.tm_min = last[3];
	if (!when_make(&tm, false, &time->tv_sec))
		return false;
	time->tv_sec += second;
	time->tv_nsec = 0;
	return true;
}
