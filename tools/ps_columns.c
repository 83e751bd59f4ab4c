/*
 * What ps shows of a process: a column is a row of ps_columns.
 */
#include "ps.h"
#include "util.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ps_shown ps_shown[PS_COLUMNS];
size_t ps_count;

static void
ps_show_pid(const struct ps_process *p, char *text, size_t size)
{
	snprintf(text, size, "%ld", p->pid);
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
ps_show_args(const struct ps_process *p, char *text, size_t size)
{
	if (p->args != NULL && p->args[0] != '\0')
		snprintf(text, size, "%s", p->args);
	else
		snprintf(text, size, "[%s]", ps_value(p, "name"));
}

static const struct ps_column ps_columns[] = {
	{"pid", "PID", false, NULL, ps_show_pid},
	{"ppid", "PPID", false, "ppid", NULL},
	{"uid", "UID", false, NULL, ps_show_uid},
	{"user", "USER", true, NULL, ps_show_user},
	{"gid", "GID", false, NULL, ps_show_gid},
	{"state", "STATE", true, NULL, ps_show_state},
	{"time", "TIME", false, NULL, ps_show_time},
	{"threads", "THREADS", false, "threads", NULL},
	{"tracers", "TRACERS", false, "tracers", NULL},
	{"holds", "HOLDS", false, "holds", NULL},
	{"held", "HELD", true, NULL, ps_show_held},
	{"name", "NAME", true, "name", NULL},
	{"args", "ARGS", true, NULL, ps_show_args},
	/* As elsewhere. */
	{"comm", "COMMAND", true, "name", NULL},
	{"cmd", "CMD", true, NULL, ps_show_args},
};

void
ps_show(const struct ps_column *column, const struct ps_process *p, char *text,
	size_t size)
{
	if (column->key != NULL)
		snprintf(text, size, "%s", ps_value(p, column->key));
	else
		column->show(p, text, size);
}

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

void
ps_add_columns(const char *list)
{
	char *words = util_copy(list), *word;

	for (word = strtok(words, ", "); word != NULL;
	     word = strtok(NULL, ", "))
		ps_add_column(word);
}
