/*
 * What the files of sed share: a script as a row of commands.
 *
 *	sed.c		options, the cycle over all lines
 *	sed_parse.c	a script becomes commands (sed_parse.h)
 *	sed_match.c	addresses
 *	sed_run.c	what each command does
 *	sed_file.c	lines that come in, lines that go out
 */
#pragma once

#include "pattern.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

enum sed_address_kind {
	SED_NONE,
	SED_LINE,     /* N; 0 before a pattern: also on the first line */
	SED_LAST,     /* $ */
	SED_PATTERN,  /* pattern; NULL: the one that was used last */
	SED_STEP,     /* N~STEP */
	SED_MORE,     /* +N */
	SED_MULTIPLE, /* ~N */
};

struct sed_address {
	enum sed_address_kind kind;
	unsigned long long number, step;
	struct pattern *pattern;
};

/* A file that is written to.  The last line of a file may lack its newline;
 * it is written when more comes. */
struct sed_output {
	struct sed_output *next;
	const char *name;
	FILE *file;
	bool lacks;
};

enum { SED_GROUPS = 10 };

/* Of a replacement: bytes, then a group. */
struct sed_part {
	char *text;
	size_t size;
	int group; /* -1: none */
	char fold; /* U L u l E, before the bytes; 0: as before */
};

struct sed_change {
	struct pattern *pattern;
	struct sed_part *parts;
	size_t count;
	unsigned long long which; /* the first one that is changed */
	bool all, print;
};

struct sed_command {
	char name;
	struct sed_address from, to;
	bool not ;
	bool active;		/* inside a range ... */
	unsigned long long end; /* ... that ends here */
	char *text;		/* of a i c, a label, a file's name */
	size_t size;
	size_t target; /* of b t T { */
	int number;    /* of q Q l; -1: none */
	struct sed_change *change;
	struct sed_output *output;
	unsigned char *map; /* of y */
};

/* Bytes that grow. */
struct sed_buffer {
	char *text;
	size_t size, room;
};

extern struct sed_command *sed_commands;
extern size_t sed_count;
extern unsigned sed_flags; /* of patterns */
extern bool sed_quiet, sed_apart;
extern const char *sed_suffix; /* NULL: not in place */
extern struct sed_output sed_stdout;

/* Adds a script to the commands; then, once, joins branches and labels. */
void sed_parse(const char *script);
void sed_parse_end(void);

/* Is the command meant for this line? */
bool sed_selects(struct sed_command *c);
bool sed_find(const struct pattern *p, const char *data, size_t from,
	      size_t size, regmatch_t *match);

/* Runs the script over the line that was read.  false: no more lines. */
bool sed_cycle(void);
extern struct sed_buffer sed_space;
extern int sed_exit;

void sed_put(struct sed_buffer *to, const char *data, size_t size);
void sed_set(struct sed_buffer *to, const char *data, size_t size);

/* The next line into sed_space, behind a newline if it is to be appended. */
void sed_files(char **names);
bool sed_next(bool append);
bool sed_is_last(void);
void sed_close(void);
extern unsigned long long sed_line;

struct sed_output *sed_open(const char *name);
struct sed_output *sed_here(void); /* where what is printed goes */
/* Gives the last line its newline. */
void sed_end_line(struct sed_output *to);
/* ended: with a newline. */
void sed_write(struct sed_output *to, const char *data, size_t size,
	       bool ended);
/* Prints sed_space as its line was ended. */
void sed_write_space(struct sed_output *to);
