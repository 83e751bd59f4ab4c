/*
 * The language of a trace file (proc(4)), line by line.  Called by trace.c for
 * what is written; unit-tested on the host.
 *
 * A line is words between blanks.  Every verb is a row: how many words it
 * takes, and how they are read; what comes after them is WHO. One rule: a line
 * is taken whole or not at all, so nothing here acts.
 */
#include "grammar.h"
#include "abi/errno.h"
#include "text.h"

struct words {
	char *at, *end;
};

struct word {
	char *text;
	size_t length;
};

/* The next word; false: there is none. */
static bool
next(struct words *words, struct word *word)
{
	while (words->at < words->end &&
	       (*words->at == ' ' || *words->at == '\t'))
		words->at++;
	word->text = words->at;
	while (words->at < words->end && *words->at != ' ' &&
	       *words->at != '\t')
		words->at++;
	word->length = (size_t)(words->at - word->text);
	return word->length > 0;
}

static bool
is(const struct word *word, const char *text)
{
	return strlen(text) == word->length &&
	       memcmp(word->text, text, word->length) == 0;
}

static bool
more(struct words words)
{
	struct word word;

	return next(&words, &word);
}

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 99;
}

static int
digits(const char *text, size_t length, unsigned base, uint64_t *value)
{
	*value = 0;
	if (length == 0)
		return -EINVAL;
	for (size_t i = 0; i < length; i++) {
		unsigned d = (unsigned)digit(text[i]);

		if (d >= base || *value > (UINT64_MAX - d) / base)
			return -EINVAL;
		*value = *value * base + d;
	}
	return 0;
}

static int
number(const char *text, size_t length, uint64_t *value)
{
	if (length > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
		return digits(text + 2, length - 2, 16, value);
	return digits(text, length, 10, value);
}

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
		return more(*words) ? -EINVAL : 0;
	}
	while (i < count && !is(&word, who_words[i].word))
		i++;
	if (i == count || !next(words, &value) ||
	    number(value.text, value.length, &command->who.number) ||
	    more(*words))
		return -EINVAL;
	command->who.kind = who_words[i].kind;
	return 0;
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

	if (!next(words, &word))
		return -EINVAL;
	return grammar_value(word.text, word.length, &command->arg[0]);
}

/* args NR A0 ... A5: the number may be a name. */
static int
parse_args(struct words *words, struct command *command)
{
	struct word word;

	if (!next(words, &word))
		return -EINVAL;
	if (trace_call_number(word.text, word.length, &command->arg[0]) &&
	    number(word.text, word.length, &command->arg[0]))
		return -EINVAL;
	for (unsigned i = 1; i <= SYSCALL_MAX_ARGS; i++)
		if (!next(words, &word) ||
		    grammar_value(word.text, word.length, &command->arg[i]))
			return -EINVAL;
	return 0;
}

static int
parse_signal(struct words *words, struct command *command)
{
	struct word word;

	if (!next(words, &word))
		return -EINVAL;
	if (number(word.text, word.length, &command->arg[0]))
		command->arg[0] =
			(uint64_t)trace_signal_number(word.text, word.length);
	return command->arg[0] >= 1 && command->arg[0] <= 64 ? 0 : -EINVAL;
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
			return -EINVAL;
		to += length + 1;
		command->text_count++;
	}
	command->text_size = (size_t)(to - command->text);
	return 0;
}

static int
parse_new(struct words *words, struct command *command)
{
	int error = parse_strings(words, command);

	if (error || command->text_count < 2)
		return -EINVAL;
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
	return -EINVAL;
}

/* ---- on EVENT [SET] ACTION ---- */

static const struct {
	const char *word;
	enum trace_event_type event;
	bool set;
} rule_events[] = {
	{"enter", TRACE_EV_enter, true},  {"leave", TRACE_EV_leave, true},
	{"start", TRACE_EV_start, false}, {"exec", TRACE_EV_exec, false},
	{"end", TRACE_EV_end, false},
};

static const struct {
	const char *word;
	enum trace_action action;
} rule_actions[] = {
	{"hold", ACTION_HOLD},
	{"log", ACTION_LOG},
	{"off", ACTION_OFF},
};

static int
set_add(struct call_set *set, uint64_t call)
{
	unsigned slot = call_slot(call);

	if (slot < SYSCALL_COUNT) {
		set->bits[slot / 64] |= 1ull << (slot % 64);
		return 0;
	}
	for (uint32_t i = 0; i < set->others; i++)
		if (set->other[i] == call)
			return 0;
	if (set->others == NUMBERS_MAX)
		return -ENOSPC;
	set->other[set->others++] = call;
	return 0;
}

/* name|number{,name|number}, or * */
static int
parse_set(const struct word *word, struct call_set *set)
{
	const char *at = word->text, *end = word->text + word->length;

	if (is(word, "*")) {
		set->all = true;
		return 0;
	}
	while (at <= end) {
		const char *comma = memchr(at, ',', (size_t)(end - at));
		size_t length = (size_t)((comma ? comma : end) - at);
		uint64_t call;
		int error;

		if (trace_call_number(at, length, &call) &&
		    number(at, length, &call))
			return -EINVAL;
		error = set_add(set, call);
		if (error)
			return error;
		at += length + 1;
	}
	return 0;
}

static int
parse_action(struct words *words, struct rule *rule)
{
	struct word word;

	if (!next(words, &word))
		return -EINVAL;
	for (size_t i = 0; i < sizeof(rule_actions) / sizeof(rule_actions[0]);
	     i++) {
		if (!is(&word, rule_actions[i].word))
			continue;
		rule->action = rule_actions[i].action;
		return more(*words) ? -EINVAL : 0;
	}
	return -EINVAL;
}

static int
parse_on(struct words *words, struct command *command)
{
	size_t i = 0, count = sizeof(rule_events) / sizeof(rule_events[0]);
	struct word word;
	int error = 0;

	command->kind = COMMAND_RULE;
	if (!next(words, &word))
		return -EINVAL;
	while (i < count && !is(&word, rule_events[i].word))
		i++;
	if (i == count)
		return -EINVAL;
	command->rule.event = rule_events[i].event;
	command->rule.set.all = !rule_events[i].set;
	if (rule_events[i].set)
		error = next(words, &word)
				? parse_set(&word, &command->rule.set)
				: -EINVAL;
	return error ? error : parse_action(words, &command->rule);
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

	if (!next(words, &what) || !next(words, &word) || more(*words))
		return -EINVAL;
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		if (!is(&what, settings[i].what) ||
		    !is(&word, settings[i].word))
			continue;
		command->kind = settings[i].kind;
		command->close = settings[i].close;
		command->by_verb = settings[i].by_verb;
		return 0;
	}
	return -EINVAL;
}

static int
parse_env(struct words *words, struct command *command)
{
	int error = parse_strings(words, command);
	const char *equals;

	command->kind = COMMAND_ENV;
	if (error || command->text_count != 1)
		return -EINVAL;
	equals = strchr(command->text, '=');
	return equals && equals != command->text ? 0 : -EINVAL;
}

int
grammar_line(char *line, size_t length, struct command *command)
{
	struct words words = {line, line + length};
	struct word word;

	memset(command, 0, sizeof(*command));
	if (memchr(line, '\0', length) || !next(&words, &word))
		return -EINVAL;
	if (is(&word, "on"))
		return parse_on(&words, command);
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
	if (command->verb == TRACE_VERB_kill &&
	    (command->arg[0] < 1 || command->arg[0] > 64))
		return -EINVAL;
	return command->text_size ? -EINVAL : 0;
}
