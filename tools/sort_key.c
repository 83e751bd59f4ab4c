/*
 * How sort orders two lines: see sort.h.
 */
#include "sort.h"
#include "util.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct part {
	const char *at, *end;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* ---- keys ---- */

bool
sort_add_option(struct sort_options *options, int letter)
{
	bool *flags[] = {&options->blanks, &options->dictionary,
			 &options->fold,   &options->printable,
			 &options->number, &options->reverse};
	const char *at = letter ? strchr("bdfinr", letter) : NULL;

	if (at == NULL)
		return false;
	*flags[at - "bdfinr"] = true;
	options->any = true;
	return true;
}

/* A number; *text goes behind it. */
static size_t
key_number(const char **text, const char *whole)
{
	char *end;
	unsigned long value = strtoul(*text, &end, 10);

	if (!isdigit((unsigned char)**text))
		util_die("-k wants F[.C][OPTIONS], not '%s'", whole);
	*text = end;
	return value;
}

static void
key_place(struct sort_place *place, struct sort_options *options,
	  const char **text, const char *whole)
{
	place->field = key_number(text, whole);
	if (**text == '.') {
		++*text;
		place->character = key_number(text, whole);
	}
	if (place->field == 0)
		util_die("-k: fields count from 1: '%s'", whole);
	for (; **text != '\0' && **text != ','; ++*text) {
		if (!sort_add_option(options, **text))
			util_die("-k wants F[.C][OPTIONS], not '%s'", whole);
		place->blanks |= **text == 'b';
	}
}

void
sort_add_key(struct sort_plan *plan, const char *text)
{
	struct sort_key key = {0};
	const char *at = text;

	key_place(&key.from, &key.options, &at, text);
	if (key.from.character == 0)
		key.from.character = 1;
	if (*at == ',') {
		at++;
		key_place(&key.to, &key.options, &at, text);
	}
	plan->keys = util_grow(plan->keys, (plan->count + 1) * sizeof key);
	plan->keys[plan->count++] = key;
}

void
sort_ready(struct sort_plan *plan)
{
	size_t i;

	if (plan->count == 0) {
		plan->keys = util_alloc(sizeof *plan->keys);
		plan->keys[plan->count++] =
			(struct sort_key){.from = {.field = 1, .character = 1}};
	}
	for (i = 0; i < plan->count; i++) {
		struct sort_key *key = &plan->keys[i];

		if (key->options.any)
			continue;
		key->options = plan->rest;
		key->from.blanks = key->to.blanks = plan->rest.blanks;
	}
}

/* ---- parts of a line ---- */

/* The end of the field that begins at `at`. */
static const char *
field_end(const struct sort_plan *plan, const char *at, const char *end)
{
	if (plan->tab >= 0) {
		const char *tab = memchr(at, plan->tab, (size_t)(end - at));

		return tab == NULL ? end : tab;
	}
	while (at < end && is_blank(*at))
		at++;
	while (at < end && !is_blank(*at))
		at++;
	return at;
}

/* Where the field with this number begins; the line's end if it has none. */
static const char *
field_begin(const struct sort_plan *plan, const struct sort_line *line,
	    size_t number)
{
	const char *at = line->text, *end = line->text + line->length;

	while (--number > 0 && at < end) {
		at = field_end(plan, at, end);
		if (plan->tab >= 0 && at < end)
			at++;
	}
	return at;
}

static const char *
skip_blanks(const char *at, const char *end)
{
	while (at < end && is_blank(*at))
		at++;
	return at;
}

static const char *
step(const char *at, size_t n, const char *end)
{
	return n > (size_t)(end - at) ? end : at + n;
}

static struct part
key_part(const struct sort_plan *plan, const struct sort_key *key,
	 const struct sort_line *line)
{
	const char *end = line->text + line->length;
	struct part part = {field_begin(plan, line, key->from.field), end};

	if (key->from.blanks)
		part.at = skip_blanks(part.at, end);
	part.at = step(part.at, key->from.character - 1, end);
	if (key->to.field == 0)
		return part;
	part.end = field_begin(plan, line, key->to.field);
	if (key->to.character == 0) {
		part.end = field_end(plan, part.end, end);
	} else {
		if (key->to.blanks)
			part.end = skip_blanks(part.end, end);
		part.end = step(part.end, key->to.character, end);
	}
	if (part.end < part.at)
		part.end = part.at;
	return part;
}

