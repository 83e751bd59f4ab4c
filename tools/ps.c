/*
 * ps [-ef] [-p PIDS] [-o COLUMNS]: the processes there are.
 *
 * All of it comes from proc:/PID/status and args.  A process may be gone
 * between two looks; then it is left out.  Columns are rows of ps_columns.
 */
#include "text.h"
#include "util.h"
#include "walk.h"

#include <ctype.h>
#include <pwd.h>
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

enum { PS_KEYS = 16, PS_COLUMNS = 32 };

/* A process: what its status says, and its arguments. */
struct ps_process {
	long pid;
	char *status; /* lines cut at their ends, keys at their blanks */
	struct {
		const char *key, *value;
	} keys[PS_KEYS];
	size_t count;
	char *args;
};

struct ps_column {
	const char *name, *title;
	bool left;
	void (*show)(const struct ps_process *p, char *text, size_t size);
};

struct ps_shown {
	const struct ps_column *column;
	const char *title;
};

static struct ps_shown ps_shown[PS_COLUMNS];
static size_t ps_count;
static bool ps_every;
static const char *ps_pids;

/* ---- reading ---- */

/* All of a file, or NULL: the process is gone, or it may not be read. */
static char *
ps_read(long pid, const char *name)
{
	char path[64], *text;
	size_t size;
	FILE *file;

	snprintf(path, sizeof path, "proc:/%ld/%s", pid, name);
	file = fopen(path, "r");
	if (file == NULL)
		return NULL;
	text = util_alloc(65536);
	size = fread(text, 1, 65535, file);
	text[size] = '\0';
	if (ferror(file)) {
		free(text);
		text = NULL;
	}
	fclose(file);
	return text;
}

static void
ps_take_apart(struct ps_process *p)
{
	char *line = p->status, *end, *blank;

	for (; *line != '\0' && p->count < PS_KEYS; line = end + 1) {
		end = strchr(line, '\n');
		if (end == NULL)
			break;
		*end = '\0';
		blank = strchr(line, ' ');
		if (blank == NULL)
			continue;
		*blank = '\0';
		p->keys[p->count].key = line;
		p->keys[p->count++].value = blank + 1;
	}
}

static int
ps_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at =
		c != '\0' ? strchr(digits, tolower((unsigned char)c)) : NULL;

	return at != NULL ? (int)(at - digits) : -1;
}

/* The arguments in a line, %XX made the byte; what would move the cursor is a
 * question mark. */
static void
ps_join(char *args)
{
	char *from = args, *to = args;
	size_t length = strlen(args);

	if (length > 0 && args[length - 1] == '\n')
		args[length - 1] = '\0';
	for (; *from != '\0'; from++, to++) {
		*to = *from == '\n' ? ' ' : *from;
		if (*from == '%' && ps_digit(from[1]) >= 0 &&
		    ps_digit(from[2]) >= 0) {
			*to = (char)(ps_digit(from[1]) * 16 +
				     ps_digit(from[2]));
			from += 2;
		}
		if (iscntrl((unsigned char)*to))
			*to = '?';
	}
	*to = '\0';
}

static bool
ps_get(struct ps_process *p, long pid)
{
	*p = (struct ps_process){.pid = pid};
	p->status = ps_read(pid, "status");
	if (p->status == NULL)
		return false;
	ps_take_apart(p);
	p->args = ps_read(pid, "args");
	if (p->args != NULL)
		ps_join(p->args);
	return true;
}

static const char *
ps_value(const struct ps_process *p, const char *key)
{
	size_t i;

	for (i = 0; i < p->count; i++)
		if (strcmp(p->keys[i].key, key) == 0)
			return p->keys[i].value;
	return "-";
}

/* ---- columns ---- */

static void
ps_show_pid(const struct ps_process *p, char *text, size_t size)
{
	snprintf(text, size, "%ld", p->pid);
}

static void
ps_show_ppid(const struct ps_process *p, char *text, size_t size)
{
	snprintf(text, size, "%s", ps_value(p, "ppid"));
}

/* Real, effective, saved: the effective one counts. */
static long
ps_effective(const struct ps_process *p, const char *key)
{
	char *end;

	strtol(ps_value(p, key), &end, 10);
	return strtol(end, NULL, 10);
}

static void
ps_show_uid(const struct ps_process *p, char *text, size_t size)
{
	snprintf(text, size, "%ld", ps_effective(p, "uid"));
}

