/*
 * stty [-a | -g | SETTING...]: shows or changes the settings of the terminal
 * that is its input.
 *
 * All settings are looked at before the terminal is changed: a wrong one
 * changes nothing.
 */
#include "stty.h"
#include "util.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

static const char stty_usage[] =
	"usage: stty [-a | -g | SETTING...]\n"
	"Shows what is unusual about the terminal, or changes it.\n"
	"  -a           show everything\n"
	"  -g           show it in a form that stty takes\n"
	"  sane         as at the start; raw, cooked, cbreak, nl and -nl too\n"
	"  [-]FLAG      icanon, echo, isig, ixon ... on or off (see -a)\n"
	"  KEY CHAR     intr, erase, eof ...; CHAR is c, ^c, or ^- for none\n"
	"  min N, time N, SPEED\n"
	"  rows N, cols N, size\n";

static struct termios stty_termios;
static struct winsize stty_size;
static bool stty_changed, stty_resized;

/* ---- several at once ---- */

static void
set_flags(const char *const *names)
{
	const struct stty_flag *flag;

	for (; *names != NULL; names++) {
		bool on = **names != '-';

		for (flag = stty_flags; flag->name != NULL; flag++)
			if (strcmp(flag->name, *names + !on) == 0)
				stty_put(&stty_termios, flag, on);
	}
}

static void
set_raw(void)
{
	cfmakeraw(&stty_termios);
}

static void
set_cooked(void)
{
	static const char *const names[] = {"brkint", "icrnl",	"ixon", "opost",
					    "isig",   "icanon", NULL};

	set_flags(names);
}

static void
set_cbreak(void)
{
	static const char *const names[] = {"-icanon", NULL};

	set_flags(names);
	stty_termios.c_cc[VMIN] = 1;
	stty_termios.c_cc[VTIME] = 0;
}

static void
set_no_cbreak(void)
{
	static const char *const names[] = {"icanon", NULL};

	set_flags(names);
}

static void
set_nl(void)
{
	static const char *const names[] = {"-icrnl", "-onlcr", NULL};

	set_flags(names);
}

static void
set_no_nl(void)
{
	static const char *const names[] = {"icrnl", "-inlcr", "-igncr",
					    "onlcr", "-ocrnl", "-onlret",
					    NULL};

	set_flags(names);
}

static void
set_ek(void)
{
	stty_termios.c_cc[VERASE] = 0x7f;
	stty_termios.c_cc[VKILL] = 'U' - '@';
}

static void
set_sane(void)
{
	stty_make_sane(&stty_termios);
}

static void
show_size(void)
{
	printf("%d %d\n", stty_size.ws_row, stty_size.ws_col);
}

static const struct {
	const char *name;
	void (*act)(void);
	bool changes;
} stty_many[] = {
	{"sane", set_sane, true},	  {"raw", set_raw, true},
	{"cooked", set_cooked, true},	  {"-raw", set_cooked, true},
	{"-cooked", set_raw, true},	  {"cbreak", set_cbreak, true},
	{"-cbreak", set_no_cbreak, true}, {"nl", set_nl, true},
	{"-nl", set_no_nl, true},	  {"ek", set_ek, true},
	{"size", show_size, false},
};

static bool
set_many(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof stty_many / sizeof *stty_many; i++)
		if (strcmp(stty_many[i].name, name) == 0) {
			stty_many[i].act();
			stty_changed |= stty_many[i].changes;
			return true;
		}
	return false;
}

/* ---- one ---- */

static bool
set_flag(const char *name)
{
	const struct stty_flag *flag;
	bool on = *name != '-';

	for (flag = stty_flags; flag->name != NULL; flag++) {
		if (strcmp(flag->name, name + !on) != 0 ||
		    (!on && flag->choice))
			continue;
		stty_put(&stty_termios, flag, on);
		stty_changed = true;
		return true;
	}
	return false;
}

