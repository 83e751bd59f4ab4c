/* What grep looks for: patterns, and where a line has them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* One of the options EFiwx; false: it is none. */
bool grep_flag(int letter);
/* Patterns, one in each line of the text. */
void grep_add(const char *text, size_t length);
void grep_add_file(const char *name);
/* After all of them; ends the program if one is none. */
void grep_compile(void);
/* The first match in the line from `at` on. */
bool grep_find(const char *line, size_t length, size_t at, size_t *begin,
	       size_t *end);
