/*
 * A script of sed becomes commands.
 *
 * What stands behind a command's name is read by the row of sed_rows for it.
 * Braces and labels are joined at the end, when all scripts are known.
 */
#include "sed.h"
#include "escape.h"
#include "util.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct sed_command *sed_commands;
size_t sed_count;
unsigned sed_flags;

static const char *sed_at;

static _Noreturn void
sed_wrong(const char *what)
{
	util_die("%s at: %.20s", what, *sed_at != '\0' ? sed_at : "the end");
}

/* The byte that a backslash and what stands at *at mean in a text: an escape's,
 * or the next one itself. */
static char
sed_escaped(const char **at, const char *end)
{
	int byte = escape_byte(at, end);

	return byte >= 0 ? (char)byte : *(*at)++;
}

static void
sed_skip_blanks(void)
{
	while (*sed_at == ' ' || *sed_at == '\t')
		sed_at++;
}

/* ---- addresses ---- */

/* Text up to the delimiter, which is sed_at[-1].  \ and the delimiter are the
 * delimiter; in a bracket expression it is nothing special. */
static struct sed_buffer
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

/* NULL: an empty one is the one that was used last. */
static struct pattern *
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

static unsigned long long
sed_number(void)
{
	unsigned long long number = 0;

	for (; isdigit((unsigned char)*sed_at); sed_at++)
		number = number * 10 + (unsigned long long)(*sed_at - '0');
	return number;
}

static struct sed_address
sed_parse_pattern(void)
{
	struct sed_address a = {.kind = SED_PATTERN};
	struct sed_buffer text;
	bool fold;

	if (*sed_at == '\\')
		sed_at++;
	sed_at++;
	text = sed_delimited(sed_at[-1], true);
	fold = *sed_at == 'I';
	sed_at += fold;
	a.pattern = sed_compile(&text, fold);
	free(text.text);
	return a;
}

static struct sed_address
sed_parse_address(bool second)
{
	struct sed_address a = {0};

	sed_skip_blanks();
	if (isdigit((unsigned char)*sed_at)) {
		a.kind = SED_LINE;
		a.number = sed_number();
		if (*sed_at == '~') {
			sed_at++;
			a.kind = SED_STEP;
			a.step = sed_number();
		}
	} else if (*sed_at == '$') {
		sed_at++;
		a.kind = SED_LAST;
	} else if (*sed_at == '/' || *sed_at == '\\') {
		a = sed_parse_pattern();
	} else if (second && (*sed_at == '+' || *sed_at == '~')) {
		a.kind = *sed_at++ == '+' ? SED_MORE : SED_MULTIPLE;
		a.number = sed_number();
	} else if (second) {
		sed_wrong("an address is missing");
	}
	return a;
}

static void
sed_parse_addresses(struct sed_command *c)
{
	c->from = sed_parse_address(false);
	sed_skip_blanks();
	if (c->from.kind != SED_NONE && *sed_at == ',') {
		sed_at++;
		c->to = sed_parse_address(true);
		sed_skip_blanks();
	}
	if (c->from.kind == SED_LINE && c->from.number == 0) {
		if (c->to.kind != SED_PATTERN)
			sed_wrong("line 0 goes with a pattern only");
		c->active = true;
	}
	for (; *sed_at == '!' || *sed_at == ' '; sed_at++)
		c->not |= *sed_at == '!';
}

/* ---- what stands behind the names ---- */

static void
sed_parse_nothing(struct sed_command *c)
{
	(void)c;
}

