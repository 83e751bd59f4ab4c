/*
 * The text that less shows: see less.h.
 *
 * A character over another one with a backspace between, as in pages of the
 * manual, is shown bold or underlined and takes one column.
 */
#include "less.h"
#include "text.h"
#include "util.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void
less_load(struct less *l, char **names)
{
	size_t room = 0;
	ssize_t n;
	int fd;

	l->name = *names;
	for (; *names != NULL; names++) {
		fd = text_open_fd(*names);
		if (fd < 0)
			continue;
		do {
			if (l->size + 16384 > room) {
				room = room ? room * 2 : 65536;
				l->text = util_grow(l->text, room);
			}
			n = text_read(fd, l->text + l->size, 16384, *names);
			if (n > 0)
				l->size += (size_t)n;
		} while (n > 0);
		text_close_fd(fd);
	}
	if (l->text == NULL)
		l->text = util_alloc(1);
}

/* One character at `at`: its bytes, and the columns that it takes. */
static size_t
character(const struct less *l, size_t at, unsigned column, unsigned *columns)
{
	unsigned char c = (unsigned char)l->text[at];
	size_t n = 1;

	*columns = 1;
	if (c == '\t') {
		*columns = 8 - column % 8;
		return 1;
	}
	if (c == 27 && l->escapes && at + 1 < l->size &&
	    l->text[at + 1] == '[') {
		*columns = 0;
		for (n = 2; at + n < l->size; n++)
			if (l->text[at + n] >= '@' && l->text[at + n] <= '~')
				return n + 1;
		return n;
	}
	if (c < ' ' || c == 0x7f) {
		*columns = 2;
		return 1;
	}
	if (c >= 0xc0)
		while (at + n < l->size && n < 4 &&
		       ((unsigned char)l->text[at + n] & 0xc0) == 0x80)
			n++;
	if (at + n + 1 < l->size && l->text[at + n] == '\b') {
		unsigned ignored;

		return n + 1 + character(l, at + n + 1, column, &ignored);
	}
	return n;
}

static void
add_row(struct less *l, size_t at, size_t size, size_t line)
{
	if (l->row_count % 1024 == 0)
		l->row = util_grow(l->row,
				   (l->row_count + 1024) * sizeof *l->row);
	l->row[l->row_count++] = (struct less_row){at, size, line};
}

void
less_fold(struct less *l)
{
	unsigned width = l->columns - (l->numbers ? 8 : 0), column = 0, more;
	size_t top = l->row_count ? l->row[l->top].at : 0;
	size_t at = 0, start = 0, line = 1;

	l->row_count = 0;
	l->top = 0;
	if (width < 2 || width > l->columns)
		width = 2;
	while (at < l->size) {
		size_t n = character(l, at, column, &more);

		if (l->text[at] == '\n') {
			add_row(l, start, at - start, line++);
			start = ++at;
			column = 0;
			continue;
		}
		if (column + more > width && !l->cut && at > start) {
			add_row(l, start, at - start, line);
			start = at;
			column = 0;
			continue;
		}
		column += more;
		at += n;
	}
	if (start < l->size)
		add_row(l, start, l->size - start, line);
	while (l->top + 1 < l->row_count && l->row[l->top + 1].at <= top)
		l->top++;
}

size_t
less_rows(const struct less *l)
{
	return l->row_count;
}

void
less_go(struct less *l, size_t line)
{
	size_t last =
		l->row_count > l->rows - 1 ? l->row_count - (l->rows - 1) : 0;

	l->top = 0;
	while (l->top < last && l->row[l->top].line < line)
		l->top++;
}

/* Is the word in the row, overstrikes taken away? */
static bool
row_has(const struct less *l, const struct less_row *row)
{
	char *plain = util_alloc(row->size + 1);
	size_t used = 0, i;
	bool found;

	for (i = 0; i < row->size; i++) {
		char c = l->text[row->at + i];

		if (c == '\b' && used > 0)
			used--;
		else if (c != '\0')
			plain[used++] = c;
	}
	plain[used] = '\0';
	found = strstr(plain, l->wanted) != NULL;
	free(plain);
	return found;
}

bool
less_find(struct less *l, bool back)
{
	size_t i = l->top;

	while (back ? i > 0 : i + 1 < l->row_count) {
		i += back ? (size_t)-1 : 1;
		if (row_has(l, &l->row[i])) {
			l->top = i;
			return true;
		}
	}
	return false;
}

static void
draw_character(const struct less *l, size_t at, size_t n, unsigned column,
	       unsigned columns)
{
	const char *text = l->text + at;
	const char *over = memchr(text, '\b', n);

	if (*text == '\t') {
		printf("%*s", (int)(8 - column % 8), "");
	} else if (columns == 2 && n == 1) {
		printf("^%c", *text ^ 0x40);
	} else if (over == NULL) {
		fwrite(text, 1, n, stdout);
	} else {
		printf("\033[%dm", *text == '_' ? 4 : 1);
		fwrite(over + 1, 1, (size_t)(text + n - over - 1), stdout);
		printf("\033[m");
	}
}

static void
draw_row(const struct less *l, const struct less_row *row, bool first)
{
	unsigned column = 0, columns;
	unsigned width = l->columns - (l->numbers ? 8 : 0);
	size_t at = row->at, n;

	if (l->numbers)
		printf(first ? "%7zu " : "        ", row->line);
	for (; at < row->at + row->size; at += n) {
		n = character(l, at, column, &columns);
		if (column + columns > width)
			break;
		draw_character(l, at, n, column, columns);
		column += columns;
	}
}

void
less_draw(const struct less *l)
{
	unsigned i;

	printf("\033[H");
	for (i = 0; i < l->rows - 1; i++) {
		const struct less_row *row = &l->row[l->top + i];

		printf("\033[%u;1H\033[K", i + 1);
		if (l->top + i >= l->row_count)
			putchar('~');
		else
			draw_row(l, row,
				 l->top + i == 0 || row[-1].line != row->line);
	}
}