static bool
set_speed(const char *name)
{
	const struct stty_speed *speed;

	for (speed = stty_speeds; speed->name != NULL; speed++)
		if (strcmp(speed->name, name) == 0) {
			cfsetospeed(&stty_termios, speed->speed);
			stty_changed = true;
			return true;
		}
	return false;
}

/* ---- with a value ---- */

static cc_t
key_of(const char *name, const char *text)
{
	size_t length = strlen(text);

	if (length == 1)
		return (cc_t)*text;
	if (strcmp(text, "^-") == 0 || strcmp(text, "undef") == 0)
		return 0;
	if (strcmp(text, "^?") == 0)
		return 0x7f;
	if (length == 2 && *text == '^')
		return text[1] & 0x1f;
	util_die("%s: '%s' is no key", name, text);
}

static bool
set_key(const char *name, const char *value)
{
	const struct stty_key *key;

	for (key = stty_keys; key->name != NULL; key++) {
		if (strcmp(key->name, name) != 0)
			continue;
		stty_termios.c_cc[key->index] = key_of(name, value);
		stty_changed = true;
		return true;
	}
	return false;
}

static bool
set_number(const char *name, const char *value)
{
	static const struct {
		const char *name;
		unsigned short *size;
		cc_t *key;
	} numbers[] = {
		{"rows", &stty_size.ws_row, NULL},
		{"cols", &stty_size.ws_col, NULL},
		{"columns", &stty_size.ws_col, NULL},
		{"min", NULL, &stty_termios.c_cc[VMIN]},
		{"time", NULL, &stty_termios.c_cc[VTIME]},
	};
	size_t i;

	for (i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		bool size = numbers[i].size != NULL;
		long long n;

		if (strcmp(numbers[i].name, name) != 0)
			continue;
		n = util_number(value, 0, size ? 65535 : 255, name);
		if (size)
			*numbers[i].size = (unsigned short)n;
		else
			*numbers[i].key = (cc_t)n;
		stty_resized |= size;
		stty_changed |= !size;
		return true;
	}
	return false;
}

static bool
set_valued(const char *name, const char *value)
{
	static const char none[] = "1";
	struct termios termios = stty_termios;
	struct winsize size = stty_size;
	bool known;

	if (value != NULL)
		return set_key(name, value) || set_number(name, value);
	known = set_key(name, none) || set_number(name, none);
	stty_termios = termios;
	stty_size = size;
	if (known)
		util_die("%s: a value is wanted", name);
	return false;
}

/* ---- all ---- */

static void
stty_set(char **argv)
{
	for (; *argv != NULL; argv++) {
		if (stty_load(&stty_termios, *argv))
			stty_changed = true;
		else if (set_many(*argv) || set_flag(*argv) || set_speed(*argv))
			continue;
		else if (set_valued(argv[0], argv[1]))
			argv++;
		else
			util_die("no such setting: '%s'", *argv);
	}
}

static void
stty_apply(void)
{
	if (stty_changed && tcsetattr(0, TCSADRAIN, &stty_termios) < 0)
		util_fail("standard input");
	if (stty_resized && ioctl(0, TIOCSWINSZ, &stty_size) < 0)
		util_fail("standard input");
}

int
main(int argc, char **argv)
{
	util_trouble = 1;
	util_start("stty", stty_usage);
	if (argc > 1 && strcmp(argv[1], "--help") == 0)
		util_option(argv, "");
	if (tcgetattr(0, &stty_termios) < 0 ||
	    ioctl(0, TIOCGWINSZ, &stty_size) < 0)
		util_die_of("standard input");
	if (argc == 1)
		stty_show(&stty_termios);
	else if (argc == 2 && strcmp(argv[1], "-a") == 0)
		stty_show_all(&stty_termios);
	else if (argc == 2 && strcmp(argv[1], "-g") == 0)
		stty_show_to_load(&stty_termios);
	else
		stty_set(argv + 1);
	stty_apply();
	return util_end();
}
