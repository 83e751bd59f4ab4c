/*
 * Which lines a command of sed is meant for.
 *
 * A range begins at the line that its first address selects.  Where it ends is
 * known at once for a number of lines, else looked for from the next line on.
 */
#include "sed.h"
#include "util.h"

static const struct pattern *sed_last_pattern;

bool
sed_find(const struct pattern *p, const char *data, size_t from, size_t size,
	 regmatch_t *match)
{
	if (p == NULL)
		p = sed_last_pattern;
	if (p == NULL)
		util_die("there is no pattern before the empty one");
	sed_last_pattern = p;
	return pattern_find(p, data, from, size, match,
			    match != NULL ? SED_GROUPS : 0, 0);
}

static bool
sed_matches(const struct sed_address *a)
{
	switch (a->kind) {
	case SED_LINE:
		return sed_line == a->number;
	case SED_LAST:
		return sed_is_last();
	case SED_PATTERN:
		return sed_find(a->pattern, sed_space.text, 0, sed_space.size,
				NULL);
	case SED_STEP:
		if (a->step == 0 || sed_line < a->number)
			return sed_line == a->number;
		return (sed_line - a->number) % a->step == 0;
	default:
		return true;
	}
}

/* The line of a range's end, if that is known at its beginning. */
static unsigned long long
sed_range_end(const struct sed_address *to)
{
	unsigned long long n = to->number;

	if (to->kind == SED_LINE)
		return n;
	if (to->kind == SED_MORE)
		return sed_line + n;
	return n > 0 ? (sed_line / n + 1) * n : sed_line;
}

static bool
sed_counts(const struct sed_address *to)
{
	return to->kind == SED_LINE || to->kind == SED_MORE ||
	       to->kind == SED_MULTIPLE;
}

static bool
sed_in_range(struct sed_command *c)
{
	if (!c->active) {
		if (!sed_matches(&c->from))
			return false;
		c->end = sed_range_end(&c->to);
		c->active = !sed_counts(&c->to) || c->end > sed_line;
		return true;
	}
	if (sed_counts(&c->to)) {
		c->active = sed_line < c->end;
		return sed_line <= c->end;
	}
	c->active = !sed_matches(&c->to);
	return true;
}

bool
sed_selects(struct sed_command *c)
{
	bool selects;

	if (c->to.kind == SED_NONE)
		selects = sed_matches(&c->from);
	else
		selects = sed_in_range(c);
	return selects != c->not ;
}
