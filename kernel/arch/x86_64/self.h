/* What gs leads to: this CPU and the thread that runs on it (offsets:
 * ../../cpu.h). */
#pragma once

struct cpu;
struct thread;

static inline struct cpu *
cpu_self(void)
{
	struct cpu *cpu;

	__asm__ volatile("movq %%gs:0, %0" : "=r"(cpu));
	return cpu;
}

/* cpu_self()->calls++ */
static inline void
cpu_count_call(void)
{
	__asm__ volatile("incq %%gs:56" ::: "memory", "cc");
}

/* The running thread.  Calls pass it down as an argument; only entries and
 * locks ask here. */
static inline struct thread *
thread_self(void)
{
	struct thread *thread;

	__asm__ volatile("movq %%gs:24, %0" : "=r"(thread));
	return thread;
}
