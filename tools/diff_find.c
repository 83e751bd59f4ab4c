/*
 * The changes between two files, by Myers' algorithm in linear space.
 *
 * In a box of a lines by b lines, a way from corner to corner goes right (a
 * line is gone), down (a line is new) or slantwise (equal lines) for nothing.
 * On the diagonal k = x - y it is known how far one gets with so many changes,
 * from the front and from behind; where the two ways meet, the box falls apart
 * into two. Lines that the other file has not at all are changed anyway and
 * stay out.
 */
#include "diff.h"
#include "util.h"

#include <stdlib.h>

enum {
	/* After so many changes the furthest place is taken: two long files
	 * without likeness would take too long otherwise. */
	DIFF_PATIENCE = 3000,
};

/* The lines of a file that take part. */
struct diff_row {
	struct diff_line **lines;
	long count;
};

struct diff_box {
	struct diff_line **a, **b;
	long width, height; /* lines of a, of b */
};

/* How far each diagonal reaches; may be indexed from -height - 1 to
 * width + 1 of the largest box. */
static long *diff_front, *diff_behind;

struct diff_point {
	long x, y;
};

/* One more change, on every diagonal.  back: from the last lines on; places
 * are counted from there then.  true: the ways meet at *meet. */
static bool
diff_step(const struct diff_box *box, long changes, bool back,
	  struct diff_point *meet)
{
	long *far = back ? diff_behind : diff_front;
	const long *other = back ? diff_front : diff_behind;
	long width = box->width, height = box->height, delta = width - height;
	/* The other way has made as many changes, or one less. */
	long reach = changes - !back;
	long k = -changes, x, y;

	far[-changes - 1] = far[changes + 1] = -1;
	if (k < -height)
		k = -height + ((height ^ changes) & 1);
	for (; k <= changes && k <= width; k += 2) {
		x = far[k - 1] < far[k + 1] ? far[k + 1] : far[k - 1] + 1;
		if (changes == 0)
			x = 0;
		for (y = x - k; x < width && y < height; x++, y++)
			if (back ? box->a[width - 1 - x]->kind !=
					    box->b[height - 1 - y]->kind
				 : box->a[x]->kind != box->b[y]->kind)
				break;
		far[k] = x;
		if ((delta & 1) == back || delta - k < -reach ||
		    delta - k > reach || delta - k < -height ||
		    delta - k > width || x + other[delta - k] < width)
			continue;
		meet->x = back ? width - x : x;
		meet->y = back ? height - y : y;
		return true;
	}
	return false;
}

/* The place that is furthest from the beginning. */
static struct diff_point
diff_furthest(const struct diff_box *box, long changes)
{
	struct diff_point best = {0, 0};
	long k, x;

	for (k = -changes; k <= changes; k += 2) {
		if (k < -box->height || k > box->width)
			continue;
		x = diff_front[k];
		if (x <= box->width && x - k <= box->height &&
		    x + x - k > best.x + best.y)
			best = (struct diff_point){x, x - k};
	}
	return best;
}

static struct diff_point
diff_middle(const struct diff_box *box)
{
	struct diff_point meet = {0, 0};
	long changes;

	for (changes = 0;; changes++) {
		if (diff_step(box, changes, false, &meet) ||
		    diff_step(box, changes, true, &meet))
			return meet;
		if (changes == DIFF_PATIENCE)
			return diff_furthest(box, changes);
	}
}

static void
diff_mark(struct diff_line **lines, long count)
{
	for (; count > 0; count--)
		(*lines++)->changed = true;
}

static void
diff_search(struct diff_box box)
{
	struct diff_box rest;
	struct diff_point middle;

	for (;;) {
		while (box.width > 0 && box.height > 0 &&
		       (*box.a)->kind == (*box.b)->kind)
			box.a++, box.b++, box.width--, box.height--;
		while (box.width > 0 && box.height > 0 &&
		       box.a[box.width - 1]->kind ==
			       box.b[box.height - 1]->kind)
			box.width--, box.height--;
		if (box.width == 0 || box.height == 0)
			break;
		middle = diff_middle(&box);
		rest = box;
		rest.width = middle.x;
		rest.height = middle.y;
		diff_search(rest);
		box.a += middle.x;
		box.b += middle.y;
		box.width -= middle.x;
		box.height -= middle.y;
	}
	diff_mark(box.a, box.width);
	diff_mark(box.b, box.height);
}

