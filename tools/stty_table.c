/*
 * What stty knows: flags, keys, speeds.  Used by stty.c and stty_show.c.
 *
 * A flag that is off is set as the complement of its mask; of several that
 * share a mask (cs7, cs8; tab0, tab3) each can only be switched on.
 */
#include "stty.h"

#define CONTROL(letter) ((letter) - '@')
#define FLAG(field, name, bit, sane)                                           \
	{                                                                      \
		name, STTY_##field, bit, bit, sane, false                      \
	}

const struct stty_flag stty_flags[] = {
	FLAG(CONTROL, "parenb", PARENB, false),
	FLAG(CONTROL, "parodd", PARODD, false),
	{"cs5", STTY_CONTROL, CSIZE, CS5, false, true},
	{"cs6", STTY_CONTROL, CSIZE, CS6, false, true},
	{"cs7", STTY_CONTROL, CSIZE, CS7, false, true},
	{"cs8", STTY_CONTROL, CSIZE, CS8, true, true},
	FLAG(CONTROL, "hupcl", HUPCL, false),
	FLAG(CONTROL, "cstopb", CSTOPB, false),
	FLAG(CONTROL, "cread", CREAD, true),
	FLAG(CONTROL, "clocal", CLOCAL, true),
	FLAG(INPUT, "ignbrk", IGNBRK, false),
	FLAG(INPUT, "brkint", BRKINT, false),
	FLAG(INPUT, "ignpar", IGNPAR, false),
	FLAG(INPUT, "parmrk", PARMRK, false),
	FLAG(INPUT, "inpck", INPCK, false),
	FLAG(INPUT, "istrip", ISTRIP, false),
	FLAG(INPUT, "inlcr", INLCR, false),
	FLAG(INPUT, "igncr", IGNCR, false),
	FLAG(INPUT, "icrnl", ICRNL, true),
	FLAG(INPUT, "ixon", IXON, true),
	FLAG(INPUT, "ixoff", IXOFF, false),
	FLAG(INPUT, "ixany", IXANY, false),
	FLAG(INPUT, "imaxbel", IMAXBEL, true),
	FLAG(INPUT, "iutf8", IUTF8, true),
	FLAG(OUTPUT, "opost", OPOST, true),
	FLAG(OUTPUT, "ocrnl", OCRNL, false),
	FLAG(OUTPUT, "onlcr", ONLCR, true),
	FLAG(OUTPUT, "onocr", ONOCR, false),
	FLAG(OUTPUT, "onlret", ONLRET, false),
	{"tab0", STTY_OUTPUT, TABDLY, TAB0, true, true},
	{"tab3", STTY_OUTPUT, TABDLY, TAB3, false, true},
	FLAG(LOCAL, "isig", ISIG, true),
	FLAG(LOCAL, "icanon", ICANON, true),
	FLAG(LOCAL, "iexten", IEXTEN, true),
	FLAG(LOCAL, "echo", ECHO, true),
	FLAG(LOCAL, "echoe", ECHOE, true),
	FLAG(LOCAL, "echok", ECHOK, true),
	FLAG(LOCAL, "echonl", ECHONL, false),
	FLAG(LOCAL, "noflsh", NOFLSH, false),
	FLAG(LOCAL, "tostop", TOSTOP, false),
	FLAG(LOCAL, "echoctl", ECHOCTL, true),
	FLAG(LOCAL, "echoke", ECHOKE, true),
	{.name = NULL},
};

const struct stty_key stty_keys[] = {
	{"intr", VINTR, CONTROL('C')},
	{"quit", VQUIT, CONTROL('\\')},
	{"erase", VERASE, 0x7f},
	{"kill", VKILL, CONTROL('U')},
	{"eof", VEOF, CONTROL('D')},
	{"eol", VEOL, 0},
	{"eol2", VEOL2, 0},
	{"start", VSTART, CONTROL('Q')},
	{"stop", VSTOP, CONTROL('S')},
	{"susp", VSUSP, CONTROL('Z')},
	{"rprnt", VREPRINT, CONTROL('R')},
	{"werase", VWERASE, CONTROL('W')},
	{"lnext", VLNEXT, CONTROL('V')},
	{.name = NULL},
};

const struct stty_speed stty_speeds[] = {
	{"0", B0},	     {"50", B50},	{"75", B75},
	{"110", B110},	     {"134", B134},	{"150", B150},
	{"200", B200},	     {"300", B300},	{"600", B600},
	{"1200", B1200},     {"1800", B1800},	{"2400", B2400},
	{"4800", B4800},     {"9600", B9600},	{"19200", B19200},
	{"38400", B38400},   {"57600", B57600}, {"115200", B115200},
	{"230400", B230400}, {.name = NULL},
};

tcflag_t *
stty_word(struct termios *termios, enum stty_field field)
{
	tcflag_t *const words[] = {
		[STTY_INPUT] = &termios->c_iflag,
		[STTY_OUTPUT] = &termios->c_oflag,
		[STTY_CONTROL] = &termios->c_cflag,
		[STTY_LOCAL] = &termios->c_lflag,
	};

	return words[field];
}

bool
stty_is(const struct termios *termios, const struct stty_flag *flag)
{
	struct termios copy = *termios;

	return (*stty_word(&copy, flag->field) & flag->mask) == flag->value;
}

void
stty_put(struct termios *termios, const struct stty_flag *flag, bool on)
{
	tcflag_t *word = stty_word(termios, flag->field);

	*word &= ~flag->mask;
	if (on)
		*word |= flag->value;
}

void
stty_make_sane(struct termios *termios)
{
	const struct stty_flag *flag;
	const struct stty_key *key;

	for (flag = stty_flags; flag->name != NULL; flag++)
		if (flag->sane || !flag->choice)
			stty_put(termios, flag, flag->sane);
	for (key = stty_keys; key->name != NULL; key++)
		termios->c_cc[key->index] = key->sane;
	termios->c_cc[VMIN] = 1;
	termios->c_cc[VTIME] = 0;
}
