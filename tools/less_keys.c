/*
 * The keys of less and what they do: a key is a row of less_keys.
 */
#include "less.h"
#include "util.h"

#include <ctype.h>
#include <string.h>

static size_t less_number;	    /* typed before a key */
static const char *less_typed = ""; /* keys of +COMMAND */

static int
less_next_key(void)
{
	if (*less_typed != '\0')
		return (unsigned char)*less_typed++;
	return less_key();
}

void
less_set_typed(const char *command)
{
	size_t size = strlen(command);
	char *keys = util_alloc(size + 2);

	memcpy(keys, command, size + 1);
	if (*command == '/' || *command == '?')
		strcpy(keys + size, "\r");
	else if (size > 0 && isdigit((unsigned char)command[size - 1]))
		strcpy(keys + size, "g");
	less_typed = keys;
}

/* A line that is typed at the prompt; NULL: given up. */
static char *
less_ask(const char *prompt)
{
	static char text[256];
	size_t size = 0;
	int key;

	for (;;) {
		less_print("\r\033[K");
		less_print(prompt);
		less_put(text, size);
		less_flush();
		key = less_next_key();
		if (key == '\r' || key == '\n')
			break;
		if (key < 0 || key == 3 || key == '\033' ||
		    ((key == '\b' || key == 0x7f) && size == 0))
			return NULL;
		if (key == '\b' || key == 0x7f)
			while (size > 0 && (text[--size] & 0xc0) == 0x80)
				continue;
		else if (key >= ' ' && key < 256 && size + 1 < sizeof text)
			text[size++] = (char)key;
	}
	text[size] = '\0';
	return text;
}

/* ---- what keys do ---- */

static long
less_count(long otherwise)
{
	return less_number > 0 ? (long)less_number : otherwise;
}

static void
less_on_line_down(void)
{
	less_move(less_count(1));
}

static void
less_on_line_up(void)
{
	less_move(-less_count(1));
}

static void
less_on_page_down(void)
{
	less_move(less_count((long)less_rows));
}

static void
less_on_page_up(void)
{
	less_move(-less_count((long)less_rows));
}

static void
less_on_half_down(void)
{
	less_move(less_count((long)less_rows / 2));
}

static void
less_on_half_up(void)
{
	less_move(-less_count((long)less_rows / 2));
}

static void
less_on_begin(void)
{
	less_go_to((size_t)less_count(1) - 1);
}

static void
less_on_end(void)
{
	if (less_number > 0)
		less_go_to(less_number - 1);
	else
		less_go_to_end();
}

static void
less_on_search(void)
{
	less_search(less_ask("/"), false);
}

static void
less_on_search_back(void)
{
	less_search(less_ask("?"), true);
}

static void
less_on_again(void)
{
	less_search_again(false);
}

static void
less_on_again_back(void)
{
	less_search_again(true);
}

static void
less_on_file(void)
{
	const char *text = less_ask(":");

	if (text != NULL && strcmp(text, "n") == 0)
		less_step_file(1);
	else if (text != NULL && strcmp(text, "p") == 0)
		less_step_file(-1);
	else if (text != NULL)
		less_message = ":n is the next file, :p the one before";
}

static void
less_on_redraw(void)
{
	less_print("\033[2J");
}

static void
less_on_help(void)
{
	static const char *const lines[] = {
		"q              ends",
		"space f PgDn   a screen on          b PgUp    back",
		"Enter j Down   a line on            k y Up    back",
		"d              half a screen on     u         back",
		"g Home         the beginning        G End     the end",
		"NUMBER g       that line; before other keys: so many",
		"/PATTERN       the next line with it (extended, as in grep)",
		"?PATTERN       the one before",
		"n N            once more, in the other direction",
		":n :p          the next file, the one before",
		"^L             draws the screen again",
	};
	size_t count = sizeof lines / sizeof *lines, i = 0, row;

	while (i < count) {
		less_fit_screen();
		less_print("\033[2J\033[H");
		for (row = 0; row < less_rows && i < count; row++, i++) {
			less_put(lines[i], strnlen(lines[i], less_columns - 1));
			less_print("\r\n");
		}
		less_print("(any key)");
		less_flush();
		less_next_key();
	}
}

static const struct {
	int key;
	void (*run)(void);
} less_keys[] = {
	{' ', less_on_page_down},
	{'f', less_on_page_down},
	{'F' - '@', less_on_page_down},
	{LESS_PAGE_DOWN, less_on_page_down},
	{'b', less_on_page_up},
	{'B' - '@', less_on_page_up},
	{LESS_PAGE_UP, less_on_page_up},
	{'\r', less_on_line_down},
	{'\n', less_on_line_down},
	{'j', less_on_line_down},
	{'e', less_on_line_down},
	{LESS_DOWN, less_on_line_down},
	{'k', less_on_line_up},
	{'y', less_on_line_up},
	{LESS_UP, less_on_line_up},
	{'d', less_on_half_down},
	{'D' - '@', less_on_half_down},
	{'u', less_on_half_up},
	{'U' - '@', less_on_half_up},
	{'g', less_on_begin},
	{'<', less_on_begin},
	{LESS_HOME, less_on_begin},
	{'G', less_on_end},
	{'>', less_on_end},
	{LESS_END, less_on_end},
	{'/', less_on_search},
	{'?', less_on_search_back},
	{'n', less_on_again},
	{'N', less_on_again_back},
	{':', less_on_file},
	{'L' - '@', less_on_redraw},
	{'r', less_on_redraw},
	{'h', less_on_help},
};

static void
less_do(int key)
{
	size_t i;

	for (i = 0; i < sizeof less_keys / sizeof *less_keys; i++)
		if (less_keys[i].key == key)
			break;
	if (i < sizeof less_keys / sizeof *less_keys)
		less_keys[i].run();
	else if (key != 3)
		less_message = "h shows the keys";
	less_number = 0;
}

void
less_loop(void)
{
	int key;

	for (;;) {
		if (less_number == 0 && *less_typed == '\0')
			less_draw();
		key = less_next_key();
		if (key == 'q' || key == 'Q' || key < 0)
			break;
		if (key >= '0' && key <= '9')
			less_number = less_number % 100000000 * 10 +
				      (size_t)(key - '0');
		else
			less_do(key);
	}
}
