/*
 * date [-u] [-d WHEN | -r FILE] [+FORMAT]: the date and time.
 *
 * The format is strftime's; %N, the nanoseconds, is put in beforehand.
 */
#include "util.h"
#include "when.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char date_usage[] =
	"usage: date [-uR] [-I] [-d WHEN | -r FILE] [+FORMAT]\n"
	"Prints the date and time.\n"
	"  -u       in UTC\n"
	"  -d WHEN  of @SECONDS since 1970, or YYYY-MM-DD[ HH:MM[:SS]]\n"
	"           with Z behind it in UTC, or now\n"
	"  -r FILE  when FILE was changed last\n"
	"  -I, -R   as 2024-05-06; as Mon, 06 May 2024 07:08:09 +0000\n"
	"  +FORMAT  %Y-%m-%d %H:%M:%S and so on, %s seconds since 1970,\n"
	"           %N nanoseconds, %% a per cent sign\n";

static struct timespec
date_parse(const char *text)
{
	struct timespec time;

	if (!when_parse(text, &time))
		util_die("%s: not a date", text);
	return time;
}

/* The format with %N made digits. */
static char *
date_format(const char *format, long nanoseconds)
{
	char *made = util_alloc(strlen(format) * 5 + 1), *to = made;

	for (; *format != '\0'; format++) {
		if (format[0] != '%' || format[1] == '\0') {
			*to++ = *format;
		} else if (*++format == 'N') {
			to += sprintf(to, "%09ld", nanoseconds);
		} else {
			*to++ = '%';
			*to++ = *format;
		}
	}
	*to = '\0';
	return made;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static void
date_print(const char *format, const struct timespec *time)
{
	const struct tm *tm = localtime(&time->tv_sec);
	char *words = date_format(format, time->tv_nsec);
	/* A conversion of two bytes is no longer than this. */
	size_t room = strlen(words) * 64 + 64;
	char *text = util_alloc(room);

	if (tm == NULL)
		util_die("there is no such year");
	text[strftime(text, room, words, tm)] = '\0';
	puts(text);
}
#pragma GCC diagnostic pop

int
main(int argc, char **argv)
{
	const char *format = "%a %b %e %H:%M:%S %Z %Y";
	const char *when = "now", *file = NULL;
	struct timespec time;
	struct stat st;
	int c;

	util_trouble = 1;
	util_start("date", date_usage);
	while ((c = util_option(argv, "ud:r:IR")) >= 0) {
		if (c == 'u' && setenv("TZ", "UTC0", 1) < 0)
			util_die_of("TZ");
		if (c == 'd')
			when = optarg;
		if (c == 'r')
			file = optarg;
		format = c == 'I'   ? "%Y-%m-%d"
			 : c == 'R' ? "%a, %d %b %Y %H:%M:%S %z"
				    : format;
	}
	if (argc - optind > 1 || (argc > optind && *argv[optind] != '+'))
		util_usage();
	if (file != NULL && stat(file, &st) < 0)
		util_die_of(file);
	time = file != NULL ? st.st_mtim : date_parse(when);
	date_print(argc > optind ? argv[optind] + 1 : format, &time);
	return util_end();
}
