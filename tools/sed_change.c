/*
 * What stands behind the commands s and y of sed.
 */
#include "sed_parse.h"
#include "util.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

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

void
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

void
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
