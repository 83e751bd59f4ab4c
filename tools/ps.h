/*
 * What the files of ps share.
 *
 *	ps.c		options, which processes, the table
 *	ps_read.c	what a process says of itself
 *	ps_columns.c	what there is to show of it
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { PS_KEYS = 16, PS_COLUMNS = 32 };

/* ---- ps_read.c ---- */

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

/* false: it is gone.  Who got it frees status and args. */
bool ps_get(struct ps_process *p, long pid);
/* What its status says behind this word; "-": nothing. */
const char *ps_value(const struct ps_process *p, const char *key);
/* Real, effective, saved: the effective one counts. */
long ps_effective(const struct ps_process *p, const char *key);

/* ---- ps_columns.c ---- */

struct ps_column {
	const char *name, *title;
	bool left;
	const char *key; /* its value is shown as it is; NULL: show does it */
	void (*show)(const struct ps_process *p, char *text, size_t size);
};

/* The columns that are shown. */
struct ps_shown {
	const struct ps_column *column;
	const char *title;
};

extern struct ps_shown ps_shown[PS_COLUMNS];
extern size_t ps_count;

/* Adds the columns of a list as -o takes it. */
void ps_add_columns(const char *list);
void ps_show(const struct ps_column *column, const struct ps_process *p,
	     char *text, size_t size);
