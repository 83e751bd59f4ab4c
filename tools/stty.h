/* The parts of stty: its tables and how they are shown. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <termios.h>

enum stty_field { STTY_INPUT, STTY_OUTPUT, STTY_CONTROL, STTY_LOCAL };

/* A setting that is on if the bits of `mask` are `value`. */
struct stty_flag {
	const char *name;
	enum stty_field field;
	tcflag_t mask, value;
	bool sane;
	bool choice; /* one of several: it is switched on, or another is */
};

struct stty_key {
	const char *name;
	unsigned index; /* of c_cc */
	cc_t sane;
};

struct stty_speed {
	const char *name;
	speed_t speed;
};

/* Each ends with a name that is NULL. */
extern const struct stty_flag stty_flags[];
extern const struct stty_key stty_keys[];
extern const struct stty_speed stty_speeds[];

tcflag_t *stty_word(struct termios *termios, enum stty_field field);
bool stty_is(const struct termios *termios, const struct stty_flag *flag);
void stty_put(struct termios *termios, const struct stty_flag *flag, bool on);
void stty_make_sane(struct termios *termios);

/* ---- stty_show.c ---- */

void stty_show(const struct termios *termios);	       /* what is not sane */
void stty_show_all(const struct termios *termios);     /* -a */
void stty_show_to_load(const struct termios *termios); /* -g */
/* What -g has shown.  false: it is something else. */
bool stty_load(struct termios *termios, const char *text);
