/*
 * Which space is in CR3 of which CPU, and making CPUs forget translations or
 * leave a space.
 *
 * The asker fills its own request, sets its bit in each target's flush_wanted,
 * sends an IPI and waits with interrupts on, so that CPUs asking each other all
 * get on.  space->cpus is set before CR3 is loaded and cleared after it has
 * been left: an edit made before it is read is seen, or answered for.
 */
#include "local.h"

enum { ALL_AT_ONCE = 32 }; /* from so many pages on */

enum request_kind { FLUSH_RANGE, FLUSH_KERNEL, LEAVE_SPACE };

static struct request {
	enum request_kind kind;
	struct arch_space *space;
	uint64_t start, end;
	_Atomic uint32_t left; /* CPUs that have not answered */
} requests[CPU_MAX];

/* What one request asks, on the CPU that is asked. */
static void
request_run(struct cpu *cpu, const struct request *request)
{
	uint64_t pages = (request->end - request->start) / 4096;

	if (request->kind != FLUSH_KERNEL && cpu->space != request->space)
		return;
	if (request->kind == LEAVE_SPACE) {
		space_use(cpu, NULL);
	} else if (request->kind == FLUSH_KERNEL || pages >= ALL_AT_ONCE) {
		cr3_write(cr3_read());
	} else {
		for (uint64_t at = request->start; at < request->end;
		     at += 4096)
			page_forget(at);
	}
}

/* The IPI. */
void
flush_answer(struct cpu *cpu)
{
	uint32_t askers = atomic_exchange(&cpu_local(cpu)->flush_wanted, 0);

	for (; askers; askers &= askers - 1) {
		struct request *request = &requests[__builtin_ctz(askers)];

		request_run(cpu, request);
		atomic_fetch_sub(&request->left, 1);
	}
}

static uint32_t
online_mask(void)
{
	uint32_t mask = 0;

	for (unsigned id = 0; id < cpu_count; id++)
		if (atomic_load(&cpus[id].online))
			mask |= 1u << id;
	return mask;
}

/* Has the CPUs in mask do it, this one included, and waits. */
static void
request_all(enum request_kind kind, struct arch_space *space, uint64_t start,
	    uint64_t end, uint32_t mask)
{
	struct cpu *self = cpu_self();
	struct request *request = &requests[self->id];
	uint32_t others = mask & ~cpu_bit(self);
	uint64_t flags;

	if (others && !arch_irq_enabled())
		panic("CPUs are waited for with interrupts off");
	request->kind = kind;
	request->space = space;
	request->start = start;
	request->end = end;
	atomic_store(&request->left, 0);
	for (uint32_t rest = others; rest; rest &= rest - 1)
		atomic_fetch_add(&request->left, 1);
	for (uint32_t rest = others; rest; rest &= rest - 1) {
		struct cpu *cpu = &cpus[__builtin_ctz(rest)];

		atomic_fetch_or(&cpu_local(cpu)->flush_wanted, cpu_bit(self));
		lapic_ipi(cpu->apic_id, VECTOR_FLUSH);
	}
	flags = irq_save();
	request_run(self, request);
	irq_restore(flags);
	while (atomic_load(&request->left))
		arch_pause();
}

/* The CPUs that have it in CR3, read after all edits made before. */
static uint32_t
space_mask(const struct arch_space *space)
{
	atomic_thread_fence(memory_order_seq_cst);
	return atomic_load(&space->cpus);
}

void
arch_space_flush(struct arch_space *space, uint64_t start, uint64_t end)
{
	uint32_t mask = space_mask(space);

	if (mask)
		request_all(FLUSH_RANGE, space, start, end, mask);
}

void
arch_space_drop(struct arch_space *space)
{
	uint32_t mask = space_mask(space);

	if (mask)
		request_all(LEAVE_SPACE, space, 0, 0, mask);
}

void
arch_kernel_flush(void)
{
	request_all(FLUSH_KERNEL, NULL, 0, 0, online_mask());
}
