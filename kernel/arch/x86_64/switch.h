/*
 * From one thread to another.  Included by the scheduler alone, which has it
 * inline: a traced call switches four times.
 */
#pragma once

#include "arch.h"

/*
 * Switches from prev, which runs here, to next: interrupts off, no lock held.
 * Returns when prev runs again, perhaps on another CPU.  What is live of prev
 * in the processor is saved; nothing is loaded: that is done before user mode
 * or a copy.  All registers are lost but those that the compiler keeps on the
 * stack, so a thread that sleeps has its frame pointer and where it goes on
 * there and nothing else.
 */
static inline __attribute__((always_inline)) void
arch_switch(struct cpu *cpu, struct thread *prev, struct thread *next)
{
	/* the first member of a thread */
	struct arch_thread *from = (struct arch_thread *)(void *)prev;
	struct arch_thread *to = (struct arch_thread *)(void *)next;
	uint64_t *save = &from->switch_rsp;
	uint64_t load = to->switch_rsp;

	if (cpu->loaded == prev)
		arch_user_save(from);
	else if (cpu->loaded == next && to->loaded_cpu != cpu->id + 1)
		cpu->loaded = NULL; /* it has run elsewhere since */
	cpu->thread = next;
	__asm__ volatile("pushq %%rbp\n\t"
			 "pushq $1f\n\t"
			 "movq %%rsp, (%0)\n\t"
			 "movq %1, %%rsp\n\t"
			 "popq %%rcx\n\t"
			 "jmpq *%%rcx\n"
			 "1:\tpopq %%rbp"
			 : "+a"(save), "+d"(load)
			 :
			 : "rbx", "rcx", "rsi", "rdi", "r8", "r9", "r10", "r11",
			   "r12", "r13", "r14", "r15", "memory", "cc");
}
