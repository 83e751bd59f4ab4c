/*
 * A line that is typed, in canonical mode: until its end it can be changed.
 *
 * Called by line.c.  The rule: the last place of a line is kept for what ends
 * it, so that one that is full can still be ended, and read.
 */
#include "line.h"

static bool
line_is_empty(const struct line *line)
{
	return line->last == line->ready;
}

/* Of what ends a line there is none to be kept. */
static bool
line_is_full(const struct line *line, uint32_t reserve)
{
	uint32_t used = line->last - line->first;

	return used + reserve >= LINE_SIZE;
}

bool
line_append(struct line *line, uint16_t what, uint32_t reserve)
{
	if (line_is_full(line, reserve)) {
		if (line->termios.c_iflag & LINE_IMAXBEL)
			line->ops->put(line, '\a');
		return false;
	}
	if (line_is_empty(line))
		line->start = line->column;
	line->ring[line->last++ % LINE_SIZE] = what;
	return true;
}

/* ---- taking back ---- */

/* The place before a character. */
static uint32_t
line_before(const struct line *line, uint32_t at)
{
	at--;
	while ((line->termios.c_iflag & LINE_IUTF8) && at != line->ready &&
	       (line_at(line, at) & 0xc0) == 0x80)
		at--;
	return at;
}

/* The line ends at `at` now; what was behind leaves the screen. */
static void
line_cut(struct line *line, uint32_t at)
{
	unsigned from = line_columns(line, line->ready, at, line->start);
	unsigned columns =
		line_columns(line, at, line->last, line->start + from);

	line->last = at;
	if (!line_has(line, LINE_ECHO))
		return;
	for (; columns; columns--) {
		line_write(line, '\b');
		line_write(line, ' ');
		line_write(line, '\b');
	}
}

static void
line_erase(struct line *line, char key)
{
	uint32_t at = line->last;

	if (line_is_empty(line))
		return;
	at = line_before(line, at);
	if (line_has(line, LINE_ECHOE)) {
		line_cut(line, at);
	} else {
		line->last = at;
		line_echo(line, (unsigned char)key);
	}
}

static bool
line_is_of_word(uint16_t what)
{
	char c = (char)what;

	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
	       (c >= 'a' && c <= 'z') || c == '_' || (what & 0x80);
}

static void
line_erase_word(struct line *line)
{
	uint32_t at = line->last, before;
	bool word = false;

	while (at != line->ready) {
		before = line_before(line, at);
		if (line_is_of_word(line_at(line, before)))
			word = true;
		else if (word)
			break;
		at = before;
	}
	line_cut(line, at);
}

static void
line_kill(struct line *line, char key)
{
	bool visibly = line_has(line, LINE_ECHOK) &&
		       line_has(line, LINE_ECHOKE) &&
		       line_has(line, LINE_ECHOE);

	if (visibly) {
		line_cut(line, line->ready);
		return;
	}
	line->last = line->ready;
	line_echo(line, (unsigned char)key);
	if (line_has(line, LINE_ECHOK))
		line_echo(line, '\n');
}

static void
line_reprint(struct line *line, char key)
{
	uint32_t at;

	line_echo(line, (unsigned char)key);
	line_echo(line, '\n');
	line->start = line->column;
	for (at = line->ready; at != line->last; at++)
		line_echo(line, line_at(line, at));
}

/* ---- ends ---- */

static void
line_end(struct line *line, char key)
{
	if (line_append(line, (unsigned char)key, 0))
		line_echo(line, (unsigned char)key);
	line->ready = line->last;
}

static bool
line_is_end(const struct line *line, char key)
{
	return key == '\n' || line_is(line, LINE_VEOL, key) ||
	       line_is_extended(line, LINE_VEOL2, key);
}

/* The next key is text; until then the screen shows a ^ under the cursor. */
static void
line_quote(struct line *line)
{
	line->literal = true;
	if (!line_has(line, LINE_ECHO) || !line_has(line, LINE_ECHOCTL))
		return;
	line_write(line, '^');
	line_write(line, '\b');
}

void
line_edit(struct line *line, char key)
{
	if (line_is(line, LINE_VERASE, key)) {
		line_erase(line, key);
	} else if (line_is(line, LINE_VKILL, key)) {
		line_kill(line, key);
	} else if (line_is_extended(line, LINE_VWERASE, key)) {
		line_erase_word(line);
	} else if (line_is_extended(line, LINE_VREPRINT, key)) {
		line_reprint(line, key);
	} else if (line_is_extended(line, LINE_VLNEXT, key)) {
		line_quote(line);
	} else if (line_is(line, LINE_VEOF, key)) {
		line_append(line, LINE_END, 0);
		line->ready = line->last;
	} else if (line_is_end(line, key)) {
		line_end(line, key);
	} else if (line_append(line, (unsigned char)key, 1)) {
		line_echo(line, (unsigned char)key);
	}
}
