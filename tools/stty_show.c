/*
 * How stty shows settings, and takes them back.  Called by stty.c.
 *
 * What is shown are settings as stty takes them, so that a line can be typed
 * again.
 */
#include "stty.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#define WIDTH 78

static int show_column;

/* A word, on a line of its own if this one is full. */
static void
show_word(const char *word)
{
	int length = (int)strlen(word);

	if (show_column > 0 && show_column + 1 + length > WIDTH) {
		putchar('\n');
		show_column = 0;
	}
	show_column += printf("%s%s", show_column > 0 ? " " : "", word);
}

static void
show_end(void)
{
	if (show_column > 0)
		putchar('\n');
	show_column = 0;
}

static void
show_speed(const struct termios *termios)
{
	const struct stty_speed *speed = stty_speeds;
	char word[48];

	while (speed->name != NULL && speed->speed != cfgetospeed(termios))
		speed++;
	snprintf(word, sizeof word, "speed %s baud;",
		 speed->name != NULL ? speed->name : "unknown");
	show_word(word);
}

static void
show_key(const struct stty_key *key, const struct termios *termios)
{
	cc_t c = termios->c_cc[key->index];
	char word[48];

	if (c == 0)
		snprintf(word, sizeof word, "%s = ^-;", key->name);
	else if (c < ' ' || c == 0x7f)
		snprintf(word, sizeof word, "%s = ^%c;", key->name, c ^ '@');
	else
		snprintf(word, sizeof word, "%s = %c;", key->name, c);
	show_word(word);
}

static void
show_number(const char *name, unsigned number)
{
	char word[48];

	snprintf(word, sizeof word, "%s = %u;", name, number);
	show_word(word);
}

/* Of those that can only be on, what is off is not shown. */
static void
show_flag(const struct stty_flag *flag, bool on)
{
	char word[48];

	if (!on && flag->choice)
		return;
	snprintf(word, sizeof word, "%s%s", on ? "" : "-", flag->name);
	show_word(word);
}

void
stty_show(const struct termios *termios)
{
	const struct stty_flag *flag;
	const struct stty_key *key;

	show_speed(termios);
	show_end();
	for (key = stty_keys; key->name != NULL; key++)
		if (termios->c_cc[key->index] != key->sane)
			show_key(key, termios);
	if (!(termios->c_lflag & ICANON)) {
		show_number("min", termios->c_cc[VMIN]);
		show_number("time", termios->c_cc[VTIME]);
	}
	show_end();
	for (flag = stty_flags; flag->name != NULL; flag++)
		if (stty_is(termios, flag) != flag->sane)
			show_flag(flag, stty_is(termios, flag));
	show_end();
}

static void
show_flags(const struct termios *termios, enum stty_field field)
{
	const struct stty_flag *flag;

	for (flag = stty_flags; flag->name != NULL; flag++)
		if (flag->field == field)
			show_flag(flag, stty_is(termios, flag));
	show_end();
}

void
stty_show_all(const struct termios *termios)
{
	const struct stty_key *key;
	struct winsize size;
	char word[48];

	show_speed(termios);
	if (ioctl(0, TIOCGWINSZ, &size) == 0) {
		snprintf(word, sizeof word, "rows %d; columns %d;", size.ws_row,
			 size.ws_col);
		show_word(word);
	}
	show_end();
	for (key = stty_keys; key->name != NULL; key++)
		show_key(key, termios);
	show_number("min", termios->c_cc[VMIN]);
	show_number("time", termios->c_cc[VTIME]);
	show_end();
	show_flags(termios, STTY_CONTROL);
	show_flags(termios, STTY_INPUT);
	show_flags(termios, STTY_OUTPUT);
	show_flags(termios, STTY_LOCAL);
}

void
stty_show_to_load(const struct termios *termios)
{
	int i;

	printf("%x:%x:%x:%x", termios->c_iflag, termios->c_oflag,
	       termios->c_cflag, termios->c_lflag);
	for (i = 0; i < NCCS; i++)
		printf(":%x", termios->c_cc[i]);
	putchar('\n');
}

bool
stty_load(struct termios *termios, const char *text)
{
	unsigned long numbers[4 + NCCS] = {0};
	char *end;
	int i;

	for (i = 0; i < 4 + NCCS; i++) {
		numbers[i] = strtoul(text, &end, 16);
		if (end == text || *end != (i < 3 + NCCS ? ':' : '\0') ||
		    numbers[i] > (i < 4 ? 0xffffffff : 0xff))
			return false;
		text = end + 1;
	}
	termios->c_iflag = (tcflag_t)numbers[0];
	termios->c_oflag = (tcflag_t)numbers[1];
	termios->c_cflag = (tcflag_t)numbers[2];
	termios->c_lflag = (tcflag_t)numbers[3];
	for (i = 0; i < NCCS; i++)
		termios->c_cc[i] = (cc_t)numbers[4 + i];
	return true;
}
