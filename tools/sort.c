/*
 * sort [OPTION]... [FILE]...: sorts lines.
 *
 * All lines are read, then merged in memory, so that equal ones stay in their
 * order.  What is compared are keys: parts of the line, each with its own way;
 * lines whose keys are all equal are compared as a whole, unless -s or -u.
 */
#include "text.h"
#include "util.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char sort_usage[] =
	"usage: sort [-bdfimnrsuz] [-cC] [-t C] [-k KEY]... [-o FILE]\n"
	"\t[FILE]...\n"
	"Sorts the lines of all files.\n"
	"  -n       by the number that they begin with\n"
	"  -f       capital and small letters are the same\n"
	"  -d, -i   by blanks, letters and digits only, by what can be "
	"printed\n"
	"  -b       blanks before a key do not count\n"
	"  -r       backwards\n"
	"  -k KEY   by F[.C][bdfinr][,F[.C][bdfinr]]: from field F, character\n"
	"           C to the end of the second; may be repeated\n"
	"  -t C     C ends a field; else blanks begin one\n"
	"  -s       lines with equal keys stay in their order\n"
	"  -u       of lines with equal keys the first only\n"
	"  -z       NUL ends a line\n"
	"  -m       accepted: what is sorted is sorted again\n"
	"  -c, -C   says, without a word: status 1 if they are not sorted\n"
	"  -o FILE  writes there, also if it is one of the files\n";

enum sort_how {
	SORT_NUMBER = 1,
	SORT_FOLD = 2,
	SORT_WORDS = 4,
	SORT_PRINT = 8,
	SORT_REVERSE = 16,
	SORT_BLANK_BEGIN = 32,
	SORT_BLANK_END = 64,
};

struct sort_place {
	size_t field, character; /* from 0; character 0 of an end: all of it */
};

struct sort_key {
	struct sort_place begin, end;
	unsigned how;
};

struct sort_line {
	char *text;
	size_t length;
};

struct sort_part {
	const char *at, *end;
};

static struct sort_key *sort_keys;
static size_t sort_key_count, sort_count, sort_room;
static struct sort_line *sort_lines;
static unsigned sort_how;
static int sort_separator = -1, sort_end = '\n';
static bool sort_stable, sort_unique;

/* ---- keys ---- */

static const char *
sort_skip_blanks(const char *at, const char *end)
{
	while (at < end && (isblank((unsigned char)*at) || *at == '\n'))
		at++;
	return at;
}

/* Behind a field, in front of what separates it from the next. */
static const char *
sort_skip_field(const char *at, const char *end)
{
	const char *stop;

	if (sort_separator >= 0) {
		stop = memchr(at, sort_separator, (size_t)(end - at));
		return stop != NULL ? stop : end;
	}
	at = sort_skip_blanks(at, end);
	while (at < end && !isblank((unsigned char)*at) && *at != '\n')
		at++;
	return at;
}

static const char *
sort_find(const struct sort_line *line, const struct sort_place *place,
	  bool skips)
{
	const char *at = line->text, *end = at + line->length;
	size_t i;

	for (i = 0; i < place->field && at < end; i++) {
		at = sort_skip_field(at, end);
		if (sort_separator >= 0 && at < end)
			at++;
	}
	if (skips)
		at = sort_skip_blanks(at, end);
	return (size_t)(end - at) < place->character ? end
						     : at + place->character;
}

static struct sort_part
sort_part(const struct sort_line *line, const struct sort_key *key)
{
	struct sort_place last = key->end;
	struct sort_part part;

	part.at = sort_find(line, &key->begin, key->how & SORT_BLANK_BEGIN);
	part.end = line->text + line->length;
	if (last.field != SIZE_MAX && last.character > 0) {
		part.end = sort_find(line, &last, key->how & SORT_BLANK_END);
	} else if (last.field != SIZE_MAX) {
		last.character = 0;
		part.end = sort_skip_field(sort_find(line, &last, false),
					   part.end);
	}
	if (part.end < part.at)
		part.end = part.at;
	return part;
}

/* ---- comparing ---- */

struct sort_number {
	const char *whole, *point, *end; /* the digits; point: behind them */
	bool negative;
};

static struct sort_number
sort_number(struct sort_part part)
{
	struct sort_number n;
	const char *at = sort_skip_blanks(part.at, part.end);
	bool zero;

	n.negative = at < part.end && *at == '-';
	at += n.negative;
	while (at < part.end && *at == '0')
		at++;
	n.whole = at;
	while (at < part.end && isdigit((unsigned char)*at))
		at++;
	n.point = n.end = at;
	zero = at == n.whole;
	if (at < part.end && *at == '.') {
		for (at++; at < part.end && isdigit((unsigned char)*at); at++)
			zero &= *at == '0';
		n.end = at;
	}
	n.negative &= !zero;
	return n;
}

