/*
 * What each command of sed does with the line.
 *
 * A command is a row of sed_rows and says how the script goes on.  Text that is
 * to come behind the line waits in a queue until the next is read.
 */
#include "sed.h"
#include "text.h"
#include "util.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct sed_buffer sed_space;
int sed_exit;
bool sed_quiet, sed_apart;
const char *sed_suffix;

enum sed_then {
	SED_ON,	    /* the next command */
	SED_JUMP,   /* the one at `target` */
	SED_END,    /* the line is done */
	SED_DELETE, /* the same, and it is not printed */
	SED_AGAIN,  /* the same, and no new line is read */
	SED_QUIT,
	SED_QUIT_SILENT,
};

static struct sed_buffer sed_hold;
static struct sed_command **sed_queue; /* of a and r */
static size_t sed_queued, sed_queue_room;
static bool sed_changed; /* for t */
static bool sed_kept;	 /* for D: the next cycle reads no line */

void
sed_put(struct sed_buffer *to, const char *data, size_t size)
{
	if (to->size + size + 1 > to->room) {
		to->room = (to->size + size + 1) * 2;
		to->text = util_grow(to->text, to->room);
	}
	if (size > 0)
		memcpy(to->text + to->size, data, size);
	to->size += size;
	to->text[to->size] = '\0';
}

void
sed_set(struct sed_buffer *to, const char *data, size_t size)
{
	to->size = 0;
	sed_put(to, data, size);
}

/* ---- the queue ---- */

/* A file that is not there is empty; its bytes are copied as they are. */
static void
sed_copy_file(const char *name)
{
	char piece[4096];
	FILE *file = strcmp(name, "/dev/stdin") == 0 ? stdin : fopen(name, "r");
	size_t got;

	if (file == NULL)
		return;
	sed_end_line(sed_here());
	while ((got = fread(piece, 1, sizeof piece, file)) > 0)
		fwrite(piece, 1, got, sed_here()->file);
	if (file != stdin)
		fclose(file);
}

static void
sed_flush(void)
{
	size_t i;

	for (i = 0; i < sed_queued; i++) {
		struct sed_command *c = sed_queue[i];

		if (c->name == 'r')
			sed_copy_file(c->text);
		else
			sed_write(sed_here(), c->text, c->size - 1, true);
	}
	sed_queued = 0;
}

/* The end of a line, or n and N: it is printed, the queue behind it. */
static void
sed_finish_line(bool print)
{
	if (print && !sed_quiet)
		sed_write_space(sed_here());
	sed_flush();
}

/* ---- commands ---- */

static enum sed_then
sed_append(struct sed_command *c)
{
	if (sed_queued == sed_queue_room) {
		sed_queue_room = sed_queue_room * 2 + 8;
		sed_queue = util_grow(sed_queue,
				      sed_queue_room * sizeof *sed_queue);
	}
	sed_queue[sed_queued++] = c;
	return SED_ON;
}

static enum sed_then
sed_insert(struct sed_command *c)
{
	sed_write(sed_here(), c->text, c->size - 1, true);
	return SED_ON;
}

/* Of a range the text stands for all of it. */
static enum sed_then
sed_replace_line(struct sed_command *c)
{
	if (c->not || c->to.kind == SED_NONE || !c->active)
		sed_insert(c);
	return SED_DELETE;
}

static enum sed_then
sed_branch(struct sed_command *c)
{
	bool goes = c->name == 'b' || sed_changed == (c->name == 't');

	if (c->name != 'b')
		sed_changed = false;
	return goes ? SED_JUMP : SED_ON;
}

static enum sed_then
sed_delete(struct sed_command *c)
{
	(void)c;
	return SED_DELETE;
}

static enum sed_then
sed_delete_first(struct sed_command *c)
{
	char *end = memchr(sed_space.text, '\n', sed_space.size);
	size_t size;

	(void)c;
	if (end == NULL)
		return SED_DELETE;
	size = (size_t)(end + 1 - sed_space.text);
	sed_space.size -= size;
	memmove(sed_space.text, end + 1, sed_space.size + 1);
	return SED_AGAIN;
}

