/*
 * What the files of ls share.
 *
 *	ls.c		options, what is listed and in which order
 *	ls_show.c	how a list is shown: names, a line each or in columns
 *	ls_long.c	-l
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/stat.h>

struct ls_file {
	const char *name; /* as it is shown */
	char *path;
	struct stat st;
};

struct ls_list {
	struct ls_file *files;
	size_t count, room;
};

extern bool ls_set[128]; /* by the letter of the option */
extern bool ls_terminal; /* so it is not given control characters */
extern int ls_width;	 /* of a line */

/* ---- ls_show.c ---- */

void ls_put_list(const struct ls_list *list);
void ls_put_name(const char *name);
int ls_number_width(unsigned long long number);
/* 0: without -i. */
int ls_inode_width(const struct ls_list *list);
void ls_put_inode(const struct ls_file *file, int width);
void ls_widen(int *width, int n);

/* ---- ls_long.c ---- */

/* All of it. */
void ls_put_longs(const struct ls_list *list);
/* How many kilobytes of the disk the list takes. */
void ls_put_total(const struct ls_list *list);
