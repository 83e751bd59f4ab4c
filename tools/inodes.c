/*
 * Files that have been met: a table hashed by device and number, at most half
 * full.
 */
#include "inodes.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "util.h"

struct inodes_row {
	bool taken;
	dev_t dev;
	ino_t ino;
	char *path;
};

static struct inodes_row *
inodes_find(const struct inodes *met, dev_t dev, ino_t ino)
{
	uint64_t hash = ((uint64_t)ino ^ (uint64_t)dev << 48) *
			UINT64_C(0x9e3779b97f4a7c15);
	size_t at = (size_t)(hash >> 32) & (met->room - 1);

	while (met->rows[at].taken &&
	       (met->rows[at].ino != ino || met->rows[at].dev != dev))
		at = (at + 1) & (met->room - 1);
	return &met->rows[at];
}

static void
inodes_grow(struct inodes *met)
{
	struct inodes more = {.room = met->room > 0 ? met->room * 2 : 64};
	size_t i;

	more.rows = util_alloc(more.room * sizeof *more.rows);
	for (i = 0; i < more.room; i++)
		more.rows[i] = (struct inodes_row){0};
	for (i = 0; i < met->room; i++) {
		const struct inodes_row *row = &met->rows[i];

		if (row->taken)
			*inodes_find(&more, row->dev, row->ino) = *row;
	}
	free(met->rows);
	met->rows = more.rows;
	met->room = more.room;
}

char **
inodes_meet(struct inodes *met, const struct stat *st)
{
	struct inodes_row *row;

	if (met->count * 2 >= met->room)
		inodes_grow(met);
	row = inodes_find(met, st->st_dev, st->st_ino);
	if (!row->taken) {
		row->taken = true;
		row->dev = st->st_dev;
		row->ino = st->st_ino;
		met->count++;
	}
	return &row->path;
}
