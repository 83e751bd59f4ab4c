/*
 * The parser of a trace file for its tests: a line goes in, `command` comes
 * out.
 */
#pragma once

#include <errno.h>
#include <stdio.h>
#include "schemes/proc/grammar.h"
#include "test.h"

/* The parser writes into its line: each gets a fresh one, exactly as long, so
 * that a look behind it is found. */
static struct command command;
static char *line_memory;

static inline int
parse(const char *line)
{
	size_t length = strlen(line);

	free(line_memory);
	line_memory = malloc(length + 1);
	memcpy(line_memory, line, length + 1);
	line_memory[length] = '\n';
	return grammar_line(line_memory, length, &command);
}

static inline void
no_line(const char *line)
{
	int error = parse(line);

	if (error != -EINVAL)
		test_fail(__FILE__, __LINE__, "`%s` gave %d", line, error);
}
