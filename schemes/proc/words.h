/* A line of the language, word by word; numbers.  What grammar.c and
 * grammar_rule.c share. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "abi/errno.h"
#include "text.h"
#include "grammar.h"

struct words {
	char *at, *end;
};

struct word {
	char *text;
	size_t length;
};

/* The next word; false: there is none. */
static inline bool
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

static inline bool
is(const struct word *word, const char *text)
{
	return strlen(text) == word->length &&
	       memcmp(word->text, text, word->length) == 0;
}

static inline bool
more(struct words words)
{
	struct word word;

	return next(&words, &word);
}

static inline int
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

static inline int
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

static inline int
number(const char *text, size_t length, uint64_t *value)
{
	if (length > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X'))
		return digits(text + 2, length - 2, 16, value);
	return digits(text, length, 10, value);
}

/* -EINVAL, for this word and reason. */
static inline int
wrong(struct command *command, const struct word *word, const char *why)
{
	command->why = why;
	command->wrong = word->text;
	command->wrong_length = word->length;
	return -EINVAL;
}

/* The same of what should be the end of the line. */
static inline int
wrong_rest(struct command *command, struct words words)
{
	struct word word;

	return next(&words, &word) ? wrong(command, &word, "a word too many")
				   : 0;
}
