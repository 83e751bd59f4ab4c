/*
 * What goes out: a program's bytes as the settings want them, and the echo of
 * keys.
 *
 * Called by console.c, line.c and line_edit.c.  Everything passes line_write,
 * which knows the cursor's column; a program that moves the cursor by escapes
 * deceives it, as it does elsewhere.
 */
#include "line.h"

#define TAB 8u

static void
line_put(struct line *line, char c)
{
	unsigned char byte = (unsigned char)c;

	if (c == '\r')
		line->column = 0;
	else if (c == '\b')
		line->column -= line->column > 0;
	else if (c == '\t')
		line->column = (line->column / TAB + 1) * TAB;
	else if (byte >= ' ' && byte != 0x7f &&
		 !((line->termios.c_iflag & LINE_IUTF8) &&
		   (byte & 0xc0) == 0x80))
		line->column++;
	line->ops->put(line, c);
}

static void
line_put_newline(struct line *line)
{
	if (line->termios.c_oflag & LINE_ONLCR)
		line_put(line, '\r');
	if (line->termios.c_oflag & LINE_ONLRET)
		line->column = 0;
	line_put(line, '\n');
}

static void
line_put_return(struct line *line)
{
	uint32_t flags = line->termios.c_oflag;

	if ((flags & LINE_ONOCR) && !line->column)
		return;
	if (flags & LINE_OCRNL)
		line_put_newline(line);
	else
		line_put(line, '\r');
}

static void
line_put_spaces(struct line *line)
{
	unsigned spaces = TAB - line->column % TAB;

	for (; spaces; spaces--)
		line_put(line, ' ');
}

void
line_write(struct line *line, char c)
{
	bool changes = line->termios.c_oflag & LINE_OPOST;
	bool spaces = (line->termios.c_oflag & LINE_TABDLY) == LINE_TABDLY;

	if (changes && c == '\n')
		line_put_newline(line);
	else if (changes && c == '\r')
		line_put_return(line);
	else if (changes && c == '\t' && spaces)
		line_put_spaces(line);
	else
		line_put(line, c);
}

/* ---- echo ---- */

static bool
line_is_control(uint16_t what)
{
	unsigned char byte = (unsigned char)what;

	return byte < ' ' || byte == 0x7f;
}

/* Is it shown as ^X?  What has its own effect on the screen is not, unless it
 * was made text by ^V. */
static bool
line_is_careted(const struct line *line, uint16_t what)
{
	bool acts = what == '\t' || what == '\n';

	return line_is_control(what) && !acts && line_has(line, LINE_ECHOCTL);
}

void
line_echo(struct line *line, uint16_t what)
{
	bool newline = what == '\n' && line_has(line, LINE_ECHONL) &&
		       line_canonical(line);

	if (!line_has(line, LINE_ECHO) && !newline)
		return;
	if (line_is_careted(line, what)) {
		line_write(line, '^');
		what ^= '@';
	}
	line_write(line, (char)what);
}

/* ---- columns ---- */

/* A character of the ring: how many bytes it has. */
static uint32_t
line_decode(const struct line *line, uint32_t at, uint32_t end,
	    uint32_t *character)
{
	static const uint8_t masks[] = {0x7f, 0, 0x1f, 0x0f, 0x07};
	uint32_t c = line_at(line, at) & 0xff, length = 1, i;

	if ((line->termios.c_iflag & LINE_IUTF8) && c >= 0xc0 && c < 0xf8)
		length = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
	*character = c;
	if (length == 1)
		return 1;
	*character = c & masks[length];
	for (i = 1; i < length && at + i != end; i++) {
		c = line_at(line, at + i) & 0xff;
		if ((c & 0xc0) != 0x80)
			break;
		*character = *character << 6 | (c & 0x3f);
	}
	return i;
}

static unsigned
line_columns_of(const struct line *line, uint16_t what, uint32_t character,
		unsigned column)
{
	if (line_is_careted(line, what))
		return 2;
	if (what == '\t')
		return TAB - column % TAB;
	if (line_is_control(what))
		return 0;
	return line_width(character);
}

unsigned
line_columns(const struct line *line, uint32_t from, uint32_t to,
	     unsigned column)
{
	unsigned begin = column;
	uint32_t character;

	while (from != to) {
		uint16_t what = line_at(line, from);

		from += line_decode(line, from, to, &character);
		column += line_columns_of(line, what, character, column);
	}
	return column - begin;
}
