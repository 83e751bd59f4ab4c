/*
 * What the files of diff share: lines as numbers, and the changes between two
 * files.
 *
 *	diff.c		options, directories
 *	diff_read.c	a file becomes lines, equal lines become one number
 *	diff_find.c	two rows of numbers become changes
 *	diff_print.c	changes become text
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/stat.h>

struct diff_line {
	const char *text;
	size_t length; /* with its newline */
	size_t kind;   /* lines are equal if this is */
	bool changed;
};

struct diff_file {
	const char *name;
	struct stat st;
	bool absent;
	char *data;
	size_t size;
	struct diff_line *lines;
	size_t count;
};

/* Lines a to a_end of the first file became b to b_end of the second. */
struct diff_change {
	size_t a, a_end, b, b_end;
};

struct diff_changes {
	struct diff_change *list;
	size_t count;
};

extern bool diff_fold, diff_blank, diff_no_space;

/* Reads a file; false: it failed and that was said. */
bool diff_read(struct diff_file *file, int fd);
/* Gives the lines of both their kinds.  Returns how many there are. */
size_t diff_name_lines(struct diff_file *a, struct diff_file *b);
void diff_free(struct diff_file *file);

struct diff_changes diff_find(struct diff_file *a, struct diff_file *b,
			      size_t kinds);

void diff_print_normal(const struct diff_file *a, const struct diff_file *b,
		       const struct diff_changes *changes);
void diff_print_unified(const struct diff_file *a, const struct diff_file *b,
			const struct diff_changes *changes, size_t around);
