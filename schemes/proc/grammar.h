/* The language of a trace file: one line, or one packed verb, becomes one
 * command.  Pure: no kernel state. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include "abi/trace.h"
#include "trace/session.h"

enum command_kind {
	COMMAND_VERB,
	COMMAND_RULE, /* on ... */
	COMMAND_SET_CLOSE,
	COMMAND_SET_ADVANCE,
	COMMAND_ENV, /* env NAME=VALUE */
};

struct command {
	enum command_kind kind;
	enum trace_verb_number verb;
	struct who who;
	uint64_t arg[7];
	struct rule rule;
	enum close_policy close;
	bool by_verb;
	/* new: path, then argc arguments; env: one string; each NUL-terminated,
	 * unescaped, inside of the line's own memory */
	char *text;
	size_t text_size;
	uint32_t text_count;
	/* of a line or packed verb that is none: why, and the word that is
	 * wrong, in the line's memory; length 0: a word is missing */
	const char *why;
	const char *wrong;
	size_t wrong_length;
};

/*
 * Takes a line apart, without its newline; strings are unescaped in place.  0
 * or -EINVAL (no such line), -ENOSPC (more unknown numbers in a SET than a rule
 * has room for).
 */
int grammar_line(char *line, size_t length, struct command *command);

/* What comes after `on` (grammar_rule.c), `new` and `env` (grammar_strings.c).
 */
struct words;
int grammar_rule(struct words *words, struct command *command);
int grammar_new(struct words *words, struct command *command);
int grammar_env(struct words *words, struct command *command);
/* The next word into arg[0]: a VALUE; a signal, or 0 for none.  Of verbs and of
 * rules (grammar.c). */
int grammar_arg_value(struct words *words, struct command *command);
int grammar_arg_signal(struct words *words, struct command *command);

/* Takes a packed verb apart, other than TEXT; size bytes are there.  0 or
 * -EINVAL. */
int grammar_packed(char *bytes, size_t size, struct command *command);

/* A VALUE: decimal, 0x..., -ENAME.  0 or -EINVAL. */
int grammar_value(const char *word, size_t length, uint64_t *value);

const char *grammar_verb_name(unsigned verb);
