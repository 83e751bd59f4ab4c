/*
 * Bytes through a port: read, write, poll.
 *
 * Called by host.c.  The rule: no lock is held while the host is waited for;
 * each condition looks at the device itself, so that a host that answers at
 * once costs no interrupt.
 */
#include "stream.h"

#include "abi/errno.h"
#include "abi/fcntl.h"
#include "device.h"
#include "scheme.h"
#include "usercopy.h"

/* ---- from the host ---- */

/* The oldest received buffer; -1: none. */
static int
stream_first(struct port *port)
{
	int n = -1;

	spin_lock(&device.lock);
	if (port->first == port->last)
		device_service();
	if (port->first != port->last)
		n = port->order[port->first % PORT_IN];
	spin_unlock(&device.lock);
	return n;
}

/* It was read to its end: the device may have it again. */
static void
stream_return(struct port *port, unsigned n)
{
	spin_lock(&device.lock);
	port->first++;
	if (virtq_give(&port->in, n, port->received[n].data, PORT_IN_SIZE,
		       true))
		virtq_notify(&port->in);
	spin_unlock(&device.lock);
}

/* What is there: bytes, 0, or -EFAULT.  `reading` held. */
static int64_t
stream_copy(struct port *port, struct uio *uio)
{
	int64_t done = 0;
	int n, error = 0;

	while (!error && uio->left && (n = stream_first(port)) >= 0) {
		uint32_t at = port->received[n].at;
		size_t part = port->received[n].length - at;

		if (part > uio->left)
			part = uio->left;
		error = uio_put(uio, port->received[n].data + at, part);
		if (error)
			break;
		done += (int64_t)part;
		port->received[n].at += (uint32_t)part;
		if (port->received[n].at == port->received[n].length)
			stream_return(port, (unsigned)n);
	}
	return done ? done : error;
}

/* Is there anything to hear of?  `ended`: that nothing comes any more. */
static bool
stream_readable(struct file *file, struct port *port, bool *ended)
{
	bool there;

	spin_lock(&device.lock);
	device_service();
	there = port->first != port->last;
	*ended = !there && !port->host_open;
	spin_unlock(&device.lock);
	return there || *ended || file_is_closed(file);
}

int64_t
stream_read(struct thread *self, struct file *file, struct port *port,
	    struct uio *uio)
{
	bool ended;
	int64_t n;
	int error;

	for (;;) {
		mutex_lock(&port->reading);
		n = stream_copy(port, uio);
		mutex_unlock(&port->reading);
		if (n || !uio->left)
			return n;
		if (!stream_readable(file, port, &ended) &&
		    (atomic_load(&file->flags) & KO_NONBLOCK))
			return -EAGAIN;
		error = WAIT_FOR(&port->readable, self, SLEEP_INTERRUPTIBLE,
				 "the host's bytes", DEADLINE_NONE,
				 stream_readable(file, port, &ended));
		if (error)
			return error;
		if (ended)
			return 0;
		if (file_is_closed(file))
			return -EBADF;
	}
}

/* ---- to the host ---- */

/* A free buffer, now the caller's; -EAGAIN: none; -EPIPE. */
static int
stream_take_free(struct port *port)
{
	int n = -EAGAIN;

	spin_lock(&device.lock);
	if (port->given != port->taken)
		device_service();
	if (!port->host_open)
		n = -EPIPE;
	else if (port->out_free)
		n = __builtin_ctz(port->out_free);
	if (n >= 0)
		port->out_free &= ~(1u << n);
	spin_unlock(&device.lock);
	return n;
}

static void
stream_put_free(struct port *port, int n)
{
	spin_lock(&device.lock);
	port->out_free |= 1u << n;
	waitq_wake(&port->writable);
	spin_unlock(&device.lock);
}

/* Its number among all that were given. */
static uint64_t
stream_give(struct port *port, int n, size_t bytes)
{
	uint64_t number;

	spin_lock(&device.lock);
	number = ++port->given;
	virtq_give(&port->out, (unsigned)n, port->out_data[n], (uint32_t)bytes,
		   false);
	virtq_notify(&port->out);
	spin_unlock(&device.lock);
	return number;
}

/* Has the host taken buffer `number` (0: is any free)?  Or is it no use to
 * wait? */
static bool
stream_writable(struct file *file, struct port *port, uint64_t number)
{
	bool done;

	spin_lock(&device.lock);
	virtq_want_interrupt(&port->out, true);
	device_service();
	done = number ? port->taken >= number : port->out_free != 0;
	done = done || !port->host_open;
	spin_unlock(&device.lock);
	return done || file_is_closed(file);
}

static int
stream_wait(struct thread *self, struct file *file, struct port *port,
	    uint64_t number)
{
	int error = WAIT_FOR(&port->writable, self, SLEEP_INTERRUPTIBLE,
			     "the host to take bytes", DEADLINE_NONE,
			     stream_writable(file, port, number));

	if (!error && file_is_closed(file))
		error = -EBADF;
	return error;
}

static int
stream_free(struct thread *self, struct file *file, struct port *port)
{
	int n, error;

	for (;;) {
		n = stream_take_free(port);
		if (n != -EAGAIN || (atomic_load(&file->flags) & KO_NONBLOCK))
			return n;
		error = stream_wait(self, file, port, 0);
		if (error)
			return error;
	}
}

/* One buffer's worth.  Bytes, or -errno. */
static int64_t
stream_part(struct thread *self, struct file *file, struct port *port,
	    struct uio *uio, uint64_t *number)
{
	size_t bytes = uio->left < PORT_OUT_SIZE ? uio->left : PORT_OUT_SIZE;
	int n = stream_free(self, file, port);
	int error;

	if (n < 0)
		return n;
	error = uio_take(uio, port->out_data[n], bytes);
	if (error) {
		stream_put_free(port, n);
		return error;
	}
	*number = stream_give(port, n, bytes);
	return (int64_t)bytes;
}

/*
 * A blocking write returns when the host has taken its bytes, so that nothing
 * is lost when the machine is switched off next.  Cut short by a signal it
 * tells how much was given, which the host may still be taking.
 */
int64_t
stream_write(struct thread *self, struct file *file, struct port *port,
	     struct uio *uio)
{
	int64_t n = 0, done = 0;
	uint64_t number = 0;
	bool taken;

	while (uio->left && n >= 0) {
		n = stream_part(self, file, port, uio, &number);
		if (n > 0)
			done += n;
	}
	if (number && !(atomic_load(&file->flags) & KO_NONBLOCK))
		stream_wait(self, file, port, number);
	if (n == -EPIPE || !done)
		return n;
	spin_lock(&device.lock);
	taken = port->taken >= number || port->host_open;
	spin_unlock(&device.lock);
	return taken ? done : -EPIPE;
}

unsigned
stream_poll(struct port *port, struct poll_table *table)
{
	unsigned events = 0;

	poll_on(table, &port->readable);
	poll_on(table, &port->writable);
	spin_lock(&device.lock);
	virtq_want_interrupt(&port->out, true);
	device_service();
	if (port->first != port->last)
		events |= KPOLLIN;
	if (port->out_free)
		events |= KPOLLOUT;
	if (!port->host_open)
		events |= KPOLLIN | KPOLLHUP;
	spin_unlock(&device.lock);
	return events;
}
