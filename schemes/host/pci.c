/*
 * PCI, as much as one device needs.
 *
 * Called by device.c at boot.  The rule: firmware may have done everything or
 * nothing (qboot assigns no BAR), so what is there is kept and what is missing
 * is filled in.
 */
#include "pci.h"

#include <stdbool.h>
#include "abi/errno.h"
#include "arch/x86_64/arch.h"

enum {
	PCI_ID = 0x00,
	PCI_COMMAND = 0x04,
	PCI_HEADER = 0x0c,
	PCI_BAR0 = 0x10,
	PCI_INTERRUPT = 0x3c,
};

#define PCI_COMMAND_IO	   0x0001u
#define PCI_COMMAND_MASTER 0x0004u
#define PCI_COMMAND_QUIET  0x0400u /* raises no interrupt line */
#define PCI_COMMAND_BITS   0xffffu /* the upper half is status: 1 clears */
#define PCI_HEADER_MANY	   0x00800000u
#define PCI_BAR_IO	   1u
#define PCI_BAR_IO_MASK	   0xfffcu

/* Where no PC has anything: firmware puts I/O BARs from here on too. */
#define PCI_FREE_IO 0xc000u

#define PCI_PIIX_ROUTES 0x60
#define PCI_PIIX_OFF	0x80u
#define PCI_PIIX_LINE	11u

static void
pci_command(const struct pci_device *d, uint32_t set, uint32_t clear)
{
	uint32_t command = arch_pci_read(0, d->slot, d->function, PCI_COMMAND) &
			   PCI_COMMAND_BITS;

	arch_pci_write(0, d->slot, d->function, PCI_COMMAND,
		       (command | set) & ~clear);
}

static void
pci_assign(struct pci_device *d)
{
	uint32_t bar = arch_pci_read(0, d->slot, d->function, PCI_BAR0);

	if (!(bar & PCI_BAR_IO_MASK)) {
		bar = PCI_FREE_IO | PCI_BAR_IO;
		arch_pci_write(0, d->slot, d->function, PCI_BAR0, bar);
	}
	d->io = (uint16_t)(bar & PCI_BAR_IO_MASK);
}

/* q35: the pins of slots 0 to 24 go round PIRQ E to H, and those are the I/O
 * APIC's pins 20 to 23. */
static unsigned
pci_line_q35(const struct pci_device *d, unsigned pin)
{
	return d->slot < 25 ? 20 + (d->slot + pin - 1) % 4 : 0;
}

/* PIIX3 leads PIRQ A to D to the line that a register says; none, if no
 * firmware has chosen. */
static unsigned
pci_line_piix(const struct pci_device *d, unsigned pin)
{
	unsigned shift = (d->slot + pin - 2) % 4 * 8;
	uint32_t routes = arch_pci_read(0, 1, 0, PCI_PIIX_ROUTES);
	unsigned route = (routes >> shift) & 0xff;

	if (!(route & PCI_PIIX_OFF))
		return route;
	routes &= ~(0xffu << shift);
	arch_pci_write(0, 1, 0, PCI_PIIX_ROUTES,
		       routes | PCI_PIIX_LINE << shift);
	return PCI_PIIX_LINE;
}

/* Without an interpreter of the firmware's ACPI tables the wiring must be
 * known. */
static const struct {
	uint32_t id; /* of the host bridge */
	unsigned (*line)(const struct pci_device *d, unsigned pin);
} pci_boards[] = {
	{0x29c08086, pci_line_q35},
	{0x12378086, pci_line_piix},
};

static unsigned
pci_line(const struct pci_device *d)
{
	uint32_t board = arch_pci_read(0, 0, 0, PCI_ID);
	uint32_t interrupt =
		arch_pci_read(0, d->slot, d->function, PCI_INTERRUPT);
	unsigned pin = (interrupt >> 8) & 0xff;
	size_t i;

	for (i = 0; i < sizeof(pci_boards) / sizeof(*pci_boards); i++) {
		if (pci_boards[i].id == board && pin)
			return pci_boards[i].line(d, pin);
	}
	return 0;
}

/* true: this one is it. */
static bool
pci_look(const struct pci_device *d, uint32_t id)
{
	uint32_t is = arch_pci_read(0, d->slot, d->function, PCI_ID);

	if (is == UINT32_MAX)
		return false;
	pci_command(d, PCI_COMMAND_QUIET, 0);
	return is == id;
}

static unsigned
pci_functions(unsigned slot)
{
	if (arch_pci_read(0, slot, 0, PCI_ID) == UINT32_MAX)
		return 0;
	return arch_pci_read(0, slot, 0, PCI_HEADER) & PCI_HEADER_MANY ? 8 : 1;
}

int
pci_find(uint16_t vendor, uint16_t device, struct pci_device *found)
{
	uint32_t id = (uint32_t)device << 16 | vendor;
	struct pci_device d = {0};
	bool have = false;

	for (d.slot = 0; d.slot < 32; d.slot++) {
		unsigned functions = pci_functions(d.slot);

		for (d.function = 0; d.function < functions; d.function++) {
			if (!pci_look(&d, id) || have)
				continue;
			have = true;
			*found = d;
		}
	}
	if (!have)
		return -ENODEV;
	pci_assign(found);
	found->line = pci_line(found);
	pci_command(found, PCI_COMMAND_IO | PCI_COMMAND_MASTER,
		    PCI_COMMAND_QUIET);
	return 0;
}
