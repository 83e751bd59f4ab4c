/*
 * What a file is: the tests of find.
 *
 * Each has a row in find_parse.c, which has read its value into the node.
 */
#include "find.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "show.h"
#include "util.h"

bool
find_yes(struct find_node *node, const struct walk_item *item)
{
	(void)node, (void)item;
	return true;
}

static bool
find_match_name(const char *pattern, const struct walk_item *item, int flags)
{
	char *name = walk_last(item->path);
	bool found = fnmatch(pattern, name, flags) == 0;

	free(name);
	return found;
}

bool
find_name(struct find_node *node, const struct walk_item *item)
{
	return find_match_name(node->text, item, 0);
}

bool
find_iname(struct find_node *node, const struct walk_item *item)
{
	return find_match_name(node->text, item, FNM_CASEFOLD);
}

bool
find_path(struct find_node *node, const struct walk_item *item)
{
	return fnmatch(node->text, item->path, 0) == 0;
}

bool
find_type(struct find_node *node, const struct walk_item *item)
{
	char mode[11];

	show_mode(item->st.st_mode, mode);
	return *node->text == (mode[0] == '-' ? 'f' : mode[0]);
}

static bool
find_compare(const struct find_node *node, long long value)
{
	if (node->compare == '+')
		return value > node->number;
	if (node->compare == '-')
		return value < node->number;
	return value == node->number;
}

/* Begun units count. */
bool
find_size(struct find_node *node, const struct walk_item *item)
{
	long long size = item->st.st_size;

	return find_compare(node, size / node->unit + (size % node->unit != 0));
}

static bool
find_age(const struct find_node *node, const struct timespec *time)
{
	long long age = find_state.now.tv_sec - time->tv_sec;

	if (find_state.now.tv_nsec < time->tv_nsec)
		age--;
	return find_compare(node, age < 0 ? -1 : age / node->unit);
}

bool
find_mtime(struct find_node *node, const struct walk_item *item)
{
	return find_age(node, &item->st.st_mtim);
}

bool
find_atime(struct find_node *node, const struct walk_item *item)
{
	return find_age(node, &item->st.st_atim);
}

bool
find_ctime(struct find_node *node, const struct walk_item *item)
{
	return find_age(node, &item->st.st_ctim);
}

bool
find_newer(struct find_node *node, const struct walk_item *item)
{
	const struct timespec *time = &item->st.st_mtim;

	if (time->tv_sec != node->time.tv_sec)
		return time->tv_sec > node->time.tv_sec;
	return time->tv_nsec > node->time.tv_nsec;
}

bool
find_links(struct find_node *node, const struct walk_item *item)
{
	return find_compare(node, (long long)item->st.st_nlink);
}

bool
find_inum(struct find_node *node, const struct walk_item *item)
{
	return find_compare(node, (long long)item->st.st_ino);
}

bool
find_user(struct find_node *node, const struct walk_item *item)
{
	return item->st.st_uid == node->number;
}

bool
find_group(struct find_node *node, const struct walk_item *item)
{
	return item->st.st_gid == node->number;
}

bool
find_perm(struct find_node *node, const struct walk_item *item)
{
	mode_t want = (mode_t)node->number, mode = item->st.st_mode & 07777;

	if (node->compare == '-')
		return (mode & want) == want;
	if (node->compare == '/')
		return want == 0 || (mode & want) != 0;
	return mode == want;
}

bool
find_empty(struct find_node *node, const struct walk_item *item)
{
	char **names;
	bool empty;

	(void)node;
	if (S_ISREG(item->st.st_mode))
		return item->st.st_size == 0;
	if (!S_ISDIR(item->st.st_mode))
		return false;
	names = walk_names(item->path);
	if (names == NULL) {
		util_fail(item->path);
		return false;
	}
	empty = names[0] == NULL;
	walk_free_names(names);
	return empty;
}
