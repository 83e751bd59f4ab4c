/*
 * proc:/<pid>/trace and trace.bin, and proc:/new: a session's file.  What is
 * read and written here is put into words (format.c) and taken apart
 * (grammar.c); what it means is trace/'s.
 *
 * One rule: an event is consumed only when its last byte has been copied out.
 * A text line that was read in part waits in `line`; only its reader's next
 * read goes on with it, and that advances nothing.
 */
#include "proc.h"
#include "format.h"
#include "verb.h"
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "heap.h"
#include "life.h"
#include "text.h"

static void
post_kill(struct process *process)
{
	(void)signal_post(process, 9);
}

/* ---- open, close ---- */

static int
face_open(struct handle *handle, struct thread *self, unsigned flags,
	  bool packed)
{
	bool controller = (flags & KO_ACCMODE) == KO_RDWR;
	struct face *face;
	int error = 0;

	if ((flags & KO_ACCMODE) == KO_WRONLY)
		return -EINVAL;
	face = heap_zalloc(sizeof(*face));
	if (!face)
		return -ENOMEM;
	face->packed = packed;
	face->controller = controller;
	face->session = session_create(self, controller,
				       controller && (flags & KO_EXCL));
	if (!face->session)
		error = -ENOMEM;
	else if (handle->spot.process)
		error = session_join(face->session, handle->spot.process, false,
				     true);
	if (error) {
		if (face->session)
			session_put(face->session);
		heap_free(face);
		return error;
	}
	handle->data = face;
	return 0;
}

static int
open_text(struct handle *handle, struct thread *self, unsigned flags)
{
	return face_open(handle, self, flags, false);
}

static int
open_packed(struct handle *handle, struct thread *self, unsigned flags)
{
	return face_open(handle, self, flags, true);
}

static int
open_new(struct handle *handle, struct thread *self, unsigned flags)
{
	if ((flags & KO_ACCMODE) != KO_RDWR)
		return -EINVAL;
	return face_open(handle, self, flags, false);
}

static int
open_new_packed(struct handle *handle, struct thread *self, unsigned flags)
{
	if ((flags & KO_ACCMODE) != KO_RDWR)
		return -EINVAL;
	return face_open(handle, self, flags, true);
}

void
face_close(struct handle *handle)
{
	struct face *face = handle->data;

	session_close(face->session, post_kill);
}

static void
face_free(struct handle *handle)
{
	struct face *face = handle->data;

	session_put(face->session);
	text_free(&face->line);
	heap_free(face->env);
	heap_free(face);
}

static unsigned
face_poll(struct handle *handle, struct poll_table *table)
{
	struct face *face = handle->data;

	return session_poll(face->session, table);
}

/* ---- reading: the session is this reader's between read_begin and read_end
 * ---- */

static int
put_payload(struct uio *uio, const struct event_text *text)
{
	struct trace_payload payload = {0};
	const char *bytes =
		event_text_bytes(text, &payload.length, &payload.kind);
	size_t padding = (8 - payload.length % 8) % 8;
	int error = uio_put(uio, &payload, sizeof(payload));

	if (!error)
		error = uio_put(uio, bytes, payload.length);
	return error ? error : uio_put_zero(uio, padding);
}

static int
put_with_payload(struct uio *uio, const struct event_node *head)
{
	struct uio ahead = *uio;
	int error = uio_put(&ahead, &head->event, TRACE_EVENT_SIZE);

	if (!error)
		error = put_payload(&ahead, head->text);
	if (!error)
		*uio = ahead;
	return error;
}

static int
put_packed(struct uio *uio, const struct event_node *head)
{
	if (head->event.size > uio->left)
		return -EMSGSIZE;
	if (head->text)
		return put_with_payload(uio, head);
	return uio_put(uio, &head->event, TRACE_EVENT_SIZE);
}

/* The rest of the line in progress, as far as it fits: true when its last byte
 * went. */
static int
put_line(struct face *face, struct uio *uio, bool *whole)
{
	size_t left = face->line.used - face->line_at;
	size_t n = left < uio->left ? left : uio->left;
	int error = uio_put(uio, face->line.text + face->line_at, n);

	if (error)
		return error;
	face->line_at += n;
	*whole = n == left;
	if (*whole) {
		face->line_at = 0;
		face->line.used = 0;
	}
	return 0;
}

/* Makes the line of the event at the head; first: it may go out in part. */
static int
put_text(struct face *face, struct uio *uio, const struct event_node *head,
	 bool first, bool *whole)
{
	int error;

	face->line.used = 0;
	format_event(&face->line, &head->event, head->text);
	error = face->line.error;
	if (error) {
		text_free(&face->line);
		return error;
	}
	if (!first && face->line.used > uio->left) {
		face->line.used = 0;
		return -EMSGSIZE;
	}
	error = put_line(face, uio, whole);
	if (error)
		face->line.used = 0;
	return error;
}