static enum sed_then
sed_get(struct sed_command *c)
{
	struct sed_buffer swap = sed_hold;

	if (c->name == 'x') {
		sed_hold = sed_space;
		sed_space = swap;
		sed_put(&sed_space, "", 0);
	} else if (c->name == 'g') {
		sed_set(&sed_space, sed_hold.text, sed_hold.size);
	} else if (c->name == 'h') {
		sed_set(&sed_hold, sed_space.text, sed_space.size);
	} else if (c->name == 'G') {
		sed_put(&sed_space, "\n", 1);
		sed_put(&sed_space, sed_hold.text, sed_hold.size);
	} else {
		sed_put(&sed_hold, "\n", 1);
		sed_put(&sed_hold, sed_space.text, sed_space.size);
	}
	return SED_ON;
}

static enum sed_then
sed_list(struct sed_command *c)
{
	static const char escapes[] = "\a\b\f\n\r\t\v\\";
	static const char letters[] = "abfnrtv\\";
	size_t most = c->number < 0 ? 69 : (size_t)c->number, column = 0, i;
	struct sed_buffer text = {0};

	most -= c->number > 1;
	for (i = 0; i < sed_space.size; i++) {
		char byte = sed_space.text[i], piece[8];
		const char *found = byte != '\0' ? strchr(escapes, byte) : NULL;
		size_t size;

		if (found != NULL)
			sprintf(piece, "\\%c", letters[found - escapes]);
		else
			sprintf(piece,
				isprint((unsigned char)byte) ? "%c" : "\\%03o",
				(unsigned char)byte);
		size = strlen(piece);
		if (most > 1 && column + size > most) {
			sed_put(&text, "\\\n", 2);
			column = 0;
		}
		sed_put(&text, piece, size);
		column += size;
	}
	sed_put(&text, "$", 1);
	sed_write(sed_here(), text.text, text.size, true);
	free(text.text);
	return SED_ON;
}

static enum sed_then
sed_next_line(struct sed_command *c)
{
	bool append = c->name == 'N';

	if (sed_is_last())
		return sed_apart ? SED_END : SED_QUIT;
	sed_finish_line(!append);
	return sed_next(append) ? SED_ON : SED_QUIT;
}

static enum sed_then
sed_number_line(struct sed_command *c)
{
	char text[24];

	(void)c;
	sed_write(sed_here(), text,
		  (size_t)snprintf(text, sizeof text, "%llu", sed_line), true);
	return SED_ON;
}

static enum sed_then
sed_print(struct sed_command *c)
{
	(void)c;
	sed_write_space(sed_here());
	return SED_ON;
}

static enum sed_then
sed_print_first(struct sed_command *c)
{
	const char *end = memchr(sed_space.text, '\n', sed_space.size);

	(void)c;
	sed_write(sed_here(), sed_space.text,
		  end != NULL ? (size_t)(end - sed_space.text) : sed_space.size,
		  true);
	return SED_ON;
}

static enum sed_then
sed_quit(struct sed_command *c)
{
	sed_exit = c->number < 0 ? 0 : c->number;
	return c->name == 'q' ? SED_QUIT : SED_QUIT_SILENT;
}

static enum sed_then
sed_write_file(struct sed_command *c)
{
	sed_write_space(c->output);
	return SED_ON;
}

static enum sed_then
sed_empty(struct sed_command *c)
{
	(void)c;
	sed_space.size = 0;
	return SED_ON;
}

static enum sed_then
sed_map(struct sed_command *c)
{
	size_t i;

	for (i = 0; i < sed_space.size; i++)
		sed_space.text[i] =
			(char)c->map[(unsigned char)sed_space.text[i]];
	return SED_ON;
}

/* ---- s ---- */

/* How letters are written, from \U \L \E, and the next one from \u \l. */
struct sed_fold {
	char all, next;
};

static void
sed_set_fold(struct sed_fold *fold, char how)
{
	if (how == 'u' || how == 'l')
		fold->next = how;
	else if (how != '\0')
		*fold = (struct sed_fold){.all = how == 'E' ? '\0' : how};
}

static void
sed_put_folded(struct sed_buffer *to, const char *data, size_t size,
	       struct sed_fold *fold)
{
	size_t at = to->size, i;

	sed_put(to, data, size);
	for (i = at; i < to->size; i++) {
		char how = fold->next != '\0' ? fold->next : fold->all;
		unsigned char c = (unsigned char)to->text[i];

		fold->next = '\0';
		if (how == 'U' || how == 'u')
			to->text[i] = (char)toupper(c);
		else if (how == 'L' || how == 'l')
			to->text[i] = (char)tolower(c);
	}
}

