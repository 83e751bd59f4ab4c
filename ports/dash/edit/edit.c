/*
 * Lines from the terminal: libedit's calls over linenoise.
 *
 * dash calls el_gets when it wants a line and its option emacs (-E) or vi (-V)
 * is on.  The rule: SIGINT leaves no raw terminal behind; while a line is
 * edited it is only noted, and acted on once the terminal is as before.
 */
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "edit.h"
#include "error.h"
#include "linenoise.h"

struct editline {
	const char *(*prompt)(void *);
	History *history;
	char *line; /* the last one that was given */
	struct termios sane;
};

static EditLine the;

static int
edit_interrupted(void)
{
	return int_pending();
}

EditLine *
el_init(const char *name, FILE *in, FILE *out, FILE *err)
{
	(void)name, (void)in, (void)out, (void)err;
	the = (EditLine){0};
	if (tcgetattr(STDIN_FILENO, &the.sane) < 0)
		return NULL;
	the.sane.c_lflag |= ICANON | ECHO | ISIG;
	the.sane.c_iflag |= ICRNL;
	linenoiseSetMultiLine(1);
	linenoiseSetCompletionCallback(complete_line, NULL);
	linenoiseSetInterrupted(edit_interrupted);
	return &the;
}

void
el_end(EditLine *e)
{
	linenoiseHistoryFree();
	free(e->line);
	e->line = NULL;
}

int
el_set(EditLine *e, int what, ...)
{
	va_list ap;

	va_start(ap, what);
	if (what == EL_PROMPT) {
		e->prompt = va_arg(ap, const char *(*)(void *));
	} else if (what == EL_HIST) {
		(void)va_arg(ap, int (*)(History *, HistEvent *, int, ...));
		e->history = va_arg(ap, History *);
	}
	va_end(ap);
	return 0;
}

int
el_source(EditLine *e, const char *file)
{
	(void)e, (void)file;
	return 0;
}

/* A program that was killed may have left the terminal raw; what else was set,
 * by stty perhaps, stays. */
static void
edit_mend_terminal(EditLine *e)
{
	struct termios now;

	if (tcgetattr(STDIN_FILENO, &now) < 0)
		return;
	if (now.c_lflag & ICANON)
		e->sane = now;
	else
		tcsetattr(STDIN_FILENO, TCSADRAIN, &e->sane);
}

/* linenoise edits its own copy of the history in place, so it gets a new one
 * each time. */
static void
edit_copy_history(const EditLine *e)
{
	const char *text;
	int count = 0;

	linenoiseHistoryFree();
	if (!e->history)
		return;
	while (history_text(e->history, count))
		count++;
	linenoiseHistorySetMaxLen(count + 2);
	while (count-- > 0) {
		char *line = strdup(history_text(e->history, count));

		text = line ? line : "";
		if (line && *line)
			line[strlen(line) - 1] = '\0';
		linenoiseHistoryAdd(text);
		free(line);
	}
}

/* Keeps the line with its newline; it is the caller's until the next call. */
static const char *
edit_keep(EditLine *e, char *line, int *length)
{
	size_t size = strlen(line);
	char *whole = realloc(line, size + 2);

	if (!whole) {
		free(line);
		return NULL;
	}
	strcpy(whole + size, "\n");
	free(e->line);
	e->line = whole;
	*length = (int)size + 1;
	return whole;
}

/* ^C: dash's own handler leaves for the next prompt, unless there is a trap; it
 * runs when dash has an empty line. */
static const char *
edit_interrupt(EditLine *e, int *length)
{
	raise(SIGINT);
	if (write(STDIN_FILENO, "\n", 1) < 0)
		return NULL;
	return edit_keep(e, strdup(""), length);
}

const char *
el_gets(EditLine *e, int *length)
{
	char *prompt, *line;
	int why;

	prompt = strdup(e->prompt(NULL));
	if (!prompt)
		return NULL;
	INTOFF;
	edit_mend_terminal(e);
	edit_copy_history(e);
	errno = 0;
	line = linenoise(prompt);
	why = errno;
	free(prompt);
	INTON;
	if (line)
		return edit_keep(e, line, length);
	return why == EAGAIN ? edit_interrupt(e, length) : NULL;
}
