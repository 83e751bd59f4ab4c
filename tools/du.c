/*
 * du [-ahks] [FILE]...: how much space files take up.
 *
 * A file with several names counts once.
 */
#include "inodes.h"
#include "show.h"
#include "util.h"
#include "walk.h"

#include <stdint.h>
#include <stdio.h>
#include <unistd.h>

static const char du_usage[] =
	"usage: du [-ahks] [FILE]...\n"
	"Prints how much space directories take up with all that is in them,\n"
	"in units of 1024 bytes.\n"
	"  -a  files in them too\n"
	"  -h  as 1.5K, 23M\n"
	"  -k  in units of 1024 bytes, as it does\n"
	"  -s  only the sum of each FILE\n";

static bool du_all, du_human, du_sums;
static struct inodes du_met;
static uint64_t *du_blocks; /* of the directories above, by depth */
static size_t du_depths;

static void
du_print(uint64_t blocks, const char *path)
{
	char text[24];

	if (du_human)
		show_human(blocks * 512, text);
	else
		snprintf(text, sizeof text, "%llu",
			 (unsigned long long)((blocks + 1) / 2));
	printf("%s\t%s\n", text, path);
	util_printed();
}

/* Was it counted under another name? */
static bool
du_counted(const struct walk_item *item)
{
	char **name;
	static char counted;
	bool before;

	if (item->st.st_nlink < 2)
		return false;
	name = inodes_meet(&du_met, &item->st);
	before = *name != NULL;
	*name = &counted;
	return before;
}

static bool
du_visit(const struct walk_item *item, void *arg)
{
	uint64_t blocks = (uint64_t)item->st.st_blocks;

	(void)arg;
	if (item->depth >= du_depths) {
		du_depths = item->depth * 2 + 16;
		du_blocks = util_grow(du_blocks, du_depths * sizeof *du_blocks);
	}
	if (du_counted(item))
		return false;
	if (S_ISDIR(item->st.st_mode)) {
		du_blocks[item->depth] = blocks;
		return true;
	}
	if (item->depth > 0)
		du_blocks[item->depth - 1] += blocks;
	if (item->depth == 0 || (du_all && !du_sums))
		du_print(blocks, item->path);
	return false;
}

static void
du_leave(const struct walk_item *item, void *arg)
{
	uint64_t blocks = du_blocks[item->depth];

	(void)arg;
	if (item->depth > 0)
		du_blocks[item->depth - 1] += blocks;
	if (item->depth == 0 || !du_sums)
		du_print(blocks, item->path);
}

int
main(int argc, char **argv)
{
	static const struct walk how = {.visit = du_visit, .leave = du_leave};
	int c;

	(void)argc;
	util_trouble = 1;
	util_start("du", du_usage);
	while ((c = util_option(argv, "ahks")) >= 0) {
		du_all |= c == 'a';
		du_human |= c == 'h';
		du_sums |= c == 's';
	}
	if (argv[optind] == NULL)
		walk(&how, ".");
	for (; argv[optind] != NULL; optind++)
		walk(&how, argv[optind]);
	return util_end();
}