static void
ps_show_gid(const struct ps_process *p, char *text, size_t size)
{
	snprintf(text, size, "%ld", ps_effective(p, "gid"));
}

static void
ps_show_user(const struct ps_process *p, char *text, size_t size)
{
	const struct passwd *user = getpwuid((uid_t)ps_effective(p, "uid"));

	if (user != NULL)
		snprintf(text, size, "%s", user->pw_name);
	else
		ps_show_uid(p, text, size);
}

static void
ps_show_state(const struct ps_process *p, char *text, size_t size)
{
	bool traced = strcmp(ps_value(p, "tracers"), "0") != 0;

	snprintf(text, size, "%s%s", ps_value(p, "state"), traced ? "+" : "");
}

static void
ps_show_time(const struct ps_process *p, char *text, size_t size)
{
	unsigned long long hundredths =
		strtoull(ps_value(p, "run-ns"), NULL, 10) / 10000000;

	snprintf(text, size, "%llu:%02llu.%02llu", hundredths / 6000,
		 hundredths / 100 % 60, hundredths % 100);
}

static void
ps_show_threads(const struct ps_process *p, char *text, size_t size)
{
	snprintf(text, size, "%s", ps_value(p, "threads"));
}

static void
ps_show_tracers(const struct ps_process *p, char *text, size_t size)
{
	snprintf(text, size, "%s", ps_value(p, "tracers"));
}

static void
ps_show_holds(const struct ps_process *p, char *text, size_t size)
{
	snprintf(text, size, "%s", ps_value(p, "holds"));
}

/* At which event, and whose hold it is. */
static void
ps_show_held(const struct ps_process *p, char *text, size_t size)
{
	const char *why = ps_value(p, "why-held");

	if (strcmp(ps_value(p, "holds"), "0") == 0)
		snprintf(text, size, "-");
	else if (strcmp(ps_value(p, "held-by"), "-") == 0)
		snprintf(text, size, "ctl");
	else
		snprintf(text, size, "%s by %s", why, ps_value(p, "held-by"));
}

static void
ps_show_name(const struct ps_process *p, char *text, size_t size)
{
	snprintf(text, size, "%s", ps_value(p, "name"));
}

static void
ps_show_args(const struct ps_process *p, char *text, size_t size)
{
	if (p->args != NULL && p->args[0] != '\0')
		snprintf(text, size, "%s", p->args);
	else
		snprintf(text, size, "[%s]", ps_value(p, "name"));
}

static const struct ps_column ps_columns[] = {
	{"pid", "PID", false, ps_show_pid},
	{"ppid", "PPID", false, ps_show_ppid},
	{"uid", "UID", false, ps_show_uid},
	{"user", "USER", true, ps_show_user},
	{"gid", "GID", false, ps_show_gid},
	{"state", "STATE", true, ps_show_state},
	{"time", "TIME", false, ps_show_time},
	{"threads", "THREADS", false, ps_show_threads},
	{"tracers", "TRACERS", false, ps_show_tracers},
	{"holds", "HOLDS", false, ps_show_holds},
	{"held", "HELD", true, ps_show_held},
	{"name", "NAME", true, ps_show_name},
	{"args", "ARGS", true, ps_show_args},
	/* As elsewhere. */
	{"comm", "COMMAND", true, ps_show_name},
	{"cmd", "CMD", true, ps_show_args},
};

static void
ps_add_column(char *name)
{
	char *title = strchr(name, '=');
	size_t i;

	if (title != NULL)
		*title++ = '\0';
	for (i = 0; i < sizeof ps_columns / sizeof *ps_columns; i++)
		if (strcmp(ps_columns[i].name, name) == 0)
			break;
	if (i == sizeof ps_columns / sizeof *ps_columns)
		util_die("%s: no such column", name);
	if (ps_count == PS_COLUMNS)
		util_die("too many columns");
	ps_shown[ps_count++] = (struct ps_shown){
		&ps_columns[i], title != NULL ? title : ps_columns[i].title};
}

static void
ps_add_columns(const char *list)
{
	char *words = util_copy(list), *word;

	for (word = strtok(words, ", "); word != NULL;
	     word = strtok(NULL, ", "))
		ps_add_column(word);
}

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
		ps_shown[i].column->show(p, text, sizeof text);
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
