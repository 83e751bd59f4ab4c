/*
 * A terminal's line discipline: what keys become before a program reads them.
 * Knows nothing of devices or locks; the caller holds whatever guards it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "abi/types.h"

/* The flags of struct abi_termios that mean something here; others are kept and
 * do nothing.  Linux's values. */
enum {
	LINE_IGNCR = 0000200,
	LINE_ICRNL = 0000400,
	LINE_INLCR = 0000100,
	LINE_IUTF8 = 0040000,

	LINE_OPOST = 0000001,
	LINE_ONLCR = 0000004,

	LINE_CS8 = 0000060,
	LINE_CREAD = 0000200,
	LINE_CLOCAL = 0004000,
	LINE_B115200 = 0010002,

	LINE_ISIG = 0000001,
	LINE_ICANON = 0000002,
	LINE_ECHO = 0000010,
	LINE_ECHOE = 0000020,
	LINE_ECHOK = 0000040,
	LINE_ECHONL = 0000100,
	LINE_NOFLSH = 0000200,
	LINE_TOSTOP = 0000400,
	LINE_ECHOCTL = 0001000,
};

enum {
	LINE_VINTR = 0,
	LINE_VQUIT = 1,
	LINE_VERASE = 2,
	LINE_VKILL = 3,
	LINE_VEOF = 4,
	LINE_VTIME = 5,
	LINE_VMIN = 6,
	LINE_VEOL = 11,
};

#define LINE_SIZE 4096u

struct line {
	struct abi_termios termios;
	/* Positions in the ring, not wrapped: from first to ready can be read,
	 * from ready to last is a line that is still being edited. */
	uint32_t first, ready, last;
	uint16_t ring[LINE_SIZE]; /* bytes, or LINE_END */
};

/* What a key puts on the screen. */
struct line_echo {
	char bytes[8];
	unsigned used;
};

void line_init(struct line *line);
/* A key.  Returns the signal it stands for, or 0. */
int line_input(struct line *line, char key, struct line_echo *echo);
/* What is being edited is readable as it is when a program leaves the
 * canonical mode. */
void line_set(struct line *line, const struct abi_termios *termios);
void line_flush(struct line *line);

static inline bool
line_canonical(const struct line *line)
{
	return line->termios.c_lflag & LINE_ICANON;
}

/* How much can be read; in canonical mode, more than 0 means: a whole line, or
 * an end of input. */
static inline uint32_t
line_ready(const struct line *line)
{
	return line->ready - line->first;
}

/*
 * Looks at up to n bytes of what can be read: in canonical mode no more than
 * the rest of a line.  line_consume(what *consume got) then takes them out;
 * *ended: the read is not to go on.
 */
size_t line_peek(const struct line *line, char *to, size_t n, uint32_t *consume,
		 bool *ended);
void line_consume(struct line *line, uint32_t from, uint32_t n);

/* One byte on its way out: how many bytes (1 or 2) to got. */
unsigned line_output(const struct line *line, char c, char to[2]);
