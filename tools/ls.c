/*
 * ls [-1ACFRSadhilrt] [FILE]...: lists files and directories.
 *
 * What a directory lists and is gone when it is looked at, as processes of
 * proc: may be, is left out; what was asked for by name is missed.
 */
#include "show.h"
#include "util.h"
#include "walk.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

static const char ls_usage[] =
	"usage: ls [-1ACFRSadhilrt] [FILE]...\n"
	"Lists files and what is in directories, sorted by name.\n"
	"  -1  one a line; else columns on a terminal, as with -C\n"
	"  -A  those that begin with a dot too, but . and ..\n"
	"  -a  those that begin with a dot too\n"
	"  -C  in columns\n"
	"  -d  directories themselves\n"
	"  -F  a sign behind the name: / directory, * program, @ link, | pipe\n"
	"  -h  sizes as 1.5K, 23M\n"
	"  -i  the number of the file\n"
	"  -l  mode, links, owner, group, size, time of modification\n"
	"  -R  what is in directories below too\n"
	"  -r  in reverse\n"
	"  -S  by size, largest first\n"
	"  -t  by time of modification, newest first\n";

struct ls_file {
	const char *name; /* as it is shown */
	char *path;
	struct stat st;
};

struct ls_list {
	struct ls_file *files;
	size_t count, room;
};

enum { LS_GAP = 2, LS_COLUMN_LEAST = 3, LS_HALF_YEAR = 15778476 };

static bool ls_set[128]; /* by the letter of the option */
static bool ls_terminal, ls_shown;
static int ls_width;

/* ---- lists ---- */

static int
ls_follow(const char *path, struct stat *st, bool follow)
{
	if (follow && stat(path, st) == 0)
		return 0;
	return lstat(path, st);
}

/* 0, or -1 with errno: it is not there.  name and path last. */
static int
ls_add(struct ls_list *list, const char *name, char *path, bool follow)
{
	struct ls_file file = {.name = name, .path = path};

	if (ls_follow(path, &file.st, follow) < 0)
		return -1;
	if (list->count == list->room) {
		list->room = list->room * 2 + 16;
		list->files = util_grow(list->files,
					list->room * sizeof *list->files);
	}
	list->files[list->count++] = file;
	return 0;
}

static int
ls_compare_times(const struct stat *a, const struct stat *b)
{
	if (a->st_mtim.tv_sec != b->st_mtim.tv_sec)
		return a->st_mtim.tv_sec < b->st_mtim.tv_sec ? 1 : -1;
	return (a->st_mtim.tv_nsec < b->st_mtim.tv_nsec) -
	       (a->st_mtim.tv_nsec > b->st_mtim.tv_nsec);
}

static int
ls_compare(const void *one, const void *other)
{
	const struct ls_file *a = one, *b = other;
	int order = 0;

	if (ls_set['t'])
		order = ls_compare_times(&a->st, &b->st);
	else if (ls_set['S'])
		order = (a->st.st_size < b->st.st_size) -
			(a->st.st_size > b->st.st_size);
	if (order == 0)
		order = strcmp(a->name, b->name);
	return ls_set['r'] ? -order : order;
}

static void
ls_sort(struct ls_list *list)
{
	if (list->count > 0)
		qsort(list->files, list->count, sizeof *list->files,
		      ls_compare);
}

static void
ls_free(struct ls_list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		free(list->files[i].path);
	free(list->files);
}

/* ---- names ---- */

/* How many columns a name takes: bytes that continue a character take none. */
static int
ls_name_width(const char *name)
{
	int width = 0;

	for (; *name != '\0'; name++)
		width += (*name & 0xc0) != 0x80;
	return width;
}

/* A terminal is not given control characters. */
static void
ls_put_name(const char *name)
{
	for (; *name != '\0'; name++)
		putchar(ls_terminal && ((unsigned char)*name < ' ' ||
					*name == 0x7f)
				? '?'
				: *name);
}

static int
ls_number_width(unsigned long long number)
{
	return snprintf(NULL, 0, "%llu", number);
}

static int
ls_inode_width(const struct ls_list *list)
{
	int width = 0;
	size_t i;

	for (i = 0; ls_set['i'] && i < list->count; i++) {
		int n = ls_number_width(list->files[i].st.st_ino);

		width = n > width ? n : width;
	}
	return width;
}

static void
ls_put_short(const struct ls_file *file, int inode_width)
{
	if (ls_set['i'])
		printf("%*llu ", inode_width,
		       (unsigned long long)file->st.st_ino);
	ls_put_name(file->name);
	if (ls_set['F'])
		fputs(show_kind(file->st.st_mode), stdout);
}

static int
ls_short_width(const struct ls_file *file, int inode_width)
{
	return ls_name_width(file->name) + (ls_set['i'] ? inode_width + 1 : 0) +
	       (ls_set['F'] ? (int)strlen(show_kind(file->st.st_mode)) : 0);
}

/* ---- -l ---- */

struct ls_widths {
	int inode, links, user, group, size;
};

static void
ls_widen(int *width, int n)
{
	if (n > *width)
		*width = n;
}

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
	if (ls_set['i'])
		printf("%*llu ", widths->inode,
		       (unsigned long long)file->st.st_ino);
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

/* ---- columns ---- */

/* How wide each of so many columns is; false: the line is too narrow. */
static bool
ls_fit(const struct ls_list *list, size_t columns, int inode_width, int *widths)
{
	size_t rows = (list->count + columns - 1) / columns, i;
	int total = 0;

	for (i = 0; i < columns; i++)
		widths[i] = LS_COLUMN_LEAST;
	for (i = 0; i < list->count; i++)
		ls_widen(&widths[i / rows],
			 ls_short_width(&list->files[i], inode_width) +
				 (i / rows + 1 < columns ? LS_GAP : 0));
	for (i = 0; i < columns; i++)
		total += widths[i];
	return total < ls_width;
}

