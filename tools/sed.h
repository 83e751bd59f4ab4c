/* A script of sed, ready to run: what sed_parse.c makes and sed.c does. */
#pragma once

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum sed_where { SED_NONE, SED_LINE, SED_LAST, SED_MATCH, SED_MORE, SED_STEP };

struct sed_address {
	enum sed_where where;
	size_t line, step;
	regex_t *expression; /* NULL: the one used last */
};

/* A file that w writes to; each is opened once. */
struct sed_file {
	const char *name;
	FILE *file;
};

struct sed_command {
	struct sed_address from, to;
	bool invert;
	bool inside;	     /* of its range */
	size_t end;	     /* the range's last line, once it is known */
	char name;	     /* 0: nothing */
	size_t target;	     /* b, t, {: the command to go on with */
	char *text;	     /* a, i, c: lines; b, t, :: label; r: file */
	regex_t *expression; /* s */
	char *by;	     /* s: the replacement; y: the second set */
	char *set;	     /* y: the first */
	unsigned which;	     /* s: the match from which on */
	bool all, print;
	struct sed_file *file; /* w, s///w */
	int status;	       /* q, Q */
};

extern struct sed_command *sed_script;
extern size_t sed_count;
extern bool sed_extended;

/* Adds a piece of script; what: for messages. */
void sed_add(const char *text);
void sed_add_file(const char *name);
/* After all of it. */
void sed_ready(void);
