/*
 * resize [-t SECONDS]: asks the terminal how large it is, and tells the system.
 *
 * A serial line does not know.  The cursor is sent to the far corner, which
 * stops at the edge, and is asked where it is; the answer comes as if it were
 * typed: ESC [ ROW ; COLUMN R.  Keys that are not part of it are typed again.
 */
#include "util.h"

#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define RESIZE_ASK "\0337\033[r\033[9999;9999H\033[6n\0338"

static const char resize_usage[] =
	"usage: resize [-t SECONDS]\n"
	"Asks the terminal how large it is and sets the window size.\n"
	"  -t SECONDS  wait so long for its answer (2)\n";

struct resize {
	int fd;
	struct termios kept;
	char keys[256];
	size_t used;
	size_t from, to; /* of the answer in keys */
	struct winsize size;
};

static long long
resize_now_ms(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * 1000LL + time.tv_nsec / 1000000;
}

/* 1 to 65535, then `end`: 0: it is something else. */
static unsigned short
resize_number(char **at, char end)
{
	unsigned long n = strtoul(*at, at, 10);

	return **at == end && n < 65536 ? (unsigned short)n : 0;
}

/* Is the answer among the keys? */
static bool
resize_find(struct resize *r)
{
	char *at = r->keys, *end;

	r->keys[r->used] = '\0';
	for (; (at = strchr(at, '\033')) != NULL; at++) {
		if (at[1] != '[')
			continue;
		end = at + 2;
		r->size.ws_row = resize_number(&end, ';');
		if (r->size.ws_row == 0)
			continue;
		end++;
		r->size.ws_col = resize_number(&end, 'R');
		r->from = (size_t)(at - r->keys);
		r->to = (size_t)(end + 1 - r->keys);
		if (r->size.ws_col != 0)
			return true;
	}
	return false;
}

/* One more key: false: none came, or it was ^C. */
static bool
resize_read(struct resize *r, int milliseconds)
{
	struct pollfd p = {.fd = r->fd, .events = POLLIN};
	ssize_t n;

	if (r->used + 1 == sizeof r->keys || poll(&p, 1, milliseconds) <= 0)
		return false;
	n = read(r->fd, r->keys + r->used, 1);
	if (n <= 0 || r->keys[r->used] == 'C' - '@')
		return false;
	r->used++;
	return true;
}

static bool
resize_ask(struct resize *r, int seconds)
{
	long long end = resize_now_ms() + seconds * 1000LL, left;

	if (util_write(r->fd, RESIZE_ASK, sizeof RESIZE_ASK - 1) < 0)
		return false;
	while (!resize_find(r)) {
		left = end - resize_now_ms();
		if (left <= 0 || !resize_read(r, (int)left))
			return false;
	}
	return true;
}

/* What was typed meanwhile; only root may. */
static void
resize_type_again(const struct resize *r)
{
	size_t i;

	for (i = 0; i < r->used; i++)
		if (i < r->from || i >= r->to)
			ioctl(r->fd, TIOCSTI, r->keys + i);
}

static bool
resize_ask_raw(struct resize *r, int seconds)
{
	struct termios raw = r->kept;
	bool answered;

	cfmakeraw(&raw);
	if (tcsetattr(r->fd, TCSADRAIN, &raw) < 0)
		util_die_of("the terminal");
	answered = resize_ask(r, seconds);
	if (tcsetattr(r->fd, TCSADRAIN, &r->kept) < 0)
		util_fail("the terminal");
	resize_type_again(r);
	return answered;
}

int
main(int argc, char **argv)
{
	struct resize r = {.fd = -1};
	int seconds = 2;

	(void)argc;
	util_trouble = 1;
	util_start("resize", resize_usage);
	while (util_option(argv, "t:") >= 0)
		seconds = (int)util_number(optarg, 1, 3600, "-t");
	if (argv[optind] != NULL)
		util_usage();
	r.fd = open("tty:", O_RDWR | O_NOCTTY);
	if (r.fd < 0 || tcgetattr(r.fd, &r.kept) < 0)
		util_die_of("the terminal");
	if (!resize_ask_raw(&r, seconds))
		util_die("the terminal does not say how large it is");
	if (ioctl(r.fd, TIOCSWINSZ, &r.size) < 0)
		util_die_of("the terminal");
	printf("%d %d\n", r.size.ws_row, r.size.ws_col);
	return util_end();
}
