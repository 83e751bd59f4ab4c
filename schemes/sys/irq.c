/*
 * sys:/irq: a line for each interrupt vector that is somebody's or came: its
 * number, whose it is, how often it came to each CPU.
 *
 * Called by sys.c when it is read.  The counters are exact: each CPU writes its
 * own.
 */
#include "sys.h"

#include "arch/x86_64/arch.h"
#include "cpu.h"

static void
irq_line(struct text_buffer *text, unsigned vector)
{
	const char *name = arch_irq_name(vector);

	text_printf(text, "%u %s", vector, name ? name : "-");
	for (unsigned cpu = 0; cpu < cpu_count; cpu++)
		text_printf(text, " %lu", arch_irq_count(cpu, vector));
	text_printf(text, "\n");
}

void
irq_text(struct text_buffer *text)
{
	for (unsigned vector = 0; vector < ARCH_VECTORS; vector++) {
		uint64_t sum = 0;

		for (unsigned cpu = 0; cpu < cpu_count; cpu++)
			sum += arch_irq_count(cpu, vector);
		if (sum || arch_irq_name(vector))
			irq_line(text, vector);
	}
}
