/*
 * One CPU: what it runs and what it counts.  Reached by gs in the kernel; a
 * pointer from cpu_self() is good only while interrupts are off or the caller
 * cannot be moved (the kernel is not pre-empted: it moves only where it
 * sleeps).
 *
 * The first members are known to the assembly by offset
 * (arch/x86_64/offsets.inc).
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include "arch/x86_64/self.h"

#define CPU_MAX 32

/* Where a CPU's count of calls begins: more than any thread will make
 * (sched_account.c). */
#define CPU_CALLS (UINT64_C(1) << 62)

struct thread;
struct runq;
struct spinlock;
struct arch_space;

struct cpu {
	struct cpu *self;    /*  0 */
	uint64_t user_rsp;   /*  8: scratch of the system-call entry */
	uint64_t kernel_rsp; /* 16: top of the running thread's kernel stack */
	struct thread *thread; /* 24: the thread that runs here; its idle thread
				  when idle */
	struct thread *loaded; /* 32: whose FPU and space this CPU holds, ready
				  for user mode */
	struct arch_space *space; /* 40: the address space in CR3; NULL: the
				     kernel's own */
	uint32_t id;		  /* 48: 0 ... cpu_count - 1 */
	uint32_t apic_id;
	uint64_t calls;	  /* 56: system calls entered, from CPU_CALLS on */
	uint32_t irq_off; /* how many spinlocks (and irq_off_push) are on */
	bool irq_was_on;  /* interrupts before the first of them */
	_Atomic bool online;
	_Atomic bool idle; /* halted, or about to: an IPI wakes it */
	struct thread *idle_thread;
	struct runq *runq;

	/* counters, written by this CPU only */
	uint64_t switches;     /* to another thread */
	uint64_t idle_entries; /* times the idle thread was chosen */
	uint64_t ticks;
	bool from_user; /* the interrupt that is handled came from there */

	struct spinlock
		*held[16]; /* checked kernel: the spinlocks held, in order */
	uint64_t held_since[16]; /* and since when */
	uint32_t held_count;
	void *arch; /* the machine's own part */
};

extern struct cpu cpus[CPU_MAX];
extern unsigned
	cpu_count; /* CPUs that run; set before the first user program */