static void
ls_put_row(const struct ls_list *list, size_t row, size_t rows, int inode_width,
	   const int *widths)
{
	size_t i;

	for (i = row; i < list->count; i += rows) {
		const struct ls_file *file = &list->files[i];
		int pad = widths[i / rows] - ls_short_width(file, inode_width);

		ls_put_short(file, inode_width);
		if (i + rows < list->count)
			printf("%*s", pad, "");
	}
	putchar('\n');
}

static void
ls_put_columns(const struct ls_list *list)
{
	size_t columns = (size_t)ls_width / LS_COLUMN_LEAST, rows, row;
	int inode_width = ls_inode_width(list);
	int *widths;

	if (list->count == 0)
		return;
	if (columns > list->count)
		columns = list->count;
	if (columns == 0)
		columns = 1;
	widths = util_alloc(columns * sizeof *widths);
	while (columns > 1 && !ls_fit(list, columns, inode_width, widths))
		columns--;
	ls_fit(list, columns, inode_width, widths);
	rows = (list->count + columns - 1) / columns;
	for (row = 0; row < rows; row++)
		ls_put_row(list, row, rows, inode_width, widths);
	free(widths);
}

/* ---- listings ---- */

static void
ls_put_list(const struct ls_list *list)
{
	struct ls_widths widths;
	size_t i;

	if (ls_set['l']) {
		widths = ls_measure(list);
		for (i = 0; i < list->count && util_printed(); i++)
			ls_put_long(&list->files[i], &widths);
	} else if (ls_set['C']) {
		ls_put_columns(list);
	} else {
		for (i = 0; i < list->count && util_printed(); i++) {
			ls_put_short(&list->files[i], ls_inode_width(list));
			putchar('\n');
		}
	}
}

static void
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

/* Adds a directory's entry, unless it is hidden or gone. */
static void
ls_add_entry(struct ls_list *list, const char *directory, const char *name)
{
	char *path;

	if (name[0] == '.' && !ls_set['a'] && !ls_set['A'])
		return;
	path = walk_join(directory, name);
	if (ls_add(list, name, path, false) == 0)
		return;
	if (errno != ENOENT)
		util_fail(path);
	free(path);
}

static void ls_directory(const char *path, bool titled);

static void
ls_below(const struct ls_list *list)
{
	size_t i;

	for (i = 0; i < list->count && util_printed(); i++) {
		const char *name = list->files[i].name;

		if (S_ISDIR(list->files[i].st.st_mode) &&
		    strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
			ls_directory(list->files[i].path, true);
	}
}

static void
ls_title(const char *path)
{
	if (ls_shown)
		putchar('\n');
	printf("%s:\n", path);
}

static void
ls_directory(const char *path, bool titled)
{
	char **names = walk_names(path);
	struct ls_list list = {0};
	size_t i;

	if (names == NULL) {
		util_fail(path);
		return;
	}
	if (ls_set['a']) {
		ls_add_entry(&list, path, ".");
		ls_add_entry(&list, path, "..");
	}
	for (i = 0; names[i] != NULL; i++)
		ls_add_entry(&list, path, names[i]);
	ls_sort(&list);
	if (titled)
		ls_title(path);
	ls_shown = true;
	if (ls_set['l'])
		ls_put_total(&list);
	ls_put_list(&list);
	if (ls_set['R'])
		ls_below(&list);
	ls_free(&list);
	walk_free_names(names);
}

static void
ls_operands(char **names)
{
	struct ls_list files = {0}, directories = {0};
	bool follow = !ls_set['l'] && !ls_set['d'] && !ls_set['F'];
	bool titled = names[0] != NULL && names[1] != NULL;
	size_t i;

	for (; *names != NULL; names++) {
		struct stat st;
		bool directory = !ls_set['d'] &&
				 ls_follow(*names, &st, follow) == 0 &&
				 S_ISDIR(st.st_mode);

		if (ls_add(directory ? &directories : &files, *names,
			   util_copy(*names), follow) < 0)
			util_fail(*names);
	}
	ls_sort(&files);
	ls_put_list(&files);
	ls_shown = files.count > 0;
	ls_sort(&directories);
	for (i = 0; i < directories.count; i++)
		ls_directory(directories.files[i].path, titled || ls_set['R']);
	ls_free(&files);
	ls_free(&directories);
}

/* ---- options ---- */

static int
ls_find_width(void)
{
	const char *columns = getenv("COLUMNS");
	long width = columns != NULL ? strtol(columns, NULL, 10) : 0;
	struct winsize size;

	if (width > 0 && width <= INT_MAX)
		return (int)width;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return 80;
}

int
main(int argc, char **argv)
{
	static char here[] = ".", *operands[] = {here, NULL};
	int c;

	(void)argc;
	util_trouble = 1;
	util_start("ls", ls_usage);
	ls_terminal = isatty(STDOUT_FILENO);
	ls_set['C'] = ls_terminal;
	while ((c = util_option(argv, "1ACFRSadhilrt")) >= 0) {
		ls_set[c] = true;
		if (c == '1' || c == 'l')
			ls_set['C'] = false;
		if (c == 'C')
			ls_set['l'] = false;
		if (c == 't' || c == 'S')
			ls_set[c == 't' ? 'S' : 't'] = false;
	}
	ls_width = ls_find_width();
	ls_operands(argv[optind] != NULL ? argv + optind : operands);
	return util_end();
}
