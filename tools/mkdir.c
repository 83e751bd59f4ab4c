/* mkdir [-p] [-m MODE] DIRECTORY...: makes directories. */
#include "mode.h"
#include "util.h"
#include "walk.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char mkdir_usage[] =
	"usage: mkdir [-p] [-m MODE] DIRECTORY...\n"
	"Makes directories.\n"
	"  -m MODE  with this mode, as chmod has it\n"
	"  -p       those above too; one that is there is no error\n";

static bool mkdir_parents;
static const char *mkdir_mode;
static mode_t mkdir_mask;

/* Whose owner can write in it and go through it, whatever the mask. */
static int
mkdir_parent(const char *path)
{
	mode_t mode = 0777 & ~mkdir_mask;

	if (mkdir(path, mode | 0300) < 0)
		return walk_is_directory(path) ? 0 : -1;
	return chmod(path, mode | 0300);
}

/* Makes what a path leads through.  0, or -1: what has been said. */
static int
mkdir_above(char *path)
{
	char *slash = path;

	while ((slash = strchr(slash + 1, '/')) != NULL) {
		int error;

		if (slash[-1] == '/' || slash[-1] == ':' || slash[1] == '\0')
			continue;
		*slash = '\0';
		error = mkdir_parent(path);
		if (error < 0)
			util_fail(path);
		*slash = '/';
		if (error < 0)
			return -1;
	}
	return 0;
}

static void
mkdir_make(char *path)
{
	if (mkdir_parents && mkdir_above(path) < 0)
		return;
	if (mkdir(path, 0777) < 0) {
		if (!mkdir_parents || !walk_is_directory(path))
			util_fail(path);
	} else if (mkdir_mode != NULL) {
		int mode = mode_change(mkdir_mode, 0777, true, mkdir_mask);

		if (chmod(path, (mode_t)mode) < 0)
			util_fail(path);
	}
}

int
main(int argc, char **argv)
{
	int c;

	(void)argc;
	util_trouble = 1;
	util_start("mkdir", mkdir_usage);
	while ((c = util_option(argv, "pm:")) >= 0) {
		if (c == 'p')
			mkdir_parents = true;
		else
			mkdir_mode = optarg;
	}
	if (argv[optind] == NULL)
		util_usage();
	mkdir_mask = umask(0);
	umask(mkdir_mask);
	if (mkdir_mode != NULL &&
	    mode_change(mkdir_mode, 0777, true, mkdir_mask) < 0)
		util_die("%s: not a mode", mkdir_mode);
	for (; argv[optind] != NULL; optind++)
		mkdir_make(argv[optind]);
	return util_end();
}