/* Puts one event into uio: 1, go on, 0, stop here (*whole: it was delivered),
 * or -errno. */
static int
put_one(struct face *face, struct uio *uio, const struct event_node *head,
	bool first, bool *whole)
{
	int error;

	*whole = true;
	error = put_text(face, uio, head, first, whole);
	if (error) {
		*whole = false;
		return first ? error : 0;
	}
	return *whole && !(head->event.flags & TRACE_EF_HOLD) && uio->left;
}

/* From the event that session_read_begin gave on; ends the reading. */
static int
read_events(struct face *face, struct uio *uio, const struct event_node *head)
{
	bool first = true, whole = false;
	int result = 0;

	while (head && (result = put_one(face, uio, head, first, &whole)) > 0) {
		first = false;
		head = session_read_next(face->session);
	}
	session_read_end(face->session, head && whole);
	return result < 0 ? result : 0;
}

/* The rest of a line that an earlier read began; ends the reading. */
static int
read_rest(struct face *face, struct uio *uio)
{
	bool whole = false;
	int error = put_line(face, uio, &whole);

	session_read_end(face->session, whole);
	return error;
}

/* Makes the session this reader's; *rest: it goes on with a line.  As
 * session_read_begin. */
static int
claim(struct thread *self, struct face *face, bool nonblock, bool *rest,
      const struct event_node **head)
{
	int result;

	for (;;) {
		*rest = face->line_at > 0;
		result = session_read_begin(self, face->session, !*rest,
					    nonblock, head);
		if (result <= 0 || *rest == (face->line_at > 0))
			return result;
		/* another reader came between */
		session_read_end(face->session, false);
	}
}

static bool
nonblocking(struct file *file)
{
	return atomic_load_explicit(&file->flags, memory_order_relaxed) &
	       KO_NONBLOCK;
}

static int64_t
read_text(struct thread *self, struct file *file, struct uio *uio,
	  uint64_t *offset)
{
	struct face *face = handle_of(file)->data;
	const struct event_node *head;
	size_t before = uio->left;
	bool rest;
	int result;

	(void)offset;
	if (before == 0)
		return 0;
	result = face->controller ? 0 : session_observe(face->session);
	if (result)
		return result;
	result = claim(self, face, nonblocking(file), &rest, &head);
	if (result <= 0)
		return result;
	result = rest ? read_rest(face, uio) : read_events(face, uio, head);
	return result ? result : (int64_t)(before - uio->left);
}

/* Whole records only, up to one that holds. */
static int64_t
read_packed(struct thread *self, struct file *file, struct uio *uio,
	    uint64_t *offset)
{
	struct face *face = handle_of(file)->data;
	struct session *session = face->session;
	const struct event_node *head;
	size_t before = uio->left;
	int result, error = 0;
	bool last;

	(void)offset;
	if (!before)
		return 0;
	if (!face->controller && (result = session_observe(session)))
		return result;
	result = session_read_begin(self, session, true, nonblocking(file),
				    &head);
	if (result <= 0)
		return result;
	do {
		error = put_packed(uio, head);
		last = !error &&
		       (head->event.flags & TRACE_EF_HOLD || !uio->left);
		if (error || last)
			break;
		head = session_read_next(session);
	} while (head);
	session_read_end(session, last);
	return before != uio->left ? (int64_t)(before - uio->left) : error;
}

const struct proc_row trace_row = {
	.name = "trace",
	.mode = KS_IFCHR | 0600,
	.reads = RIGHT_OBSERVE,
	.writes = RIGHT_CONTROL,
	.open = open_text,
	.read = read_text,
	.write = face_write_text,
	.poll = face_poll,
	.close = face_close,
	.free = face_free,
};

const struct proc_row trace_bin_row = {
	.name = "trace.bin",
	.mode = KS_IFCHR | 0600,
	.reads = RIGHT_OBSERVE,
	.writes = RIGHT_CONTROL,
	.open = open_packed,
	.read = read_packed,
	.write = face_write_packed,
	.poll = face_poll,
	.close = face_close,
	.free = face_free,
};

const struct proc_row new_row = {
	.name = "new",
	.mode = KS_IFCHR | 0666,
	.in = IN_ROOT,
	.reads = RIGHT_PUBLIC,
	.writes = RIGHT_PUBLIC,
	.open = open_new,
	.read = read_text,
	.write = face_write_text,
	.poll = face_poll,
	.close = face_close,
	.free = face_free,
};

const struct proc_row new_bin_row = {
	.name = "new.bin",
	.mode = KS_IFCHR | 0666,
	.in = IN_ROOT,
	.reads = RIGHT_PUBLIC,
	.writes = RIGHT_PUBLIC,
	.open = open_new_packed,
	.read = read_packed,
	.write = face_write_packed,
	.poll = face_poll,
	.close = face_close,
	.free = face_free,
};
