/*
 * Patterns of grep, sed and less: POSIX's basic and extended ones, and in both
 * \| \+ \? \< \> \b \w \W \s \S and \1 to \9.
 *
 * They are matched byte by byte; what is searched may hold NULs.
 */
#pragma once

#include <sys/types.h>

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>

enum pattern_flags {
	PATTERN_EXTENDED = 1,
	PATTERN_FIXED = 2,   /* the bytes themselves */
	PATTERN_FOLD = 4,    /* capital and small letters are the same */
	PATTERN_ESCAPES = 8, /* those of escape.h stand for their bytes */
};

struct pattern {
	char *literal; /* NULL: regex */
	size_t length;
	regex_t regex;
	size_t groups;
	bool words; /* looks at where words begin */
};

/* Returns NULL, or what is wrong with it. */
const char *pattern_compile(struct pattern *p, const char *text, size_t length,
			    unsigned flags);

/* The first, longest match in data[from] to data[length-1]: the places in data
 * of all of it and of count-1 groups.  flags: REG_NOTBOL, REG_NOTEOL. */
bool pattern_find(const struct pattern *p, const char *data, size_t from,
		  size_t length, regmatch_t *match, size_t count, int flags);
