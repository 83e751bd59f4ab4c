/*
 * The virtio serial device: its ports and the lock over all of its queues.
 *
 *	device.c	found, started, interrupts
 *	control.c	the two control queues: which ports there are, which
 *			are open
 *	port.c		one port's data
 *	stream.c	bytes through a port
 *	host.c		the scheme
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include "lock.h"
#include "port.h"
#include "virtio.h"
#include "waitq.h"

#define DEVICE_PORTS 32

struct device {
	bool there;
	struct mutex setup; /* DEVICE_MUTEX: one port is made ready at a time */
	struct spinlock lock;

	/* DEVICE lock must be held when using these: */
	struct virtio virtio;
	struct virtq control_in, control_out;
	char *control_buffers;	  /* what the host sends */
	struct control *messages; /* what we send */
	uint32_t messages_free;	  /* bit n */
	struct port port[DEVICE_PORTS];
};

extern struct device device;

int device_init(void); /* at boot; 0 also if there is none */

/* Takes what the device has done and wakes who waits for it.  DEVICE lock
 * held. */
void device_service(void);
