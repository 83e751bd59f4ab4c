/*
 * touch [-achm] [-r FILE | -t TIME | -d TIME] FILE...: sets a file's times;
 * makes it if it is not there.
 */
#include "util.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char touch_usage[] =
	"usage: touch [-achm] [-r FILE | -t TIME | -d TIME] FILE...\n"
	"Sets the times of files, makes those that are not there.\n"
	"  -a       only the time of access\n"
	"  -c       do not make a file\n"
	"  -d TIME  YYYY-MM-DDThh:mm:ss[.frac][Z], @SECONDS, or now\n"
	"  -h       of a link itself\n"
	"  -m       only the time of modification\n"
	"  -r FILE  to that file's times\n"
	"  -t TIME  [[CC]YY]MMDDhhmm[.ss]\n";

static bool touch_access, touch_modify, touch_old_only;
static int touch_flags;
static struct timespec touch_times[2];

/* Two digits, or -1. */
static int
touch_pair(const char *text)
{
	if (text[0] < '0' || text[0] > '9' || text[1] < '0' || text[1] > '9')
		return -1;
	return (text[0] - '0') * 10 + text[1] - '0';
}

static bool
touch_make(struct tm *tm, bool utc, time_t *time)
{
	struct tm made = *tm;

	made.tm_isdst = -1;
	*time = utc ? timegm(&made) : mktime(&made);
	/* A 31st of April is none. */
	return made.tm_mday == tm->tm_mday && made.tm_hour == tm->tm_hour &&
	       made.tm_min == tm->tm_min && made.tm_mon == tm->tm_mon;
}

static int
touch_this_year(void)
{
	time_t now = time(NULL);

	return localtime(&now)->tm_year;
}

/* The year of CC and YY, or of YY alone, from 1900 on. */
static int
touch_year(const int *pair, size_t pairs)
{
	if (pairs == 4)
		return touch_this_year();
	if (pairs == 5)
		return pair[0] < 69 ? pair[0] + 100 : pair[0];
	return pair[0] * 100 + pair[1] - 1900;
}

/* [[CC]YY]MMDDhhmm[.ss] */
static bool
touch_stamp(const char *text, struct timespec *time)
{
	size_t length = strcspn(text, "."), pairs = length / 2, i;
	int pair[6] = {0}, *last, second = 0;
	struct tm tm = {0};

	if (length % 2 != 0 || pairs < 4 || pairs > 6)
		return false;
	for (i = 0; i < pairs; i++)
		if ((pair[i] = touch_pair(text + 2 * i)) < 0)
			return false;
	if (text[length] == '.')
		second = strlen(text + length) == 3
				 ? touch_pair(text + length + 1)
				 : -1;
	if (second < 0 || second > 60)
		return false;
	last = pair + pairs - 4;
	tm.tm_year = touch_year(pair, pairs);
	tm.tm_mon = last[0] - 1;
	tm.tm_mday = last[1];
	tm.tm_hour = last[2];
	tm.tm_min = last[3];
	if (!touch_make(&tm, false, &time->tv_sec))
		return false;
	time->tv_sec += second;
	time->tv_nsec = 0;
	return true;
}

/* .5 or ,5: nanoseconds; moves *text behind it. */
static long
touch_fraction(const char **text)
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
touch_seconds(const char *text, struct timespec *time)
{
	char *end;
	const char *rest;

	errno = 0;
	time->tv_sec = strtoll(text, &end, 10);
	rest = end;
	time->tv_nsec = touch_fraction(&rest);
	return end != text && *rest == '\0' && errno == 0;
}

/* YYYY-MM-DDThh:mm:ss[.frac][Z]; a space may stand for T, the seconds or all
 * from T on may be left out. */
static bool
touch_date(const char *text, struct timespec *time)
{
	struct tm tm = {0};
	const char *rest = strptime(text, "%Y-%m-%d", &tm);
	int second = 0;
	bool utc;

	time->tv_nsec = 0;
	if (rest == NULL)
		return false;
	if (*rest == 'T' || *rest == ' ') {
		rest = strptime(rest + 1, "%H:%M", &tm);
		if (rest == NULL)
			return false;
		if (*rest == ':') {
			second = touch_pair(rest + 1);
			if (second < 0 || second > 60)
				return false;
			rest += 3;
			time->tv_nsec = touch_fraction(&rest);
		}
	}
	utc = strcmp(rest, "Z") == 0;
	if (!utc && *rest != '\0')
		return false;
	if (!touch_make(&tm, utc, &time->tv_sec))
		return false;
	time->tv_sec += second;
	return true;
}

static void
touch_set(int option, const char *value)
{
	struct timespec time = {.tv_nsec = UTIME_NOW};
	struct stat st;
	bool good = true;

	if (option == 'r') {
		if (stat(value, &st) < 0)
			util_die_of(value);
		touch_times[0] = st.st_atim;
		touch_times[1] = st.st_mtim;
		return;
	}
	if (option == 't')
		good = touch_stamp(value, &time);
	else if (*value == '@')
		good = touch_seconds(value + 1, &time);
	else if (strcmp(value, "now") != 0)
		good = touch_date(value, &time);
	if (!good)
		util_die("%s: not a time", value);
	touch_times[0] = touch_times[1] = time;
}

static void
touch_file(const char *path)
{
	int fd;

	if (utimensat(AT_FDCWD, path, touch_times, touch_flags) == 0)
		return;
	if (errno != ENOENT) {
		util_fail(path);
		return;
	}
	if (touch_old_only || touch_flags != 0)
		return;
	fd = open(path, O_WRONLY | O_CREAT, 0666);
	if (fd < 0 || futimens(fd, touch_times) < 0)
		util_fail(path);
	if (fd >= 0)
		close(fd);
}

int
main(int argc, char **argv)
{
	int c;

	(void)argc;
	util_trouble = 1;
	util_start("touch", touch_usage);
	touch_times[0].tv_nsec = touch_times[1].tv_nsec = UTIME_NOW;
	while ((c = util_option(argv, "achmd:r:t:")) >= 0) {
		if (c == 'a')
			touch_access = true;
		else if (c == 'm')
			touch_modify = true;
		else if (c == 'c')
			touch_old_only = true;
		else if (c == 'h')
			touch_flags = AT_SYMLINK_NOFOLLOW;
		else
			touch_set(c, optarg);
	}
	if (argv[optind] == NULL)
		util_usage();
	if (touch_access && !touch_modify)
		touch_times[1].tv_nsec = UTIME_OMIT;
	if (touch_modify && !touch_access)
		touch_times[0].tv_nsec = UTIME_OMIT;
	for (; argv[optind] != NULL; optind++)
		touch_file(argv[optind]);
	return util_end();
}
