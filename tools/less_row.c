/*
 * A line as what is seen of it: cells, and the rows that they fill.
 *
 * Struck over characters are bold or underlined ones, as in manual pages.
 * Control characters are ^X, unless -R lets colours through: their escapes
 * are cells without width.
 */
#include "less.h"
#include "util.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool less_raw, less_chop;
const struct pattern *less_shown;

static struct less_cells less_cells;

static void
less_add(const char *text, size_t size, size_t width, unsigned look)
{
	struct less_cell *cell;

	if (less_cells.count == less_cells.room) {
		less_cells.room = less_cells.room * 2 + 256;
		less_cells.list =
			util_grow(less_cells.list,
				  less_cells.room * sizeof *less_cells.list);
	}
	cell = &less_cells.list[less_cells.count++];
	*cell = (struct less_cell){.size = (unsigned char)size,
				   .width = (unsigned char)width,
				   .look = (unsigned char)look};
	memcpy(cell->text, text, size);
}

/* Strikes the last cell over: C BS C is bold, _ BS C underlined. */
static void
less_strike(const char *text, size_t size, size_t width)
{
	struct less_cell *last = &less_cells.list[less_cells.count - 1];
	bool same = last->size == size && memcmp(last->text, text, size) == 0;

	if (same)
		last->look |= LESS_BOLD;
	else if (*text == '_' || *last->text == '_')
		last->look |= LESS_UNDERLINE;
	if (same || *text == '_')
		return;
	last->size = (unsigned char)size;
	last->width = (unsigned char)width;
	memcpy(last->text, text, size);
}

/* How many bytes the character has; *wide: it takes two columns. */
static size_t
less_character(const char *text, size_t left, bool *wide)
{
	unsigned char c = (unsigned char)*text;
	size_t size = c < 0xc0 ? 1 : c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4, i;
	unsigned long code = size > 1 ? c & (0x7fu >> size) : c;

	*wide = false;
	if (size > left)
		return 1;
	for (i = 1; i < size; i++) {
		if (((unsigned char)text[i] & 0xc0) != 0x80)
			return 1;
		code = code << 6 | ((unsigned char)text[i] & 0x3f);
	}
	/* East Asian characters and pictures. */
	*wide = (code >= 0x1100 && code < 0x1160) ||
		(code >= 0x2e80 && code < 0xa4d0) ||
		(code >= 0xac00 && code < 0xd7a4) ||
		(code >= 0xf900 && code < 0xfb00) ||
		(code >= 0xfe30 && code < 0xfe70) ||
		(code >= 0xff00 && code < 0xff61) ||
		(code >= 0x1f300 && code < 0x1faff) ||
		(code >= 0x20000 && code < 0x40000);
	return size;
}

/* The length of an escape that sets colours, or 0. */
static size_t
less_colour(const char *text, size_t left)
{
	size_t i = 2;

	if (left < 3 || text[0] != '\033' || text[1] != '[')
		return 0;
	while (i < left && strchr("0123456789;:", text[i]) != NULL &&
	       text[i] != '\0')
		i++;
	return i < left && text[i] == 'm' ? i + 1 : 0;
}

/* In cells of four bytes. */
static void
less_add_colour(const char *text, size_t size)
{
	size_t piece;

	for (; size > 0; text += piece, size -= piece) {
		piece = size < 4 ? size : 4;
		less_add(text, piece, 0, 0);
	}
}

/* ^X, or <XX> of a byte that is not UTF-8. */
static size_t
less_add_control(unsigned char c)
{
	char text[6];
	int size, i;

	if (c < ' ' || c == 0x7f)
		size = snprintf(text, sizeof text, "^%c", c ^ 0x40);
	else
		size = snprintf(text, sizeof text, "<%02X>", c);
	for (i = 0; i < size; i++)
		less_add(text + i, 1, 1, LESS_REVERSE);
	return (size_t)size;
}

