/*
 * ps [-eAf] [-p PID]... [-o WORD[,WORD]...]: processes.
 *
 * Reads nothing but files of proc:, those that a shell could read too.  A
 * process that ends meanwhile is passed over.
 */
#include "util.h"
#include "walk.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char ps_usage[] =
	"usage: ps [-eAf] [-p PID]... [-o WORD[,WORD]...]\n"
	"Prints the processes that proc: shows.\n"
	"  -e, -A   all of them, as always\n"
	"  -f       with user, parent and arguments\n"
	"  -p PID   only this one\n"
	"  -o WORD  columns: pid ppid uid user state threads why held-by\n"
	"           tracers name args, and all that proc:/PID/status has\n"
	"States: running asleep held stopped zombie.\n";

#define PS_TEXT	   4096
#define PS_COLUMNS 32

static char status[PS_TEXT];

static const char *columns[PS_COLUMNS];
static size_t column_count;
static char *wanted[256];
static size_t wanted_count;

/* A whole small file; false: it is not there (any more). */
static bool
read_file(const char *pid, const char *name, char *text, size_t *size)
{
	char path[64];
	size_t used = 0;
	ssize_t n;
	int fd;

	snprintf(path, sizeof path, "proc:/%s/%s", pid, name);
	fd = open(path, O_RDONLY);
	if (fd < 0)
		return false;
	while (used < PS_TEXT - 1 &&
	       (n = read(fd, text + used, PS_TEXT - 1 - used)) > 0)
		used += (size_t)n;
	close(fd);
	text[used] = '\0';
	*size = used;
	return used > 0;
}

/* The rest of status's line that begins with this word. */
static const char *
status_of(const char *word)
{
	static char value[128];
	size_t length = strlen(word);
	const char *line = status, *end;

	for (; *line != '\0'; line = end + 1) {
		end = strchr(line, '\n');
		if (end == NULL)
			break;
		if (strncmp(line, word, length) != 0 || line[length] != ' ')
			continue;
		snprintf(value, sizeof value, "%.*s",
			 (int)(end - line - (long)length - 1),
			 line + length + 1);
		return value;
	}
	return NULL;
}

/* The first word of `uid`, and its name. */
static const char *
user_of(void)
{
	const char *uid = status_of("uid");
	const struct passwd *entry;
	static char number[16];

	if (uid == NULL)
		return "-";
	entry = getpwuid((uid_t)strtoul(uid, NULL, 10));
	if (entry != NULL)
		return entry->pw_name;
	snprintf(number, sizeof number, "%lu", strtoul(uid, NULL, 10));
	return number;
}

static const char *
first_word(const char *text)
{
	static char word[64];

	snprintf(word, sizeof word, "%.*s", (int)strcspn(text, " "), text);
	return word;
}

static const char *
args_of(const char *pid)
{
	static char text[PS_TEXT];
	size_t size, i;

	if (!read_file(pid, "args", text, &size))
		return NULL;
	while (size > 0 && (text[size - 1] == '\n' || text[size - 1] == '\0'))
		text[--size] = '\0';
	for (i = 0; i < size; i++)
		if (!isprint((unsigned char)text[i]) &&
		    (unsigned char)text[i] < 0x80)
			text[i] =
				text[i] == '\n' || text[i] == '\0' ? ' ' : '?';
	return size ? text : NULL;
}

static const char *
value_of(const char *pid, const char *column)
{
	const char *value = NULL;

	if (strcmp(column, "user") == 0)
		return user_of();
	if (strcmp(column, "args") == 0)
		value = args_of(pid);
	if (strcmp(column, "args") == 0 && value == NULL)
		column = "name";
	if (strcmp(column, "why") == 0)
		column = "why-held";
	if (value == NULL)
		value = status_of(column);
	if (value != NULL && strcmp(column, "uid") == 0)
		value = first_word(value);
	return value == NULL || *value == '\0' ? "-" : value;
}

static int
width_of(const char *column)
{
	static const struct {
		const char *column;
		int width;
	} widths[] = {{"pid", 7},    {"ppid", 7}, {"uid", -7},	{"user", -8},
		      {"state", -8}, {"why", -8}, {"name", -16}};

	for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
		if (strcmp(widths[i].column, column) == 0)
			return widths[i].width;
	return -8;
}

static void
print_cell(size_t i, const char *text)
{
	if (i + 1 == column_count)
		printf("%s\n", text);
	else
		printf("%*s ", width_of(columns[i]), text);
}

static void
print_head(void)
{
	char title[64];
	size_t i, j;

	for (i = 0; i < column_count; i++) {
		for (j = 0; columns[i][j] != '\0' && j < sizeof title - 1; j++)
			title[j] = (char)toupper((unsigned char)columns[i][j]);
		title[j] = '\0';
		print_cell(i, title);
	}
}

static bool
is_wanted(const char *pid)
{
	size_t i;

	for (i = 0; i < wanted_count; i++)
		if (strcmp(wanted[i], pid) == 0)
			return true;
	return wanted_count == 0;
}

/* true: it was there. */
static bool
print_process(const char *pid)
{
	size_t size, i;

	if (!read_file(pid, "status", status, &size))
		return false;
	for (i = 0; i < column_count; i++)
		print_cell(i, value_of(pid, columns[i]));
	return true;
}

static void
add_columns(char *words)
{
	char *word;

	while ((word = strsep(&words, ", ")) != NULL) {
		if (*word == '\0')
			continue;
		if (column_count == PS_COLUMNS)
			util_die("at most %d columns", PS_COLUMNS);
		columns[column_count++] = word;
	}
}

static int
by_number(const void *a, const void *b)
{
	long x = strtol(*(char *const *)a, NULL, 10);
	long y = strtol(*(char *const *)b, NULL, 10);

	return (x > y) - (x < y);
}

static void
print_all(void)
{
	char **names = walk_names("proc:/");
	size_t count = 0, i;
	bool found = false;

	if (names == NULL)
		util_die_of("proc:/");
	while (names[count] != NULL)
		count++;
	qsort(names, count, sizeof *names, by_number);
	for (i = 0; i < count; i++)
		if (isdigit((unsigned char)*names[i]) && is_wanted(names[i]))
			found |= print_process(names[i]);
	walk_free_names(names);
	if (!found)
		util_status = 1;
}

int
main(int argc, char **argv)
{
	static char plain[] = "pid,state,name";
	static char full[] = "user,pid,ppid,state,args";
	bool all = false;
	int c;

	(void)argc;
	util_start("ps", ps_usage);
	while ((c = util_option(argv, "eAfp:o:")) >= 0) {
		all |= c == 'f';
		if (c == 'o')
			add_columns(optarg);
		else if (c == 'p' && wanted_count < 256)
			wanted[wanted_count++] = optarg;
	}
	if (argv[optind] != NULL)
		util_usage();
	if (column_count == 0)
		add_columns(all ? full : plain);
	print_head();
	print_all();
	return util_end();
}
