/*
 * What the parts of a script of sed are made of: numbers, delimited text,
 * patterns, the end of a command.
 */
#include "sed_parse.h"
#include "escape.h"
#include "util.h"

#include <ctype.h>
#include <string.h>

const char *sed_at;

_Noreturn void
sed_wrong(const char *what)
{
	util_die("%s at: %.20s", what, *sed_at != '\0' ? sed_at : "the end");
}

char
sed_escaped(const char **at, const char *end)
{
	int byte = escape_byte(at, end);

	return byte >= 0 ? (char)byte : *(*at)++;
}

void
sed_skip_blanks(void)
{
	while (*sed_at == ' ' || *sed_at == '\t')
		sed_at++;
}

unsigned long long
sed_number(void)
{
	unsigned long long number = 0;

	for (; isdigit((unsigned char)*sed_at); sed_at++)
		number = number * 10 + (unsigned long long)(*sed_at - '0');
	return number;
}

void
sed_parse_end_of_command(void)
{
	sed_skip_blanks();
	if (*sed_at == ';' || *sed_at == '\n')
		sed_at++;
	else if (*sed_at != '\0' && *sed_at != '}' && *sed_at != '#')
		sed_wrong("more than a command");
}

struct sed_buffer
sed_delimited(char delimiter, bool pattern)
{
	struct sed_buffer text = {0};
	bool bracket = false;

	sed_put(&text, "", 0);
	for (; *sed_at != '\0'; sed_at++) {
		if (!bracket && *sed_at == delimiter) {
			sed_at++;
			return text;
		}
		if (pattern && *sed_at == '\n')
			break;
		if (*sed_at == '\\' && !bracket && sed_at[1] != '\0') {
			/* Of `\n` the n stays one, if that delimits. */
			if (sed_at[1] != delimiter)
				sed_put(&text, sed_at, 1);
			sed_at++;
		} else if (pattern && *sed_at == '[' && !bracket) {
			bracket = true;
			sed_put(&text, sed_at, 1);
			if (sed_at[1] == '^')
				sed_put(&text, ++sed_at, 1);
			if (sed_at[1] == ']')
				sed_put(&text, ++sed_at, 1);
			continue;
		} else if (*sed_at == '[' && bracket &&
			   strchr(":.=", sed_at[1]) != NULL &&
			   sed_at[1] != '\0') {
			const char end[] = {sed_at[1], ']', '\0'};
			const char *stop = strstr(sed_at + 2, end);

			if (stop != NULL) {
				sed_put(&text, sed_at,
					(size_t)(stop + 1 - sed_at));
				sed_at = stop + 1;
			}
		} else if (*sed_at == ']' && bracket) {
			bracket = false;
		}
		sed_put(&text, sed_at, 1);
	}
	sed_wrong("a delimiter is missing");
}

struct pattern *
sed_compile(const struct sed_buffer *text, bool fold)
{
	struct pattern *p;
	const char *wrong;

	if (text->size == 0)
		return NULL;
	p = util_alloc(sizeof *p);
	wrong = pattern_compile(p, text->text, text->size,
				sed_flags | (fold ? PATTERN_FOLD : 0));
	if (wrong != NULL)
		util_die("%.*s: %s", (int)text->size, text->text, wrong);
	return p;
}
