/*
 * Virtio over PCI's legacy I/O ports, and its queues.
 *
 * A queue's buffers are numbered by their owner; buffer n uses descriptor n, so
 * there is nothing to allocate.  The caller holds whatever guards the queue.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct pci_device;
struct virtq_desc;
struct virtq_avail;
struct virtq_used;

struct virtio {
	uint16_t io;
};

/* Resets the device and takes those of the wanted features that it has. */
uint32_t virtio_start(struct virtio *device, const struct pci_device *pci,
		      uint32_t features);
void virtio_go(struct virtio *device); /* the driver is ready */
void virtio_fail(struct virtio *device);
bool virtio_interrupted(struct virtio *device); /* and lets the line go */
uint32_t virtio_config(struct virtio *device, unsigned offset);

struct virtq {
	struct virtio *device;
	uint16_t index, size;
	uint16_t seen; /* how many used ones were taken */
	struct virtq_desc *desc;
	struct virtq_avail *avail;
	struct virtq_used *used;
};

/* 0, -ENODEV (no such queue, or fewer than `least` places), -ENOMEM. */
int virtq_init(struct virtq *queue, struct virtio *device, uint16_t index,
	       unsigned least);

/* Gives buffer n (an address in the direct map) to the device, which writes it
 * if `in`.  true: the device had nothing left to use and may be waiting. */
bool virtq_give(struct virtq *queue, unsigned n, void *data, uint32_t length,
		bool in);
/* A buffer that the device is done with; false: none. */
bool virtq_take(struct virtq *queue, unsigned *n, uint32_t *length);
/* The device is done with everything that it was given. */
bool virtq_idle(struct virtq *queue);
void virtq_notify(struct virtq *queue);
/* Whether the device interrupts when it is done with a buffer.  After asking
 * for it look once more: what was done before makes none. */
void virtq_want_interrupt(struct virtq *queue, bool want);
