/*
 * sys:/stat and sys:/time: sums over the machine, and its clocks, `key value` a
 * line.
 *
 * Called by sys.c when one is read.  Each CPU writes its own counters, and
 * those of the reader's CPU stand still while it reads.
 */
#include "sys.h"

#include "arch/x86_64/arch.h"
#include "cpu.h"
#include "process.h"
#include "thread.h"

#define SECOND 1000000000u

struct stat_sums {
	uint64_t switches, idle_entries, calls, ticks, interrupts, idle_ns;
};

static struct stat_sums
stat_sum(void)
{
	struct stat_sums sums = {0};

	for (unsigned i = 0; i < cpu_count; i++) {
		const struct cpu *cpu = &cpus[i];

		sums.switches += cpu->switches;
		sums.idle_entries += cpu->idle_entries;
		sums.calls += cpu->calls - CPU_CALLS;
		sums.ticks += cpu->ticks;
		sums.idle_ns += sched_spent(cpu->idle_thread, DOING_RUN);
		for (unsigned vector = 0; vector < ARCH_VECTORS; vector++)
			sums.interrupts += arch_irq_count(i, vector);
	}
	return sums;
}

void
stat_text(struct text_buffer *text)
{
	struct stat_sums sums = stat_sum();

	text_printf(text, "boot %lu\n", arch_wall_ns() / SECOND);
	text_printf(text, "uptime %lu\n", arch_time_ns() / SECOND);
	text_printf(text, "cpus %u\n", cpu_count);
	text_printf(text, "processes %u\n", process_count());
	text_printf(text, "made %lu\n", process_made());
	text_printf(text, "switches %lu\n", sums.switches);
	text_printf(text, "idle %lu\n", sums.idle_entries);
	text_printf(text, "interrupts %lu\n", sums.interrupts);
	text_printf(text, "ticks %lu\n", sums.ticks);
	text_printf(text, "calls %lu\n", sums.calls);
}

void
time_text(struct text_buffer *text)
{
	struct stat_sums sums = stat_sum();
	struct arch_cpu_info info;
	uint64_t now = arch_time_ns();

	arch_cpu_info(0, &info);
	text_printf(text, "uptime-ns %lu\n", now);
	text_printf(text, "idle-ns %lu\n", sums.idle_ns);
	text_printf(text, "tsc-hz %lu\n", info.hz);
	text_printf(text, "wall-ns %lu\n", arch_wall_ns() + now);
}
