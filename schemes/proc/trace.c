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
	face->session = session_create(self->process, controller,
				       controller && (flags & KO_EXCL));
	if (!face->session)
		error = -ENOMEM;
	else if (handle->process)
		error = session_join(face->session, handle->process, false,
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

static size_t
payload_size(const struct event_text *text)
{
	uint32_t length;
	uint16_t kind;

	if (!text)
		return 0;
	event_text_bytes(text, &length, &kind);
	return sizeof(struct trace_payload) + ((length + 7u) & ~7u);
}

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
put_packed(struct uio *uio, struct trace_event *event,
	   const struct event_text *text)
{
	struct uio ahead = *uio;
	size_t size = TRACE_EVENT_SIZE + payload_size(text);
	int error;

	if (size > uio->left)
		return -EMSGSIZE;
	event->size = (uint32_t)size;
	error = uio_put(&ahead, event, TRACE_EVENT_SIZE);
	if (!error && text)
		error = put_payload(&ahead, text);
	if (!error)
		*uio = ahead;
	return error;
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
put_text(struct face *face, struct uio *uio, const struct trace_event *event,
	 const struct event_text *text, bool first, bool *whole)
{
	int error;

	face->line.used = 0;
	format_event(&face->line, event, text);
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

/* One event out of the queue and into uio.  1: go on, 0: that was the last, or
 * -errno. */
static int
read_one(struct face *face, struct uio *uio, bool first)
{
	struct trace_event event;
	struct event_text *text;
	bool whole = true;
	int error;

	if (!session_peek(face->session, &event, &text))
		return first ? -EBADF : 0;
	error = face->packed ? put_packed(uio, &event, text)
			     : put_text(face, uio, &event, text, first, &whole);
	event_text_put(text);
	if (error)
		return error;
	if (!whole)
		return 0;
	session_consume(face->session);
	return !(event.flags & TRACE_EF_HOLD);
}

static int
read_events(struct face *face, struct uio *uio)
{
	int result = 1;

	for (bool first = true; result > 0 && uio->left; first = false) {
		result = read_one(face, uio, first);
		if (result < 0 && !first)
			result = 0;
	}
	return result < 0 ? result : 0;
}

/* The rest of a line that an earlier read began. */
static int
read_rest(struct face *face, struct uio *uio)
{
	bool whole;
	int error = put_line(face, uio, &whole);

	if (!error && whole)
		session_consume(face->session);
	return error;
}

static int64_t
face_read(struct thread *self, struct file *file, struct uio *uio,
	  uint64_t *offset)
{
	struct face *face = handle_of(file)->data;
	bool nonblock = atomic_load(&file->flags) & KO_NONBLOCK;
	size_t before = uio->left;
	int result;

	(void)offset;
	if (before == 0)
		return 0;
	result = session_observe(face->session);
	if (result)
		return result;
	for (;;) {
		bool rest = face->line_at > 0;

		result = session_read_begin(self, face->session, !rest,
					    nonblock);
		if (result <= 0)
			return result;
		if (rest == (face->line_at > 0))
			break;
		session_read_end(
			face->session); /* another reader came between */
	}
	result = face->line_at > 0 ? read_rest(face, uio)
				   : read_events(face, uio);
	session_read_end(face->session);
	return result ? result : (int64_t)(before - uio->left);
}

const struct proc_row trace_row = {
	.name = "trace",
	.mode = KS_IFCHR | 0600,
	.reads = RIGHT_OBSERVE,
	.writes = RIGHT_CONTROL,
	.open = open_text,
	.read = face_read,
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
	.read = face_read,
	.write = face_write_packed,
	.poll = face_poll,
	.close = face_close,
	.free = face_free,
};

const struct proc_row new_row = {
	.name = "new",
	.mode = KS_IFCHR,
	.on_root = true,
	.open = open_new,
	.read = face_read,
	.write = face_write_text,
	.poll = face_poll,
	.close = face_close,
	.free = face_free,
};

const struct proc_row new_bin_row = {
	.name = "new.bin",
	.mode = KS_IFCHR,
	.on_root = true,
	.open = open_new_packed,
	.read = face_read,
	.write = face_write_packed,
	.poll = face_poll,
	.close = face_close,
	.free = face_free,
};
