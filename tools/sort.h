/* How sort orders two lines: keys and their options. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct sort_line {
	char *text; /* a NUL follows */
	size_t length;
};

struct sort_options {
	bool blanks, dictionary, fold, printable, number, reverse;
	bool any; /* one of them was given */
};

/* A place in a line, from 1; field 0: the end of the line. */
struct sort_place {
	size_t field, character; /* character 0: of an end, the field's end */
	bool blanks;		 /* leading ones do not count */
};

struct sort_key {
	struct sort_place from, to;
	struct sort_options options;
};

struct sort_plan {
	struct sort_key *keys;
	size_t count;
	struct sort_options rest; /* where a key has none of its own */
	int tab;		  /* what ends a field; -1: blanks begin one */
	bool stable;		  /* whole lines do not decide */
};

/* -k KEY; ends the program if it is none. */
void sort_add_key(struct sort_plan *plan, const char *text);
/* One letter of bdfinr; false: it is none. */
bool sort_add_option(struct sort_options *options, int letter);
/* After all options. */
void sort_ready(struct sort_plan *plan);

/* Below, at or above 0.  sort_keys: by keys alone. */
int sort_keys(const struct sort_plan *plan, const struct sort_line *a,
	      const struct sort_line *b);
int sort_compare(const struct sort_plan *plan, const struct sort_line *a,
		 const struct sort_line *b);
