/*
 * sed's script: see sed.h.  Pieces are joined by newlines and read once, when
 * all are there; so a text or a block may go from one to the next.
 */
#include "sed.h"
#include "text.h"
#include "util.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct sed_command *sed_script;
size_t sed_count;
bool sed_extended;

static char *script;
static size_t script_size;
static char *at;

static struct sed_file *files[64];
static size_t file_count;

void
sed_add(const char *text)
{
	size_t length = strlen(text);

	script = util_grow(script, script_size + length + 2);
	memcpy(script + script_size, text, length);
	script_size += length;
	script[script_size++] = '\n';
	script[script_size] = '\0';
}

void
sed_add_file(const char *name)
{
	struct text t;

	if (!text_open(&t, name))
		exit(1);
	while (text_line(&t))
		sed_add(t.line);
	text_close(&t);
}

static _Noreturn void
bad(const char *why)
{
	char *begin = at;

	while (begin > script && begin[-1] != '\n')
		begin--;
	util_die("%s: %.*s", why, (int)strcspn(begin, "\n"), begin);
}

static void
blanks(void)
{
	while (*at == ' ' || *at == '\t')
		at++;
}

/* Up to the delimiter, which is taken; `\` and the delimiter is it alone. */
static char *
delimited(char delimiter, bool expression)
{
	char *text = util_alloc(strlen(at) + 1);
	size_t used = 0;
	bool set = false;

	for (; *at != delimiter || set; at++) {
		if (*at == '\0' || (*at == '\n' && expression))
			bad("no end");
		if (*at == '[' && expression && !set)
			set = true, text[used++] = *at,
			at[1] == '^' ? (void)(text[used++] = *++at) : (void)0,
			at[1] == ']' ? (void)(text[used++] = *++at) : (void)0;
		else if (*at == ']' && set)
			set = false, text[used++] = *at;
		else if (*at == '\\' && at[1] == delimiter && !set)
			text[used++] = *++at;
		else if (*at == '\\' && at[1] == 'n' && expression && !set)
			text[used++] = '\n', at++;
		else if (*at == '\\' && at[1] != '\0' && !set)
			text[used++] = *at++, text[used++] = *at;
		else
			text[used++] = *at;
	}
	at++;
	text[used] = '\0';
	return text;
}

/* NULL for the empty one: that used last. */
static regex_t *
expression_of(const char *text, bool fold)
{
	regex_t *e;
	char why[128];
	int error;

	if (*text == '\0')
		return NULL;
	e = util_alloc(sizeof *e);
	error = regcomp(e, text,
			(sed_extended ? REG_EXTENDED : 0) |
				(fold ? REG_ICASE : 0));
	if (error != 0) {
		regerror(error, e, why, sizeof why);
		bad(why);
	}
	return e;
}

static size_t
number(void)
{
	return strtoul(at, &at, 10);
}

/* false: there is none. */
static bool
address(struct sed_address *a, bool second)
{
	char *text;

	if (isdigit((unsigned char)*at)) {
		a->where = SED_LINE;
		a->line = number();
		if (*at == '~') {
			at++;
			a->where = SED_STEP;
			a->step = number();
		}
	} else if (*at == '$') {
		at++;
		a->where = SED_LAST;
	} else if (second && *at == '+') {
		at++;
		a->where = SED_MORE;
		a->line = number();
	} else if (*at == '/' || *at == '\\') {
		bool fold = false;

		if (*at == '\\')
			at++;
		a->where = SED_MATCH;
		text = delimited(*at++, true);
		if (*at == 'I')
			fold = true, at++;
		a->expression = expression_of(text, fold);
	} else {
		return false;
	}
	return true;
}

static char *
word_to(const char *ends)
{
	size_t length = strcspn(at, ends);
	char *word = util_alloc(length + 1);

	memcpy(word, at, length);
	while (length > 0 &&
	       (word[length - 1] == ' ' || word[length - 1] == '\t'))
		length--;
	word[length] = '\0';
	at += strcspn(at, ends);
	return word;
}

static struct sed_file *
file_of(char *name)
{
	size_t i;

	if (*name == '\0')
		bad("no file");
	for (i = 0; i < file_count; i++)
		if (strcmp(files[i]->name, name) == 0)
			return files[i];
	if (file_count == sizeof files / sizeof *files)
		bad("too many files");
	files[file_count] = util_alloc(sizeof **files);
	files[file_count]->name = name;
	files[file_count]->file =
		strcmp(name, "/dev/stdout") == 0 ? stdout : fopen(name, "w");
	if (files[file_count]->file == NULL)
		util_die_of(name);
	return files[file_count++];
}

/* a, i, c: `\`, newline, lines that end with `\` but the last; or the rest of
 * the line. */
static char *
lines(void)
{
	char *text = util_alloc(strlen(at) + 2);
	size_t used = 0;

	blanks();
	if (*at == '\\') {
		at++;
		blanks();
		if (*at == '\n')
			at++;
	}
	if (*at == '\0')
		bad("no text");
	for (; *at != '\0' && *at != '\n'; at++) {
		if (*at == '\\' && at[1] != '\0')
			at++;
		text[used++] = *at;
	}
	text[used++] = '\n';
	text[used] = '\0';
	return text;
}

