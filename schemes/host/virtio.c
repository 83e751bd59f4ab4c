/*
 * Virtio over PCI's legacy I/O ports, and its queues.
 *
 * Called by device.c, control.c and port.c.  The rule of a queue: the driver
 * writes descriptors and the avail ring, the device the used ring; each
 * publishes by its own index, written last, and the other reads the index
 * first.
 */
#include "virtio.h"

#include <stdatomic.h>
#include "abi/errno.h"
#include "arch/x86_64/arch.h"
#include "page.h"
#include "pci.h"
#include "text.h"

enum {
	VIRTIO_FEATURES = 0,
	VIRTIO_ACCEPTED = 4,
	VIRTIO_QUEUE_PAGE = 8,
	VIRTIO_QUEUE_SIZE = 12,
	VIRTIO_QUEUE_SELECT = 14,
	VIRTIO_NOTIFY = 16,
	VIRTIO_STATUS = 18,
	VIRTIO_ISR = 19,
	VIRTIO_CONFIG = 20, /* while MSI-X is off */
};

enum {
	STATUS_SEEN = 1,
	STATUS_DRIVER = 2,
	STATUS_GO = 4,
	STATUS_FAILED = 128,
};

struct virtq_desc {
	uint64_t address;
	uint32_t length;
	uint16_t flags, next;
};
#define DESC_IN 2u

enum { AVAIL_LOUD = 0, AVAIL_QUIET = 1 };
struct virtq_avail {
	_Atomic uint16_t flags;
	_Atomic uint16_t index;
	uint16_t ring[];
};

struct virtq_done {
	uint32_t n, length;
};

struct virtq_used {
	_Atomic uint16_t flags;
	_Atomic uint16_t index;
	struct virtq_done ring[];
};
#define USED_QUIET 1u

uint32_t
virtio_start(struct virtio *device, const struct pci_device *pci,
	     uint32_t features)
{
	device->io = pci->io;
	arch_out8(device->io + VIRTIO_STATUS, 0);
	arch_out8(device->io + VIRTIO_STATUS, STATUS_SEEN | STATUS_DRIVER);
	features &= arch_in32(device->io + VIRTIO_FEATURES);
	arch_out32(device->io + VIRTIO_ACCEPTED, features);
	return features;
}

void
virtio_go(struct virtio *device)
{
	arch_out8(device->io + VIRTIO_STATUS,
		  STATUS_SEEN | STATUS_DRIVER | STATUS_GO);
}

void
virtio_fail(struct virtio *device)
{
	arch_out8(device->io + VIRTIO_STATUS, STATUS_FAILED);
}

bool
virtio_interrupted(struct virtio *device)
{
	return arch_in8(device->io + VIRTIO_ISR) & 1;
}

uint32_t
virtio_config(struct virtio *device, unsigned offset)
{
	return arch_in32((uint16_t)(device->io + VIRTIO_CONFIG + offset));
}

/* Descriptors and avail ring, then from the next page on the used ring. */
static size_t
virtq_used_offset(unsigned size)
{
	size_t n = size * sizeof(struct virtq_desc) +
		   sizeof(struct virtq_avail) + (size + 1) * sizeof(uint16_t);

	return (n + PAGE_SIZE - 1) & PAGE_MASK;
}

static size_t
virtq_bytes(unsigned size)
{
	return virtq_used_offset(size) + sizeof(struct virtq_used) +
	       size * sizeof(struct virtq_done) + sizeof(uint16_t);
}

static char *
virtq_memory(size_t bytes)
{
	unsigned order = 0;
	struct page *page;

	while (((size_t)PAGE_SIZE << order) < bytes)
		order++;
	page = page_alloc(order, PAGE_KERNEL);
	if (!page)
		return NULL;
	return memset(page_address(page), 0, (size_t)PAGE_SIZE << order);
}

int
virtq_init(struct virtq *queue, struct virtio *device, uint16_t index,
	   unsigned least)
{
	uint16_t size;
	char *memory;

	arch_out16(device->io + VIRTIO_QUEUE_SELECT, index);
	size = arch_in16(device->io + VIRTIO_QUEUE_SIZE);
	if (size < least)
		return -ENODEV;
	memory = virtq_memory(virtq_bytes(size));
	if (!memory)
		return -ENOMEM;
	*queue = (struct virtq){
		.device = device,
		.index = index,
		.size = size,
		.desc = (void *)memory,
		.avail = (void *)(memory + size * sizeof(struct virtq_desc)),
		.used = (void *)(memory + virtq_used_offset(size)),
	};
	arch_out32(device->io + VIRTIO_QUEUE_PAGE,
		   (uint32_t)(arch_phys(memory) >> PAGE_SHIFT));
	return 0;
}

bool
virtq_give(struct virtq *queue, unsigned n, void *data, uint32_t length,
	   bool in)
{
	uint16_t index = atomic_load_explicit(&queue->avail->index,
					      memory_order_relaxed);

	queue->desc[n] = (struct virtq_desc){
		.address = arch_phys(data),
		.length = length,
		.flags = in ? DESC_IN : 0,
	};
	queue->avail->ring[index % queue->size] = (uint16_t)n;
	atomic_store(&queue->avail->index, (uint16_t)(index + 1));
	return atomic_load(&queue->used->index) == index;
}

bool
virtq_take(struct virtq *queue, unsigned *n, uint32_t *length)
{
	unsigned at = queue->seen % queue->size;

	if (atomic_load(&queue->used->index) == queue->seen)
		return false;
	*n = queue->used->ring[at].n;
	*length = queue->used->ring[at].length;
	queue->seen++;
	return true;
}

bool
virtq_idle(struct virtq *queue)
{
	return atomic_load(&queue->used->index) ==
	       atomic_load(&queue->avail->index);
}

void
virtq_notify(struct virtq *queue)
{
	if (!(atomic_load(&queue->used->flags) & USED_QUIET))
		arch_out16(queue->device->io + VIRTIO_NOTIFY, queue->index);
}

void
virtq_want_interrupt(struct virtq *queue, bool want)
{
	uint16_t flags = want ? AVAIL_LOUD : AVAIL_QUIET;

	atomic_store(&queue->avail->flags, flags);
}
