/* Which lines two files have in common: diff's heart. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct diff_line {
	char *text;
	size_t length;
	unsigned long hash; /* of what counts of it */
};

struct diff_file {
	const char *name;
	struct diff_line *lines;
	size_t count;
	bool bare;     /* its last line has no newline */
	bool *changed; /* by line: the other file has it not */
};

/* Marks lines as changed, as few as there are. */
void diff_compare(struct diff_file *a, struct diff_file *b,
		  bool (*same)(const struct diff_line *,
			       const struct diff_line *));
