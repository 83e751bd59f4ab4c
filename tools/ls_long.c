/*
 * ls -l: columns that are as wide as what is in them.
 */
#include "ls.h"
#include "show.h"
#include "util.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LS_HALF_YEAR = 15778476 };

struct ls_widths {
	int inode, links, user, group, size;
};

static void
ls_size(const struct ls_file *file, char text[24])
{
	if (ls_set['h'])
		show_human((uint64_t)file->st.st_size, text);
	else
		snprintf(text, 24, "%lld", (long long)file->st.st_size);
}

static struct ls_widths
ls_measure(const struct ls_list *list)
{
	struct ls_widths widths = {.inode = ls_inode_width(list)};
	char size[24];
	size_t i;

	for (i = 0; i < list->count; i++) {
		const struct stat *st = &list->files[i].st;

		ls_widen(&widths.links, ls_number_width(st->st_nlink));
		ls_widen(&widths.user, (int)strlen(show_user(st->st_uid)));
		ls_widen(&widths.group, (int)strlen(show_group(st->st_gid)));
		ls_size(&list->files[i], size);
		ls_widen(&widths.size, (int)strlen(size));
	}
	return widths;
}

/* The hour for the last half year, the year for the rest. */
static void
ls_put_time(time_t when)
{
	static time_t now;
	char text[64] = "?";
	struct tm *tm = localtime(&when);

	if (now == 0)
		now = time(NULL);
	if (tm != NULL && when > now - LS_HALF_YEAR && when <= now)
		strftime(text, sizeof text, "%b %e %H:%M", tm);
	else if (tm != NULL)
		strftime(text, sizeof text, "%b %e  %Y", tm);
	printf("%s ", text);
}

static void
ls_put_link(const struct ls_file *file)
{
	char text[PATH_MAX];
	ssize_t length = readlink(file->path, text, sizeof text - 1);
	struct stat st;

	if (length < 0) {
		util_fail(file->path);
		return;
	}
	text[length] = '\0';
	fputs(" -> ", stdout);
	ls_put_name(text);
	if (ls_set['F'] && stat(file->path, &st) == 0)
		fputs(show_kind(st.st_mode), stdout);
}

static void
ls_put_long(const struct ls_file *file, const struct ls_widths *widths)
{
	char mode[11], size[24];

	show_mode(file->st.st_mode, mode);
	ls_size(file, size);
	ls_put_inode(file, widths->inode);
	printf("%s %*llu %-*s %-*s %*s ", mode, widths->links,
	       (unsigned long long)file->st.st_nlink, widths->user,
	       show_user(file->st.st_uid), widths->group,
	       show_group(file->st.st_gid), widths->size, size);
	ls_put_time(file->st.st_mtim.tv_sec);
	ls_put_name(file->name);
	if (S_ISLNK(file->st.st_mode))
		ls_put_link(file);
	else if (ls_set['F'])
		fputs(show_kind(file->st.st_mode), stdout);
	putchar('\n');
}

void
ls_put_longs(const struct ls_list *list)
{
	struct ls_widths widths = ls_measure(list);
	size_t i;

	for (i = 0; i < list->count && util_printed(); i++)
		ls_put_long(&list->files[i], &widths);
}

void
ls_put_total(const struct ls_list *list)
{
	unsigned long long blocks = 0;
	char text[24];
	size_t i;

	for (i = 0; i < list->count; i++)
		blocks += (unsigned long long)list->files[i].st.st_blocks;
	if (ls_set['h'])
		show_human(blocks * 512, text);
	else
		snprintf(text, sizeof text, "%llu", (blocks + 1) / 2);
	printf("total %s\n", text);
}
