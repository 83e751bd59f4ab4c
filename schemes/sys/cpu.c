/*
 * sys:/cpu: one line a CPU, words in pairs, the model last because it has
 * spaces.
 *
 * Called by sys.c when it is read.  The counters are exact: each CPU writes its
 * own, and those of the reader's CPU stand still while it reads.
 */
#include "cpu.h"

#include "arch/x86_64/arch.h"
#include "sys.h"
#include "thread.h"

static uint64_t
cpu_interrupts(const struct cpu *cpu)
{
	uint64_t sum = 0;

	for (unsigned vector = 0; vector < ARCH_VECTORS; vector++)
		sum += arch_irq_count(cpu->id, vector);
	return sum;
}

static void
cpu_line(struct text_buffer *text, const struct cpu *cpu)
{
	struct arch_cpu_info info;

	arch_cpu_info(cpu->id, &info);
	text_printf(text, "cpu %u ticks %lu switches %lu", cpu->id, cpu->ticks,
		    cpu->switches);
	text_printf(text, " idle %lu calls %lu", cpu->idle_entries,
		    cpu->calls - CPU_CALLS);
	text_printf(text, " interrupts %lu idle_ns %lu", cpu_interrupts(cpu),
		    sched_spent(cpu->idle_thread, DOING_RUN));
	text_printf(text, " hz %lu model %s\n", info.hz, info.brand);
}

void
cpu_text(struct text_buffer *text)
{
	unsigned i;

	for (i = 0; i < cpu_count; i++)
		cpu_line(text, &cpus[i]);
}
