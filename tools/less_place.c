/*
 * Where the screen of less begins: a place is a line and a row of it.
 */
#include "less.h"

struct less_place less_top;
size_t less_rows, less_columns;
bool less_numbers;

void
less_fit_screen(void)
{
	size_t rows;

	less_measure(&rows, &less_columns);
	less_rows = rows - 1;
	less_numbers &= less_columns > 2 * LESS_NUMBER_WIDTH;
}

const struct less_cells *
less_cells_of(size_t line)
{
	return less_layout(
		line, less_columns - (less_numbers ? LESS_NUMBER_WIDTH : 0));
}

bool
less_down(struct less_place *place)
{
	const struct less_cells *cells = less_cells_of(place->line);

	if (cells == NULL)
		return false;
	if (place->row + 1 < cells->row_count) {
		place->row++;
		return true;
	}
	if (less_line(place->line + 1) == NULL)
		return false;
	*place = (struct less_place){place->line + 1, 0};
	return true;
}

static bool
less_up(struct less_place *place)
{
	const struct less_cells *cells;

	if (place->row > 0) {
		place->row--;
		return true;
	}
	if (place->line == 0)
		return false;
	cells = less_cells_of(--place->line);
	place->row = cells != NULL ? cells->row_count - 1 : 0;
	return true;
}

bool
less_shows_end(void)
{
	struct less_place place = less_top;
	size_t i;

	for (i = 0; i < less_rows; i++)
		if (!less_down(&place))
			return true;
	return false;
}

void
less_move(long rows)
{
	for (; rows > 0 && !less_shows_end(); rows--)
		less_down(&less_top);
	for (; rows < 0 && less_up(&less_top); rows++)
		continue;
}

void
less_go_to_end(void)
{
	size_t count = less_read_all();

	less_top = (struct less_place){count > 0 ? count - 1 : 0, 0};
	while (less_down(&less_top) && less_top.line < count)
		continue;
	less_move(-(long)(less_rows - 1));
}

void
less_go_to(size_t line)
{
	if (less_line(line) == NULL)
		less_go_to_end();
	else
		less_top = (struct less_place){line, 0};
}
