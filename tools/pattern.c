/*
 * Patterns: see pattern.h.
 *
 * The C library's regcomp knows neither \| in basic patterns nor \1 in extended
 * ones, and spells \< as [[:<:]].  So a pattern is taken apart and written
 * again as the one or the other, and memory is searched where it is plain
 * bytes.
 */
#include "pattern.h"
#include "escape.h"
#include "util.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct pattern_writer {
	const char *at, *end;
	unsigned flags;
	bool basic; /* how it is written */
	bool other; /* cannot be written so */
	bool plain; /* all of it is bytes */
	bool words;
	char *text;
	size_t size;
	/* What stood before: is a ^ an anchor here, a * a star? */
	bool first;
};

static void
pattern_put(struct pattern_writer *w, const char *text, size_t size)
{
	w->text = util_grow(w->text, w->size + size + 1);
	memcpy(w->text + w->size, text, size);
	w->size += size;
	w->text[w->size] = '\0';
}

static void
pattern_put_byte(struct pattern_writer *w, char c)
{
	const char *special = w->basic ? "^.[$*\\" : "^.[$()|*+?{\\";

	if (c != '\0' && strchr(special, c) != NULL)
		pattern_put(w, "\\", 1);
	pattern_put(w, &c, 1);
	w->first = false;
}

static void
pattern_put_text(struct pattern_writer *w, const char *text)
{
	w->plain = w->first = false;
	pattern_put(w, text, strlen(text));
}

static void
pattern_put_operator(struct pattern_writer *w, char c)
{
	w->plain = false;
	w->first = c == '(' || c == '|' || c == '^';
	if (!w->basic || strchr(".*^$", c) != NULL) {
		pattern_put(w, &c, 1);
	} else if (c == '+') {
		pattern_put(w, "\\{1,\\}", 6);
	} else if (c == '?') {
		pattern_put(w, "\\{0,1\\}", 7);
	} else {
		w->other |= c == '|';
		pattern_put(w, "\\", 1);
		pattern_put(w, &c, 1);
	}
	/* regcomp wants a number before the comma. */
	if (c == '{' && w->at < w->end && *w->at == ',')
		pattern_put(w, "0", 1);
}

/* The byte of an escape, behind its backslash; -1: it is none here. */
static int
pattern_escape(struct pattern_writer *w, const char *end)
{
	return w->flags & PATTERN_ESCAPES ? escape_byte(&w->at, end) : -1;
}

/* Behind a bracket expression that begins at `at`, or NULL. */
static const char *
pattern_bracket_end(const char *at, const char *end)
{
	at++;
	at += at < end && *at == '^';
	at += at < end && *at == ']';
	for (; at < end && *at != ']'; at++) {
		char kind = at + 1 < end ? at[1] : '\0';

		if (*at != '[' || (kind != ':' && kind != '.' && kind != '='))
			continue;
		for (at += 2; at + 1 < end; at++)
			if (*at == kind && at[1] == ']')
				break;
		if (++at >= end)
			return NULL;
	}
	return at < end ? at + 1 : NULL;
}

/* A byte within a bracket expression, which it must not end or extend. */
static void
pattern_put_member(struct pattern_writer *w, char c)
{
	if (c != '\0' && strchr("]^-[", c) != NULL) {
		pattern_put(w, "[.", 2);
		pattern_put(w, &c, 1);
		pattern_put(w, ".]", 2);
	} else {
		pattern_put(w, &c, 1);
	}
}

static void
pattern_put_bracket(struct pattern_writer *w)
{
	const char *end = pattern_bracket_end(w->at, w->end);
	int byte;

	w->plain = w->first = false;
	if (end == NULL)
		end = w->end;
	while (w->at < end) {
		char c = *w->at++;

		byte = c == '\\' ? pattern_escape(w, end) : -1;
		if (byte >= 0)
			pattern_put_member(w, (char)byte);
		else
			pattern_put(w, &c, 1);
	}
}

/* Does a word go on here, as far as the pattern tells? */
static bool
pattern_word_follows(const struct pattern_writer *w)
{
	if (w->at == w->end)
		return false;
	if (*w->at == '\\')
		return w->at + 1 < w->end &&
		       (w->at[1] == 'w' || w->at[1] == '(');
	return *w->at != '\0' && (isalnum((unsigned char)*w->at) ||
				  strchr("_[(.", *w->at) != NULL);
}

static bool
pattern_put_class(struct pattern_writer *w, char c)
{
	static const struct {
		char letter;
		const char *text;
	} classes[] = {
		{'<', "[[:<:]]"},      {'>', "[[:>:]]"},
		{'w', "[[:alnum:]_]"}, {'W', "[^[:alnum:]_]"},
		{'s', "[[:space:]]"},  {'S', "[^[:space:]]"},
	};
	size_t i;

	if (c == 'b')
		c = pattern_word_follows(w) ? '<' : '>';
	for (i = 0; i < sizeof classes / sizeof *classes; i++)
		if (classes[i].letter == c) {
			pattern_put_text(w, classes[i].text);
			w->words |= c == '<';
			return true;
		}
	return false;
}