/* ---- comparing ---- */

struct number {
	bool negative;
	struct part whole, fraction; /* without outer zeroes */
};

static struct number
number_of(struct part p)
{
	struct number n = {0};

	p.at = skip_blanks(p.at, p.end);
	if (p.at < p.end && *p.at == '-') {
		n.negative = true;
		p.at++;
	}
	while (p.at < p.end && *p.at == '0')
		p.at++;
	n.whole.at = p.at;
	while (p.at < p.end && isdigit((unsigned char)*p.at))
		p.at++;
	n.whole.end = p.at;
	n.fraction.at = n.fraction.end = p.at;
	if (p.at < p.end && *p.at == '.') {
		n.fraction.at = ++p.at;
		while (p.at < p.end && isdigit((unsigned char)*p.at))
			p.at++;
		while (p.at > n.fraction.at && p.at[-1] == '0')
			p.at--;
		n.fraction.end = p.at;
	}
	return n;
}

static size_t
size_of(struct part p)
{
	return (size_t)(p.end - p.at);
}

static int
compare_bytes(struct part a, struct part b)
{
	size_t n = size_of(a) < size_of(b) ? size_of(a) : size_of(b);
	int order = memcmp(a.at, b.at, n);

	if (order != 0 || size_of(a) == size_of(b))
		return order;
	return size_of(a) < size_of(b) ? -1 : 1;
}

static int
compare_numbers(struct part p, struct part q)
{
	struct number a = number_of(p), b = number_of(q);
	bool a_zero = size_of(a.whole) + size_of(a.fraction) == 0;
	bool b_zero = size_of(b.whole) + size_of(b.fraction) == 0;
	int order;

	a.negative &= !a_zero;
	b.negative &= !b_zero;
	if (a.negative != b.negative)
		return a.negative ? -1 : 1;
	if (size_of(a.whole) != size_of(b.whole))
		order = size_of(a.whole) < size_of(b.whole) ? -1 : 1;
	else
		order = compare_bytes(a.whole, b.whole);
	if (order == 0)
		order = compare_bytes(a.fraction, b.fraction);
	return a.negative ? -order : order;
}

static bool
counts(const struct sort_options *o, char c)
{
	unsigned char byte = (unsigned char)c;

	if (o->dictionary && !is_blank(c) && !isalnum(byte))
		return false;
	return !o->printable || isprint(byte);
}

static int
compare_texts(const struct sort_options *o, struct part a, struct part b)
{
	for (;;) {
		unsigned char x, y;

		while (a.at < a.end && !counts(o, *a.at))
			a.at++;
		while (b.at < b.end && !counts(o, *b.at))
			b.at++;
		if (a.at == a.end || b.at == b.end)
			return (a.at < a.end) - (b.at < b.end);
		x = (unsigned char)*a.at++;
		y = (unsigned char)*b.at++;
		if (o->fold) {
			x = (unsigned char)toupper(x);
			y = (unsigned char)toupper(y);
		}
		if (x != y)
			return x < y ? -1 : 1;
	}
}

static int
compare_key(const struct sort_plan *plan, const struct sort_key *key,
	    const struct sort_line *a, const struct sort_line *b)
{
	struct part p = key_part(plan, key, a), q = key_part(plan, key, b);
	const struct sort_options *o = &key->options;
	int order;

	if (o->number)
		order = compare_numbers(p, q);
	else if (o->dictionary || o->fold || o->printable)
		order = compare_texts(o, p, q);
	else
		order = compare_bytes(p, q);
	return o->reverse ? -order : order;
}

int
sort_keys(const struct sort_plan *plan, const struct sort_line *a,
	  const struct sort_line *b)
{
	int order = 0;
	size_t i;

	for (i = 0; i < plan->count && order == 0; i++)
		order = compare_key(plan, &plan->keys[i], a, b);
	return order;
}

int
sort_compare(const struct sort_plan *plan, const struct sort_line *a,
	     const struct sort_line *b)
{
	struct part p = {a->text, a->text + a->length};
	struct part q = {b->text, b->text + b->length};
	int order = sort_keys(plan, a, b);

	if (order != 0 || plan->stable)
		return order;
	order = compare_bytes(p, q);
	return plan->rest.reverse ? -order : order;
}
