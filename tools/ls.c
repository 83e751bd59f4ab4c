/*
 * ls [-1ACFRSadhilrt] [FILE]...: lists files and directories.
 *
 * What a directory lists and is gone when it is looked at, as processes of
 * proc: may be, is left out; what was asked for by name is missed.
 */
#include "ls.h"
#include "util.h"
#include "walk.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <termios.h>
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

bool ls_set[128], ls_terminal;
int ls_width;

static bool ls_shown; /* something was listed */

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

/* ---- listings ---- */

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

static void ls_directory(const char *path, bool titled, bool met);

static void
ls_below(const struct ls_list *list)
{
	size_t i;

	for (i = 0; i < list->count && util_printed(); i++) {
		const char *name = list->files[i].name;

		if (S_ISDIR(list->files[i].st.st_mode) &&
		    strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
			ls_directory(list->files[i].path, true, true);
	}
}

static void
ls_title(const char *path)
{
	if (ls_shown)
		putchar('\n');
	printf("%s:\n", path);
}

/* met: in another one, not named: it may be gone by now. */
static void
ls_directory(const char *path, bool titled, bool met)
{
	char **names = walk_names(path);
	struct ls_list list = {0};
	size_t i;

	if (names == NULL) {
		if (!met || errno != ENOENT)
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
		ls_directory(directories.files[i].path, titled || ls_set['R'],
			     false);
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
