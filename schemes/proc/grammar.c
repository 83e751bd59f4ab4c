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
		return wrong(command, &word, "it takes no such word");
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

static int
parse_value(struct words *words, struct command *command)
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
static int
parse_signal_or_none(struct words *words, struct command *command)
{
	struct words ahead = *words;
	struct word word;

	if (!next(&ahead, &word) || !is(&word, "0"))
		return parse_signal(words, command);
	command->arg[0] = 0;
	*words = ahead;
	return 0;
}

/* Unescapes %XX; the result is not longer.  Its length, or -EINVAL. */
static int64_t
unescape(char *to, const struct word *word)
{
	size_t n = 0;

	for (size_t i = 0; i < word->length; i++) {
		char c = word->text[i];

		if (c == '%') {
			int high, low;

			if (i + 2 >= word->length)
				return -EINVAL;
			high = digit(word->text[i + 1]);
			low = digit(word->text[i + 2]);
			if (high > 15 || low > 15 || (high == 0 && low == 0))
				return -EINVAL;
			c = (char)(high << 4 | low);
			i += 2;
		}
		to[n++] = c;
	}
	to[n] = '\0';
	return (int64_t)n;
}

/* The rest of the line as strings, packed where the words lay: a word's NUL
 * takes the place of the blank after it. */
static int
parse_strings(struct words *words, struct command *command)
{
	char *to = words->at;
	struct word word;

	command->text = to;
	while (next(words, &word)) {
		int64_t length = unescape(to, &word);

		if (length < 0)
			return wrong(command, &word, "no such %-escape");
		to += length + 1;
		command->text_count++;
	}
	command->text_size = (size_t)(to - command->text);
	return 0;
}

static int
parse_new(struct words *words, struct command *command)
{
	const struct word none = {words->end, 0};
	int error = parse_strings(words, command);

	if (error)
		return error;
	if (command->text_count < 2)
		return wrong(command, &none, "a path, then argument 0");
	command->text_count--; /* the path */
	return 0;
}

struct verb_row {
	const char *name;
	int (*parse)(struct words *, struct command *);
};

static const struct verb_row verbs[] = {
	[TRACE_VERB_run] = {"run", parse_nothing},
	[TRACE_VERB_stop] = {"stop", parse_nothing},
	[TRACE_VERB_return] = {"return", parse_value},
	[TRACE_VERB_args] = {"args", parse_args},
	[TRACE_VERB_kill] = {"kill", parse_signal},
	[TRACE_VERB_new] = {"new", parse_new},
	[TRACE_VERB_signal] = {"signal", parse_signal_or_none},
};

const char *
grammar_verb_name(unsigned verb)
{
	if (verb == 0 || verb >= sizeof(verbs) / sizeof(verbs[0]))
		return NULL;
	return verbs[verb].name;
}

static int
parse_verb(const struct word *word, struct words *words,
	   struct command *command)
{
	command->kind = COMMAND_VERB;
	for (unsigned i = 1; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		int error;

		if (!is(word, verbs[i].name))
			continue;
		command->verb = (enum trace_verb_number)i;
		error = verbs[i].parse(words, command);
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

static int
parse_env(struct words *words, struct command *command)
{
	const struct word none = {words->end, 0};
	int error = parse_strings(words, command);
	const char *equals;

	command->kind = COMMAND_ENV;
	if (error)
		return error;
	equals = command->text_count ? strchr(command->text, '=') : NULL;
	if (command->text_count != 1 || !equals || equals == command->text)
		return wrong(command, &none, "one NAME=VALUE");
	return 0;
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
		return parse_env(&words, command);
	return parse_verb(&word, &words, command);
}

/* ---- packed ---- */

static int
packed_who(const struct trace_verb *verb, struct who *who)
{
	switch (verb->flags) {
	case 0:
		*who = (struct who){WHO_CURRENT, 0};
		return 0;
	case TRACE_WHO_SEQ:
		*who = (struct who){WHO_SEQ, verb->seq};
		return 0;
	case TRACE_WHO_TID:
		*who = (struct who){WHO_TID, verb->tid};
		return 0;
	case TRACE_WHO_PID:
		*who = (struct who){WHO_PID, verb->pid};
		return 0;
	case TRACE_WHO_ALL:
		*who = (struct who){WHO_ALL, 0};
		return 0;
	default:
		return -EINVAL;
	}
}

/* new: path, arg[0] arguments, arg[1] strings of the environment. */
static int
packed_new(struct command *command)
{
	uint64_t strings = 0;

	for (size_t i = 0; i < command->text_size; i++)
		strings += command->text[i] == '\0';
	if (command->text_size == 0 ||
	    command->text[command->text_size - 1] != '\0' ||
	    command->arg[0] == 0 || command->arg[0] > strings ||
	    command->arg[1] > strings ||
	    strings != 1 + command->arg[0] + command->arg[1])
		return -EINVAL;
	command->text_count = (uint32_t)command->arg[0];
	return 0;
}

int
grammar_packed(char *bytes, size_t size, struct command *command)
{
	struct trace_verb verb;

	memset(command, 0, sizeof(*command));
	if (size < TRACE_VERB_SIZE)
		return -EINVAL;
	memcpy(&verb, bytes, sizeof(verb));
	if (verb.size != size || !grammar_verb_name(verb.verb) ||
	    packed_who(&verb, &command->who))
		return -EINVAL;
	command->kind = COMMAND_VERB;
	command->verb = (enum trace_verb_number)verb.verb;
	memcpy(command->arg, verb.arg, sizeof(command->arg));
	command->text = bytes + TRACE_VERB_SIZE;
	command->text_size = size - TRACE_VERB_SIZE;
	if (command->verb == TRACE_VERB_new)
		return packed_new(command);
	if ((command->verb == TRACE_VERB_kill && command->arg[0] < 1) ||
	    ((command->verb == TRACE_VERB_kill ||
	      command->verb == TRACE_VERB_signal) &&
	     command->arg[0] > 64))
		return -EINVAL;
	return command->text_size ? -EINVAL : 0;
}
