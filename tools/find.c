/*
 * find [-HLP] [PATH]... [EXPRESSION]: walks trees and does what the expression
 * says with each file.
 *
 * With -depth a directory is judged when it is left, else when it is met.
 */
#include "find.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "util.h"

static const char find_usage[] =
	"usage: find [-HLP] [PATH]... [EXPRESSION]\n"
	"Walks directories and prints what the expression is true of.\n"
	"  -H, -L, -P      follow links: those named here, all, none\n"
	"  -name -iname -path PATTERN    -type [bcdflps]    -empty\n"
	"  -size N[ckMG]   in blocks of 512 bytes, or of those\n"
	"  -atime -ctime -mtime N        in days; -mmin N in minutes\n"
	"  -newer FILE     -links -inum N\n"
	"  -user -group NAME             -perm [-/]MODE\n"
	"  -print -print0 -prune         -delete (and -depth)\n"
	"  -exec COMMAND {} ;            -ok asks before it\n"
	"  -exec COMMAND {} +            for many files at once\n"
	"  -maxdepth -mindepth N         -depth -xdev\n"
	"  ! A, A [-a] B, A -o B, ( A )  in this order\n"
	"N is that many, +N more, -N less.\n";

struct find_state find_state = {.most = ~0u};
static dev_t find_device;

static void
find_judge(const struct walk_item *item, void *arg)
{
	struct find_node *node = arg;

	if (item->depth >= find_state.least)
		node->test(node, item);
}

static bool
find_visit(const struct walk_item *item, void *arg)
{
	bool later = find_state.deep && S_ISDIR(item->st.st_mode);
	bool away;

	if (item->depth == 0)
		find_device = item->st.st_dev;
	away = find_state.one_device && item->st.st_dev != find_device;
	find_state.pruned = false;
	if (!later)
		find_judge(item, arg);
	if (find_state.deep ? item->depth < find_state.most && !away
			    : !find_state.pruned &&
				      item->depth < find_state.most && !away)
		return true;
	if (later)
		find_judge(item, arg);
	return false;
}

static void
find_leave(const struct walk_item *item, void *arg)
{
	if (find_state.deep)
		find_judge(item, arg);
}

static enum walk_follow
find_options(char ***argv)
{
	static const char letters[] = "PHL";
	enum walk_follow follow = WALK_FOLLOW_NONE;
	const char *at;

	for (; **argv != NULL && (**argv)[0] == '-'; (*argv)++) {
		if (strcmp(**argv, "--help") == 0)
			util_option(*argv - 1, "+");
		at = (**argv)[1] != '\0' ? strchr(letters, (**argv)[1]) : NULL;
		if (at == NULL || (**argv)[2] != '\0')
			break;
		follow = (enum walk_follow)(at - letters);
	}
	return follow;
}

int
main(int argc, char **argv)
{
	static char here[] = ".", *places[] = {here, NULL};
	struct walk how = {.visit = find_visit, .leave = find_leave};
	struct find_node *node;
	char **paths, **words;

	(void)argc;
	util_trouble = 1;
	util_start("find", find_usage);
	argv++;
	how.follow = find_options(&argv);
	paths = argv;
	while (*argv != NULL && **argv != '-' && strcmp(*argv, "!") != 0 &&
	       strcmp(*argv, "(") != 0)
		argv++;
	words = util_alloc((find_count(argv) + 1) * sizeof *argv);
	memcpy(words, argv, (find_count(argv) + 1) * sizeof *argv);
	*argv = NULL;
	clock_gettime(CLOCK_REALTIME, &find_state.now);
	how.arg = find_parse(words);
	for (paths = *paths != NULL ? paths : places; *paths != NULL; paths++)
		walk(&how, *paths);
	for (node = find_state.commands; node != NULL; node = node->next)
		find_run_batch(node);
	return util_end();
}
