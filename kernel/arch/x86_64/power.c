/*
 * The end: off, again, or dead.  Each way is tried after the other, because
 * which of them exists depends on the machine (real, QEMU with or without a
 * BIOS, Bochs).
 */
#include "local.h"

#define DEBUG_EXIT   0xf4 /* isa-debug-exit: QEMU ends with value * 2 + 1 */
#define STATUS_DEAD  0x7d
#define PM_PORT	     0x600
#define PM1_CONTROL  0x604
#define SLEEP_S5     0x2000 /* q35's and PIIX4's S5 is type 0 */
#define BOCHS_PORT   0x8900
#define COM1_LSR     0x3fd
#define LSR_IDLE     0x40
#define RESET_PORT   0xcf9
#define KEYBOARD     0x64
#define KEYBOARD_RST 0xfe

/* The power-management ports of the two chip sets that QEMU has; a firmware
 * such as qboot leaves them off. */
static const struct {
	uint32_t id; /* device and vendor */
	uint8_t slot, function, enable_at, enable_bit;
} chips[] = {
	{0x29188086, 31, 0, 0x44, 0x80},
	{0x71138086, 1, 3, 0x80, 0x01},
};

static bool
pm_enable(void)
{
	for (unsigned i = 0; i < sizeof(chips) / sizeof(chips[0]); i++) {
		unsigned slot = chips[i].slot;
		unsigned function = chips[i].function;
		unsigned at = chips[i].enable_at;

		if (arch_pci_read(0, slot, function, 0) != chips[i].id)
			continue;
		arch_pci_write(0, slot, function, 0x40, PM_PORT | 1);
		arch_pci_write(0, slot, function, at,
			       arch_pci_read(0, slot, function, at) |
				       chips[i].enable_bit);
		return true;
	}
	return false;
}

/* Bytes that are still in the transmitter would be lost. */
static void
console_drain(void)
{
	for (unsigned i = 0; i < 1000000 && !(arch_in8(COM1_LSR) & LSR_IDLE);
	     i++)
		arch_pause();
}

static _Noreturn void
off(uint8_t status)
{
	static const char word[] = "Shutdown";

	arch_irq_disable();
	console_drain();
	arch_out8(DEBUG_EXIT, status);
	if (pm_enable())
		arch_out16(PM1_CONTROL, SLEEP_S5);
	for (unsigned i = 0; word[i]; i++)
		arch_out8(BOCHS_PORT, (uint8_t)word[i]);
	halt_for_ever();
}

_Noreturn void
arch_poweroff(int status)
{
	off((uint8_t)(status & 0x7f));
}

_Noreturn void
arch_die(void)
{
	off(STATUS_DEAD);
}

_Noreturn void
arch_restart(void)
{
	static const struct {
		uint16_t limit;
		uint64_t base;
	} __attribute__((packed)) nothing;

	arch_irq_disable();
	console_drain();
	arch_out8(RESET_PORT, 0x02);
	arch_out8(RESET_PORT, 0x06);
	arch_out8(KEYBOARD, KEYBOARD_RST);
	__asm__ volatile("lidt %0; int3" ::"m"(nothing));
	halt_for_ever();
}
