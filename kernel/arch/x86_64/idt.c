/*
 * The interrupt table, the same for all CPUs.  Every vector has a stub, so that
 * nothing unexpected is worse than a report.  Only int3 may be called from user
 * mode.
 */
#include "local.h"

struct gate {
	uint16_t offset_0, selector;
	uint8_t ist, type;
	uint16_t offset_16;
	uint32_t offset_32, reserved;
};

#define GATE_KERNEL 0x8eu
#define GATE_USER   0xeeu

static struct gate idt[256];

static void
gate_set(unsigned vector, const char *stub, unsigned ist, uint8_t type)
{
	uint64_t address = (uint64_t)stub;

	idt[vector].offset_0 = (uint16_t)address;
	idt[vector].offset_16 = (uint16_t)(address >> 16);
	idt[vector].offset_32 = (uint32_t)(address >> 32);
	idt[vector].selector = KERNEL_CS;
	idt[vector].ist = (uint8_t)ist;
	idt[vector].type = type;
}

static void
idt_fill(void)
{
	for (unsigned vector = 0; vector < 256; vector++)
		gate_set(vector, trap_stubs + vector * 16ul, 0, GATE_KERNEL);
	gate_set(3, trap_stubs + 3 * 16ul, 0, GATE_USER);
	gate_set(VECTOR_DB, trap_stub_db, STACK_DB, GATE_KERNEL);
	gate_set(VECTOR_NMI, trap_stub_nmi, STACK_NMI, GATE_KERNEL);
	gate_set(VECTOR_DF, trap_stub_df, STACK_DF, GATE_KERNEL);
	gate_set(VECTOR_MC, trap_stub_mc, STACK_MC, GATE_KERNEL);
}

void
idt_load(void)
{
	const struct {
		uint16_t limit;
		uint64_t base;
	} __attribute__((packed)) idtr = {sizeof(idt) - 1, (uint64_t)idt};

	if (!idt[0].type)
		idt_fill();
	__asm__ volatile("lidt %0" ::"m"(idtr));
}
