/*
 * A script of sed becomes commands.
 *
 * What stands behind a command's name is read by the row of sed_rows for it.
 * Braces and labels are joined at the end, when all scripts are known.
 */
#include "sed_parse.h"
#include "util.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct sed_command *sed_commands;
size_t sed_count;
unsigned sed_flags;

/* ---- what stands behind the names ---- */

static void
sed_parse_nothing(struct sed_command *c)
{
	(void)c;
}

/* Of a, i, c: to the end of a line that does not end with a backslash. */
static void
sed_parse_text(struct sed_command *c)
{
	struct sed_buffer text = {0};
	const char *end;

	sed_skip_blanks();
	if (*sed_at == '\\') {
		const char *at = sed_at + 1;

		while (*at == ' ' || *at == '\t')
			at++;
		/* Blanks behind the backslash of one line are text. */
		sed_at = *at == '\n' ? at + 1 : sed_at + 1;
	}
	if (*sed_at == '\0')
		sed_wrong("a text is missing");
	end = sed_at + strlen(sed_at);
	while (*sed_at != '\0' && *sed_at != '\n') {
		char byte = *sed_at++;

		if (byte == '\\' && sed_at == end)
			break;
		if (byte == '\\')
			byte = sed_escaped(&sed_at, end);
		sed_put(&text, &byte, 1);
	}
	sed_put(&text, "\n", 1);
	sed_at += *sed_at == '\n';
	c->text = text.text;
	c->size = text.size;
}

/* To the end of the line, or of a label: also to a semicolon. */
static void
sed_parse_word(struct sed_command *c, const char *ends)
{
	size_t size;

	sed_skip_blanks();
	size = strcspn(sed_at, ends);
	c->text = util_alloc(size + 1);
	memcpy(c->text, sed_at, size);
	c->text[size] = '\0';
	c->size = size;
	sed_at += size;
}

static void
sed_parse_label(struct sed_command *c)
{
	sed_parse_word(c, c->name == ':' ? "\n;" : "\n; }");
	if (c->name == ':' && c->size == 0)
		sed_wrong("a label's name is missing");
	sed_parse_end_of_command();
}

void
sed_parse_file(struct sed_command *c)
{
	sed_parse_word(c, "\n");
	if (c->size == 0)
		sed_wrong("a file's name is missing");
	if (c->name == 'w')
		c->output = sed_open(c->text);
	sed_at += *sed_at == '\n';
}

static void
sed_parse_status(struct sed_command *c)
{
	sed_skip_blanks();
	c->number = isdigit((unsigned char)*sed_at) ? (int)sed_number() : -1;
}

/* ---- commands ---- */

static const struct sed_row {
	const char *names;
	void (*parse)(struct sed_command *c);
	bool ends; /* its end is to be looked at still */
} sed_rows[] = {
	{"=dDgGhHnNpPxzF", sed_parse_nothing, true},
	{"aic", sed_parse_text, false},
	{"{}", sed_parse_nothing, false},
	{":btT", sed_parse_label, false},
	{"rw", sed_parse_file, false},
	{"qQl", sed_parse_status, true},
	{"s", sed_parse_change, false},
	{"y", sed_parse_map, false},
};

static void
sed_parse_command(struct sed_command *c)
{
	size_t i;

	*c = (struct sed_command){.number = -1};
	sed_parse_addresses(c);
	c->name = *sed_at;
	for (i = 0; i < sizeof sed_rows / sizeof *sed_rows; i++)
		if (c->name != '\0' &&
		    strchr(sed_rows[i].names, c->name) != NULL)
			break;
	if (i == sizeof sed_rows / sizeof *sed_rows)
		sed_wrong("no such command");
	if (strchr(":}", c->name) != NULL && c->from.kind != SED_NONE)
		sed_wrong("an address does not go with this");
	sed_at++;
	sed_rows[i].parse(c);
	if (sed_rows[i].ends)
		sed_parse_end_of_command();
}

void
sed_parse(const char *script)
{
	if (script[0] == '#' && script[1] == 'n' &&
	    (script[2] == '\n' || script[2] == '\0') && sed_count == 0)
		sed_quiet = true;
	for (sed_at = script;;) {
		sed_at += strspn(sed_at, " \t\n;");
		if (*sed_at == '#') {
			sed_at += strcspn(sed_at, "\n");
			continue;
		}
		if (*sed_at == '\0')
			break;
		sed_commands = util_grow(
			sed_commands, (sed_count + 1) * sizeof *sed_commands);
		sed_parse_command(&sed_commands[sed_count++]);
	}
}

static size_t
sed_label(const char *name)
{
	size_t i;

	for (i = 0; i < sed_count; i++)
		if (sed_commands[i].name == ':' &&
		    strcmp(sed_commands[i].text, name) == 0)
			return i;
	util_die("%s: there is no such label", name);
}

void
sed_parse_end(void)
{
	size_t *open = util_alloc(sed_count * sizeof *open), depth = 0, i;

	for (i = 0; i < sed_count; i++) {
		struct sed_command *c = &sed_commands[i];

		if (c->name == '{') {
			open[depth++] = i;
		} else if (c->name == '}') {
			if (depth == 0)
				util_die("a { is missing");
			sed_commands[open[--depth]].target = i;
		} else if (strchr("btT", c->name) != NULL) {
			c->target =
				c->size > 0 ? sed_label(c->text) : sed_count;
		}
	}
	if (depth > 0)
		util_die("a } is missing");
	free(open);
}
