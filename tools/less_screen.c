/*
 * The terminal, for less.
 *
 * Keys are read from the terminal itself, since stdin may be what is shown;
 * output is gathered and written at once.  The screen is the terminal's second
 * one, so what was there before is there again afterwards.
 */
#include "less.h"
#include "util.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

enum { LESS_ESCAPE_WAIT_MS = 100 };

static int less_tty = -1;
static struct termios less_before;
static char *less_out;
static size_t less_out_size, less_out_room;

bool
less_terminal(void)
{
	if (!isatty(STDOUT_FILENO))
		return false;
	less_tty = open("/dev/tty", O_RDWR);
	if (less_tty < 0)
		less_tty =
			isatty(STDERR_FILENO) ? STDERR_FILENO : STDOUT_FILENO;
	return tcgetattr(less_tty, &less_before) == 0;
}

void
less_begin(void)
{
	struct termios raw = less_before;

	raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
	raw.c_iflag &= ~(tcflag_t)(ICRNL | IXON);
	raw.c_cc[VMIN] = 1;
	raw.c_cc[VTIME] = 0;
	tcsetattr(less_tty, TCSADRAIN, &raw);
	less_print("\033[?1049h");
}

void
less_end(void)
{
	less_print("\r\033[K\033[?1049l");
	less_flush();
	tcsetattr(less_tty, TCSADRAIN, &less_before);
}

void
less_put(const char *text, size_t size)
{
	if (less_out_size + size > less_out_room) {
		less_out_room = (less_out_size + size) * 2;
		less_out = util_grow(less_out, less_out_room);
	}
	memcpy(less_out + less_out_size, text, size);
	less_out_size += size;
}

void
less_print(const char *text)
{
	less_put(text, strlen(text));
}

void
less_flush(void)
{
	if (util_write(STDOUT_FILENO, less_out, less_out_size) < 0)
		util_status = 1;
	less_out_size = 0;
}

void
less_print_cells(const struct less_cell *cells, size_t count)
{
	unsigned look = 0;
	size_t i;

	for (i = 0; i < count; i++) {
		if (cells[i].look != look) {
			look = cells[i].look;
			less_print("\033[0");
			less_print(look & LESS_BOLD ? ";1" : "");
			less_print(look & LESS_UNDERLINE ? ";4" : "");
			less_print(look & LESS_REVERSE ? ";7" : "");
			less_print("m");
		}
		less_put(cells[i].text, cells[i].size);
	}
	if (look != 0 || less_raw)
		less_print("\033[0m");
}

void
less_measure(size_t *rows, size_t *columns)
{
	struct winsize size;

	*rows = 24;
	*columns = 80;
	if (ioctl(less_tty, TIOCGWINSZ, &size) < 0)
		return;
	if (size.ws_row > 1)
		*rows = size.ws_row;
	if (size.ws_col > 1)
		*columns = size.ws_col;
}

/* ---- keys ---- */

static bool
less_ready(int ms)
{
	struct pollfd fd = {.fd = less_tty, .events = POLLIN};

	return poll(&fd, 1, ms) > 0;
}

bool
less_key_waits(void)
{
	return less_ready(0);
}

static int
less_byte(void)
{
	unsigned char c;
	ssize_t got;

	do
		got = read(less_tty, &c, 1);
	while (got < 0 && errno == EINTR);
	return got == 1 ? c : -1;
}

/* What stands behind ESC [ or ESC O. */
static int
less_sequence(void)
{
	static const struct {
		char end;
		int number, key;
	} keys[] = {
		{'A', 0, LESS_UP},	{'B', 0, LESS_DOWN},
		{'H', 0, LESS_HOME},	{'F', 0, LESS_END},
		{'~', 1, LESS_HOME},	{'~', 4, LESS_END},
		{'~', 5, LESS_PAGE_UP}, {'~', 6, LESS_PAGE_DOWN},
		{'~', 7, LESS_HOME},	{'~', 8, LESS_END},
	};
	int number = 0, c = less_byte();
	size_t i;

	for (; c >= '0' && c <= '9'; c = less_byte())
		number = number * 10 % 1000 + c - '0';
	for (i = 0; i < sizeof keys / sizeof *keys; i++)
		if (keys[i].end == c && (c != '~' || keys[i].number == number))
			return keys[i].key;
	return LESS_OTHER;
}

int
less_key(void)
{
	int c = less_byte();

	if (c != '\033' || !less_ready(LESS_ESCAPE_WAIT_MS))
		return c;
	c = less_byte();
	if (c == '[' || c == 'O')
		return less_sequence();
	return c == 'v' ? LESS_PAGE_UP : LESS_OTHER;
}
