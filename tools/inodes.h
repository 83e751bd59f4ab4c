/* Files that have been met, whatever their names: for hard links. */
#pragma once

#include <stddef.h>
#include <sys/stat.h>

struct inodes_row;

struct inodes {
	struct inodes_row *rows;
	size_t count, room;
};

/*
 * The place to keep a path for this file: what was put there when the file was
 * met before, or NULL, for the caller to fill.  Good until the next call.
 */
char **inodes_meet(struct inodes *met, const struct stat *st);
