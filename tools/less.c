/*
 * less [-NRS] [+LINE] [FILE]...: text, a screen at a time.
 *
 * Keys come from the terminal on stderr or tty:, so that the text may come from
 * a pipe.  Without a terminal on stdout it copies, as cat does.  The text is in
 * memory; what is shown is a window of its rows (less_text.c).
 */
#include "less.h"
#include "util.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static const char less_usage[] =
	"usage: less [-NRS] [+LINE] [FILE]...\n"
	"Shows text a screen at a time.\n"
	"  -N     with line numbers\n"
	"  -R     escapes reach the terminal as they are\n"
	"  -S     long lines are cut, not folded\n"
	"  +LINE  begins there\n"
	"Keys: space f, b: a screen on, back; Return j, k: a line; d, u: half "
	"a\n"
	"screen; g, G: begin, end (5g: line 5); /WORD, ?WORD: looks for it;\n"
	"n, N: again, the other way; q: ends.\n";

static struct termios before;
static int keys = -1;
static bool raw;
static volatile sig_atomic_t resized;

static void
terminal_back(void)
{
	if (raw)
		tcsetattr(keys, TCSADRAIN, &before);
	raw = false;
}

static void
on_signal(int sig)
{
	if (sig == SIGWINCH) {
		resized = 1;
		return;
	}
	terminal_back();
	signal(sig, SIG_DFL);
	raise(sig);
}

static bool
terminal_raw(void)
{
	struct termios t;

	keys = open("tty:", O_RDWR);
	if (keys < 0)
		keys = dup(STDERR_FILENO);
	if (tcgetattr(keys, &before) < 0)
		return false;
	t = before;
	t.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
	t.c_cc[VMIN] = 1;
	t.c_cc[VTIME] = 0;
	if (tcsetattr(keys, TCSADRAIN, &t) < 0)
		return false;
	raw = true;
	atexit(terminal_back);
	signal(SIGTERM, on_signal);
	signal(SIGHUP, on_signal);
	signal(SIGWINCH, on_signal);
	signal(SIGINT, SIG_IGN);
	return true;
}

static void
screen_size(struct less *l)
{
	const char *lines = getenv("LINES"), *columns = getenv("COLUMNS");
	struct winsize size;

	l->rows = lines == NULL ? 24 : (unsigned)atoi(lines);
	l->columns = columns == NULL ? 80 : (unsigned)atoi(columns);
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0) {
		l->rows = size.ws_row;
		l->columns = size.ws_col;
	}
	if (l->rows < 2)
		l->rows = 2;
	if (l->columns < 2)
		l->columns = 2;
}

/* A byte from the keyboard; -1: there is none any more. */
static int
key_byte(void)
{
	unsigned char byte;

	return read(keys, &byte, 1) == 1 ? byte : -1;
}

/* Arrows and their like become the letters that do the same. */
static int
key(void)
{
	int c = key_byte();

	if (c != 27)
		return c;
	c = key_byte();
	if (c != '[' && c != 'O')
		return c;
	switch (key_byte()) {
	case 'A':
		return 'k';
	case 'B':
		return 'j';
	case 'H':
		return 'g';
	case 'F':
		return 'G';
	case '5':
		key_byte();
		return 'b';
	case '6':
		key_byte();
		return ' ';
	default:
		return 0;
	}
}

static void
show(struct less *l, const char *prompt)
{
	less_draw(l);
	printf("\033[%u;1H\033[K%s", l->rows, prompt);
	fflush(stdout);
}

static void
prompt_of(const struct less *l, char *text, size_t size)
{
	if (l->top + l->rows - 1 >= less_rows(l))
		snprintf(text, size, "\033[7m%s (END)\033[m", l->name);
	else
		snprintf(text, size, "\033[7m%s\033[m", l->name);
}

