/*
 * Device interrupts: the I/O APICs' pins, all to the boot CPU, and the old
 * controller masked.  A pin is a vector; handlers of devices that share it are
 * called one after another.
 */
#include "local.h"
#include "../../abi/errno.h"

#define REG_VERSION 1u
#define REG_PIN	    0x10u
#define PIN_LOW	    0x2000u
#define PIN_LEVEL   0x8000u
#define PIN_MASKED  0x10000u

struct handler {
	uint32_t pin;
	const char *name;
	void (*run)(void *arg);
	void *arg;
};

static struct handler handlers[32];
static _Atomic unsigned handler_count;

static uint32_t
reg_read(unsigned n, uint32_t reg)
{
	volatile uint32_t *base = arch_direct(acpi.ioapic[n].phys);

	base[0] = reg;
	return base[4];
}

static void
reg_write(unsigned n, uint32_t reg, uint32_t value)
{
	volatile uint32_t *base = arch_direct(acpi.ioapic[n].phys);

	base[0] = reg;
	base[4] = value;
}

static uint32_t
pins_of(unsigned n)
{
	return (reg_read(n, REG_VERSION) >> 16 & 0xff) + 1;
}

static void
pin_write(unsigned n, uint32_t pin, uint32_t mode, uint32_t apic_id)
{
	reg_write(n, REG_PIN + 2 * pin, PIN_MASKED);
	reg_write(n, REG_PIN + 2 * pin + 1, apic_id << 24);
	reg_write(n, REG_PIN + 2 * pin, mode);
}

void
ioapic_init(void)
{
	for (unsigned n = 0; n < acpi.ioapics; n++)
		for (uint32_t pin = 0; pin < pins_of(n); pin++)
			pin_write(n, pin, PIN_MASKED, 0);
}

/* Which controller has this global interrupt; -ENODEV: none. */
static int
controller_of(uint32_t global)
{
	for (unsigned n = 0; n < acpi.ioapics; n++)
		if (global - acpi.ioapic[n].first < pins_of(n))
			return (int)n;
	return -ENODEV;
}

/*
 * line: an ISA line below 16 (ACPI says which pin it is), else a global
 * interrupt.  level: as PCI's are, low and shared.  Boot CPU only, before
 * handlers can run.  0, -ENODEV: no such pin; -ENOSPC.
 */
int
arch_irq_attach(const char *name, unsigned line, bool level,
		void (*handler)(void *), void *arg)
{
	const struct acpi_line *isa = line < 16 ? &acpi.isa[line] : NULL;
	uint32_t pin = isa ? isa->pin : line;
	int n = controller_of(pin);
	unsigned at = atomic_load(&handler_count);
	uint32_t mode = VECTOR_LINES + pin;

	if (n < 0 || pin >= VECTOR_LINES_END - VECTOR_LINES)
		return -ENODEV;
	if (at == sizeof(handlers) / sizeof(handlers[0]))
		return -ENOSPC;
	handlers[at] = (struct handler){pin, name, handler, arg};
	atomic_store(&handler_count, at + 1);
	if (level || (isa && isa->level))
		mode |= PIN_LEVEL;
	if (isa ? isa->low : level)
		mode |= PIN_LOW;
	pin_write((unsigned)n, pin - acpi.ioapic[n].first, mode,
		  cpus[0].apic_id);
	return 0;
}

void
ioapic_interrupt(unsigned vector)
{
	uint32_t pin = vector - VECTOR_LINES;

	for (unsigned i = 0; i < atomic_load(&handler_count); i++)
		if (handlers[i].pin == pin)
			handlers[i].run(handlers[i].arg);
	lapic_eoi();
}

const char *
ioapic_name(unsigned vector)
{
	for (unsigned i = 0; i < atomic_load(&handler_count); i++)
		if (handlers[i].pin + VECTOR_LINES == vector)
			return handlers[i].name;
	return NULL;
}

/* The old controllers: out of the exceptions' vectors, then silent. */
void
pic_mask(void)
{
	static const struct {
		uint16_t port;
		uint8_t value;
	} words[] = {
		{0x20, 0x11},	    {0xa0, 0x11},
		{0x21, VECTOR_PIC}, {0xa1, VECTOR_PIC + 8},
		{0x21, 4},	    {0xa1, 2},
		{0x21, 1},	    {0xa1, 1},
		{0x21, 0xff},	    {0xa1, 0xff},
	};

	for (unsigned i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		arch_out8(words[i].port, words[i].value);
}