/* Those whose kind the other file has; the others are changed. */
static struct diff_row
diff_row(struct diff_file *file, const struct diff_file *other, size_t kinds)
{
	bool *has = calloc(kinds + 1, sizeof *has);
	struct diff_row row = {0};
	size_t i;

	row.lines = util_alloc(file->count * sizeof(struct diff_line *));
	if (has == NULL)
		util_die_of("memory");
	for (i = 0; i < other->count; i++)
		has[other->lines[i].kind] = true;
	for (i = 0; i < file->count; i++) {
		if (has[file->lines[i].kind])
			row.lines[row.count++] = &file->lines[i];
		else
			file->lines[i].changed = true;
	}
	free(has);
	return row;
}

/* ---- changes ---- */

static struct diff_changes
diff_collect(const struct diff_file *a, const struct diff_file *b)
{
	struct diff_changes changes = {0};
	size_t x = 0, y = 0, room = 0;

	while (x < a->count || y < b->count) {
		struct diff_change change = {.a = x, .b = y};

		while (x < a->count && a->lines[x].changed)
			x++;
		while (y < b->count && b->lines[y].changed)
			y++;
		change.a_end = x++;
		change.b_end = y++;
		if (change.a == change.a_end && change.b == change.b_end)
			continue;
		if (changes.count == room) {
			room = room * 2 + 16;
			changes.list =
				util_grow(changes.list, room * sizeof change);
		}
		changes.list[changes.count++] = change;
	}
	return changes;
}

static void
diff_move(struct diff_change *change, size_t by)
{
	change->a += by;
	change->a_end += by;
	change->b += by;
	change->b_end += by;
}

/* Does the change stand at its neighbour, with no line between them? */
static bool
diff_touches(const struct diff_change *c, const struct diff_change *next)
{
	return next != NULL && c->a_end == next->a && c->b_end == next->b;
}

/* A change of one file only may stand elsewhere as well, if the line behind it
 * is its first one, or that before it its last.  It goes as far as it can, or
 * to its neighbour. */
static void
diff_slide(const struct diff_file *a, const struct diff_file *b,
	   struct diff_change *c, const struct diff_change *other, bool back)
{
	bool in_a = c->b == c->b_end;
	const struct diff_file *file = in_a ? a : b;
	size_t *first = in_a ? &c->a : &c->b;
	size_t *last = in_a ? &c->a_end : &c->b_end;

	if (!in_a && c->a != c->a_end)
		return;
	while (back ? *first > 0 &&
			       !(other != NULL && diff_touches(other, c)) &&
			       file->lines[*first - 1].kind ==
				       file->lines[*last - 1].kind
		    : *last < file->count && !diff_touches(c, other) &&
			       file->lines[*first].kind ==
				       file->lines[*last].kind)
		diff_move(c, back ? (size_t)-1 : 1);
}

/* Joins changes that can reach each other; one that reaches none stands at the
 * last of its places. */
static void
diff_settle(const struct diff_file *a, const struct diff_file *b,
	    struct diff_changes *changes)
{
	struct diff_change *c = changes->list, *end = c + changes->count;
	struct diff_change *to = c;

	for (; c < end; c++) {
		diff_slide(a, b, c, to > changes->list ? to - 1 : NULL, true);
		if (to > changes->list && diff_touches(to - 1, c)) {
			c->a = to[-1].a;
			c->b = to[-1].b;
			to--;
		}
		diff_slide(a, b, c, c + 1 < end ? c + 1 : NULL, false);
		if (c + 1 < end && diff_touches(c, c + 1)) {
			c[1].a = c->a;
			c[1].b = c->b;
		} else {
			*to++ = *c;
		}
	}
	changes->count = (size_t)(to - changes->list);
}

struct diff_changes
diff_find(struct diff_file *a, struct diff_file *b, size_t kinds)
{
	struct diff_row row_a = diff_row(a, b, kinds);
	struct diff_row row_b = diff_row(b, a, kinds);
	size_t diagonals = (size_t)(row_a.count + row_b.count) * 2 + 5;
	long *memory = util_alloc(2 * diagonals * sizeof *memory);
	struct diff_changes changes;

	diff_front = memory + diagonals / 2;
	diff_behind = diff_front + diagonals;
	diff_search((struct diff_box){row_a.lines, row_b.lines, row_a.count,
				      row_b.count});
	free(memory);
	free(row_a.lines);
	free(row_b.lines);
	changes = diff_collect(a, b);
	diff_settle(a, b, &changes);
	return changes;
}
