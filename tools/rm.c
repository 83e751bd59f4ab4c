/*
 * rm [-fiRr] FILE...: removes names, with -r whole trees.
 *
 * A link is removed, never what it leads to.
 */
#include "util.h"
#include "walk.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char rm_usage[] =
	"usage: rm [-fiRr] FILE...\n"
	"Removes files.\n"
	"  -f      do not ask; a file that is not there is no error\n"
	"  -i      ask before each\n"
	"  -r, -R  directories too, with all that is in them\n";

static bool rm_force, rm_ask, rm_tree;

/* Is it to be removed? */
static bool
rm_agreed(const struct walk_item *item, const char *what)
{
	if (rm_ask)
		return util_confirm("%s %s? ", what, item->path);
	if (rm_force || S_ISLNK(item->st.st_mode) ||
	    access(item->path, W_OK) == 0 || !isatty(STDIN_FILENO))
		return true;
	return util_confirm("%s %s, which is write-protected? ", what,
			    item->path);
}

static bool
rm_visit(const struct walk_item *item, void *arg)
{
	(void)arg;
	if (S_ISDIR(item->st.st_mode)) {
		if (rm_tree)
			return rm_agreed(item, "go into directory");
		errno = EISDIR;
		util_fail(item->path);
	} else if (rm_agreed(item, "remove") && unlink(item->path) < 0 &&
		   !(rm_force && errno == ENOENT)) {
		util_fail(item->path);
	}
	return false;
}

static void
rm_leave(const struct walk_item *item, void *arg)
{
	(void)arg;
	if (rm_ask && !util_confirm("remove directory %s? ", item->path))
		return;
	/* What keeps it from being empty has been said, or was kept. */
	if (rmdir(item->path) < 0 &&
	    !(errno == ENOTEMPTY && (util_status != 0 || rm_ask)))
		util_fail(item->path);
}

/* Why this must not be removed, or NULL. */
static const char *
rm_refusal(const char *path)
{
	char *name = walk_last(path);
	bool dots = strcmp(name, ".") == 0 || strcmp(name, "..") == 0;
	bool root = strcmp(name, "/") == 0;

	free(name);
	if (dots)
		return "is where one stands, or above it";
	return root && rm_tree ? "is everything" : NULL;
}

static void
rm_file(const char *path)
{
	static const struct walk how = {.visit = rm_visit, .leave = rm_leave};
	const char *refusal = rm_refusal(path);
	struct stat st;

	if (refusal != NULL)
		util_say("%s: %s; not removed", path, refusal);
	else if (!rm_force || lstat(path, &st) == 0 ||
		 (errno != ENOENT && errno != ENOTDIR))
		walk(&how, path);
}

int
main(int argc, char **argv)
{
	int c;

	(void)argc;
	util_trouble = 1;
	util_start("rm", rm_usage);
	while ((c = util_option(argv, "fiRr")) >= 0) {
		if (c == 'f' || c == 'i') {
			rm_force = c == 'f';
			rm_ask = c == 'i';
		} else {
			rm_tree = true;
		}
	}
	if (argv[optind] == NULL && !rm_force)
		util_usage();
	for (; argv[optind] != NULL; optind++)
		rm_file(argv[optind]);
	return util_end();
}
