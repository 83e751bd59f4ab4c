/*
 * dirname PATH: prints a path without its last part.
 *
 * What stands before is a directory: `.` if nothing does, `proc:/` of proc:/7.
 */
#include "util.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char dirname_usage[] = "usage: dirname PATH\n"
				    "Prints the path without its last part.\n";

static size_t
dirname_strip(const char *path, size_t end)
{
	while (end > 1 && path[end - 1] == '/' && path[end - 2] != ':')
		end--;
	return end;
}

int
main(int argc, char **argv)
{
	const char *path;
	size_t end;

	util_trouble = 1;
	util_start("dirname", dirname_usage);
	while (util_option(argv, "+") >= 0)
		continue;
	if (argc - optind != 1)
		util_usage();
	path = argv[optind];
	end = dirname_strip(path, strlen(path));
	while (end > 0 && path[end - 1] != '/')
		end--;
	end = dirname_strip(path, end);
	if (end == 0)
		puts(".");
	else
		printf("%.*s\n", (int)end, path);
	return util_end();
}
