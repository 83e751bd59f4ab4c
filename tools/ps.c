/*
 * ps [-ef] [-p PIDS] [-o COLUMNS]: the processes there are.
 *
 * All of it comes from proc:/PID/status and args.  A process may be gone
 * between two looks; then it is left out.
 */
#include "ps.h"
#include "util.h"
#include "walk.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static const char ps_usage[] =
	"usage: ps [-ef] [-p PID,...] [-o COLUMN[=TITLE],...]\n"
	"Prints this user's processes.\n"
	"  -e  everybody's\n"
	"  -f  more of each\n"
	"  -p  these\n"
	"  -o  these columns: pid ppid uid user gid state time threads\n"
	"      tracers holds held args name; without titles after `=`\n"
	"State: running, asleep, held, stopped or zombie, with + if it is "
	"traced.\n";

static bool ps_every;
static const char *ps_pids;

/* ---- the table ---- */

struct ps_table {
	char **cells; /* ps_count to a row, titles first */
	size_t rows, room;
};

static void
ps_add_cell(struct ps_table *table, size_t column, const char *text)
{
	if (table->rows == table->room) {
		table->room = table->room * 2 + 32;
		table->cells = util_grow(table->cells, table->room * ps_count *
							       sizeof(char *));
	}
	table->cells[table->rows * ps_count + column] = util_copy(text);
}

static void
ps_add_titles(struct ps_table *table)
{
	bool any = false;
	size_t i;

	for (i = 0; i < ps_count; i++)
		any |= *ps_shown[i].title != '\0';
	for (i = 0; any && i < ps_count; i++)
		ps_add_cell(table, i, ps_shown[i].title);
	table->rows += any;
}

static void
ps_add_row(struct ps_table *table, const struct ps_process *p)
{
	static char text[65536];
	size_t i;

	for (i = 0; i < ps_count; i++) {
		ps_show(ps_shown[i].column, p, text, sizeof text);
		ps_add_cell(table, i, text);
	}
	table->rows++;
}

static bool
ps_listed(long pid)
{
	const char *at = ps_pids;
	char *end;

	while (*at != '\0') {
		if (strtol(at, &end, 10) == pid)
			return true;
		at = *end != '\0' ? end + 1 : end;
	}
	return false;
}

static bool
ps_wanted(const struct ps_process *p)
{
	if (ps_pids != NULL)
		return ps_listed(p->pid);
	return ps_every || ps_effective(p, "uid") == (long)geteuid();
}

static int
ps_compare(const void *a, const void *b)
{
	long x = strtol(*(char *const *)a, NULL, 10);
	long y = strtol(*(char *const *)b, NULL, 10);

	return (x > y) - (x < y);
}

static void
ps_gather(struct ps_table *table)
{
	char **names = walk_names("proc:/");
	struct ps_process p;
	size_t count = 0, i;

	if (names == NULL)
		util_die_of("proc:/");
	while (names[count] != NULL)
		count++;
	qsort(names, count, sizeof *names, ps_compare);
	for (i = 0; i < count; i++) {
		if (!isdigit((unsigned char)names[i][0]))
			continue;
		if (!ps_get(&p, strtol(names[i], NULL, 10)))
			continue;
		if (ps_wanted(&p))
			ps_add_row(table, &p);
		free(p.status);
		free(p.args);
	}
	walk_free_names(names);
}

/* How wide a line may be. */
static size_t
ps_room(void)
{
	struct winsize size;

	if (isatty(STDOUT_FILENO) &&
	    ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return 65536;
}

static void
ps_print_row(char *const *cells, const size_t *widths, size_t room)
{
	size_t size = 2, i;
	char *line, *to;

	for (i = 0; i < ps_count; i++)
		size += widths[i] + 1 + strlen(cells[i]);
	line = to = util_alloc(size);
	for (i = 0; i < ps_count; i++) {
		int width = (int)widths[i];

		if (i > 0)
			*to++ = ' ';
		if (ps_shown[i].column->left)
			width = i + 1 < ps_count ? -width : 0;
		to += sprintf(to, "%*s", width, cells[i]);
	}
	if ((size_t)(to - line) > room)
		line[room] = '\0';
	puts(line);
	free(line);
}

static void
ps_print(const struct ps_table *table)
{
	size_t widths[PS_COLUMNS] = {0}, room = ps_room(), i, length;

	if (table->cells == NULL)
		return;
	for (i = 0; i < table->rows * ps_count; i++) {
		length = strlen(table->cells[i]);
		if (length > widths[i % ps_count])
			widths[i % ps_count] = length;
	}
	for (i = 0; i < table->rows && util_printed(); i++)
		ps_print_row(table->cells + i * ps_count, widths, room);
}

int
main(int argc, char **argv)
{
	struct ps_table table = {0};
	size_t titles;
	bool full = false;
	int c;

	util_trouble = 1;
	util_start("ps", ps_usage);
	while ((c = util_option(argv, "eAfp:o:")) >= 0) {
		ps_every |= c == 'e' || c == 'A';
		full |= c == 'f';
		if (c == 'p')
			ps_pids = optarg;
		else if (c == 'o')
			ps_add_columns(optarg);
	}
	if (argc > optind)
		util_usage();
	if (ps_count == 0)
		ps_add_columns(full ? "user,pid,ppid,state,held,time,args"
				    : "pid,state,time,args");
	ps_add_titles(&table);
	titles = table.rows;
	ps_gather(&table);
	ps_print(&table);
	if (util_end() == 0 && table.rows == titles)
		return 1;
	return util_status;
}