/* A } or # may follow anything that takes no text. */
static void
sed_parse_end_of_command(void)
{
	sed_skip_blanks();
	if (*sed_at == ';' || *sed_at == '\n')
		sed_at++;
	else if (*sed_at != '\0' && *sed_at != '}' && *sed_at != '#')
		sed_wrong("more than a command");
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

static void
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

static void
sed_add_part(struct sed_change *change, struct sed_buffer *text, int group,
	     char fold)
{
	change->parts = util_grow(change->parts,
				  (change->count + 1) * sizeof *change->parts);
	change->parts[change->count++] = (struct sed_part){.text = text->text,
							   .size = text->size,
							   .group = group,
							   .fold = fold};
	*text = (struct sed_buffer){0};
}

static void
sed_parse_replacement(struct sed_change *change, const struct sed_buffer *from)
{
	struct sed_buffer text = {0};
	const char *at = from->text, *end = at + from->size;
	char fold = '\0';

	while (at < end) {
		char c = *at++;
		bool escaped = c == '\\' && at < end;

		if (escaped ? isdigit((unsigned char)*at) : c == '&') {
			sed_add_part(change, &text, escaped ? *at++ - '0' : 0,
				     fold);
			fold = '\0';
		} else if (escaped && strchr("ULulE", *at) != NULL) {
			sed_add_part(change, &text, -1, fold);
			fold = *at++;
		} else {
			if (escaped)
				c = sed_escaped(&at, end);
			sed_put(&text, &c, 1);
		}
	}
	sed_add_part(change, &text, -1, fold);
}

static void
sed_check_groups(const struct sed_change *change)
{
	size_t i;

	for (i = 0; i < change->count; i++)
		if (change->pattern != NULL && change->parts[i].group > 0 &&
		    (size_t)change->parts[i].group > change->pattern->groups)
			util_die("\\%d: the pattern has no such group",
				 change->parts[i].group);
}

/* The flags of s; true: the pattern folds. */
static bool
sed_parse_flags(struct sed_command *c)
{
	bool fold = false;

	for (;; sed_at++) {
		if (*sed_at == 'g')
			c->change->all = true;
		else if (*sed_at == 'p')
			c->change->print = true;
		else if (*sed_at == 'i' || *sed_at == 'I')
			fold = true;
		else if (isdigit((unsigned char)*sed_at)) {
			c->change->which = sed_number();
			sed_at--;
			if (c->change->which == 0)
				sed_wrong("a match 0");
		} else
			break;
	}
	if (*sed_at == 'w') {
		sed_at++;
		c->name = 'w';
		sed_parse_file(c);
		c->name = 's';
	} else {
		sed_parse_end_of_command();
	}
	return fold;
}

static void
sed_parse_change(struct sed_command *c)
{
	struct sed_buffer pattern, replacement;
	char delimiter = *sed_at;

	if (delimiter == '\0' || delimiter == '\n' || delimiter == '\\')
		sed_wrong("a delimiter is missing");
	sed_at++;
	pattern = sed_delimited(delimiter, true);
	replacement = sed_delimited(delimiter, false);
	c->change = util_alloc(sizeof *c->change);
	*c->change = (struct sed_change){.which = 1};
	sed_parse_replacement(c->change, &replacement);
	c->change->pattern = sed_compile(&pattern, sed_parse_flags(c));
	sed_check_groups(c->change);
	free(pattern.text);
	free(replacement.text);
}

/* The bytes of a side of y. */
static size_t
sed_unescape(struct sed_buffer *text)
{
	const char *at = text->text, *end = at + text->size;
	size_t size = 0;

	while (at < end) {
		char c = *at++;

		if (c == '\\' && at < end)
			c = sed_escaped(&at, end);
		text->text[size++] = c;
	}
	return size;
}

static void
sed_parse_map(struct sed_command *c)
{
	struct sed_buffer from, to;
	char delimiter = *sed_at;
	size_t count, i;

	if (delimiter == '\0' || delimiter == '\n' || delimiter == '\\')
		sed_wrong("a delimiter is missing");
	sed_at++;
	from = sed_delimited(delimiter, false);
	to = sed_delimited(delimiter, false);
	count = sed_unescape(&from);
	if (count != sed_unescape(&to))
		sed_wrong("y with sides that are not equally long");
	c->map = util_alloc(256);
	for (i = 0; i < 256; i++)
		c->map[i] = (unsigned char)i;
	for (i = 0; i < count; i++)
		c->map[(unsigned char)from.text[i]] = (unsigned char)to.text[i];
	free(from.text);
	free(to.text);
	sed_parse_end_of_command();
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
