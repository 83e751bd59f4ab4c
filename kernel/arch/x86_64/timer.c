/* This CPU's one timer: a deadline, and the APIC counting towards it, in
 * several runs if it is far. */
#include "local.h"

#define RUN_MAX_NS 1000000000u
#define NS	   1000000000u

/* Counts to the deadline, or part of the way. */
static void
run_start(uint64_t deadline_ns)
{
	uint64_t now = arch_time_ns();
	uint64_t ns = deadline_ns > now ? deadline_ns - now : 0;
	uint64_t ticks;

	if (ns > RUN_MAX_NS)
		ns = RUN_MAX_NS;
	ticks = ns * clock_lapic_hz / NS + 1;
	lapic_timer_start(ticks > UINT32_MAX ? UINT32_MAX : (uint32_t)ticks);
}

void
arch_timer_set(uint64_t deadline_ns)
{
	uint64_t flags = irq_save();

	cpu_local(cpu_self())->timer_deadline = deadline_ns;
	if (deadline_ns == UINT64_MAX)
		lapic_timer_start(0);
	else
		run_start(deadline_ns);
	irq_restore(flags);
}

void
timer_interrupt(struct cpu *cpu)
{
	struct cpu_local *local = cpu_local(cpu);

	if (local->timer_deadline == UINT64_MAX)
		return; /* taken back while the interrupt was on its way */
	if (local->timer_deadline > arch_time_ns()) {
		run_start(local->timer_deadline);
		return;
	}
	local->timer_deadline = UINT64_MAX;
	entries.timer();
}
