/* PCI, as much as one device needs: find it, give it an I/O window, know its
 * interrupt line. */
#pragma once

#include <stdint.h>

struct pci_device {
	unsigned slot, function; /* on bus 0 */
	uint16_t io;		 /* first port of its BAR 0 */
	unsigned line;		 /* pin of the I/O APIC; 0: unknown */
};

/*
 * The first such device of bus 0, switched on: I/O and bus mastering, BAR 0
 * assigned.  Every other device is kept from interrupting, since lines are
 * shared and nobody would answer for it.  0, or -ENODEV.
 */
int pci_find(uint16_t vendor, uint16_t device, struct pci_device *found);
