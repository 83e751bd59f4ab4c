/*
 * sleep NUMBER[smhd]...: waits; numbers may have fractions and are added.
 */
#include "names.h"
#include "util.h"

#include <errno.h>
#include <unistd.h>

static const char sleep_usage[] =
	"usage: sleep NUMBER[smhd]...\n"
	"Waits so many seconds, minutes, hours or days, all added.\n";

int
main(int argc, char **argv)
{
	struct timespec left;
	int i;

	(void)argc;
	util_start("sleep", sleep_usage);
	util_option(argv, "+");
	if (argv[optind] == NULL)
		util_usage();
	for (i = optind; argv[i] != NULL; i++)
		if (!names_time(argv[i], &left))
			util_die("%s: not a time", argv[i]);
	for (i = optind; argv[i] != NULL; i++) {
		names_time(argv[i], &left);
		while (nanosleep(&left, &left) < 0)
			if (errno != EINTR)
				util_die_of("nanosleep");
	}
	return util_end();
}
