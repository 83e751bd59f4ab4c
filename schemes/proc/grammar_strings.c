/*
 * `new PATH ARG0 ...` and `env NAME=VALUE`: lines that carry strings.  Called
 * by grammar.c for the line's rest.
 *
 * The strings are unescaped and packed where the words lay.  One rule: a word's
 * escapes are looked at before the first of its bytes moves, so that a wrong
 * one can still be shown.
 */
#include "grammar.h"
#include "words.h"

/* The byte of `%XX`, or -1: that is none.  size bytes are there. */
static int
escape(const char *text, size_t size)
{
	int high, low;

	if (size < 3)
		return -1;
	high = digit(text[1]);
	low = digit(text[2]);
	return high > 15 || low > 15 || high + low == 0 ? -1 : high << 4 | low;
}

/* A lone `%` is the empty string, which no word could be otherwise. */
static bool
is_empty(const struct word *word)
{
	return word->length == 1 && word->text[0] == '%';
}

static bool
escapes_are_good(const struct word *word)
{
	if (is_empty(word))
		return true;
	for (size_t i = 0; i < word->length; i++)
		if (word->text[i] == '%' &&
		    escape(word->text + i, word->length - i) < 0)
			return false;
	return true;
}

/* Unescapes %XX; the result is not longer.  Where it ends, its NUL included. */
static char *
unescape(char *to, const struct word *word)
{
	size_t length = is_empty(word) ? 0 : word->length;

	for (size_t i = 0; i < length; i++) {
		char c = word->text[i];

		if (c == '%') {
			c = (char)escape(word->text + i, word->length - i);
			i += 2;
		}
		*to++ = c;
	}
	*to++ = '\0';
	return to;
}

/* The rest of the line: a word's NUL takes the place of the blank after it. */
static int
take_strings(struct words *words, struct command *command)
{
	char *to = words->at;
	struct word word;

	command->text = to;
	while (next(words, &word)) {
		if (!escapes_are_good(&word))
			return wrong(command, &word, "no such %-escape");
		to = unescape(to, &word);
		command->text_count++;
	}
	command->text_size = (size_t)(to - command->text);
	return 0;
}

int
grammar_new(struct words *words, struct command *command)
{
	const struct word none = {words->end, 0};
	int error = take_strings(words, command);

	if (error)
		return error;
	if (command->text_count == 0)
		return wrong(command, &none, "no path");
	if (command->text_count == 1)
		return wrong(command, &none, "no argument 0 after the path");
	command->text_count--; /* the path */
	return 0;
}

int
grammar_env(struct words *words, struct command *command)
{
	struct words rest = *words;
	struct word first;
	const char *equals;
	int error;

	command->kind = COMMAND_ENV;
	error = next(&rest, &first) ? wrong_rest(command, rest)
				    : wrong(command, &first, "no NAME=VALUE");
	if (!error)
		error = take_strings(words, command);
	if (error)
		return error;
	first = (struct word){command->text, command->text_size - 1};
	equals = strchr(first.text, '=');
	if (!equals || equals == first.text)
		return wrong(command, &first, "no NAME=VALUE");
	return 0;
}
