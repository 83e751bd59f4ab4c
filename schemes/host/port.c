/*
 * One port's ends: its buffers, opening and closing, and what the device has
 * done with them.
 *
 * Called by host.c and, with the DEVICE lock held, by device.c and control.c.
 * The rule: every buffer is at each time in one place only: with the device,
 * in the ring of received ones, free (bit in out_free), or in the hands of the
 * one thread that fills it.
 */
#include "port.h"

#include "abi/errno.h"
#include "control.h"
#include "device.h"
#include "page.h"

void
port_init(struct port *port, unsigned id)
{
	port->id = id;
	waitq_init(&port->readable);
	waitq_init(&port->writable);
	mutex_init(&port->reading, RANK_DEVICE_MUTEX);
}

void
port_wake(struct port *port)
{
	waitq_wake(&port->readable);
	waitq_wake(&port->writable);
}

void
port_host(struct port *port, bool open)
{
	port->host_open = open;
	port_wake(port);
}

void
port_service(struct port *port)
{
	uint32_t length, received = port->last;
	uint64_t taken = port->taken;
	unsigned n;

	if (!port->ready)
		return;
	while (virtq_take(&port->in, &n, &length)) {
		n %= PORT_IN;
		port->received[n].at = 0;
		port->received[n].length =
			length < PORT_IN_SIZE ? length : PORT_IN_SIZE;
		port->order[port->last++ % PORT_IN] = (uint8_t)n;
	}
	while (virtq_take(&port->out, &n, &length)) {
		port->out_free |= 1u << n % PORT_OUT;
		port->taken++;
	}
	if (port->given == port->taken)
		virtq_want_interrupt(&port->out, false);
	if (received != port->last)
		waitq_wake(&port->readable);
	if (taken != port->taken)
		waitq_wake(&port->writable);
}

static unsigned
port_order(uint32_t bytes)
{
	unsigned order = 0;

	while (PAGE_SIZE << order < bytes)
		order++;
	return order;
}

/* A buffer, unless it is there from an attempt that failed half-way. */
static bool
port_buffer(char **data, uint32_t bytes)
{
	struct page *page =
		*data ? NULL : page_alloc(port_order(bytes), PAGE_KERNEL);

	if (page)
		*data = page_address(page);
	return *data != NULL;
}

/* Queues are numbered in pairs, in and out; the second pair is the control
 * queues'. */
static int
port_queues(struct port *port)
{
	uint16_t pair = (uint16_t)(port->id ? (port->id + 1) * 2 : 0);
	int error = 0;

	if (!port->in.size)
		error = virtq_init(&port->in, &device.virtio, pair, PORT_IN);
	if (!error && !port->out.size)
		error = virtq_init(&port->out, &device.virtio,
				   (uint16_t)(pair + 1), PORT_OUT);
	return error;
}

static int
port_buffers(struct port *port)
{
	unsigned i;

	for (i = 0; i < PORT_IN; i++) {
		if (!port_buffer(&port->received[i].data, PORT_IN_SIZE))
			return -ENOMEM;
	}
	for (i = 0; i < PORT_OUT; i++) {
		if (!port_buffer(&port->out_data[i], PORT_OUT_SIZE))
			return -ENOMEM;
	}
	return 0;
}

/* The first open: from now on the port keeps its memory. */
static int
port_setup(struct port *port)
{
	int error = port_queues(port);
	unsigned i;

	if (!error)
		error = port_buffers(port);
	if (error)
		return error;
	spin_lock(&device.lock);
	for (i = 0; i < PORT_IN; i++)
		virtq_give(&port->in, i, port->received[i].data, PORT_IN_SIZE,
			   true);
	virtq_want_interrupt(&port->out, false);
	port->out_free = PORT_OUT_ALL;
	port->ready = true;
	spin_unlock(&device.lock);
	return 0;
}

int
port_open(struct port *port)
{
	int error = 0;

	mutex_lock(&device.setup);
	if (!port->ready)
		error = port_setup(port);
	mutex_unlock(&device.setup);
	if (error)
		return error;
	spin_lock(&device.lock);
	port->opens++;
	control_tell();
	spin_unlock(&device.lock);
	return 0;
}

void
port_close(struct port *port)
{
	spin_lock(&device.lock);
	port->opens--;
	control_tell();
	spin_unlock(&device.lock);
}
