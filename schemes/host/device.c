/*
 * The virtio serial device: found, started, serviced.
 *
 * Called by host.c at boot, by its interrupt, and by threads that would rather
 * look than wait.  The rule: one spinlock guards every queue of the device,
 * and whoever holds it may do the interrupt's work, so that none is missed.
 */
#include "device.h"

#include "arch/x86_64/arch.h"
#include "control.h"
#include "pci.h"
#include "print.h"

#define DEVICE_VENDOR	   0x1af4
#define DEVICE_SERIAL	   0x1003 /* transitional: has the legacy ports */
#define DEVICE_F_MULTIPORT 2u

struct device device;

void
device_service(void)
{
	unsigned i;

	/* The host's close comes after its last byte: seen in this order, a
	 * port that is closed has all its data. */
	control_service();
	for (i = 0; i < DEVICE_PORTS; i++)
		port_service(&device.port[i]);
}

static void
device_interrupt(void *arg)
{
	(void)arg;
	spin_lock(&device.lock);
	if (virtio_interrupted(&device.virtio))
		device_service();
	spin_unlock(&device.lock);
}

static void
device_prepare(void)
{
	unsigned i;

	mutex_init(&device.setup, RANK_DEVICE_MUTEX);
	spin_init(&device.lock, RANK_DEVICE);
	for (i = 0; i < DEVICE_PORTS; i++)
		port_init(&device.port[i], i);
}

/* NULL, or why not. */
static const char *
device_start(void)
{
	struct pci_device pci;

	if (pci_find(DEVICE_VENDOR, DEVICE_SERIAL, &pci))
		return "none";
	if (!(virtio_start(&device.virtio, &pci, DEVICE_F_MULTIPORT) &
	      DEVICE_F_MULTIPORT))
		return "it has only one port";
	if (control_init())
		return "no control queues";
	if (!pci.line ||
	    arch_irq_attach("host", pci.line, true, device_interrupt, NULL))
		return "no interrupt line";
	virtio_go(&device.virtio);
	if (control_handshake())
		return "it does not answer";
	return NULL;
}

int
device_init(void)
{
	const char *problem;

	device_prepare();
	problem = device_start();
	device.there = !problem;
	if (problem && device.virtio.io) {
		print("host: %s\n", problem);
		virtio_fail(&device.virtio);
	}
	return 0;
}
