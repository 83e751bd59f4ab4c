/*
 * A terminal's line discipline.
 *
 * Called by tty.c with the terminal's lock held, and by a unit test.  The rule:
 * the two last places of the ring are kept for what ends a line, so that a
 * line that filled it can still be ended, and read.
 */
#include "line.h"

#include "abi/signal.h"

#define LINE_END     0x100 /* an end of input stands here */
#define LINE_RESERVE 2

void
line_init(struct line *line)
{
	line->first = line->ready = line->last = 0;
	line->termios = (struct abi_termios){
		.c_iflag = LINE_ICRNL | LINE_IUTF8,
		.c_oflag = LINE_OPOST | LINE_ONLCR,
		.c_cflag = LINE_B115200 | LINE_CS8 | LINE_CREAD | LINE_CLOCAL,
		.c_lflag = LINE_ISIG | LINE_ICANON | LINE_ECHO | LINE_ECHOE |
			   LINE_ECHOK | LINE_ECHOCTL,
		.c_cc = {[LINE_VINTR] = 'C' - '@',
			 [LINE_VQUIT] = '\\' - '@',
			 [LINE_VERASE] = 0x7f,
			 [LINE_VKILL] = 'U' - '@',
			 [LINE_VEOF] = 'D' - '@',
			 [LINE_VMIN] = 1},
	};
}

void
line_set(struct line *line, const struct abi_termios *termios)
{
	line->termios = *termios;
	if (!line_canonical(line))
		line->ready = line->last;
}

void
line_flush(struct line *line)
{
	line->first = line->ready = line->last;
}

/* ---- keys ---- */

static bool
line_has(const struct line *line, uint32_t flag)
{
	return line->termios.c_lflag & flag;
}

/* Is it this control key?  One set to 0 is switched off. */
static bool
line_is(const struct line *line, unsigned which, char key)
{
	return key && line->termios.c_cc[which] == (unsigned char)key;
}

static void
line_echo_byte(struct line_echo *echo, char c)
{
	if (echo->used < sizeof(echo->bytes))
		echo->bytes[echo->used++] = c;
}

static bool
line_is_control(char c)
{
	return ((unsigned char)c < ' ' && c != '\t') || c == 0x7f;
}

static void
line_echo_key(const struct line *line, char c, struct line_echo *echo)
{
	if (!line_has(line, LINE_ECHO) &&
	    !(c == '\n' && line_has(line, LINE_ECHONL)))
		return;
	if (line_is_control(c) && c != '\n' && line_has(line, LINE_ECHOCTL)) {
		line_echo_byte(echo, '^');
		c = (char)(c ^ '@');
	}
	line_echo_byte(echo, c);
}

static bool
line_append(struct line *line, uint16_t what, uint32_t reserve,
	    struct line_echo *echo)
{
	if (line->last - line->first >= LINE_SIZE - reserve) {
		line_echo_byte(echo, '\a');
		return false;
	}
	line->ring[line->last++ % LINE_SIZE] = what;
	return true;
}

static uint16_t
line_last(const struct line *line)
{
	return line->ring[(line->last - 1) % LINE_SIZE];
}

static void
line_erase(struct line *line, struct line_echo *echo)
{
	unsigned columns = 1;

	if (line->last == line->ready)
		return;
	while ((line->termios.c_iflag & LINE_IUTF8) &&
	       line->last - line->ready > 1 && (line_last(line) & 0xc0) == 0x80)
		line->last--;
	line->last--;
	if (line_is_control((char)line->ring[line->last % LINE_SIZE]) &&
	    line_has(line, LINE_ECHOCTL))
		columns = 2;
	while (line_has(line, LINE_ECHO) && columns--) {
		line_echo_byte(echo, '\b');
		line_echo_byte(echo, ' ');
		line_echo_byte(echo, '\b');
	}
}

static void
line_kill(struct line *line, char key, struct line_echo *echo)
{
	line->last = line->ready;
	line_echo_key(line, key, echo);
	if (line_has(line, LINE_ECHOK))
		line_echo_key(line, '\n', echo);
}

static void
line_edit(struct line *line, char key, struct line_echo *echo)
{
	if (line_is(line, LINE_VERASE, key)) {
		line_erase(line, echo);
	} else if (line_is(line, LINE_VKILL, key)) {
		line_kill(line, key, echo);
	} else if (line_is(line, LINE_VEOF, key)) {
		line_append(line, LINE_END, 0, echo);
		line->ready = line->last;
	} else if (key == '\n' || line_is(line, LINE_VEOL, key)) {
		if (line_append(line, (unsigned char)key, 0, echo))
			line_echo_key(line, key, echo);
		line->ready = line->last;
	} else if (line_append(line, (unsigned char)key, LINE_RESERVE, echo)) {
		line_echo_key(line, key, echo);
	}
}

static int
line_signal(struct line *line, char key, struct line_echo *echo)
{
	int sig = 0;

	if (line_is(line, LINE_VINTR, key))
		sig = KSIGINT;
	else if (line_is(line, LINE_VQUIT, key))
		sig = KSIGQUIT;
	if (!sig || !line_has(line, LINE_ISIG))
		return 0;
	if (!line_has(line, LINE_NOFLSH))
		line_flush(line);
	line_echo_key(line, key, echo);
	if (line_canonical(line))
		line_echo_key(line, '\n', echo);
	return sig;
}

/* false: it is dropped. */
static bool
line_translate(const struct line *line, char *key)
{
	uint32_t flags = line->termios.c_iflag;

	if (*key == '\r' && (flags & LINE_IGNCR))
		return false;
	if (*key == '\r' && (flags & LINE_ICRNL))
		*key = '\n';
	else if (*key == '\n' && (flags & LINE_INLCR))
		*key = '\r';
	return true;
}

int
line_input(struct line *line, char key, struct line_echo *echo)
{
	int sig;

	echo->used = 0;
	if (!line_translate(line, &key))
		return 0;
	sig = line_signal(line, key, echo);
	if (sig)
		return sig;
	if (line_canonical(line)) {
		line_edit(line, key, echo);
	} else if (line_append(line, (unsigned char)key, 0, echo)) {
		line_echo_key(line, key, echo);
		line->ready = line->last;
	}
	return 0;
}

/* ---- programs ---- */

static bool
line_ends(const struct line *line, uint16_t what)
{
	return what == LINE_END || what == '\n' ||
	       line_is(line, LINE_VEOL, (char)what);
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
		what = line->ring[at % LINE_SIZE];
		/* An end of input right behind the last byte goes with it. */
		if (got == n &&
		    !(what == LINE_END && got && line_canonical(line)))
			break;
		at++;
		*ended = line_canonical(line) && line_ends(line, what);
		/* To whom reads keys, an end that was typed before is a key. */
		if (what == LINE_END && !line_canonical(line))
			what = line->termios.c_cc[LINE_VEOF];
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
}

unsigned
line_output(const struct line *line, char c, char to[2])
{
	uint32_t flags = line->termios.c_oflag;

	to[0] = c;
	if (c != '\n' || !(flags & LINE_OPOST) || !(flags & LINE_ONLCR))
		return 1;
	to[0] = '\r';
	to[1] = '\n';
	return 2;
}
