/*
 * ln [-fs] SOURCE... TARGET: gives a file a second name, or with -s a link that
 * leads to it.
 *
 * Without -s a source that is a link gives the link's own second name.
 */
#include "util.h"
#include "walk.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static const char ln_usage[] =
	"usage: ln [-fs] SOURCE TARGET\n"
	"\tln [-fs] SOURCE... DIRECTORY\n"
	"\tln [-fs] SOURCE\n"
	"Links TARGET, or a name in DIRECTORY or here, to SOURCE.\n"
	"  -f  remove first what has the name\n"
	"  -s  a symbolic link, which holds SOURCE as it is given\n";

static bool ln_force, ln_symbolic;

static int
ln_make(const char *source, const char *target)
{
	return ln_symbolic ? symlink(source, target) : link(source, target);
}

static bool
ln_same(const char *source, const char *target)
{
	struct stat a, b;

	return !ln_symbolic && lstat(source, &a) == 0 &&
	       lstat(target, &b) == 0 && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

static void
ln_link(const char *source, const char *target)
{
	struct stat st;

	if (ln_make(source, target) == 0)
		return;
	if (errno == EEXIST && ln_force) {
		if (ln_same(source, target)) {
			util_say("%s: is %s already", target, source);
			return;
		}
		if (unlink(target) == 0 && ln_make(source, target) == 0)
			return;
	}
	if (!ln_symbolic && lstat(source, &st) < 0)
		util_fail(source);
	else
		util_fail(target);
}

static void
ln_into(const char *source, const char *directory)
{
	char *name = walk_last(source);
	char *target = walk_join(directory, name);

	ln_link(source, target);
	free(target);
	free(name);
}

int
main(int argc, char **argv)
{
	int c, count;

	util_trouble = 1;
	util_start("ln", ln_usage);
	while ((c = util_option(argv, "fs")) >= 0) {
		if (c == 'f')
			ln_force = true;
		else
			ln_symbolic = true;
	}
	count = argc - optind;
	argv += optind;
	if (count == 0)
		util_usage();
	if (count == 1)
		ln_into(argv[0], ".");
	else if (walk_is_directory(argv[count - 1]))
		for (c = 0; c < count - 1; c++)
			ln_into(argv[c], argv[count - 1]);
	else if (count == 2)
		ln_link(argv[0], argv[1]);
	else
		util_die("%s: not a directory", argv[count - 1]);
	return util_end();
}
