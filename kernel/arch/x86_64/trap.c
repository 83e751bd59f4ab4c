/*
 * What arrives through the interrupt table, sorted: interrupts to their
 * handlers, a user program's exceptions to the kernel above through `entries`,
 * the kernel's own either to a fixup of a user copy or to a panic.  Called by
 * trap.asm with interrupts off.
 */
#include "local.h"

#define PF_PRESENT 1u
#define PF_WRITE   2u
#define PF_FETCH   16u
#define DR6_CLEAN  0xffff0ff0u

struct arch_entries entries;

static void
kicked(struct cpu *cpu)
{
	(void)cpu;
	entries.kicked();
}

static const struct {
	unsigned vector;
	const char *name;
	void (*run)(struct cpu *cpu);
} local_interrupts[] = {
	{VECTOR_TIMER, "timer", timer_interrupt},
	{VECTOR_KICK, "kick", kicked},
	{VECTOR_FLUSH, "flush", flush_answer},
};
#define LOCAL_INTERRUPTS                                                       \
	(sizeof(local_interrupts) / sizeof(local_interrupts[0]))

static void
interrupt(unsigned vector, bool from_user)
{
	struct cpu *cpu = cpu_self();

	cpu->from_user = from_user;
	cpu_local(cpu)->interrupts[vector]++;
	if (vector >= VECTOR_LINES && vector < VECTOR_LINES_END) {
		ioapic_interrupt(vector);
		return;
	}
	for (unsigned i = 0; i < LOCAL_INTERRUPTS; i++) {
		if (local_interrupts[i].vector == vector) {
			lapic_eoi();
			local_interrupts[i].run(cpu);
			return;
		}
	}
	/* spurious: no end of interrupt is owed */
}

const char *
arch_irq_name(unsigned vector)
{
	for (unsigned i = 0; i < LOCAL_INTERRUPTS; i++)
		if (local_interrupts[i].vector == vector)
			return local_interrupts[i].name;
	if (vector == VECTOR_SPURIOUS)
		return "spurious";
	return ioapic_name(vector);
}

uint64_t
arch_irq_count(unsigned cpu_id, unsigned vector)
{
	return cpu_local(&cpus[cpu_id])->interrupts[vector];
}

static enum arch_fault_kind
fault_kind(uint64_t error)
{
	if (error & PF_FETCH)
		return FAULT_EXEC;
	return error & PF_WRITE ? FAULT_WRITE : FAULT_READ;
}

/* DR6 of a #DB, cleared for the next one. */
static uint64_t
debug_status(void)
{
	uint64_t status = dr6_read();

	dr6_write(DR6_CLEAN);
	return status;
}

void
trap_user(struct frame *frame, unsigned vector, uint64_t error)
{
	struct thread *thread = thread_self();
	uint64_t address = 0;

	if (vector >= VECTOR_EXCEPTIONS) {
		interrupt(vector, true);
		return;
	}
	if (vector == VECTOR_PF)
		address = cr2_read();
	if (vector == VECTOR_DB)
		error = debug_status();
	arch_irq_enable();
	if (vector == VECTOR_PF && address < USER_END &&
	    entries.page_fault(thread, address, fault_kind(error)) == 0)
		return;
	entries.exception(thread, frame, vector, error, address);
}

static const struct fixup *
fixup_find(uint64_t rip)
{
	uint64_t at = (uint64_t)fixups;

	for (; at < (uint64_t)fixups_end; at += sizeof(struct fixup)) {
		const struct fixup *fixup = (const void *)at;

		if (fixup->site == rip)
			return fixup;
	}
	return NULL;
}

/* A copy found a page missing.  0: it is there now, in this CPU's CR3 too (the
 * fault may have slept and moved). */
static int
copy_fault(uint64_t address, uint64_t error)
{
	struct thread *self = thread_self();
	int result;

	arch_irq_enable();
	result = entries.page_fault(self, address, fault_kind(error));
	arch_irq_disable();
	space_use(cpu_self(), thread_arch(self)->space);
	return result;
}

void
trap_kernel(struct frame *frame, unsigned vector, uint64_t error)
{
	const struct fixup *fixup;
	uint64_t address = 0;

	if (vector >= VECTOR_EXCEPTIONS) {
		interrupt(vector, false);
		return;
	}
	if (vector == VECTOR_PF)
		address = cr2_read();
	fixup = fixup_find(frame->rip);
	if (!fixup || (vector != VECTOR_PF && vector != VECTOR_GP) ||
	    address >= ARCH_DIRECT_BASE)
		fatal_trap(frame, vector, error, address);
	if (vector == VECTOR_PF && address < USER_END &&
	    copy_fault(address, error) == 0)
		return;
	frame->rip = fixup->go_on;
}

/* NMI, machine check, double fault, and #DB in the kernel: at any instruction,
 * on their own stacks. */
void
trap_paranoid(struct frame *frame, unsigned vector, uint64_t error)
{
	if (vector == VECTOR_NMI && stopping)
		halt_for_ever();
	if (vector != VECTOR_DB)
		fatal_trap(frame, vector, error, cr2_read());
	debug_status();
	dr7_write(0);
	frame->rflags &= ~(uint64_t)RFLAGS_TF;
}
