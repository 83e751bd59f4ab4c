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
	size_t start; /* of the word's text in the line */
	char quote;   /* in which it is, or 0 */
	int command;  /* whether a command's name stands there */
	char *text;   /* without quotes and backslashes */
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
	word->start = at + 1;
	*length = 0;
}

/* Reads the line up to its last word.  `text` has room for all of it. */
static void
word_find(struct word *word, const char *line)
{
	size_t length = 0, at;

	for (at = 0; line[at]; at++) {
		char c = line[at];

		if (c == word->quote) {
			word->quote = 0;
		} else if (!word->quote && (c == '"' || c == '\'')) {
			word->quote = c;
			if (length == 0)
				word->start = at + 1;
		} else if (c == '\\' && word->quote != '\'' && line[at + 1]) {
			word->text[length++] = line[++at];
		} else if (!word->quote &&
			   (strchr(word_begins, c) || strchr(word_ends, c))) {
			word_end(word, line, at, &length);
		} else {
			word->text[length++] = c;
		}
	}
	word->text[length] = '\0';
}

/* Appends to `out`, which has room for twice the size, as the shell must read
 * it.  Returns its end. */
static char *
word_quote(char *out, const char *add, size_t size, char quote)
{
	const char *special = quote == '\'' ? ""
			      : quote	    ? "\"\\$`"
					    : " \t\"'\\$`|&;()<>*?[#~!";
	size_t i;

	for (i = 0; i < size; i++) {
		if (strchr(special, add[i]))
			*out++ = '\\';
		*out++ = add[i];
	}
	*out = '\0';
	return out;
}

/* The line with `size` bytes of `add` behind it, and after a name that is whole
 * the closing quote and a space. */
static void
word_complete(const struct word *word, const char *line, const char *add,
	      size_t size, int whole, linenoiseCompletions *lc)
{
	char *out = malloc(strlen(line) + 2 * size + 3), *end;

	if (!out)
		return;
	end = word_quote(stpcpy(out, line), add, size, word->quote);
	if (whole && size + strlen(word->text) > 0 && end[-1] != '/') {
		if (word->quote)
			*end++ = word->quote;
		strcpy(end, " ");
	}
	linenoiseAddCompletion(lc, out);
	free(out);
}

static void
word_choose(const struct word *word, const char *line, struct names *names,
	    size_t typed, linenoiseCompletions *lc)
{
	size_t common;

	names_sort(names);
	if (names->count == 0)
		return;
	common = names_common(names);
	if (names->count == 1 || common > typed) {
		word_complete(word, line, names->list[0] + typed,
			      common - typed, names->count == 1, lc);
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
	if (!word.text)
		return;
	word_find(&word, line);
	typed = strlen(word.text);
	if (word.command && !strpbrk(word.text, "/:~"))
		complete_commands(&names, word.text);
	else
		typed -= complete_paths(&names, word.text);
	word_choose(&word, line, &names, typed, lc);
	names_free(&names);
	free(word.text);
}
