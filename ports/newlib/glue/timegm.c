/*
 * The inverse of gmtime, over days counted from 1 March of a year 0 that is a
 * multiple of 400.
 */
#include <time.h>

#define DAYS_PER_400_YEARS 146097
#define DAYS_TO_1970	   719468

static long
timegm_days(long year, long month, long day)
{
	long era, of_era, of_year;

	year += month / 12;
	month %= 12;
	if (month < 0) {
		month += 12;
		year--;
	}
	if (month < 2)
		year--;
	era = (year >= 0 ? year : year - 399) / 400;
	of_era = year - era * 400;
	of_year = (153 * ((month + 10) % 12) + 2) / 5 + day - 1;
	return era * DAYS_PER_400_YEARS + of_era * 365 + of_era / 4 -
	       of_era / 100 + of_year - DAYS_TO_1970;
}

time_t
timegm(struct tm *tm)
{
	time_t time =
		timegm_days(tm->tm_year + 1900L, tm->tm_mon, tm->tm_mday) *
			86400 +
		tm->tm_hour * 3600L + tm->tm_min * 60L + tm->tm_sec;

	gmtime_r(&time, tm);
	return time;
}
