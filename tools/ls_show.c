/*
 * How ls shows a list: names, one a line or in columns.
 */
#include "ls.h"
#include "show.h"
#include "util.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LS_GAP = 2, LS_COLUMN_LEAST = 3 };

void
ls_widen(int *width, int n)
{
	if (n > *width)
		*width = n;
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

void
ls_put_name(const char *name)
{
	for (; *name != '\0'; name++)
		putchar(ls_terminal && ((unsigned char)*name < ' ' ||
					*name == 0x7f)
				? '?'
				: *name);
}

int
ls_number_width(unsigned long long number)
{
	return snprintf(NULL, 0, "%llu", number);
}

int
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

void
ls_put_inode(const struct ls_file *file, int width)
{
	if (ls_set['i'])
		printf("%*llu ", width, (unsigned long long)file->st.st_ino);
}

static void
ls_put_short(const struct ls_file *file, int inode_width)
{
	ls_put_inode(file, inode_width);
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

/* ---- lists ---- */

void
ls_put_list(const struct ls_list *list)
{
	size_t i;

	if (ls_set['l']) {
		ls_put_longs(list);
	} else if (ls_set['C']) {
		ls_put_columns(list);
	} else {
		for (i = 0; i < list->count && util_printed(); i++) {
			ls_put_short(&list->files[i], ls_inode_width(list));
			putchar('\n');
		}
	}
}
