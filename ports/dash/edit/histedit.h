/*
 * What dash calls of libedit, made of linenoise: lines in edit.c, history in
 * history.c, completion in complete*.c.  Names and meanings are libedit's.
 */
#pragma once

#include <stdio.h>

typedef struct history History;
typedef struct editline EditLine;

/* An event of the history; its text ends with a newline and holds until the
 * next call that enters one. */
typedef struct {
	int num;
	const char *str;
} HistEvent;

enum {
	H_SETSIZE,    /* int: how many are kept */
	H_ENTER,      /* const char *: a new one */
	H_APPEND,     /* const char *: more of the newest */
	H_FIRST,      /* the newest */
	H_LAST,	      /* the oldest */
	H_NEXT,	      /* the next older one */
	H_PREV,	      /* the next newer one */
	H_NEXT_EVENT, /* int: the one with this number, here or older */
	H_PREV_STR,   /* const char *: the one that so begins, here or older */
};

/* NULL: no memory. */
History *history_init(void);
void history_end(History *);

/* Fills the event; -1: there is no such one. */
int history(History *, HistEvent *, int what, ...);

enum {
	EL_PROMPT,   /* const char *(*)(void *): asked for each line */
	EL_HIST,     /* history, History * */
	EL_EDITOR,   /* const char *: there is one set of keys, emacs' */
	EL_TERMINAL, /* const char *: linenoise asks TERM itself */
};

EditLine *el_init(const char *name, FILE *in, FILE *out, FILE *err);
void el_end(EditLine *);

/* -1: it cannot be set. */
int el_set(EditLine *, int what, ...);

/* No file of settings is read. */
int el_source(EditLine *, const char *file);

/* A line with its newline, and how long it is; NULL at the end of the input.
 * It holds until the next call.  ^C is SIGINT. */
const char *el_gets(EditLine *, int *length);
