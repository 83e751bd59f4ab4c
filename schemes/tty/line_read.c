/*
 * What programs read of what was typed.
 *
 * Called by read.c and ioctl.c with the terminal's lock held, and by a unit
 * test.  The rule: a line's end is looked for as the settings are now; what was
 * readable stays so when they change.
 */
#include "line.h"

/* Ends of input mean nothing outside of canonical mode. */
static void
line_drop_ends(struct line *line)
{
	uint32_t to = line->first, from;

	for (from = to; from != line->last; from++) {
		uint16_t what = line_at(line, from);

		if (what != LINE_END)
			line->ring[to++ % LINE_SIZE] = what;
	}
	line->ready = line->last = to;
}

void
line_set(struct line *line, const struct abi_termios *termios)
{
	line->termios = *termios;
	if (!line_canonical(line)) {
		line_drop_ends(line);
		line->literal = false;
	}
	if (!(termios->c_iflag & LINE_IXON))
		line->stopped = false;
	line_throttle(line);
}

void
line_flush(struct line *line)
{
	line->first = line->ready = line->last;
	line->literal = false;
	line_throttle(line);
}

static bool
line_ends(const struct line *line, uint16_t what)
{
	return what == LINE_END || what == '\n' ||
	       (!(what & LINE_LITERAL) &&
		(line_is(line, LINE_VEOL, (char)what) ||
		 line_is_extended(line, LINE_VEOL2, (char)what)));
}

size_t
line_peek(const struct line *line, char *to, size_t n, uint32_t *consume,
	  bool *ended)
{
	uint32_t at = line->first;
	size_t got = 0;
	uint16_t what;

	*ended = false;
	while (at != line->ready && !*ended) {
		what = line_at(line, at);
		/* An end of input right behind the last byte goes with it. */
		if (got == n && !(what == LINE_END && got))
			break;
		at++;
		*ended = line_canonical(line) && line_ends(line, what);
		if (what != LINE_END)
			to[got++] = (char)what;
	}
	*consume = at - line->first;
	return got;
}

void
line_consume(struct line *line, uint32_t from, uint32_t n)
{
	/* Unless it was flushed in between. */
	if (line->first == from && line_ready(line) >= n)
		line->first += n;
	line_throttle(line);
}

uint32_t
line_bytes(const struct line *line)
{
	uint32_t at, n = 0;

	for (at = line->first; at != line->ready; at++)
		n += line_at(line, at) != LINE_END;
	return n;
}
