/*
 * less [-FiNRS] [+COMMAND] [FILE]...: shows text a screen at a time.
 *
 * Where the screen begins is a place: a line and a row of it.  A key is a row
 * of less_keys.  Without a terminal it is cat.
 */
#include "less.h"
#include "text.h"
#include "util.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char less_usage[] =
	"usage: less [-FiNRS] [+COMMAND] [FILE]...\n"
	"Shows text a screen at a time; h shows the keys.\n"
	"  -F  text that fits on the screen is only printed\n"
	"  -i  searches take capital and small letters for the same\n"
	"  -N  with the numbers of lines\n"
	"  -R  lets colours through\n"
	"  -S  cuts long lines off\n"
	"  +COMMAND  begins with these keys: +G, +/pattern, +42\n";

struct less_place {
	size_t line, row;
};

static struct less_place less_top;
static size_t less_rows, less_columns; /* rows of text */
static bool less_fold, less_numbers, less_fits;
static char **less_files; /* the one that is shown */
static int less_file_count, less_file;
static const char *less_message; /* instead of the prompt, once */
static struct pattern less_pattern;
static bool less_has_pattern, less_search_back;
static size_t less_number;	    /* typed before a key */
static const char *less_typed = ""; /* keys of +COMMAND */

enum { LESS_NUMBER_WIDTH = 8 };

/* ---- places ---- */

static const struct less_cells *
less_cells_of(size_t line)
{
	return less_layout(
		line, less_columns - (less_numbers ? LESS_NUMBER_WIDTH : 0));
}

/* One row on; false: there is none. */
static bool
less_down(struct less_place *place)
{
	const struct less_cells *cells = less_cells_of(place->line);

	if (cells == NULL)
		return false;
	if (place->row + 1 < cells->row_count) {
		place->row++;
		return true;
	}
	if (less_line(place->line + 1) == NULL)
		return false;
	*place = (struct less_place){place->line + 1, 0};
	return true;
}

static bool
less_up(struct less_place *place)
{
	const struct less_cells *cells;

	if (place->row > 0) {
		place->row--;
		return true;
	}
	if (place->line == 0)
		return false;
	cells = less_cells_of(--place->line);
	place->row = cells != NULL ? cells->row_count - 1 : 0;
	return true;
}

/* Is the end of the text on the screen? */
static bool
less_shows_end(void)
{
	struct less_place place = less_top;
	size_t i;

	for (i = 0; i < less_rows; i++)
		if (!less_down(&place))
			return true;
	return false;
}

static void
less_move(long rows)
{
	for (; rows > 0 && !less_shows_end(); rows--)
		less_down(&less_top);
	for (; rows < 0 && less_up(&less_top); rows++)
		continue;
}

static void
less_go_to_end(void)
{
	size_t count = less_read_all();

	less_top = (struct less_place){count > 0 ? count - 1 : 0, 0};
	while (less_down(&less_top) && less_top.line < count)
		continue;
	less_move(-(long)(less_rows - 1));
}

/* The line comes to the top, though the screen may be longer than the rest. */
static void
less_go_to(size_t line)
{
	if (less_line(line) == NULL)
		less_go_to_end();
	else
		less_top = (struct less_place){line, 0};
}

/* ---- drawing ---- */

static void
less_draw_row(const struct less_place *place)
{
	const struct less_cells *cells = less_cells_of(place->line);
	char number[24];
	size_t first;

	if (cells == NULL)
		return;
	first = cells->rows[place->row];
	if (less_numbers && place->row == 0) {
		snprintf(number, sizeof number, "%*zu ", LESS_NUMBER_WIDTH - 1,
			 place->line + 1);
		less_print(number);
	} else if (less_numbers) {
		snprintf(number, sizeof number, "%*s", LESS_NUMBER_WIDTH, "");
		less_print(number);
	}
	less_print_cells(cells->list + first,
			 cells->rows[place->row + 1] - first);
}

static void
less_draw_text(void)
{
	struct less_place place = less_top;
	bool more = less_line(place.line) != NULL;
	size_t i;

	less_print("\033[H");
	for (i = 0; i < less_rows; i++) {
		if (more)
			less_draw_row(&place);
		else
			less_print("~");
		less_print("\033[K\r\n");
		more = more && less_down(&place);
	}
}

static const char *
less_name(void)
{
	const char *name = less_files[less_file];

	return strcmp(name, "-") == 0 ? "stdin" : name;
}

static void
less_draw_prompt(void)
{
	char text[256];

	if (less_message != NULL)
		snprintf(text, sizeof text, "%s", less_message);
	else if (less_shows_end() && less_all_read())
		snprintf(text, sizeof text, "%s (END)", less_name());
	else
		snprintf(text, sizeof text, "%s line %zu", less_name(),
			 less_top.line + 1);
	less_message = NULL;
	if (strlen(text) >= less_columns)
		text[less_columns - 1] = '\0';
	less_print("\r\033[K\033[7m");
	less_print(text);
	less_print("\033[0m");
}

static void
less_fit_screen(void)
{
	size_t rows;

	less_measure(&rows, &less_columns);
	less_rows = rows - 1;
	less_numbers &= less_columns > 2 * LESS_NUMBER_WIDTH;
}

