/*
 * The screen of less: rows of text from less_top on, and a line below them.
 */
#include "less.h"

#include <stdio.h>
#include <string.h>

const char *less_message;

static void
less_draw_row(const struct less_place *place)
{
	const struct less_cells *cells = less_cells_of(place->line);
	char number[24];
	size_t first;

	if (cells == NULL)
		return;
	first = cells->rows[place->row];
	if (less_numbers && place->row == 0) {
		snprintf(number, sizeof number, "%*zu ", LESS_NUMBER_WIDTH - 1,
			 place->line + 1);
		less_print(number);
	} else if (less_numbers) {
		snprintf(number, sizeof number, "%*s", LESS_NUMBER_WIDTH, "");
		less_print(number);
	}
	less_print_cells(cells->list + first,
			 cells->rows[place->row + 1] - first);
}

static void
less_draw_text(void)
{
	struct less_place place = less_top;
	bool more = less_line(place.line) != NULL;
	size_t i;

	less_print("\033[H");
	for (i = 0; i < less_rows; i++) {
		if (more)
			less_draw_row(&place);
		else
			less_print("~");
		less_print("\033[K\r\n");
		more = more && less_down(&place);
	}
}

static void
less_draw_prompt(void)
{
	char text[256];

	if (less_message != NULL)
		snprintf(text, sizeof text, "%s", less_message);
	else if (less_shows_end() && less_all_read())
		snprintf(text, sizeof text, "%s (END)", less_name());
	else
		snprintf(text, sizeof text, "%s line %zu", less_name(),
			 less_top.line + 1);
	less_message = NULL;
	if (strlen(text) >= less_columns)
		text[less_columns - 1] = '\0';
	less_print("\r\033[K\033[7m");
	less_print(text);
	less_print("\033[0m");
}

void
less_draw(void)
{
	less_fit_screen();
	less_draw_text();
	less_draw_prompt();
	less_flush();
}

void
less_print_all(void)
{
	struct less_place place = {0, 0};

	if (less_line(0) == NULL)
		return;
	do {
		less_draw_row(&place);
		less_print("\n");
	} while (less_down(&place));
	less_flush();
}
