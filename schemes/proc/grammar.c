/*
 * The language of a trace file (proc(4)), line by line.  Called by trace.c for
 * what is written; unit-tested on the host.
 *
 * A line is words between blanks.  Every verb is a row: how many words it
 * takes, and how they are read; what comes after them is WHO. One rule: a line
 * is taken whole or not at all, so nothing here acts.
 */
#include "grammar.h"
#include "words.h"

int
grammar_value(const char *word, size_t length, uint64_t *value)
{
	int error;

	if (length > 1 && word[0] == '-' && word[1] == 'E') {
		error = trace_error_number(word + 1, length - 1);
		*value = (uint64_t) - (int64_t)error;
		return error ? 0 : -EINVAL;
	}
	if (length == 0 || word[0] != '-')
		return number(word, length, value);
	error = number(word + 1, length - 1, value);
	if (error || *value > (uint64_t)INT64_MAX + 1)
		return -EINVAL;
	*value = 0 - *value;
	return 0;
}

/* ---- WHO ---- */

static const struct {
	const char *word;
	enum who_kind kind;
} who_words[] = {
	{"seq", WHO_SEQ},
	{"tid", WHO_TID},
	{"pid", WHO_PID},
};

/* The end of a line: WHO, or nothing. */
static int
parse_who(struct words *words, struct command *command)
{
	struct word word, value;
	size_t i = 0, count = sizeof(who_words) / sizeof(who_words[0]);

	command->who = (struct who){.kind = WHO_CURRENT};
	if (!next(words, &word))
		return 0;
	if (is(&word, "all")) {
		command->who.kind = WHO_ALL;
		return wrong_rest(command, *words);
	}
	while (i < count && !is(&word, who_words[i].word))
		i++;
	if (i == count)
		return wrong(command, &word, "none of seq, tid, pid, all");
	if (!next(words, &value) ||
	    number(value.text, value.length, &command->who.number))
		return wrong(command, &value, "no number");
	command->who.kind = who_words[i].kind;
	return wrong_rest(command, *words);
}

/* ---- verbs ---- */

static int
parse_nothing(struct words *words, struct command *command)
{
	(void)words;
	(void)command;
	return 0;
}

int
grammar_arg_value(struct words *words, struct command *command)
{
	struct word word;

	if (!next(words, &word) ||
	    grammar_value(word.text, word.length, &command->arg[0]))
		return wrong(command, &word, "no value");
	return 0;
}

/* args NR A0 ... A5: the number may be a name. */
static int
parse_args(struct words *words, struct command *command)
{
	struct word word;

	if (!next(words, &word) ||
	    (trace_call_number(word.text, word.length, &command->arg[0]) &&
	     number(word.text, word.length, &command->arg[0])))
		return wrong(command, &word, "no such call");
	for (unsigned i = 1; i <= SYSCALL_MAX_ARGS; i++)
		if (!next(words, &word) ||
		    grammar_value(word.text, word.length, &command->arg[i]))
			return wrong(command, &word, "no value");
	return 0;
}

static int
parse_signal(struct words *words, struct command *command)
{
	struct word word;

	if (!next(words, &word) ||
	    number(word.text, word.length, &command->arg[0]))
		command->arg[0] =
			(uint64_t)trace_signal_number(word.text, word.length);
	if (command->arg[0] < 1 || command->arg[0] > 64)
		return wrong(command, &word, "no such signal");
	return 0;
}

/* 0 is none. */
int
grammar_arg_signal(struct words *words, struct command *command)
{
	struct words ahead = *words;
	struct word word;

	if (!next(&ahead, &word) || !is(&word, "0"))
		return parse_signal(words, command);
	command->arg[0] = 0;
	*words = ahead;
	return 0;
}

static const char *const verb_names[] = {
#define VERB(name, number) [number] = #name,
#include "abi/verbs.def"
#undef VERB
};

#define VERBS (sizeof(verb_names) / sizeof(verb_names[0]))

static int (*const verbs[VERBS])(struct words *, struct command *) = {
	[TRACE_VERB_run] = parse_nothing,
	[TRACE_VERB_stop] = parse_nothing,
	[TRACE_VERB_return] = grammar_arg_value,
	[TRACE_VERB_args] = parse_args,
	[TRACE_VERB_kill] = parse_signal,
	[TRACE_VERB_new] = grammar_new,
	[TRACE_VERB_signal] = grammar_arg_signal,
};

const char *
grammar_verb_name(unsigned verb)
{
	return verb > 0 && verb < VERBS ? verb_names[verb] : NULL;
}

static int
parse_verb(const struct word *word, struct words *words,
	   struct command *command)
{
	command->kind = COMMAND_VERB;
	for (unsigned i = 1; i < VERBS; i++) {
		int error;

		if (!is(word, verb_names[i]))
			continue;
		command->verb = (enum trace_verb_number)i;
		error = verbs[i](words, command);
		return error ? error : parse_who(words, command);
	}
	return wrong(command, word, "no such verb");
}

/* ---- set ---- */

static const struct {
	const char *what, *word;
	enum command_kind kind;
	enum close_policy close;
	bool by_verb;
} settings[] = {
	{"close", "run", COMMAND_SET_CLOSE, CLOSE_RUN, false},
	{"close", "kill", COMMAND_SET_CLOSE, CLOSE_KILL, false},
	{"close", "keep", COMMAND_SET_CLOSE, CLOSE_KEEP, false},
	{"advance", "read", COMMAND_SET_ADVANCE, CLOSE_RUN, false},
	{"advance", "verb", COMMAND_SET_ADVANCE, CLOSE_RUN, true},
};

static int
parse_set_line(struct words *words, struct command *command)
{
	struct word what, word;

	if (!next(words, &what))
		return wrong(command, &what, "no setting");
	next(words, &word);
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		if (!is(&what, settings[i].what) ||
		    !is(&word, settings[i].word))
			continue;
		command->kind = settings[i].kind;
		command->close = settings[i].close;
		command->by_verb = settings[i].by_verb;
		return wrong_rest(command, *words);
	}
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		if (is(&what, settings[i].what))
			return wrong(command, &word, "no such value of it");
	return wrong(command, &what, "no such setting");
}

int
grammar_line(char *line, size_t length, struct command *command)
{
	struct words words = {line, line + length};
	struct word word;

	memset(command, 0, sizeof(*command));
	if (!next(&words, &word))
		return wrong(command, &word, "an empty line");
	if (memchr(line, '\0', length))
		return wrong(command, &word, "a NUL in the line");
	if (is(&word, "on"))
		return grammar_rule(&words, command);
	if (is(&word, "set"))
		return parse_set_line(&words, command);
	if (is(&word, "env"))
		return grammar_env(&words, command);
	return parse_verb(&word, &words, command);
}
