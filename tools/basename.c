/* basename PATH [SUFFIX]: prints the last part of a path. */
#include "util.h"
#include "walk.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char basename_usage[] =
	"usage: basename PATH [SUFFIX]\n"
	"Prints the last part of the path, without SUFFIX if it ends so.\n";

int
main(int argc, char **argv)
{
	char *name;

	util_trouble = 1;
	util_start("basename", basename_usage);
	while (util_option(argv, "+") >= 0)
		continue;
	if (argc - optind < 1 || argc - optind > 2)
		util_usage();
	name = walk_last(argv[optind]);
	if (argc - optind == 2) {
		size_t length = strlen(name), cut = strlen(argv[optind + 1]);

		if (length > cut &&
		    strcmp(name + length - cut, argv[optind + 1]) == 0)
			name[length - cut] = '\0';
	}
	puts(name);
	return util_end();
}
