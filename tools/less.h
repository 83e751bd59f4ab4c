/* The text that less shows, folded into rows of the screen. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct less_row {
	size_t at, size; /* bytes of the text */
	size_t line;	 /* from 1 */
};

struct less {
	bool numbers, escapes, cut;
	unsigned rows,
		columns; /* of the screen; the last row is the prompt's */
	const char *name;
	char *text;
	size_t size;
	struct less_row *row;
	size_t row_count;
	size_t top; /* row shown first */
	char wanted[128];
	bool back; /* looked for towards the begin */
};

/* All files as one text; those that cannot be read are said. */
void less_load(struct less *l, char **names);
/* Again after the size of the screen has changed. */
void less_fold(struct less *l);
size_t less_rows(const struct less *l);
/* To a line's row. */
void less_go(struct less *l, size_t line);
/* To the next row below (back: above) the first one that has l->wanted. */
bool less_find(struct less *l, bool back);
/* Clears the screen and writes the rows. */
void less_draw(const struct less *l);
