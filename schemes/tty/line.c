/*
 * Keys that are not text: translated, signals, flow of output.
 *
 * Called by console.c with the terminal's lock held, and by a unit test.  The
 * rule: no key is lost in silence: while somebody can read, keys wait in the
 * device (line_has_room); a line that is too long rings the bell.
 */
#include "line.h"

#include "abi/signal.h"

#define LINE_HIGH (LINE_SIZE / 4 * 3) /* IXOFF: stop, */
#define LINE_LOW  (LINE_SIZE / 4)     /* go on */

void
line_init(struct line *line, const struct line_ops *ops)
{
	*line = (struct line){.ops = ops};
	line->termios = (struct abi_termios){
		.c_iflag = LINE_ICRNL | LINE_IXON | LINE_IMAXBEL | LINE_IUTF8,
		.c_oflag = LINE_OPOST | LINE_ONLCR,
		.c_cflag = LINE_B115200 | LINE_CS8 | LINE_CREAD | LINE_CLOCAL,
		.c_lflag = LINE_ISIG | LINE_ICANON | LINE_ECHO | LINE_ECHOE |
			   LINE_ECHOK | LINE_ECHOKE | LINE_ECHOCTL |
			   LINE_IEXTEN,
		.c_cc = {[LINE_VINTR] = 'C' - '@',
			 [LINE_VQUIT] = '\\' - '@',
			 [LINE_VERASE] = 0x7f,
			 [LINE_VKILL] = 'U' - '@',
			 [LINE_VEOF] = 'D' - '@',
			 [LINE_VMIN] = 1,
			 [LINE_VSTART] = 'Q' - '@',
			 [LINE_VSTOP] = 'S' - '@',
			 [LINE_VSUSP] = 'Z' - '@',
			 [LINE_VREPRINT] = 'R' - '@',
			 [LINE_VWERASE] = 'W' - '@',
			 [LINE_VLNEXT] = 'V' - '@'},
	};
}

bool
line_has_room(const struct line *line)
{
	return line->last - line->first < LINE_SIZE - 1 || !line_ready(line);
}

void
line_throttle(struct line *line)
{
	uint32_t used = line->last - line->first;
	bool wanted = line->throttling ? used > LINE_LOW : used >= LINE_HIGH;

	if (!(line->termios.c_iflag & LINE_IXOFF))
		wanted = false;
	if (wanted == line->throttling)
		return;
	line->throttling = wanted;
	line->ops->put_first(
		line,
		(char)line->termios.c_cc[wanted ? LINE_VSTOP : LINE_VSTART]);
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

/* true: the key was about output, and is used up. */
static bool
line_flow(struct line *line, char key)
{
	uint32_t flags = line->termios.c_iflag;

	if (!(flags & LINE_IXON))
		return false;
	/* One key may be both. */
	if (line_is(line, LINE_VSTART, key) &&
	    (line->stopped || !line_is(line, LINE_VSTOP, key))) {
		line->stopped = false;
		return true;
	}
	if (line_is(line, LINE_VSTOP, key)) {
		line->stopped = true;
		return true;
	}
	if (flags & LINE_IXANY)
		line->stopped = false;
	return false;
}

static int
line_signal_of(const struct line *line, char key)
{
	if (!line_has(line, LINE_ISIG))
		return 0;
	if (line_is(line, LINE_VINTR, key))
		return KSIGINT;
	if (line_is(line, LINE_VQUIT, key))
		return KSIGQUIT;
	return line_is(line, LINE_VSUSP, key) ? KSIGTSTP : 0;
}

static int
line_signal(struct line *line, char key)
{
	int sig = line_signal_of(line, key);

	if (!sig)
		return 0;
	if (!line_has(line, LINE_NOFLSH)) {
		line_flush(line);
		line->ops->drop(line);
	}
	if (line->termios.c_iflag & LINE_IXON)
		line->stopped = false;
	line_echo(line, (unsigned char)key);
	return sig;
}

static void
line_text(struct line *line, uint16_t what)
{
	if (line_append(line, what, line_canonical(line)))
		line_echo(line, what);
	if (!line_canonical(line))
		line->ready = line->last;
}

int
line_input(struct line *line, char key)
{
	int sig;

	if (line->termios.c_iflag & LINE_ISTRIP)
		key = (char)(key & 0x7f);
	if (line->literal) {
		line->literal = false;
		line_text(line, (uint16_t)(LINE_LITERAL | (unsigned char)key));
		return 0;
	}
	if (line_flow(line, key))
		return 0;
	sig = line_signal(line, key);
	if (sig || !line_translate(line, &key))
		return sig;
	if (line_canonical(line))
		line_edit(line, key);
	else
		line_text(line, (unsigned char)key);
	return 0;
}
