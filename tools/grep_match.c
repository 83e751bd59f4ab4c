/*
 * What grep looks for: see grep.h.
 *
 * A regular expression sees a line up to its first NUL; a fixed string all of
 * it.  Of several patterns the match that begins first counts, and of those the
 * longest.
 */
#include "grep.h"
#include "text.h"
#include "util.h"

#include <ctype.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>

struct pattern {
	char *text;
	size_t length;
	regex_t expression;
};

static struct pattern *patterns;
static size_t pattern_count;
static bool extended, fixed, fold, words, whole;

bool
grep_flag(int letter)
{
	switch (letter) {
	case 'E':
		extended = true;
		fixed = false;
		return true;
	case 'F':
		fixed = true;
		extended = false;
		return true;
	case 'i':
		return fold = true;
	case 'w':
		return words = true;
	case 'x':
		return whole = true;
	default:
		return false;
	}
}

static void
add_one(const char *text, size_t length)
{
	struct pattern *p;

	patterns = util_grow(patterns, (pattern_count + 1) * sizeof *patterns);
	p = &patterns[pattern_count++];
	p->text = util_alloc(length + 1);
	memcpy(p->text, text, length);
	p->text[length] = '\0';
	p->length = length;
}

void
grep_add(const char *text, size_t length)
{
	const char *end = text + length, *line;

	while ((line = memchr(text, '\n', (size_t)(end - text))) != NULL) {
		add_one(text, (size_t)(line - text));
		text = line + 1;
	}
	add_one(text, (size_t)(end - text));
}

void
grep_add_file(const char *name)
{
	struct text t;

	if (!text_open(&t, name))
		exit(2);
	while (text_line(&t))
		add_one(t.line, t.length);
	text_close(&t);
}

void
grep_compile(void)
{
	int flags = (extended ? REG_EXTENDED : 0) | (fold ? REG_ICASE : 0);
	char why[128];
	size_t i;

	for (i = 0; i < pattern_count && !fixed; i++) {
		struct pattern *p = &patterns[i];
		int error = regcomp(&p->expression, p->text, flags);

		if (error == 0)
			continue;
		regerror(error, &p->expression, why, sizeof why);
		util_die("'%s': %s", p->text, why);
	}
}

static bool
same(const char *a, const char *b, size_t n)
{
	size_t i;

	if (!fold)
		return memcmp(a, b, n) == 0;
	for (i = 0; i < n; i++)
		if (tolower((unsigned char)a[i]) !=
		    tolower((unsigned char)b[i]))
			return false;
	return true;
}

static bool
find_fixed(const struct pattern *p, const char *line, size_t length, size_t at,
	   size_t *begin, size_t *end)
{
	for (; at + p->length <= length; at++) {
		if (!same(line + at, p->text, p->length))
			continue;
		*begin = at;
		*end = at + p->length;
		return true;
	}
	return false;
}

static bool
find_one(const struct pattern *p, const char *line, size_t length, size_t at,
	 size_t *begin, size_t *end)
{
	regmatch_t match;

	if (fixed)
		return find_fixed(p, line, length, at, begin, end);
	if (at > strlen(line) || regexec(&p->expression, line + at, 1, &match,
					 at > 0 ? REG_NOTBOL : 0) != 0)
		return false;
	*begin = at + (size_t)match.rm_so;
	*end = at + (size_t)match.rm_eo;
	return true;
}

static bool
is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

/* Does this match satisfy -w and -x? */
static bool
fits(const char *line, size_t length, size_t begin, size_t end)
{
	if (whole)
		return begin == 0 && end == length;
	if (!words)
		return true;
	return (begin == 0 || !is_word(line[begin - 1])) &&
	       (end == length || !is_word(line[end])) && end > begin;
}

/* A match of one pattern that fits; the shorter ones at the same place are
 * tried by cutting the line. */
static bool
find_fitting(const struct pattern *p, char *line, size_t length, size_t at,
	     size_t *begin, size_t *end)
{
	while (find_one(p, line, length, at, begin, end)) {
		size_t cut = *end;

		while (!fits(line, length, *begin, *end) && cut > *begin &&
		       words && !whole && !fixed) {
			char byte = line[--cut];
			size_t b, e;
			bool found;

			line[cut] = '\0';
			found = find_one(p, line, cut, *begin, &b, &e);
			line[cut] = byte;
			if (!found || b != *begin)
				break;
			*end = cut = e;
		}
		if (fits(line, length, *begin, *end))
			return true;
		if (whole && !fixed)
			return false;
		at = *begin + 1;
		if (at > length)
			return false;
	}
	return false;
}

/* -x: the longest match at the line's begin may not be the line, so the whole
 * line is asked for. */
static bool
find_whole(const struct pattern *p, const char *line, size_t length)
{
	regmatch_t match;
	size_t i;

	if (fixed)
		return p->length == length && same(line, p->text, length);
	if (regexec(&p->expression, line, 1, &match, 0) != 0 ||
	    match.rm_so != 0)
		return false;
	i = (size_t)match.rm_eo;
	return i == length;
}

bool
grep_find(const char *line, size_t length, size_t at, size_t *begin,
	  size_t *end)
{
	bool found = false;
	size_t i, b, e;
	/* text.h gives lines that may be written in */
	char *text = (char *)(uintptr_t)line;

	for (i = 0; i < pattern_count; i++) {
		if (whole) {
			if (at > 0 || !find_whole(&patterns[i], line, length))
				continue;
			b = 0;
			e = length;
		} else if (!find_fitting(&patterns[i], text, length, at, &b,
					 &e)) {
			continue;
		}
		if (!found || b < *begin || (b == *begin && e > *end)) {
			*begin = b;
			*end = e;
		}
		found = true;
	}
	return found;
}
