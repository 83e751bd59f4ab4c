/* What the files of this folder share. */
#pragma once

#include <stddef.h>

#include "histedit.h"

/* The event that is so many older than the newest; NULL: none is. */
const char *history_text(const History *, int older);

/* What linenoise calls for TAB (linenoiseCompletionCallback). */
struct linenoiseCompletions;
void complete_line(const char *line, struct linenoiseCompletions *, void *);

/* Names that begin with what was typed, sorted, each once. */
struct names {
	char **list;
	size_t count;
	size_t room;
};

/* Nothing happens without memory: a completion less. */
void names_add(struct names *, const char *name, const char *ending);
void names_sort(struct names *);
void names_free(struct names *);

/* How many bytes all of them have in common. */
size_t names_common(const struct names *);

/* Writes them in columns, whole lines. */
void names_show(const struct names *, int fd);

/* Commands, builtins among them, that begin with `word`. */
void complete_commands(struct names *, const char *word);

/* Entries that `word` may go on with; directories end with a slash.  Returns
 * the part of `word` that they begin after. */
size_t complete_paths(struct names *, const char *word);