static void
sed_put_replacement(struct sed_buffer *to, const struct sed_change *change,
		    const regmatch_t *match)
{
	struct sed_fold fold = {0};
	size_t i;

	for (i = 0; i < change->count; i++) {
		const struct sed_part *part = &change->parts[i];
		const regmatch_t *group =
			part->group >= 0 ? &match[part->group] : NULL;

		sed_set_fold(&fold, part->fold);
		sed_put_folded(to, part->text, part->size, &fold);
		if (group != NULL && group->rm_so >= 0)
			sed_put_folded(to, sed_space.text + group->rm_so,
				       (size_t)(group->rm_eo - group->rm_so),
				       &fold);
	}
}

static enum sed_then
sed_substitute(struct sed_command *c)
{
	static struct sed_buffer made;
	struct sed_buffer swap;
	regmatch_t match[SED_GROUPS];
	const struct sed_change *change = c->change;
	unsigned long long found = 0;
	size_t from = 0, last = SIZE_MAX; /* last: where a match ended */
	bool changed = false;

	made.size = 0;
	while (from <= sed_space.size &&
	       sed_find(change->pattern, sed_space.text, from, sed_space.size,
			match)) {
		size_t start = (size_t)match->rm_so, end = (size_t)match->rm_eo;

		sed_put(&made, sed_space.text + from, start - from);
		/* An empty match right behind another one is none. */
		if (start != end || start != last) {
			if (++found >= change->which &&
			    (change->all || found == change->which)) {
				sed_put_replacement(&made, change, match);
				changed = true;
			} else {
				sed_put(&made, sed_space.text + start,
					end - start);
			}
		}
		from = last = end;
		if (changed && !change->all)
			break;
		if (start == end) {
			if (from < sed_space.size)
				sed_put(&made, sed_space.text + from, 1);
			from++;
		}
	}
	if (!changed)
		return SED_ON;
	if (from < sed_space.size)
		sed_put(&made, sed_space.text + from, sed_space.size - from);
	swap = sed_space;
	sed_space = made;
	made = swap;
	sed_put(&sed_space, "", 0);
	sed_changed = true;
	if (change->print)
		sed_write_space(sed_here());
	if (c->output != NULL)
		sed_write_space(c->output);
	return SED_ON;
}

/* ---- the script ---- */

static const struct sed_row {
	char name;
	enum sed_then (*run)(struct sed_command *c);
} sed_rows[] = {
	{'=', sed_number_line},	 {'a', sed_append},	{'b', sed_branch},
	{'c', sed_replace_line}, {'d', sed_delete},	{'D', sed_delete_first},
	{'g', sed_get},		 {'G', sed_get},	{'h', sed_get},
	{'H', sed_get},		 {'i', sed_insert},	{'l', sed_list},
	{'n', sed_next_line},	 {'N', sed_next_line},	{'p', sed_print},
	{'P', sed_print_first},	 {'q', sed_quit},	{'Q', sed_quit},
	{'r', sed_append},	 {'s', sed_substitute}, {'t', sed_branch},
	{'T', sed_branch},	 {'w', sed_write_file}, {'x', sed_get},
	{'y', sed_map},		 {'z', sed_empty},
};

static enum sed_then
sed_run(struct sed_command *c)
{
	size_t i;

	for (i = 0; i < sizeof sed_rows / sizeof *sed_rows; i++)
		if (sed_rows[i].name == c->name)
			return sed_rows[i].run(c);
	return SED_ON;
}

static enum sed_then
sed_run_all(void)
{
	enum sed_then then = SED_ON;
	size_t at = 0;

	while (at < sed_count) {
		struct sed_command *c = &sed_commands[at];
		bool selects = sed_selects(c);

		if (c->name == '{')
			then = selects ? SED_ON : SED_JUMP;
		else
			then = selects ? sed_run(c) : SED_ON;
		if (then == SED_JUMP)
			at = c->target;
		else if (then == SED_ON)
			at++;
		else
			return then;
	}
	return SED_END;
}

bool
sed_cycle(void)
{
	enum sed_then then;

	if (!sed_kept && !sed_next(false))
		return false;
	sed_kept = false;
	sed_changed = false;
	then = sed_run_all();
	sed_finish_line(then == SED_END || then == SED_QUIT);
	sed_kept = then == SED_AGAIN;
	return then != SED_QUIT && then != SED_QUIT_SILENT &&
	       !ferror(sed_here()->file);
}