static void
less_draw(void)
{
	less_fit_screen();
	less_draw_text();
	less_draw_prompt();
	less_flush();
}

/* ---- keys ---- */

static int
less_next_key(void)
{
	if (*less_typed != '\0')
		return (unsigned char)*less_typed++;
	return less_key();
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

/* The next line that matches, from `line` on. */
static void
less_search_from(size_t line, bool back)
{
	for (;; line += back ? (size_t)-1 : 1) {
		if (less_line(line) == NULL) {
			less_message = "Pattern not found";
			return;
		}
		if (less_matches(line, &less_pattern))
			break;
		if (less_key_waits() || (back && line == 0)) {
			less_message = less_key_waits() ? "Interrupted"
							: "Pattern not found";
			return;
		}
	}
	less_go_to(line);
}

static void
less_search_again(bool back)
{
	if (!less_has_pattern)
		less_message = "There is no pattern yet";
	else if (!back)
		less_search_from(less_top.line + 1, false);
	else if (less_top.line > 0)
		less_search_from(less_top.line - 1, true);
	else
		less_message = "Pattern not found";
}

static void
less_search(bool back)
{
	const char *text = less_ask(back ? "?" : "/"), *wrong;
	struct pattern new;

	if (text == NULL)
		return;
	less_search_back = back;
	if (*text == '\0') {
		less_search_again(back);
		return;
	}
	wrong = pattern_compile(&new, text, strlen(text),
				PATTERN_EXTENDED |
					(less_fold ? PATTERN_FOLD : 0));
	if (wrong != NULL) {
		less_message = wrong;
		return;
	}
	less_pattern = new;
	less_has_pattern = true;
	less_shown = &less_pattern;
	if (back)
		less_search_again(true);
	else
		less_search_from(less_top.line + (less_top.row > 0), false);
}

/* -1 with errno: it cannot be shown. */
static int
less_open_name(const char *name)
{
	int fd = STDIN_FILENO;
	struct stat st;

	if (strcmp(name, "-") != 0)
		fd = open(name, O_RDONLY);
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISDIR(st.st_mode))
		return fd;
	text_close_fd(fd);
	errno = EISDIR;
	return -1;
}

/* false: less_message says why. */
static bool
less_show_file(int index)
{
	static char why[256];
	int fd;

	if (index < 0 || index >= less_file_count) {
		less_message = "There is no other file";
		return false;
	}
	fd = less_open_name(less_files[index]);
	if (fd < 0) {
		snprintf(why, sizeof why, "%s: %s", less_files[index],
			 strerror(errno));
		less_message = why;
		return false;
	}
	less_file = index;
	less_open(fd);
	less_top = (struct less_place){0, 0};
	return true;
}

/* The next file that can be shown. */
static void
less_step_file(int by)
{
	int index = less_file + by;

	while (!less_show_file(index) && index >= 0 && index < less_file_count)
		index += by;
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
	less_search(false);
}

static void
less_on_search_back(void)
{
	less_search(true);
}

static void
less_on_again(void)
{
	less_search_again(less_search_back);
}

static void
less_on_again_back(void)
{
	less_search_again(!less_search_back);
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

static void
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

/* ---- without a terminal ---- */

static void
less_cat(const char *name)
{
	static char piece[65536];
	int fd = text_open_fd(name);
	ssize_t got;

	if (fd < 0)
		return;
	while (util_printed() &&
	       (got = text_read(fd, piece, sizeof piece, name)) > 0)
		text_put(piece, (size_t)got);
	text_close_fd(fd);
}

/* Of +COMMAND: a number becomes NUMBER g, a search ends. */
static void
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

/* -F: all of it, as it is. */
static void
less_print_all(void)
{
	struct less_place place = {0, 0};

	if (less_line(0) == NULL)
		return;
	do {
		less_draw_row(&place);
		less_print("\n");
	} while (less_down(&place));
	less_flush();
}

int
main(int argc, char **argv)
{
	static char input[] = "-", *only[] = {input, NULL};
	char **at;
	int c;

	util_start("less", less_usage);
	while ((c = util_option(argv, "FiNRrSXEMen")) >= 0) {
		less_fits |= c == 'F';
		less_fold |= c == 'i';
		less_numbers |= c == 'N';
		less_raw |= c == 'R' || c == 'r';
		less_chop |= c == 'S';
	}
	for (at = argv + optind; *at != NULL && **at == '+'; at++)
		less_set_typed(*at + 1);
	less_files = *at != NULL ? at : only;
	less_file_count = *at != NULL ? argc - (int)(at - argv) : 1;
	if (*at == NULL && isatty(STDIN_FILENO))
		util_usage();
	if (!less_terminal()) {
		text_each(less_files, less_cat);
		return util_end();
	}
	while (!less_show_file(less_file)) {
		util_say("%s", less_message);
		if (++less_file == less_file_count)
			return util_status;
	}
	less_fit_screen();
	if (less_fits && less_file_count == 1 && less_shows_end()) {
		less_print_all();
		return util_status;
	}
	less_begin();
	less_loop();
	less_end();
	return util_status;
}
