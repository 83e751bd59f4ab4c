/*
 * Bytes on their way from one descriptor to another.
 *
 * Called by relay's loop.  A flow reads only when it has handed on what it had,
 * so a slow receiver slows the sender; it never blocks, and never changes the
 * flags of a descriptor that others share.
 */
#include "flow.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define FLOW_ESCAPE 0x1d /* ^] */
#define FLOW_EOT    0x04 /* ^D: the end of input on a serial line */

void
flow_want(const struct flow *f, struct pollfd *from, struct pollfd *to)
{
	bool waiting = f->start < f->end;

	*from = (struct pollfd){.fd = waiting ? -1 : f->from, .events = POLLIN};
	*to = (struct pollfd){.fd = waiting ? f->to : -1, .events = POLLOUT};
}

bool
flow_done(const struct flow *f)
{
	return f->from < 0 && f->start == f->end;
}

/* On a line that was not ended the first ^D only ends that. */
static void
flow_end_serial(struct flow *f, char last)
{
	bool open = last != '\n' && last != '\r' && last != FLOW_EOT;

	memset(f->bytes, FLOW_EOT, 2);
	f->end = open ? 2 : 1;
}

/* last: of the bytes that came, or a newline. */
static void
flow_end(struct flow *f, char last)
{
	f->from = -1;
	if (f->to_serial) {
		flow_end_serial(f, last);
	} else if (f->to_socket) {
		shutdown(f->to, SHUT_WR);
	}
}

static void
flow_keep(struct flow *f)
{
	if (f->keep_most > 0 && f->keep->used > f->keep_most) {
		f->keep->used /= 2;
		memmove(f->keep->data, f->keep->data + f->keep->used,
			f->keep->used);
	}
	buffer_add(f->keep, f->bytes, f->end);
}

/* A log that takes nothing any more is left; the run goes on. */
static void
flow_log(struct flow *f)
{
	int error = buffer_store(f->log, f->bytes, f->end);

	if (error < 0) {
		f->log = -1;
		f->log_error = -error;
	}
}

static bool
flow_take(struct flow *f)
{
	char last = f->end > 0 ? f->bytes[f->end - 1] : '\n';
	ssize_t got = read(f->from, f->bytes, sizeof f->bytes);

	f->start = f->end = 0;
	if (got < 0 && (errno == EINTR || errno == EAGAIN))
		return false;
	if (got <= 0) {
		flow_end(f, last);
		return false;
	}
	f->end = (size_t)got;
	if (f->escapes && memchr(f->bytes, FLOW_ESCAPE, f->end) != NULL)
		f->left = true;
	if (f->keep != NULL)
		flow_keep(f);
	if (f->log >= 0)
		flow_log(f);
	if (f->to < 0)
		f->start = f->end = 0;
	return true;
}

static void
flow_give(struct flow *f)
{
	size_t size = f->end - f->start;
	ssize_t put;

	if (f->to_socket)
		put = send(f->to, f->bytes + f->start, size, MSG_DONTWAIT);
	else
		put = write(f->to, f->bytes + f->start,
			    size < PIPE_BUF ? size : PIPE_BUF);
	if (put >= 0) {
		f->start += (size_t)put;
	} else if (errno != EINTR && errno != EAGAIN) {
		f->broken = true;
		f->error = errno;
	}
	if (f->broken) {
		f->to = -1;
		f->start = f->end = 0;
	}
}

bool
flow_move(struct flow *f, const struct pollfd *from, const struct pollfd *to)
{
	bool came = from->fd >= 0 && from->revents != 0 && flow_take(f);

	if (to->fd >= 0 && to->revents != 0)
		flow_give(f);
	return came;
}