/* A line typed at the bottom; false: it was given up. */
static bool
ask(const struct less *l, char first, char *word, size_t size)
{
	size_t used = 0;
	int c;

	printf("\033[%u;1H\033[K%c", l->rows, first);
	fflush(stdout);
	while ((c = key_byte()) != '\n' && c != '\r') {
		if (c < 0 || c == 27 || c == 3)
			return false;
		if (c == 0x7f || c == '\b') {
			if (used == 0)
				return false;
			do
				used--;
			while (used > 0 && (word[used] & 0xc0) == 0x80);
		} else if (used + 1 < size && (unsigned char)c >= ' ') {
			word[used++] = (char)c;
		}
		printf("\r\033[K%c%.*s", first, (int)used, word);
		fflush(stdout);
	}
	word[used] = '\0';
	return true;
}

static const char *
look(struct less *l, bool back)
{
	static char why[160];

	if (*l->wanted == '\0')
		return "nothing to look for";
	if (less_find(l, back))
		return NULL;
	snprintf(why, sizeof why, "not found: %.100s", l->wanted);
	return why;
}

static const char *
search(struct less *l, char first)
{
	char word[128];

	if (!ask(l, first, word, sizeof word))
		return NULL;
	if (*word != '\0')
		snprintf(l->wanted, sizeof l->wanted, "%s", word);
	l->back = first == '?';
	return look(l, l->back);
}

static void
move(struct less *l, long by)
{
	long last = (long)less_rows(l) - (long)(l->rows - 1);
	long top = (long)l->top + by;

	if (top > last)
		top = last;
	l->top = top < 0 ? 0 : (size_t)top;
}

/* false: the end. */
static bool
command(struct less *l, int c, long number, const char **say)
{
	long screen = (long)l->rows - 1, count = number > 0 ? number : 1;

	*say = NULL;
	if (c == 'q' || c == 'Q' || c < 0)
		return false;
	if (c == ' ' || c == 'f' || c == 6)
		move(l, screen * count);
	else if (c == 'b' || c == 2)
		move(l, -screen * count);
	else if (c == 'd' || c == 4)
		move(l, screen / 2);
	else if (c == 'u' || c == 21)
		move(l, -screen / 2);
	else if (c == '\n' || c == '\r' || c == 'j' || c == 'e')
		move(l, count);
	else if (c == 'k' || c == 'y')
		move(l, -count);
	else if (c == 'g' || c == '<' || (c == 'G' && number > 0))
		less_go(l, number > 0 ? (size_t)number : 1);
	else if (c == 'G' || c == '>')
		move(l, (long)less_rows(l));
	else if (c == '/' || c == '?')
		*say = search(l, (char)c);
	else if (c == 'n' || c == 'N')
		*say = look(l, l->back ^ (c == 'N'));
	else if (c == 'h')
		*say = "space b j k g G /word n N q";
	return true;
}

static void
loop(struct less *l)
{
	const char *say = NULL;
	char prompt[256];
	long number = 0;
	int c = 0;

	do {
		if (resized) {
			resized = 0;
			screen_size(l);
			less_fold(l);
		}
		prompt_of(l, prompt, sizeof prompt);
		show(l, say != NULL ? say : prompt);
		number = 0;
		while ((c = key()) >= '0' && c <= '9')
			number = number * 10 + c - '0';
	} while (command(l, c, number, &say));
	printf("\r\033[K");
}

static void
copy(const struct less *l)
{
	fwrite(l->text, 1, l->size, stdout);
}

int
main(int argc, char **argv)
{
	static struct less l;
	static char input[] = "-", *only[] = {input, NULL};
	size_t line = 1;
	int c;

	(void)argc;
	util_start("less", less_usage);
	while ((c = util_option(argv, "NRS")) >= 0) {
		l.numbers |= c == 'N';
		l.escapes |= c == 'R';
		l.cut |= c == 'S';
	}
	if (argv[optind] != NULL && *argv[optind] == '+')
		line = (size_t)util_number(argv[optind++] + 1, 1, 1 << 30,
					   "line");
	if (argv[optind] == NULL && isatty(STDIN_FILENO))
		util_usage();
	less_load(&l, argv[optind] == NULL ? only : argv + optind);
	if (!isatty(STDOUT_FILENO) || !terminal_raw()) {
		copy(&l);
		return util_end();
	}
	screen_size(&l);
	less_fold(&l);
	less_go(&l, line);
	if (l.size > 0 || util_status == 0)
		loop(&l);
	return util_end();
}
