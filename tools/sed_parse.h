/*
 * What the files that take a script of sed apart share: the place in it, and
 * what is read there.
 *
 *	sed_parse.c	commands
 *	sed_address.c	what stands before their names
 *	sed_change.c	what stands behind s and y
 *	sed_words.c	what all of it is made of
 */
#pragma once

#include "sed.h"

extern const char *sed_at; /* what is read next */

/* ---- sed_words.c ---- */

_Noreturn void sed_wrong(const char *what);
void sed_skip_blanks(void);
unsigned long long sed_number(void);
/* A } or # may follow anything that takes no text. */
void sed_parse_end_of_command(void);
/* Text up to the delimiter, which is sed_at[-1].  \ and the delimiter are the
 * delimiter; in a bracket expression it is nothing special. */
struct sed_buffer sed_delimited(char delimiter, bool pattern);
/* NULL: an empty one is the one that was used last. */
struct pattern *sed_compile(const struct sed_buffer *text, bool fold);

/* The byte that a backslash and what stands at *at mean in a text: an escape's,
 * or the next one itself. */
char sed_escaped(const char **at, const char *end);

/* ---- sed_address.c, sed_change.c, sed_parse.c ---- */

void sed_parse_addresses(struct sed_command *c);
void sed_parse_change(struct sed_command *c); /* s */
void sed_parse_map(struct sed_command *c);    /* y */
void sed_parse_file(struct sed_command *c);   /* r, w, and the flag w of s */
