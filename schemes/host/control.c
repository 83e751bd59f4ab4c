/*
 * The control queues.
 *
 *	guest			host
 *	DEVICE_READY  ------->
 *	  <----------------	PORT_ADD, one a port
 *	PORT_READY  --------->
 *	  <----------------	PORT_NAME; PORT_OPEN 1 if somebody is there
 *	PORT_OPEN 0|1 ------->	(our end)
 *	  <----------------	PORT_OPEN 0|1 (its end)
 *
 * Called by device.c and port.c.  The rule that makes the handshake end: the
 * host answers a message before it marks it as used, so when ours are used all
 * answers are there.  Ports are those present at boot.
 */
#include "control.h"

#include "abi/errno.h"
#include "arch/x86_64/arch.h"
#include "device.h"
#include "page.h"
#include "text.h"

enum {
	CONTROL_DEVICE_READY = 0,
	CONTROL_PORT_ADD = 1,
	CONTROL_PORT_REMOVE = 2,
	CONTROL_PORT_READY = 3,
	CONTROL_PORT_OPEN = 6,
	CONTROL_PORT_NAME = 7,
	CONTROL_EVENTS
};

struct control {
	uint32_t port;
	uint16_t event, value;
	char name[]; /* PORT_NAME */
};

#define CONTROL_IN_QUEUE  2
#define CONTROL_OUT_QUEUE 3
#define CONTROL_BUFFERS	  32u
#define CONTROL_BUFFER	  (PAGE_SIZE / CONTROL_BUFFERS)
#define CONTROL_PATIENCE  2000000000u /* ns */

static char *
control_buffer(unsigned n)
{
	return device.control_buffers + (size_t)n * CONTROL_BUFFER;
}

static void
control_give(unsigned n)
{
	virtq_give(&device.control_in, n, control_buffer(n), CONTROL_BUFFER,
		   true);
}

int
control_init(void)
{
	struct page *in = page_alloc_zero(PAGE_KERNEL),
		    *out = page_alloc_zero(PAGE_KERNEL);
	int error;
	unsigned i;

	if (!in || !out)
		return -ENOMEM; /* at boot: the device is given up for good */
	error = virtq_init(&device.control_in, &device.virtio, CONTROL_IN_QUEUE,
			   CONTROL_BUFFERS);
	if (!error)
		error = virtq_init(&device.control_out, &device.virtio,
				   CONTROL_OUT_QUEUE, CONTROL_BUFFERS);
	if (error)
		return error;
	device.control_buffers = page_address(in);
	device.messages = page_address(out);
	device.messages_free = UINT32_MAX;
	for (i = 0; i < CONTROL_BUFFERS; i++)
		control_give(i);
	return 0;
}

/* false: no place for a message now. */
static bool
control_send(uint32_t port, uint16_t event, uint16_t value)
{
	unsigned n;
	uint32_t length;

	while (virtq_take(&device.control_out, &n, &length))
		device.messages_free |= 1u << n % CONTROL_BUFFERS;
	if (!device.messages_free)
		return false;
	n = (unsigned)__builtin_ctz(device.messages_free);
	device.messages_free &= ~(1u << n);
	device.messages[n] = (struct control){
		.port = port,
		.event = event,
		.value = value,
	};
	virtq_give(&device.control_out, n, &device.messages[n],
		   sizeof(struct control), false);
	virtq_notify(&device.control_out);
	return true;
}

static void
control_added(struct port *port, const struct control *message)
{
	(void)message;
	control_send(port->id, CONTROL_PORT_READY, 1);
}

static void
control_removed(struct port *port, const struct control *message)
{
	(void)message;
	port_host(port, false);
}

static void
control_opened(struct port *port, const struct control *message)
{
	port_host(port, message->value != 0);
}

static void
control_named(struct port *port, const struct control *message)
{
	if (!port->name[0])
		text_copy(port->name, message->name, sizeof(port->name));
}

static void (*const control_events[CONTROL_EVENTS])(struct port *,
						    const struct control *) = {
	[CONTROL_PORT_ADD] = control_added,
	[CONTROL_PORT_REMOVE] = control_removed,
	[CONTROL_PORT_OPEN] = control_opened,
	[CONTROL_PORT_NAME] = control_named,
};

static void
control_message(char *bytes, uint32_t length)
{
	const struct control *message = (const void *)bytes;

	if (length < sizeof(*message) || length >= CONTROL_BUFFER)
		return;
	bytes[length] = '\0';
	if (message->port >= DEVICE_PORTS || message->event >= CONTROL_EVENTS ||
	    !control_events[message->event])
		return;
	control_events[message->event](&device.port[message->port], message);
}

unsigned
control_service(void)
{
	unsigned n, taken = 0;
	uint32_t length;

	if (!device.control_in.size)
		return 0;
	while (virtq_take(&device.control_in, &n, &length)) {
		n %= CONTROL_BUFFERS;
		control_message(control_buffer(n), length);
		control_give(n);
		taken++;
	}
	control_tell();
	return taken;
}

void
control_tell(void)
{
	struct port *port;
	unsigned i;

	for (i = 0; i < DEVICE_PORTS; i++) {
		port = &device.port[i];
		if (port->told == (port->opens != 0))
			continue;
		if (!control_send(port->id, CONTROL_PORT_OPEN, !port->told))
			return;
		port->told = !port->told;
	}
}

/* Everything that we said so far was answered, and the answers were taken. */
static bool
control_settled(void)
{
	bool settled;

	spin_lock(&device.lock);
	settled = virtq_idle(&device.control_out);
	if (control_service())
		settled = false;
	spin_unlock(&device.lock);
	return settled;
}

int
control_handshake(void)
{
	uint64_t end = arch_time_ns() + CONTROL_PATIENCE;

	spin_lock(&device.lock);
	control_send(UINT32_MAX, CONTROL_DEVICE_READY, 1);
	spin_unlock(&device.lock);
	while (!control_settled()) {
		if (arch_time_ns() > end)
			return -ETIMEDOUT;
		arch_pause();
	}
	return 0;
}