/* Digits behind the point; missing ones are 0. */
static int
sort_compare_fractions(const struct sort_number *a, const struct sort_number *b)
{
	const char *x = a->point + 1, *y = b->point + 1;
	int c, d;

	while (x < a->end || y < b->end) {
		c = x < a->end ? *x++ : '0';
		d = y < b->end ? *y++ : '0';
		if (c != d)
			return c - d;
	}
	return 0;
}

static int
sort_compare_numbers(struct sort_part a, struct sort_part b)
{
	struct sort_number x = sort_number(a), y = sort_number(b);
	ptrdiff_t more = (x.point - x.whole) - (y.point - y.whole);
	int order;

	if (x.negative != y.negative)
		return x.negative ? -1 : 1;
	order = more != 0
			? (more > 0 ? 1 : -1)
			: memcmp(x.whole, y.whole, (size_t)(x.point - x.whole));
	if (order == 0)
		order = sort_compare_fractions(&x, &y);
	return x.negative ? -order : order;
}

static bool
sort_ignores(unsigned how, unsigned char c)
{
	return (how & SORT_WORDS && !isalnum(c) && !isblank(c)) ||
	       (how & SORT_PRINT && !isprint(c));
}

/* The next byte that counts, or -1. */
static int
sort_next(struct sort_part *part, unsigned how)
{
	while (part->at < part->end) {
		unsigned char c = (unsigned char)*part->at++;

		if (!sort_ignores(how, c))
			return how & SORT_FOLD ? toupper(c) : c;
	}
	return -1;
}

static int
sort_compare_bytes(struct sort_part a, struct sort_part b)
{
	size_t a_size = (size_t)(a.end - a.at), b_size = (size_t)(b.end - b.at);
	int order = memcmp(a.at, b.at, a_size < b_size ? a_size : b_size);

	return order != 0 ? order : (a_size > b_size) - (a_size < b_size);
}

static int
sort_compare_parts(struct sort_part a, struct sort_part b, unsigned how)
{
	int c, d;

	if (how & SORT_NUMBER)
		return sort_compare_numbers(a, b);
	if (!(how & (SORT_FOLD | SORT_WORDS | SORT_PRINT)))
		return sort_compare_bytes(a, b);
	do {
		c = sort_next(&a, how);
		d = sort_next(&b, how);
	} while (c == d && c >= 0);
	return c - d;
}

static int
sort_compare(const struct sort_line *a, const struct sort_line *b)
{
	struct sort_part x = {a->text, a->text + a->length};
	struct sort_part y = {b->text, b->text + b->length};
	int order = 0;
	size_t i;

	for (i = 0; i < sort_key_count; i++) {
		const struct sort_key *key = &sort_keys[i];

		order = sort_compare_parts(sort_part(a, key), sort_part(b, key),
					   key->how);
		if (order != 0)
			return key->how & SORT_REVERSE ? -order : order;
	}
	if (sort_stable || sort_unique)
		return 0;
	order = sort_compare_bytes(x, y);
	return sort_how & SORT_REVERSE ? -order : order;
}

/* Sorts by merging; `spare` has as much room. */
static void
sort_merge(struct sort_line *lines, struct sort_line *spare, size_t count)
{
	size_t half = count / 2, left = 0, right = half, at;

	if (count < 2)
		return;
	sort_merge(lines, spare, half);
	sort_merge(lines + half, spare, count - half);
	if (sort_compare(&lines[half - 1], &lines[half]) <= 0)
		return;
	memcpy(spare, lines, half * sizeof *lines);
	for (at = 0; left < half && right < count; at++)
		lines[at] = sort_compare(&spare[left], &lines[right]) <= 0
				    ? spare[left++]
				    : lines[right++];
	memcpy(lines + at, spare + left, (half - left) * sizeof *lines);
}

/* ---- options ---- */

static unsigned
sort_letter(int c)
{
	static const struct {
		char letter;
		unsigned how;
	} letters[] = {
		{'n', SORT_NUMBER},  {'f', SORT_FOLD},
		{'d', SORT_WORDS},   {'i', SORT_PRINT},
		{'r', SORT_REVERSE}, {'b', SORT_BLANK_BEGIN | SORT_BLANK_END},
	};
	size_t i;

	for (i = 0; i < sizeof letters / sizeof *letters; i++)
		if (letters[i].letter == c)
			return letters[i].how;
	return 0;
}

