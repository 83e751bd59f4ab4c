/*
 * chmod [-R] MODE FILE...: changes what may be done with files.
 *
 * With -R a link is passed over: it has no mode of its own.
 */
#include "mode.h"
#include "util.h"
#include "walk.h"

#include <string.h>
#include <unistd.h>

static const char chmod_usage[] =
	"usage: chmod [-R] MODE FILE...\n"
	"Changes the mode: octal, or [ugoa][+-=][rwxXstugo] with commas.\n"
	"  -R  of all that is in directories too\n";

static bool chmod_tree;
static const char *chmod_mode;
static mode_t chmod_mask;

static void
chmod_one(const struct walk_item *item)
{
	int mode = mode_change(chmod_mode, item->st.st_mode,
			       S_ISDIR(item->st.st_mode), chmod_mask);

	if (chmod(item->path, (mode_t)mode) < 0)
		util_fail(item->path);
}

static bool
chmod_visit(const struct walk_item *item, void *arg)
{
	(void)arg;
	if (!S_ISLNK(item->st.st_mode))
		chmod_one(item);
	else if (item->depth == 0)
		util_say("%s: leads nowhere", item->path);
	return chmod_tree;
}

/* A mode such as -w looks like options: `--` is put before it. */
static char **
chmod_protect(int argc, char **argv)
{
	static char end[] = "--";
	size_t count = (size_t)argc, at = 1;
	char **copy;

	while (argv[at] != NULL && strcmp(argv[at], "-R") == 0)
		at++;
	if (argv[at] == NULL || argv[at][0] != '-' || argv[at][1] == '\0' ||
	    strchr("rwxXstugo,", argv[at][1]) == NULL)
		return argv;
	copy = util_alloc((count + 2) * sizeof *copy);
	memcpy(copy, argv, at * sizeof *copy);
	copy[at] = end;
	memcpy(copy + at + 1, argv + at, (count + 1 - at) * sizeof *copy);
	return copy;
}

int
main(int argc, char **argv)
{
	struct walk how = {.follow = WALK_FOLLOW_FIRST, .visit = chmod_visit};

	util_trouble = 1;
	util_start("chmod", chmod_usage);
	argv = chmod_protect(argc, argv);
	while (util_option(argv, "R") >= 0)
		chmod_tree = true;
	chmod_mode = argv[optind];
	if (chmod_mode == NULL || argv[optind + 1] == NULL)
		util_usage();
	chmod_mask = umask(0);
	umask(chmod_mask);
	if (mode_change(chmod_mode, 0, false, chmod_mask) < 0)
		util_die("%s: not a mode", chmod_mode);
	while (argv[++optind] != NULL)
		walk(&how, argv[optind]);
	return util_end();
}
