/* The interrupt controller of each CPU: its timer, and messages to other CPUs.
 * Registers lie in the direct map. */
#include "local.h"

enum {
	REG_ID = 0x20,
	REG_TPR = 0x80,
	REG_EOI = 0xb0,
	REG_SVR = 0xf0,
	REG_ESR = 0x280,
	REG_ICR = 0x300,
	REG_ICR_TO = 0x310,
	REG_LVT_TIMER = 0x320,
	REG_LVT_LINT0 = 0x350,
	REG_LVT_LINT1 = 0x360,
	REG_LVT_ERROR = 0x370,
	REG_TIMER_COUNT = 0x380,
	REG_TIMER_LEFT = 0x390,
	REG_TIMER_DIVIDE = 0x3e0,
};

#define LVT_MASKED    0x10000u
#define LVT_NMI	      0x400u
#define LVT_EXTINT    0x700u
#define SVR_ENABLED   0x100u
#define ICR_PENDING   0x1000u
#define ICR_ASSERT    0x4000u
#define DIVIDE_BY_ONE 0xbu
#define BASE_ENABLED  0x800u

static uint32_t
reg_read(unsigned reg)
{
	return *(const volatile uint32_t *)arch_direct(acpi.lapic_phys + reg);
}

static void
reg_write(unsigned reg, uint32_t value)
{
	*(volatile uint32_t *)arch_direct(acpi.lapic_phys + reg) = value;
}

void
lapic_init(void)
{
	msr_write(MSR_APIC_BASE, msr_read(MSR_APIC_BASE) | BASE_ENABLED);
	/* First: while it is disabled here, every vector stays masked. */
	reg_write(REG_SVR, SVR_ENABLED | VECTOR_SPURIOUS);
	reg_write(REG_TPR, 0);
	reg_write(REG_LVT_TIMER, VECTOR_TIMER);
	reg_write(REG_LVT_LINT0, LVT_EXTINT | LVT_MASKED);
	reg_write(REG_LVT_LINT1, LVT_NMI);
	reg_write(REG_LVT_ERROR, LVT_MASKED);
	reg_write(REG_TIMER_DIVIDE, DIVIDE_BY_ONE);
	reg_write(REG_ESR, 0);
	reg_write(REG_EOI, 0);
}

uint32_t
lapic_id(void)
{
	return reg_read(REG_ID) >> 24;
}

void
lapic_eoi(void)
{
	reg_write(REG_EOI, 0);
}

/* command: a vector, or IPI_*.  The two halves of the register are one act: no
 * interrupt between them. */
void
lapic_ipi(uint32_t apic_id, uint32_t command)
{
	uint64_t flags = irq_save();

	while (reg_read(REG_ICR) & ICR_PENDING)
		arch_pause();
	reg_write(REG_ICR_TO, apic_id << 24);
	reg_write(REG_ICR, command | ICR_ASSERT);
	irq_restore(flags);
}

/* Interrupts once, after count ticks; 0: never. */
void
lapic_timer_start(uint32_t count)
{
	reg_write(REG_TIMER_COUNT, count);
}

uint32_t
lapic_timer_left(void)
{
	return reg_read(REG_TIMER_LEFT);
}
