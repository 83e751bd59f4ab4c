/*
 * Sessions: opening, closing, rules, and the events.
 *
 * Events are read in batches and given one by one.  One rule: the kernel is
 * read again, and so advances, only when the batch is empty; a holding event is
 * always the last of its batch.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "internal.h"

int
trace_open(struct trace **result, const char *path, int flags)
{
	struct trace *trace = calloc(1, sizeof(*trace));

	if (!trace)
		return -ENOMEM;
	trace->fd = open(path, flags | O_CLOEXEC);
	if (trace->fd < 0) {
		int error = -errno;

		free(trace);
		return error;
	}
	*result = trace;
	return 0;
}

int
trace_attach(struct trace **trace, pid_t pid, unsigned flags)
{
	char path[40];
	int mode = flags & TRACE_OBSERVE ? O_RDONLY : O_RDWR;
	int error;

	if (flags & ~(TRACE_OBSERVE | TRACE_EXCLUSIVE))
		return -EINVAL;
	if (flags & TRACE_EXCLUSIVE)
		mode |= O_EXCL;
	(void)snprintf(path, sizeof(path), "proc:/%d/trace.bin", (int)pid);
	error = trace_open(trace, path, mode);
	if (!error)
		(*trace)->observes = (flags & TRACE_OBSERVE) != 0;
	return error;
}

void
trace_close(struct trace *trace)
{
	if (!trace)
		return;
	trace_file_close(&trace->regs);
	trace_file_close(&trace->mem);
	(void)close(trace->fd);
	free(trace);
}

int
trace_fd(const struct trace *trace)
{
	return trace->fd;
}

int
trace_pending(const struct trace *trace)
{
	return trace->at < trace->used;
}

int
trace_put(const struct trace *trace, const void *bytes, size_t size)
{
	ssize_t n = write(trace->fd, bytes, size);

	if (n < 0)
		return -errno;
	return (size_t)n == size ? 0 : -EIO;
}

/* ---- events ---- */

/* Waits, if there is a limit, until a read would not.  0, or -ETIMEDOUT,
 * -EINTR. */
static int
wait_for_event(struct trace *trace, int timeout_ms)
{
	struct pollfd poll_fd = {.fd = trace->fd, .events = POLLIN};
	int n;

	n = poll(&poll_fd, 1, timeout_ms);
	if (n < 0)
		return -errno;
	return n == 0 ? -ETIMEDOUT : 0;
}

/*
 * With a limit the read must not wait: what it was to advance it has advanced
 * also when it gives EAGAIN; so it is tried first, then polled for.
 */
static __attribute__((noinline)) ssize_t
read_within(struct trace *trace, int timeout_ms)
{
	int flags = fcntl(trace->fd, F_GETFL);
	ssize_t n;
	int error;

	if (flags < 0 || fcntl(trace->fd, F_SETFL, flags | O_NONBLOCK) < 0)
		return -errno;
	do {
		n = read(trace->fd, trace->batch, sizeof(trace->batch));
		error = n < 0 ? -errno : 0;
		if (error == -EAGAIN)
			error = wait_for_event(trace, timeout_ms);
		else
			break;
	} while (!error);
	(void)fcntl(trace->fd, F_SETFL, flags);
	return error ? error : n;
}

ssize_t
trace_fill(struct trace *trace, int timeout_ms)
{
	ssize_t n;

	trace->at = trace->used = 0;
	if (timeout_ms >= 0) {
		n = read_within(trace, timeout_ms);
	} else {
		n = read(trace->fd, trace->batch, sizeof(trace->batch));
		if (n < 0)
			n = -errno;
	}
	if (n > 0)
		trace->used = (size_t)n;
	return n;
}

/* The path among an event's payload records; a byte of its padding, or of the
 * next record's size, makes room for the NUL. */
static char *
find_path(char *record, const struct trace_event *event)
{
	size_t at = TRACE_EVENT_SIZE;
	struct trace_payload payload;

	while (at + sizeof(payload) <= event->size) {
		char *bytes = record + at + sizeof(payload);

		memcpy(&payload, record + at, sizeof(payload));
		if (payload.kind == TRACE_PAYLOAD_PATH) {
			/* over the header: it has been read */
			memmove(bytes - 1, bytes, payload.length);
			bytes[payload.length - 1] = '\0';
			return bytes - 1;
		}
		at += sizeof(payload) + ((payload.length + 7u) & ~7u);
	}
	return NULL;
}

int
trace_next(struct trace *trace, struct trace_event *event, int timeout_ms)
{
	char *record;

	if (trace->at == trace->used) {
		ssize_t n = trace_fill(trace, timeout_ms);

		if (n <= 0)
			return (int)n;
	}
	record = trace->batch + trace->at;
	memcpy(event, record, sizeof(*event));
	trace->last_seq = event->seq;
	trace->last_type = event->type;
	trace->at += event->size;
	trace->path = NULL;
	if (event->size > TRACE_EVENT_SIZE)
		trace->path = find_path(record, event);
	return 1;
}

const char *
trace_path(const struct trace *trace)
{
	return trace->path ? trace->path : "";
}
