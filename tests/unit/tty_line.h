/*
 * A terminal's line discipline for its tests: keys are typed, what is shown is
 * kept.
 */
#pragma once

#include <stdio.h>
#include "abi/signal.h"
#include "schemes/tty/line.h"
#include "test.h"

static struct line line;
static char shown[262144], urgent[16];
static size_t shown_used, urgent_used;
static int dropped;

static inline void
show(struct line *of, char c)
{
	(void)of;
	shown[shown_used++] = c;
	shown[shown_used] = '\0';
}

static inline void
show_first(struct line *of, char c)
{
	(void)of;
	urgent[urgent_used++] = c;
	urgent[urgent_used] = '\0';
}

static inline void
drop(struct line *of)
{
	(void)of;
	dropped++;
}

static const struct line_ops ops = {show, show_first, drop};

static inline void
clear(void)
{
	shown_used = urgent_used = 0;
	shown[0] = urgent[0] = '\0';
	dropped = 0;
}

/* Without OPOST, so that what is shown is what was echoed. */
static inline void
fresh(uint32_t off)
{
	line_init(&line, &ops);
	line.termios.c_lflag &= ~off;
	line.termios.c_oflag = 0;
	clear();
}

static inline int
type(const char *keys)
{
	int sig = 0;

	for (; *keys && !sig; keys++)
		sig = line_input(&line, *keys);
	return sig;
}

static inline void
write_out(const char *bytes)
{
	for (; *bytes; bytes++)
		line_write(&line, *bytes);
}

static inline void
set_key(unsigned which, char key)
{
	line.termios.c_cc[which] = (uint8_t)key;
}

/* What one read of up to n bytes gets. */
static inline const char *
get(size_t n, bool *ended)
{
	static char text[2 * LINE_SIZE];
	uint32_t from = line.first, consume;

	text[line_peek(&line, text, n, &consume, ended)] = '\0';
	line_consume(&line, from, consume);
	return text;
}