static void
less_make_cells(const struct less_line *line)
{
	const char *at = line->text, *end = at + line->length;
	size_t column = 0, size;
	bool over = false, wide;

	less_cells.count = 0;
	for (; at < end; at += size) {
		unsigned char c = (unsigned char)*at;

		size = less_character(at, (size_t)(end - at), &wide);
		if (c == '\b' && at > line->text && at + 1 < end &&
		    less_cells.count > 0) {
			over = true;
			continue;
		}
		if (over) {
			less_strike(at, size, 1u + wide);
		} else if (less_raw && less_colour(at, (size_t)(end - at))) {
			size = less_colour(at, (size_t)(end - at));
			less_add_colour(at, size);
		} else if (c == '\t') {
			do
				less_add(" ", 1, 1, 0);
			while (++column % 8 != 0);
		} else if (c == '\r' && at + 1 == end) {
			continue;
		} else if (c < ' ' || c == 0x7f || (c >= 0x80 && size == 1)) {
			column += less_add_control(c);
		} else {
			less_add(at, size, 1u + wide, 0);
			column += 1u + wide;
		}
		over = false;
	}
}

/* ---- matches ---- */

/* The text of the cells; starts[i] is where cell i is in it. */
static char *
less_plain(size_t *length, size_t **starts)
{
	char *text;
	size_t i, size = 0;

	*starts = util_alloc((less_cells.count + 1) * sizeof **starts);
	text = util_alloc(less_cells.count * 4 + 1);
	for (i = 0; i < less_cells.count; i++) {
		const struct less_cell *cell = &less_cells.list[i];

		(*starts)[i] = size;
		if (cell->width == 0)
			continue;
		memcpy(text + size, cell->text, cell->size);
		size += cell->size;
	}
	(*starts)[less_cells.count] = size;
	*length = size;
	return text;
}

/* Does the pattern match?  show: all that do become reversed. */
static bool
less_match(const struct pattern *p, bool show)
{
	size_t length, *starts, from = 0, cell = 0;
	char *text = less_plain(&length, &starts);
	regmatch_t match;
	bool found = false;

	while (from <= length &&
	       pattern_find(p, text, from, length, &match, 1, 0)) {
		found = true;
		if (!show)
			break;
		for (; cell < less_cells.count &&
		       starts[cell] < (size_t)match.rm_eo;
		     cell++)
			if (starts[cell] >= (size_t)match.rm_so)
				less_cells.list[cell].look ^= LESS_REVERSE;
		from = (size_t)match.rm_eo + (match.rm_eo == match.rm_so);
	}
	free(text);
	free(starts);
	return found;
}

bool
less_matches(size_t number, const struct pattern *p)
{
	const struct less_line *line = less_line(number);

	if (line == NULL)
		return false;
	less_make_cells(line);
	return less_match(p, false);
}

/* ---- rows ---- */

static void
less_add_row(size_t cell)
{
	if (less_cells.row_count == less_cells.row_room) {
		less_cells.row_room = less_cells.row_room * 2 + 64;
		less_cells.rows = util_grow(
			less_cells.rows, less_cells.row_room * sizeof(size_t));
	}
	less_cells.rows[less_cells.row_count++] = cell;
}

const struct less_cells *
less_layout(size_t number, size_t width)
{
	const struct less_line *line = less_line(number);
	size_t column = 0, i;

	if (line == NULL)
		return NULL;
	less_make_cells(line);
	if (less_shown != NULL)
		less_match(less_shown, true);
	less_cells.row_count = 0;
	less_add_row(0);
	for (i = 0; i < less_cells.count; i++) {
		if (column + less_cells.list[i].width > width) {
			if (less_chop)
				break;
			less_add_row(i);
			column = 0;
		}
		column += less_cells.list[i].width;
	}
	less_add_row(i);
	less_cells.row_count--;
	return &less_cells;
}
