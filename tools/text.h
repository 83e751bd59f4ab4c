/*
 * Files as lines, for the programs that work on text.
 *
 * A line may hold NULs and be as long as memory allows; the last one may lack
 * its newline.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/types.h>

struct text {
	FILE *file;
	const char *name; /* for error lines */
	char *line;	  /* a NUL follows it */
	size_t length;	  /* without the newline */
	size_t room;
	bool ended; /* a newline ended it */
};

/* Opens a file, or stdin for "-".  false: it failed and that was said. */
bool text_open(struct text *t, const char *name);

/* The next line, up to `end`.  false: there is none; an error was said. */
bool text_line_to(struct text *t, int end);
bool text_line(struct text *t);

void text_close(struct text *t);

/* The same without lines.  "-" is stdin.  -1: it failed and that was said. */
int text_open_fd(const char *name);
void text_close_fd(int fd);

/* read, again if a signal ended it; an error is said. */
ssize_t text_read(int fd, void *data, size_t size, const char *name);

/* Calls `each` with every name of argv, with "-" if there is none. */
void text_each(char **argv, void (*each)(const char *name));

/* Prints bytes to stdout. */
void text_put(const char *data, size_t size);