/* F[.C] and letters; 0 is no field. */
static char *
sort_parse_place(char *at, struct sort_place *place, unsigned *how,
		 unsigned blank)
{
	const char *begin = at;
	unsigned letter;

	place->field = strtoul(at, &at, 10);
	place->character = 0;
	if (place->field == 0)
		util_die("%s: fields are counted from 1", begin);
	if (*at == '.')
		place->character = strtoul(at + 1, &at, 10);
	for (; (letter = sort_letter(*at)) != 0; at++)
		*how |= *at == 'b' ? blank : letter;
	return at;
}

static void
sort_add_key(const char *text)
{
	struct sort_key key = {.end = {SIZE_MAX, 0}};
	char *copy = util_copy(text);
	char *at =
		sort_parse_place(copy, &key.begin, &key.how, SORT_BLANK_BEGIN);

	if (*at == ',')
		at = sort_parse_place(at + 1, &key.end, &key.how,
				      SORT_BLANK_END);
	if (*at != '\0')
		util_die("%s: not a key", text);
	free(copy);
	key.begin.field--;
	key.begin.character -= key.begin.character > 0;
	if (key.end.field != SIZE_MAX)
		key.end.field--;
	sort_keys =
		util_grow(sort_keys, (sort_key_count + 1) * sizeof *sort_keys);
	sort_keys[sort_key_count++] = key;
}

/* A key without letters of its own has those of all. */
static void
sort_finish_keys(void)
{
	const struct sort_key line = {.end = {SIZE_MAX, 0}};
	size_t i;

	if (sort_key_count == 0) {
		sort_keys = util_alloc(sizeof line);
		sort_keys[sort_key_count++] = line;
	}
	for (i = 0; i < sort_key_count; i++)
		if (sort_keys[i].how == 0)
			sort_keys[i].how = sort_how;
}

/* ---- files ---- */

static void
sort_read(const char *name)
{
	struct text t;

	if (!text_open(&t, name))
		exit(util_trouble);
	for (; text_line_to(&t, sort_end); sort_count++) {
		if (sort_count == sort_room) {
			sort_room = sort_room * 2 + 64;
			sort_lines = util_grow(sort_lines,
					       sort_room * sizeof *sort_lines);
		}
		sort_lines[sort_count].length = t.length;
		sort_lines[sort_count].text = util_alloc(t.length);
		memcpy(sort_lines[sort_count].text, t.line, t.length);
	}
	text_close(&t);
	if (util_status != 0)
		exit(util_trouble);
}

static void
sort_print(void)
{
	size_t i;

	for (i = 0; i < sort_count && util_printed(); i++) {
		const struct sort_line *line = &sort_lines[i];

		if (sort_unique && i > 0 && sort_compare(line - 1, line) == 0)
			continue;
		text_put(line->text, line->length);
		putchar(sort_end);
	}
}

/* Returns the status. */
static int
sort_check(const char *name, bool quiet)
{
	size_t i;

	for (i = 1; i < sort_count; i++) {
		const struct sort_line *line = &sort_lines[i];
		int order = sort_compare(line - 1, line);

		if (order < 0 || (order == 0 && !sort_unique))
			continue;
		if (!quiet)
			util_say("%s:%zu: disorder: %.*s", name, i + 1,
				 (int)line->length, line->text);
		return 1;
	}
	return 0;
}

static void
sort_set_separator(const char *text)
{
	if (strcmp(text, "\\0") == 0)
		text = "";
	else if (text[0] == '\0' || text[1] != '\0')
		util_die("%s: not one byte", text);
	sort_separator = (unsigned char)*text;
}

int
main(int argc, char **argv)
{
	struct sort_line *spare;
	const char *output = NULL;
	int c, check = 0;

	util_start("sort", sort_usage);
	while ((c = util_option(argv, "bdfinrsuzmcCk:t:o:")) >= 0) {
		sort_how |= sort_letter(c);
		sort_stable |= c == 's';
		sort_unique |= c == 'u';
		if (c == 'z')
			sort_end = '\0';
		else if (c == 'k')
			sort_add_key(optarg);
		else if (c == 't')
			sort_set_separator(optarg);
		else if (c == 'o')
			output = optarg;
		else if (c == 'c' || c == 'C')
			check = c;
	}
	sort_finish_keys();
	argv += optind;
	if (check != 0 && argc - optind > 1)
		util_die("one file can be checked at a time");
	text_each(argv, sort_read);
	if (check != 0)
		return sort_check(*argv != NULL ? *argv : "-", check == 'C');
	spare = util_alloc(sort_count * sizeof *spare);
	sort_merge(sort_lines, spare, sort_count);
	if (output != NULL && freopen(output, "w", stdout) == NULL)
		util_die_of(output);
	if (output != NULL)
		util_output = output;
	sort_print();
	return util_end() != 0 ? util_trouble : 0;
}
