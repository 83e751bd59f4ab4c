/* One port of the virtio serial device: a stream of bytes each way. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "virtio.h"
#include "waitq.h"

#define PORT_NAME_MAX 32
#define PORT_IN	      32 /* buffers, of PORT_IN_SIZE bytes */
#define PORT_OUT      8
#define PORT_IN_SIZE  4096u /* the host's reads are no larger */
#define PORT_OUT_SIZE 16384u
#define PORT_OUT_ALL  ((1u << PORT_OUT) - 1)

struct port {
	uint32_t id;
	char name[PORT_NAME_MAX]; /* set at boot; "": no such port */
	struct waitq readable, writable;
	struct mutex reading; /* DEVICE_MUTEX: held while bytes are copied out,
				 never while they are waited for */

	/* DEVICE lock must be held when using these: */
	bool host_open;
	unsigned opens; /* open files */
	bool told;	/* the host knows that opens != 0 */
	bool ready;	/* queues and buffers are there */
	struct virtq in, out;
	struct {
		char *data;
		uint32_t length, at; /* what came; how much of it was read */
	} received[PORT_IN];
	uint8_t order[PORT_IN]; /* received ones, oldest first: a ring */
	uint32_t first, last;	/* its positions, not wrapped */
	char *out_data[PORT_OUT];
	uint32_t out_free;     /* bit n */
	uint64_t given, taken; /* how many buffers the host got, finished */
};

void port_init(struct port *port, unsigned id);
void port_host(struct port *port, bool open); /* DEVICE lock held */
void port_service(struct port *port);	      /* DEVICE lock held */

int port_open(struct port *port); /* 0 or -ENOMEM, -EIO */
void port_close(struct port *port);
void port_wake(struct port *port);
