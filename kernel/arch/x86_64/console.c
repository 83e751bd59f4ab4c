/*
 * The serial line COM1: 115200 8N1.  The kernel's log and panics write by
 * waiting; tty: reads and writes by interrupt.  Takes no lock: a panic must get
 * through.
 */
#include "local.h"

#define COM1 0x3f8

enum {
	REG_DATA = 0,
	REG_IER = 1,
	REG_FCR = 2,
	REG_LCR = 3,
	REG_MCR = 4,
	REG_LSR = 5
};

#define IER_RECEIVED 0x01u
#define IER_ROOM     0x02u
#define FCR_ON	     0x07u /* FIFOs on and empty, interrupt at every byte */
#define LCR_8N1	     0x03u
#define LCR_BREAK    0x40u
#define LCR_DIVISOR  0x80u
#define MCR_ON	     0x0bu /* DTR RTS, and OUT2: lets interrupts out */
#define LSR_READY    0x01u
#define LSR_ROOM     0x20u
#define LSR_NONE     0xffu /* no such chip */
#define PATIENCE     10000000u

void
arch_console_init(void)
{
	arch_out8(COM1 + REG_IER, 0);
	arch_out8(COM1 + REG_LCR, LCR_DIVISOR);
	arch_out8(COM1 + REG_DATA, 1);
	arch_out8(COM1 + REG_IER, 0);
	arch_out8(COM1 + REG_LCR, LCR_8N1);
	arch_out8(COM1 + REG_FCR, FCR_ON);
	arch_out8(COM1 + REG_MCR, MCR_ON);
}

void
arch_console_write(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint8_t status = arch_in8(COM1 + REG_LSR);

		for (unsigned tries = 0;
		     !(status & LSR_ROOM) && tries < PATIENCE; tries++) {
			arch_pause();
			status = arch_in8(COM1 + REG_LSR);
		}
		if (status == LSR_NONE || !(status & LSR_ROOM))
			return;
		arch_out8(COM1 + REG_DATA, (uint8_t)s[i]);
	}
}

bool
arch_console_read(char *c)
{
	uint8_t status = arch_in8(COM1 + REG_LSR);

	if (status == LSR_NONE || !(status & LSR_READY))
		return false;
	*c = (char)arch_in8(COM1 + REG_DATA);
	return true;
}

bool
arch_console_try_write(char c)
{
	uint8_t status = arch_in8(COM1 + REG_LSR);

	if (status != LSR_NONE && !(status & LSR_ROOM))
		return false;
	arch_out8(COM1 + REG_DATA, (uint8_t)c);
	return true;
}

void
arch_console_break(bool on)
{
	arch_out8(COM1 + REG_LCR, LCR_8N1 | (on ? LCR_BREAK : 0u));
}

void
arch_console_irq_enable(bool input, bool room)
{
	arch_out8(COM1 + REG_IER, (uint8_t)((input ? IER_RECEIVED : 0u) |
					    (room ? IER_ROOM : 0u)));
}
