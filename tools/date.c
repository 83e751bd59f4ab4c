/* date [-u] [-d @SECONDS | -r FILE] [+FORMAT]: the time. */
#include "util.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char date_usage[] =
	"usage: date [-u] [-d @SECONDS | -r FILE] [+FORMAT]\n"
	"Prints the time, as strftime has it if there is a FORMAT.\n"
	"  -u           in UTC\n"
	"  -d @SECONDS  so long after 1970 began, instead of now\n"
	"  -r FILE      when it was changed\n";

static time_t
date_parse(const char *text)
{
	char *end;
	long long seconds = strtoll(text + (*text == '@'), &end, 10);

	if (*text != '@' || end == text + 1 || *end != '\0')
		util_die("-d wants @SECONDS, not '%s'", text);
	return (time_t)seconds;
}

static time_t
date_of(const char *file)
{
	struct stat st;

	if (stat(file, &st) < 0)
		util_die_of(file);
	return st.st_mtime;
}

/* The format is the user's; the pointer keeps the compiler from asking for one
 * of the program's own. */
static void
date_print(const char *format, const struct tm *tm)
{
	size_t (*const put)(char *, size_t, const char *, const struct tm *) =
		strftime;
	size_t room = strlen(format) * 16 + 256;
	char *text = util_alloc(room);

	*text = '\0';
	if (*format != '\0' && put(text, room, format, tm) == 0 &&
	    strcmp(format, "%p") != 0)
		util_die("the format is too long");
	puts(text);
	free(text);
}

int
main(int argc, char **argv)
{
	const char *format = "%a %b %e %H:%M:%S %Z %Y";
	time_t when = time(NULL);
	int c;

	(void)argc;
	util_start("date", date_usage);
	util_trouble = 1;
	while ((c = util_option(argv, "ud:r:")) >= 0) {
		if (c == 'u')
			setenv("TZ", "UTC0", 1);
		else
			when = c == 'd' ? date_parse(optarg) : date_of(optarg);
	}
	tzset();
	if (argv[optind] != NULL && *argv[optind] == '+')
		format = argv[optind++] + 1;
	if (argv[optind] != NULL)
		util_usage();
	date_print(format, localtime(&when));
	return util_end();
}
