/*
 * sleep NUMBER[smhd]...: waits; numbers may have fractions and are added.
 */
#include "util.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char sleep_usage[] =
	"usage: sleep NUMBER[smhd]...\n"
	"Waits so many seconds, minutes, hours or days, all added.\n";

static double
sleep_parse(const char *word)
{
	static const char units[] = "smhd";
	static const int seconds[] = {1, 60, 3600, 86400};
	const char *unit = units;
	char *end;
	double number = strtod(word, &end);

	if (end != word && *end != '\0' && end[1] == '\0')
		unit = strchr(units, *end++);
	if (end == word || unit == NULL || *end != '\0' || !(number >= 0))
		util_die("%s: not a time", word);
	return number * seconds[unit - units];
}

int
main(int argc, char **argv)
{
	struct timespec left;
	double sum = 0;

	(void)argc;
	util_start("sleep", sleep_usage);
	util_option(argv, "+");
	if (argv[optind] == NULL)
		util_usage();
	for (; argv[optind] != NULL; optind++)
		sum += sleep_parse(argv[optind]);
	if (sum > 1e15)
		sum = 1e15;
	left.tv_sec = (time_t)sum;
	left.tv_nsec = (long)((sum - (double)left.tv_sec) * 1e9);
	while (nanosleep(&left, &left) < 0)
		if (errno != EINTR)
			util_die_of("nanosleep");
	return util_end();
}
