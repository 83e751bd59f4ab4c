/*
 * The addresses before a command of sed.
 */
#include "sed_parse.h"

#include <ctype.h>
#include <stdlib.h>

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

void
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
