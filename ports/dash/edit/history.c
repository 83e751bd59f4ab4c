/*
 * The shell's history: numbered lines, the newest last, kept in memory.
 *
 * Called by dash (fc, and each line that is read) and by edit.c.  The rule: a
 * line keeps its number as long as it is kept; numbers only grow.
 */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "edit.h"

struct history {
	char **text; /* `room` of them, the oldest first */
	int count;
	int room;
	int newest; /* number of the last one */
	int cursor; /* place of the one that H_NEXT and H_PREV start from */
};

History *
history_init(void)
{
	return calloc(1, sizeof(History));
}

void
history_end(History *h)
{
	while (h->count > 0)
		free(h->text[--h->count]);
	free(h->text);
	free(h);
}

const char *
history_text(const History *h, int older)
{
	return older < h->count ? h->text[h->count - 1 - older] : NULL;
}

/* The oldest go until `left` are there. */
static void
history_forget(History *h, int left)
{
	int gone = h->count > left ? h->count - left : 0, i;

	if (gone == 0)
		return;
	for (i = 0; i < gone; i++)
		free(h->text[i]);
	h->count -= gone;
	memmove(h->text, h->text + gone, (size_t)h->count * sizeof *h->text);
}

static int
history_resize(History *h, int room)
{
	char **text;

	if (room < 1)
		room = 1;
	history_forget(h, room);
	text = realloc(h->text, (size_t)room * sizeof *text);
	if (!text)
		return -1;
	h->text = text;
	h->room = room;
	return 0;
}

static int
history_enter(History *h, const char *line)
{
	char *text = strdup(line);

	if (!text || h->room == 0) {
		free(text);
		return -1;
	}
	history_forget(h, h->room - 1);
	h->text[h->count++] = text;
	h->newest++;
	h->cursor = h->count - 1;
	return 0;
}

static int
history_append(History *h, const char *more)
{
	size_t size;
	char *text;

	if (h->count == 0)
		return history_enter(h, more);
	size = strlen(h->text[h->count - 1]);
	text = realloc(h->text[h->count - 1], size + strlen(more) + 1);
	if (!text)
		return -1;
	strcpy(text + size, more);
	h->text[h->count - 1] = text;
	h->cursor = h->count - 1;
	return 0;
}

static int
history_number(const History *h, int place)
{
	return h->newest - (h->count - 1 - place);
}

/* From the cursor to older ones, the first that has the number, or that begins
 * with the text.  Returns its place or -1. */
static int
history_find(const History *h, int number, const char *start)
{
	int place;

	for (place = h->cursor; place >= 0 && place < h->count; place--)
		if (start ? strncmp(h->text[place], start, strlen(start)) == 0
			  : history_number(h, place) == number)
			return place;
	return -1;
}

static int
history_go(History *h, HistEvent *event, int place)
{
	if (place < 0 || place >= h->count)
		return -1;
	h->cursor = place;
	*event = (HistEvent){history_number(h, place), h->text[place]};
	return 0;
}

int
history(History *h, HistEvent *event, int what, ...)
{
	const char *text = NULL;
	int number = 0;
	va_list ap;

	va_start(ap, what);
	if (what == H_SETSIZE || what == H_NEXT_EVENT)
		number = va_arg(ap, int);
	else if (what == H_ENTER || what == H_APPEND || what == H_PREV_STR)
		text = va_arg(ap, const char *);
	va_end(ap);
	switch (what) {
	case H_SETSIZE:
		return history_resize(h, number);
	case H_ENTER:
		return history_enter(h, text);
	case H_APPEND:
		return history_append(h, text);
	case H_FIRST:
		return history_go(h, event, h->count - 1);
	case H_LAST:
		return history_go(h, event, 0);
	case H_NEXT:
		return history_go(h, event, h->cursor - 1);
	case H_PREV:
		return history_go(h, event, h->cursor + 1);
	case H_NEXT_EVENT:
	case H_PREV_STR:
		return history_go(h, event, history_find(h, number, text));
	}
	return -1;
}
