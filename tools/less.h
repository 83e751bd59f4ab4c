/*
 * What the files of less share.
 *
 *	less.c		options
 *	less_file.c	which file is shown
 *	less_text.c	the file as lines, read as far as somebody looks
 *	less_row.c	a line as cells, and as rows of the screen
 *	less_place.c	where in the text the screen begins
 *	less_draw.c	what is on the screen
 *	less_search.c	searches
 *	less_keys.c	keys and what they do
 *	less_screen.c	the terminal
 */
#pragma once

#include "pattern.h"

#include <stdbool.h>
#include <stddef.h>

/* ---- less_file.c ---- */

extern char **less_files;
extern int less_file_count, less_file; /* the one that is shown */

const char *less_name(void);
/* Shows this one from its beginning.  false: it cannot, and the message is. */
bool less_show_file(int index);
/* The next one that can be shown; by: 1 or -1. */
void less_step_file(int by);

/* ---- less_text.c ---- */

struct less_line {
	char *text;
	size_t length;
};

void less_open(int fd);
/* The line, from 0, or NULL: there is none.  Lasts until the next call. */
const struct less_line *less_line(size_t number);
/* Reads all, or until a key is typed.  Returns how many lines are known. */
size_t less_read_all(void);
bool less_all_read(void);

/* ---- less_row.c ---- */

enum { LESS_BOLD = 1, LESS_UNDERLINE = 2, LESS_REVERSE = 4 };

/* A character as it is shown. */
struct less_cell {
	char text[5];
	unsigned char size, width, look;
};

struct less_cells {
	struct less_cell *list;
	size_t count, room;
	size_t *rows; /* the first cell of each; one more for the end */
	size_t row_count, row_room;
};

extern bool less_raw, less_chop;
/* Whose matches are shown; NULL: none. */
extern const struct pattern *less_shown;

/* The line in rows of `width`, or NULL: there is none.  Lasts until the next
 * call. */
const struct less_cells *less_layout(size_t number, size_t width);
bool less_matches(size_t number, const struct pattern *p);

/* ---- less_place.c ---- */

struct less_place {
	size_t line, row;
};

enum { LESS_NUMBER_WIDTH = 8 };

extern struct less_place less_top;
extern size_t less_rows, less_columns; /* of text */
extern bool less_numbers;

/* Learns how large the screen is. */
void less_fit_screen(void);
const struct less_cells *less_cells_of(size_t line);
/* One row on; false: there is none. */
bool less_down(struct less_place *place);
/* Is the end of the text on the screen? */
bool less_shows_end(void);
void less_move(long rows);
/* The line comes to the top, though the screen may be longer than the rest. */
void less_go_to(size_t line);
void less_go_to_end(void);

/* ---- less_draw.c ---- */

extern const char *less_message; /* instead of the prompt, once */

void less_draw(void);
/* All of the text, as it is. */
void less_print_all(void);

/* ---- less_search.c ---- */

extern bool less_fold;

/* NULL: it was given up; "": the last pattern. */
void less_search(const char *text, bool back);
/* The next one, or, in the other direction, the one before. */
void less_search_again(bool other);

/* ---- less_keys.c ---- */

/* Keys of +COMMAND, before those that are typed: a number becomes NUMBER g, a
 * search ends. */
void less_set_typed(const char *command);
/* Until q. */
void less_loop(void);

/* ---- less_screen.c ---- */

enum less_key {
	LESS_UP = 256,
	LESS_DOWN,
	LESS_PAGE_UP,
	LESS_PAGE_DOWN,
	LESS_HOME,
	LESS_END,
	LESS_OTHER,
};

/* false: there is no terminal to use. */
bool less_terminal(void);
void less_begin(void);
void less_end(void);
/* Waits; -1: the terminal is gone. */
int less_key(void);
bool less_key_waits(void);
void less_measure(size_t *rows, size_t *columns);
void less_put(const char *text, size_t size);
void less_print(const char *text);
void less_print_cells(const struct less_cell *cells, size_t count);
void less_flush(void);
