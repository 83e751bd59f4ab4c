/*
 * Lists of names for completion: collected, sorted, shown in columns.
 *
 * Called by complete*.c.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "edit.h"

/* More are not shown: nobody reads them. */
#define SHOWN_MAX 200

void
names_add(struct names *names, const char *name, const char *ending)
{
	size_t room = names->room ? 2 * names->room : 32;
	char **list = names->list, *copy;

	if (names->count == names->room) {
		list = realloc(list, room * sizeof *list);
		if (!list)
			return;
		names->list = list;
		names->room = room;
	}
	copy = malloc(strlen(name) + strlen(ending) + 1);
	if (!copy)
		return;
	strcpy(stpcpy(copy, name), ending);
	list[names->count++] = copy;
}

void
names_free(struct names *names)
{
	while (names->count > 0)
		free(names->list[--names->count]);
	free(names->list);
	*names = (struct names){0};
}

static int
names_compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

void
names_sort(struct names *names)
{
	size_t kept = 0, i;

	if (names->count > 0)
		qsort(names->list, names->count, sizeof *names->list,
		      names_compare);
	for (i = 0; i < names->count; i++) {
		if (kept > 0 &&
		    strcmp(names->list[kept - 1], names->list[i]) == 0)
			free(names->list[i]);
		else
			names->list[kept++] = names->list[i];
	}
	names->count = kept;
}

/* They are sorted: what the first and the last have in common, all have; half
 * a UTF-8 character is left out. */
size_t
names_common(const struct names *names)
{
	const char *first = names->list[0];
	const char *last = names->list[names->count - 1];
	size_t n = 0;

	while (first[n] && first[n] == last[n])
		n++;
	while (n > 0 && (first[n] & 0xc0) == 0x80)
		n--;
	return n;
}

static size_t
names_columns(int fd)
{
	struct winsize size;

	if (ioctl(fd, TIOCGWINSZ, &size) < 0 || size.ws_col == 0)
		return 80;
	return size.ws_col;
}

void
names_show(const struct names *names, int fd)
{
	size_t shown = names->count < SHOWN_MAX ? names->count : SHOWN_MAX;
	size_t width = 0, across, down, row, i;

	for (i = 0; i < shown; i++)
		if (strlen(names->list[i]) > width)
			width = strlen(names->list[i]);
	across = (names_columns(fd) - 1) / (width + 2);
	across = across ? across : 1;
	down = (shown + across - 1) / across;
	dprintf(fd, "\n");
	for (row = 0; row < down; row++) {
		for (i = row; i + down < shown; i += down)
			dprintf(fd, "%-*s  ", (int)width, names->list[i]);
		dprintf(fd, "%s\n", names->list[i]);
	}
	if (shown < names->count)
		dprintf(fd, "(%zu more)\n", names->count - shown);
}
