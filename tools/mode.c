/*
 * Modes as chmod takes them: see mode.h.
 *
 * A clause is who, then operators, each with letters: `ug+rw-x`.
 */
#include "mode.h"

#include <stddef.h>
#include <string.h>
#include <sys/stat.h>

#define MODE_SET_IDS (S_ISUID | S_ISGID)
#define MODE_ALL     07777u

/* So many digits say all of a directory's bits; fewer leave its set-ids. */
enum { MODE_WHOLE = 5 };

struct mode_who {
	char letter;
	unsigned bits; /* that it may change */
};

static const struct mode_who mode_whos[] = {
	{'u', S_ISUID | 0700},
	{'g', S_ISGID | 0070},
	{'o', S_ISVTX | 0007},
	{'a', MODE_ALL},
};

static unsigned
mode_who(const char **text)
{
	unsigned who = 0;
	size_t i = 0;

	while (i < sizeof mode_whos / sizeof *mode_whos) {
		if (**text == mode_whos[i].letter) {
			who |= mode_whos[i].bits;
			(*text)++;
			i = 0;
		} else {
			i++;
		}
	}
	return who;
}

/* The bits of one letter for everybody; 0: it is none. */
static unsigned
mode_letter(char letter, unsigned old, bool directory)
{
	switch (letter) {
	case 'r':
		return 0444;
	case 'w':
		return 0222;
	case 'x':
		return 0111;
	case 'X':
		return directory || (old & 0111) ? 0111 : 010000;
	case 's':
		return MODE_SET_IDS;
	case 't':
		return S_ISVTX;
	default:
		return 0;
	}
}

/* What stands behind an operator: letters, or u, g or o to copy from. */
static unsigned
mode_letters(const char **text, unsigned old, bool directory)
{
	static const char whose[] = "ogu";
	const char *from = strchr(whose, **text);
	unsigned bits = 0, more;

	if (**text != '\0' && from != NULL) {
		(*text)++;
		return (old >> 3 * (from - whose) & 7) * 0111;
	}
	while ((more = mode_letter(**text, old, directory)) != 0) {
		bits |= more;
		(*text)++;
	}
	return bits & 07777;
}

static unsigned
mode_operate(char op, unsigned old, unsigned who, unsigned bits)
{
	if (op == '+')
		return old | (bits & who);
	if (op == '-')
		return old & ~(bits & who);
	return (old & ~who) | (bits & who);
}

/* One clause; -1: there is none. */
static int
mode_clause(const char **text, unsigned old, bool directory, unsigned mask)
{
	unsigned who = mode_who(text);
	unsigned keep = who != 0 ? ~0u : ~mask;

	if (**text == '\0' || strchr("+-=", **text) == NULL)
		return -1;
	if (who == 0)
		who = MODE_ALL;
	while (**text != '\0' && strchr("+-=", **text) != NULL) {
		char op = *(*text)++;
		unsigned bits = mode_letters(text, old, directory);
		unsigned reach = who;

		/* A directory's set-ids stay unless they are named. */
		if (op == '=' && directory)
			reach &= ~(MODE_SET_IDS & ~bits);
		old = mode_operate(op, old, reach, bits & keep);
	}
	return (int)old;
}

static int
mode_octal(const char *text, unsigned kept)
{
	unsigned mode = 0, digits = 0;

	for (; *text >= '0' && *text <= '7' && mode <= 07777; text++, digits++)
		mode = mode * 8 + (unsigned)(*text - '0');
	if (digits < MODE_WHOLE)
		mode |= kept;
	return *text == '\0' && mode <= 07777 ? (int)mode : -1;
}

int
mode_change(const char *text, unsigned old, bool directory, unsigned mask)
{
	int mode = (int)(old & 07777);

	if (*text >= '0' && *text <= '9')
		return mode_octal(text, directory ? old & MODE_SET_IDS : 0);
	for (;;) {
		mode = mode_clause(&text, (unsigned)mode, directory, mask);
		if (mode < 0 || *text == '\0')
			return mode;
		if (*text++ != ',')
			return -1;
	}
}
