/* rmdir [-p] DIRECTORY...: removes directories that are empty. */
#include "util.h"

#include <string.h>
#include <unistd.h>

static const char rmdir_usage[] =
	"usage: rmdir [-p] DIRECTORY...\n"
	"Removes empty directories.\n"
	"  -p  and then those above it that the path names\n";

/* Cuts the last part off; false: nothing is left. */
static bool
rmdir_cut(char *path)
{
	size_t n = strlen(path);

	while (n > 0 && path[n - 1] == '/')
		n--;
	while (n > 0 && path[n - 1] != '/')
		n--;
	while (n > 0 && path[n - 1] == '/')
		n--;
	path[n] = '\0';
	return n > 0 && path[n - 1] != ':';
}

int
main(int argc, char **argv)
{
	bool parents = false;

	(void)argc;
	util_trouble = 1;
	util_start("rmdir", rmdir_usage);
	while (util_option(argv, "p") >= 0)
		parents = true;
	if (argv[optind] == NULL)
		util_usage();
	for (; argv[optind] != NULL; optind++) {
		char *path = argv[optind];

		do {
			if (rmdir(path) == 0)
				continue;
			util_fail(path);
			break;
		} while (parents && rmdir_cut(path));
	}
	return util_end();
}
