/* I/O ports, and PCI configuration through them. */
#include "local.h"

uint8_t
arch_in8(uint16_t port)
{
	uint8_t value;

	__asm__ volatile("inb %1, %0" : "=a"(value) : "Nd"(port) : "memory");
	return value;
}

uint16_t
arch_in16(uint16_t port)
{
	uint16_t value;

	__asm__ volatile("inw %1, %0" : "=a"(value) : "Nd"(port) : "memory");
	return value;
}

uint32_t
arch_in32(uint16_t port)
{
	uint32_t value;

	__asm__ volatile("inl %1, %0" : "=a"(value) : "Nd"(port) : "memory");
	return value;
}

void
arch_out8(uint16_t port, uint8_t value)
{
	__asm__ volatile("outb %0, %1" ::"a"(value), "Nd"(port) : "memory");
}

void
arch_out16(uint16_t port, uint16_t value)
{
	__asm__ volatile("outw %0, %1" ::"a"(value), "Nd"(port) : "memory");
}

void
arch_out32(uint16_t port, uint32_t value)
{
	__asm__ volatile("outl %0, %1" ::"a"(value), "Nd"(port) : "memory");
}

#define PCI_ADDRESS 0xcf8
#define PCI_DATA    0xcfc

static _Atomic bool pci_busy; /* address and data are one act, on all CPUs */

static uint64_t
pci_begin(unsigned bus, unsigned slot, unsigned function, unsigned offset)
{
	uint64_t flags = irq_save();

	while (atomic_exchange(&pci_busy, true))
		arch_pause();
	arch_out32(PCI_ADDRESS, 0x80000000u | bus << 16 | slot << 11 |
					function << 8 | (offset & 0xfc));
	return flags;
}

static void
pci_end(uint64_t flags)
{
	atomic_store(&pci_busy, false);
	irq_restore(flags);
}

uint32_t
arch_pci_read(unsigned bus, unsigned slot, unsigned function, unsigned offset)
{
	uint64_t flags = pci_begin(bus, slot, function, offset);
	uint32_t value = arch_in32(PCI_DATA);

	pci_end(flags);
	return value;
}

void
arch_pci_write(unsigned bus, unsigned slot, unsigned function, unsigned offset,
	       uint32_t value)
{
	uint64_t flags = pci_begin(bus, slot, function, offset);

	arch_out32(PCI_DATA, value);
	pci_end(flags);
}
