/*
 * A terminal's line discipline: what keys become before a program reads them,
 * and what a program writes before the terminal gets it.
 *
 *	line.c		keys that are not text: signals, flow, translation
 *	line_edit.c	a line that is typed: erase, kill, reprint ...
 *	line_read.c	what programs read
 *	line_output.c	what goes out
 *	line_width.c	how wide characters are
 *
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
	LINE_ISTRIP = 0000040,
	LINE_INLCR = 0000100,
	LINE_IGNCR = 0000200,
	LINE_ICRNL = 0000400,
	LINE_IXON = 0002000,
	LINE_IXANY = 0004000,
	LINE_IXOFF = 0010000,
	LINE_IMAXBEL = 0020000,
	LINE_IUTF8 = 0040000,

	LINE_OPOST = 0000001,
	LINE_ONLCR = 0000004,
	LINE_OCRNL = 0000010,
	LINE_ONOCR = 0000020,
	LINE_ONLRET = 0000040,
	LINE_TABDLY = 0014000,

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
	LINE_ECHOKE = 0004000,
	LINE_IEXTEN = 0100000,
};

enum {
	LINE_VINTR = 0,
	LINE_VQUIT = 1,
	LINE_VERASE = 2,
	LINE_VKILL = 3,
	LINE_VEOF = 4,
	LINE_VTIME = 5,
	LINE_VMIN = 6,
	LINE_VSTART = 8,
	LINE_VSTOP = 9,
	LINE_VSUSP = 10,
	LINE_VEOL = 11,
	LINE_VREPRINT = 12,
	LINE_VWERASE = 14,
	LINE_VLNEXT = 15,
	LINE_VEOL2 = 16,
};

#define LINE_SIZE 4096u /* of a typed line, its end included; a power of 2 */
#define LINE_WIDE 8u	/* bytes that one written may become */

struct line;

struct line_ops {
	/* A byte goes out; the caller of line_write has seen to room, echoes
	 * are lost if there is none. */
	void (*put)(struct line *line, char c);
	/* The same past all that waits. */
	void (*put_first)(struct line *line, char c);
	/* What waits to go out is forgotten. */
	void (*drop)(struct line *line);
};

struct line {
	const struct line_ops *ops;
	struct abi_termios termios;
	/* Positions in the ring, not wrapped: from first to ready can be read,
	 * from ready to last is a line that is still being edited. */
	uint32_t first, ready, last;
	uint16_t ring[LINE_SIZE]; /* bytes, marked if they are text whatever
				     they are; or LINE_END */
	bool literal;		  /* ^V came: the next key is text */
	bool stopped;		  /* ^S came: nothing goes out */
	bool throttling;	  /* IXOFF: the sender was told to stop */
	unsigned column;	  /* where the cursor is, */
	unsigned start;		  /* and was when the typed line began */
};

#define LINE_END     0x100 /* an end of input stands here */
#define LINE_LITERAL 0x200

void line_init(struct line *line, const struct line_ops *ops);

/* ---- line.c ---- */

/* May another key be given?  No if the ring is full and a reader can empty it.
 */
bool line_has_room(const struct line *line);
/* A key.  Returns the signal it stands for, or 0. */
int line_input(struct line *line, char key);
/* Of IXOFF: tells the sender to stop, or to go on, if it is time. */
void line_throttle(struct line *line);

/* ---- line_edit.c ---- */

void line_edit(struct line *line, char key);
/* Appends a byte, and rings the bell if there is no room. */
bool line_append(struct line *line, uint16_t what, uint32_t reserve);

/* ---- line_read.c ---- */

/* What is being edited is readable as it is when a program leaves the
 * canonical mode. */
void line_set(struct line *line, const struct abi_termios *termios);
void line_flush(struct line *line);
/*
 * Looks at up to n bytes of what can be read: in canonical mode no more than
 * the rest of a line.  line_consume(what *consume got) then takes them out;
 * *ended: the read is not to go on.
 */
size_t line_peek(const struct line *line, char *to, size_t n, uint32_t *consume,
		 bool *ended);
void line_consume(struct line *line, uint32_t from, uint32_t n);
uint32_t line_bytes(const struct line *line); /* that can be read */

/* ---- line_output.c ---- */

/* A byte of a program's on its way out. */
void line_write(struct line *line, char c);
/* A key on the screen, if the settings say so. */
void line_echo(struct line *line, uint16_t what);
/* Columns that what stands from `from` to `to` in the ring takes up there, if
 * its first is at `column`. */
unsigned line_columns(const struct line *line, uint32_t from, uint32_t to,
		      unsigned column);

/* ---- line_width.c ---- */

unsigned line_width(uint32_t character); /* 0 to 2 columns */

/* ---- what all ask ---- */

static inline bool
line_has(const struct line *line, uint32_t flag)
{
	return line->termios.c_lflag & flag;
}

static inline bool
line_canonical(const struct line *line)
{
	return line_has(line, LINE_ICANON);
}

/* Is it this control key?  One set to 0 is switched off. */
static inline bool
line_is(const struct line *line, unsigned which, char key)
{
	return key && line->termios.c_cc[which] == (unsigned char)key;
}

/* The same of those that POSIX does not know. */
static inline bool
line_is_extended(const struct line *line, unsigned which, char key)
{
	return line_has(line, LINE_IEXTEN) && line_is(line, which, key);
}

/* How much can be read, ends of input among it; in canonical mode, more than 0
 * means: a whole line, or an end of input. */
static inline uint32_t
line_ready(const struct line *line)
{
	return line->ready - line->first;
}

static inline uint16_t
line_at(const struct line *line, uint32_t position)
{
	return line->ring[position % LINE_SIZE];
}