static void
substitute(struct sed_command *c)
{
	char delimiter = *at++;
	char *text;
	bool fold = false;

	if (delimiter == '\n' || delimiter == '\\' || delimiter == '\0')
		bad("no delimiter");
	text = delimited(delimiter, true);
	c->by = delimited(delimiter, false);
	c->which = 1;
	for (;; at++) {
		if (*at == 'g')
			c->all = true;
		else if (*at == 'p')
			c->print = true;
		else if (*at == 'i' || *at == 'I')
			fold = true;
		else if (isdigit((unsigned char)*at) && *at != '0')
			c->which = (unsigned)number(), at--;
		else
			break;
	}
	if (*at == 'w') {
		at++;
		blanks();
		c->file = file_of(word_to("\n"));
	}
	c->expression = expression_of(text, fold);
}

static char *
set_of(char delimiter)
{
	char *text = delimited(delimiter, false), *from = text, *to = text;

	for (; *from != '\0'; from++) {
		if (*from == '\\' && from[1] == 'n')
			*to++ = '\n', from++;
		else if (*from == '\\' && from[1] == '\\')
			*to++ = *from++;
		else
			*to++ = *from;
	}
	*to = '\0';
	return text;
}

static void
translate(struct sed_command *c)
{
	char delimiter = *at++;

	c->set = set_of(delimiter);
	c->by = set_of(delimiter);
	if (strlen(c->set) != strlen(c->by))
		bad("y: the sets differ in length");
}

static void
arguments(struct sed_command *c)
{
	switch (c->name) {
	case 'a':
	case 'i':
	case 'c':
		c->text = lines();
		break;
	case 'b':
	case 't':
	case 'T':
	case ':':
		blanks();
		c->text = word_to(c->name == ':' ? "\n" : ";\n}");
		break;
	case 'r':
		blanks();
		c->text = word_to("\n");
		break;
	case 'w':
		blanks();
		c->file = file_of(word_to("\n"));
		break;
	case 's':
		substitute(c);
		break;
	case 'y':
		translate(c);
		break;
	case 'q':
	case 'Q':
		blanks();
		c->status = (int)number();
		break;
	default:
		break;
	}
}

static struct sed_command *
new_command(void)
{
	if (sed_count % 64 == 0)
		sed_script = util_grow(sed_script,
				       (sed_count + 64) * sizeof *sed_script);
	memset(&sed_script[sed_count], 0, sizeof *sed_script);
	return &sed_script[sed_count++];
}

static void
skip(void)
{
	while (isspace((unsigned char)*at) || *at == ';')
		at++;
	if (*at == '#')
		at += strcspn(at, "\n");
}

static void
one_command(void)
{
	struct sed_command *c = new_command();

	if (address(&c->from, false)) {
		blanks();
		if (*at == ',') {
			at++;
			blanks();
			if (!address(&c->to, true))
				bad("no second address");
		}
	}
	for (blanks(); *at == '!'; at++, blanks())
		c->invert = true;
	c->name = *at++;
	if (c->name == '\0' ||
	    strchr("{}=abcdDgGhHilnNpPqQrstTwxy:", c->name) == NULL)
		at--, bad("no such command");
	if ((c->name == '}' || c->name == ':') && c->from.where != SED_NONE)
		bad("it takes no address");
	arguments(c);
	blanks();
	if (*at == '}' && c->name != '{' && c->name != '}')
		return;
	if (*at != '\0' && *at != '\n' && *at != ';' && *at != '#' &&
	    c->name != '{' && c->name != '}')
		bad("a word too many");
}

static void
join_blocks(void)
{
	size_t open[256], depth = 0, i;

	for (i = 0; i < sed_count; i++) {
		if (sed_script[i].name == '{') {
			if (depth == 256)
				util_die("too many blocks");
			open[depth++] = i;
		} else if (sed_script[i].name == '}') {
			if (depth == 0)
				util_die("} without {");
			sed_script[open[--depth]].target = i;
		}
	}
	if (depth > 0)
		util_die("{ without }");
}

static void
join_labels(void)
{
	size_t i, j;

	for (i = 0; i < sed_count; i++) {
		struct sed_command *c = &sed_script[i];

		if (c->name != 'b' && c->name != 't' && c->name != 'T')
			continue;
		c->target = sed_count;
		for (j = 0; *c->text != '\0' && j < sed_count; j++)
			if (sed_script[j].name == ':' &&
			    strcmp(sed_script[j].text, c->text) == 0)
				c->target = j;
		if (*c->text != '\0' && c->target == sed_count)
			util_die("no such label: %s", c->text);
	}
}

void
sed_ready(void)
{
	at = script;
	for (skip(); *at != '\0'; skip())
		if (*at != '#')
			one_command();
	join_blocks();
	join_labels();
}
