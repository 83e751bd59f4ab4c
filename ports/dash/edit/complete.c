/*
 * TAB: the word before the cursor, and how it may go on.
 *
 * Called by linenoise for TAB at the end of a line.  One way to go on, or a
 * part that all ways share, is put into the line; else the names are listed.
 * The word is read as the shell reads it: quotes and backslashes are taken off
 * before names are compared, and put back before what is added.
 */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "edit.h"
#include "linenoise.h"

/* A line taken apart. */
struct word {
	char quote;  /* in which it is, or 0 */
	int command; /* whether a command's name stands there */
	char *text;  /* without quotes and backslashes */
	char *line;  /* all of it, the word's $ and ` as they are meant */
};

/* What a command follows; other characters that end a word are in the second
 * string.  `=` and `:` are no ends: a scheme's path holds them. */
static const char word_begins[] = "|&;(`\n";
static const char word_ends[] = " \t<>)=";

/* After these a command's name follows too. */
static const char *const word_before[] = {
	"!", "{", "do", "elif", "else", "exec", "if", "then", "until", "while",
};

static int
word_is_before(const char *text)
{
	size_t i;

	for (i = 0; i < sizeof word_before / sizeof *word_before; i++)
		if (strcmp(text, word_before[i]) == 0)
			return 1;
	return 0;
}

/* One character outside quotes that ends a word: what comes next. */
static void
word_end(struct word *word, const char *line, size_t at, size_t *length)
{
	word->text[*length] = '\0';
	if (strchr(word_begins, line[at]))
		word->command = 1;
	else if (line[at] == '<' || line[at] == '>')
		word->command = 0;
	else if (*length > 0)
		word->command = word_is_before(word->text) ||
				(word->command && line[at] == '=');
	*length = 0;
}

/* Whether a backslash before `c` is taken off. */
static int
word_escapes(const struct word *word, char c)
{
	return c && word->quote != '\'' &&
	       (!word->quote || strchr("$`\"\\", c));
}

/* Reads the line up to its last word.  `text` has room for all of it, `line`
 * for twice that.  A name that is found has its $ and ` itself, so they get a
 * backslash. */
static void
word_find(struct word *word, const char *line)
{
	size_t length = 0, at;
	char *out = word->line;

	for (at = 0; line[at]; at++) {
		char c = line[at];

		if (c == word->quote) {
			word->quote = 0;
		} else if (!word->quote && (c == '"' || c == '\'')) {
			word->quote = c;
		} else if (c == '\\' && word_escapes(word, line[at + 1])) {
			*out++ = c;
			c = line[++at];
			word->text[length++] = c;
		} else if (!word->quote &&
			   (strchr(word_begins, c) || strchr(word_ends, c))) {
			word_end(word, line, at, &length);
			memcpy(word->line, line, at);
			out = word->line + at;
		} else {
			if (word->quote != '\'' && (c == '$' || c == '`'))
				*out++ = '\\';
			word->text[length++] = c;
		}
		*out++ = c;
	}
	*out = word->text[length] = '\0';
}

/* Appends to `out`, which has room for four times the size, as the shell must
 * read it.  Returns its end. */
static char *
word_quote(char *out, const char *add, size_t size, char quote)
{
	const char *special = quote ? "\"\\$`" : " \t\"'\\$`|&;()<>*?[#~!";
	size_t i;

	for (i = 0; i < size; i++) {
		if (quote == '\'' && add[i] == '\'') {
			out = stpcpy(out, "'\\''");
			continue;
		}
		if (quote != '\'' && strchr(special, add[i]))
			*out++ = '\\';
		*out++ = add[i];
	}
	*out = '\0';
	return out;
}

/* The line with `size` bytes of `add` behind it, and after a name that is whole
 * the closing quote and a space. */
static void
word_complete(const struct word *word, const char *add, size_t size, int whole,
	      linenoiseCompletions *lc)
{
	char *out = malloc(strlen(word->line) + 4 * size + 3), *end;

	if (!out)
		return;
	end = word_quote(stpcpy(out, word->line), add, size, word->quote);
	if (whole && size + strlen(word->text) > 0 && end[-1] != '/') {
		if (word->quote)
			*end++ = word->quote;
		strcpy(end, " ");
	}
	linenoiseAddCompletion(lc, out);
	free(out);
}

static void
word_choose(const struct word *word, struct names *names, size_t typed,
	    linenoiseCompletions *lc)
{
	size_t common;

	names_sort(names);
	if (names->count == 0)
		return;
	common = names_common(names);
	if (names->count == 1 || common > typed) {
		word_complete(word, names->list[0] + typed, common - typed,
			      names->count == 1, lc);
		return;
	}
	names_show(names, STDIN_FILENO);
	lc->shown = 1;
}

void
complete_line(const char *line, linenoiseCompletions *lc, void *data)
{
	struct word word = {.command = 1};
	struct names names = {0};
	size_t typed;

	(void)data;
	word.text = malloc(strlen(line) + 1);
	word.line = malloc(2 * strlen(line) + 1);
	if (!word.text || !word.line) {
		free(word.text);
		free(word.line);
		return;
	}
	word_find(&word, line);
	typed = strlen(word.text);
	if (word.command && !strpbrk(word.text, "/:~"))
		complete_commands(&names, word.text);
	else
		typed -= complete_paths(&names, word.text);
	word_choose(&word, &names, typed, lc);
	names_free(&names);
	free(word.text);
	free(word.line);
}