static void
pattern_take_escape(struct pattern_writer *w)
{
	bool extended = w->flags & PATTERN_EXTENDED;
	int byte = pattern_escape(w, w->end);
	char c;

	if (byte >= 0) {
		pattern_put_byte(w, (char)byte);
		return;
	}
	c = *w->at++;
	if (c >= '1' && c <= '9') {
		w->plain = w->first = false;
		w->other |= !w->basic;
		pattern_put(w, "\\", 1);
		pattern_put(w, &c, 1);
	} else if (!extended && c != '\0' && strchr("(){}|+?", c) != NULL) {
		pattern_put_operator(w, c);
	} else if (!pattern_put_class(w, c)) {
		pattern_put_byte(w, c);
	}
}

/* Is a $ in a basic pattern the end? */
static bool
pattern_ends(const struct pattern_writer *w)
{
	return w->at == w->end || (w->end - w->at >= 2 && w->at[0] == '\\' &&
				   (w->at[1] == ')' || w->at[1] == '|'));
}

static void
pattern_take(struct pattern_writer *w)
{
	bool extended = w->flags & PATTERN_EXTENDED, first = w->first;
	char c = *w->at++;

	if (c == '\\' && w->at < w->end) {
		pattern_take_escape(w);
	} else if (c == '[') {
		w->at--;
		pattern_put_bracket(w);
	} else if (extended && c != '\0' && strchr("(){|+?*^$.", c) != NULL) {
		/* A brace that counts nothing is a brace. */
		if (c == '{' &&
		    (w->at == w->end ||
		     (!isdigit((unsigned char)*w->at) && *w->at != ',')))
			pattern_put_byte(w, c);
		else
			pattern_put_operator(w, c);
	} else if (extended && c == '}') {
		pattern_put(w, w->basic ? "\\}" : "}", w->basic ? 2 : 1);
	} else if (c == '.' || (c == '*' && !first) ||
		   (c == '^' && first && w->text[w->size - !!w->size] != '^') ||
		   (c == '$' && pattern_ends(w))) {
		pattern_put_operator(w, c);
	} else {
		pattern_put_byte(w, c);
	}
}

/* false: it cannot be written so. */
static bool
pattern_write(struct pattern_writer *w, const char *text, size_t length,
	      unsigned flags, bool basic)
{
	free(w->text);
	*w = (struct pattern_writer){.at = text,
				     .end = text + length,
				     .flags = flags,
				     .basic = basic,
				     .plain = true,
				     .first = true};
	pattern_put(w, "", 0);
	while (w->at < w->end) {
		if (flags & PATTERN_FIXED)
			pattern_put_byte(w, *w->at++);
		else
			pattern_take(w);
	}
	return !w->other;
}

/* The bytes of a plain pattern, its escapes done. */
static void
pattern_set_literal(struct pattern *p, const struct pattern_writer *w)
{
	size_t i;

	p->literal = util_alloc(w->size + 1);
	for (i = 0; i < w->size; i++) {
		i += w->text[i] == '\\';
		p->literal[p->length++] = w->text[i];
	}
}

const char *
pattern_compile(struct pattern *p, const char *text, size_t length,
		unsigned flags)
{
	static char reason[80];
	struct pattern_writer w = {0};
	int error;

	*p = (struct pattern){0};
	if (!pattern_write(&w, text, length, flags, false) &&
	    !pattern_write(&w, text, length, flags, true))
		return "\\| and \\1 do not go together";
	p->words = w.words;
	if (w.plain && (!(flags & PATTERN_FOLD) || w.size == 0)) {
		pattern_set_literal(p, &w);
		free(w.text);
		return NULL;
	}
	p->regex.re_endp = w.text + w.size; /* it may hold NULs */
	error = regcomp(&p->regex, w.text,
			REG_PEND | (w.basic ? 0 : REG_EXTENDED) |
				(flags & PATTERN_FOLD ? REG_ICASE : 0));
	free(w.text);
	if (error == 0) {
		p->groups = p->regex.re_nsub;
		return NULL;
	}
	regerror(error, &p->regex, reason, sizeof reason);
	return reason;
}

static bool
pattern_find_literal(const struct pattern *p, const char *data, size_t from,
		     size_t length, regmatch_t *match, size_t count)
{
	const char *found =
		memmem(data + from, length - from, p->literal, p->length);
	size_t i;

	if (found == NULL)
		return false;
	for (i = 1; i < count; i++)
		match[i].rm_so = match[i].rm_eo = -1;
	if (count > 0) {
		match->rm_so = (regoff_t)(found - data);
		match->rm_eo = match->rm_so + (regoff_t)p->length;
	}
	return true;
}

static bool
pattern_in_word(const char *data, size_t at, size_t length)
{
	return at > 0 && at < length &&
	       (isalnum((unsigned char)data[at - 1]) || data[at - 1] == '_') &&
	       (isalnum((unsigned char)data[at]) || data[at] == '_');
}

bool
pattern_find(const struct pattern *p, const char *data, size_t from,
	     size_t length, regmatch_t *match, size_t count, int flags)
{
	regmatch_t own = {0};
	regmatch_t *all = count > 0 ? match : &own;

	if (p->literal != NULL)
		return pattern_find_literal(p, data, from, length, match,
					    count);
	for (;; from++) {
		all->rm_so = (regoff_t)from;
		all->rm_eo = (regoff_t)length;
		if (regexec(&p->regex, data, count > 0 ? count : 1, all,
			    flags | REG_STARTEND |
				    (from > 0 ? REG_NOTBOL : 0)) != 0)
			return false;
		/* regexec takes its start for the start of a word. */
		if (!p->words || (size_t)all->rm_so != from ||
		    !pattern_in_word(data, from, length))
			return true;
	}
}
