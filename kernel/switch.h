/* The way from the running thread to the next as a traced call takes it, inline
 * in switch.c and sched.c.  Interrupts are off in all of it. */
#pragma once

#include "arch/x86_64/switch.h"
#include "runq.h"

void switch_dispose(struct runq *own, struct thread *left);
void switch_over_slowly(struct thread *self, struct runq *own,
			struct thread *to);

/* sched_account.c says how these numbers are read. */
static inline void
switch_charge(struct cpu *cpu, struct thread *prev, struct thread *next,
	      uint64_t now)
{
	struct sched *p = &prev->sched, *n = &next->sched;
	uint64_t calls = cpu->calls;

	p->spent[DOING_RUN] += now;
	p->spent[p->next] -= now;
	p->calls += calls;
	atomic_store_explicit(&n->cpu, cpu->id, memory_order_relaxed);
	atomic_signal_fence(memory_order_release);
	n->spent[n->next] += now;
	n->spent[DOING_RUN] -= now;
	n->turns++;
	n->calls -= calls;
	atomic_store_explicit(&p->left_ns, now, memory_order_relaxed);
	atomic_store_explicit(&n->started_ns, now, memory_order_relaxed);
	cpu->switches++;
}

/* On the next thread's stack: the one before it has been left. */
static inline void
switch_finish(void)
{
	struct runq *own = runq_of(cpu_self());
	struct thread *left = own->left;

	if (own->left_to == LEFT_ASLEEP)
		atomic_store_explicit(&left->sched.on_cpu, false,
				      memory_order_release);
	else
		switch_dispose(own, left);
}

static inline __attribute__((always_inline)) void
switch_stack(struct cpu *cpu, struct runq *own, struct thread *prev,
	     struct thread *next)
{
	own->left = prev;
	atomic_store(&next->sched.on_cpu, true);
	arch_switch(cpu, prev, next);
	switch_finish();
}

/* By sched.c, interrupts off; returns when self, which has fallen asleep, runs
 * again.  to: who runs here meanwhile; NULL: whoever is next.  It goes on with
 * the slice of the one that hands it the CPU, and with the timer as it is set;
 * THREAD_RESCHED is not set then. */
static inline __attribute__((always_inline)) void
switch_over(struct thread *self, struct thread *to, uint64_t now)
{
	struct cpu *cpu = cpu_self();
	struct runq *own = runq_of(cpu);

	if (to && !own->handed && !own->slice_over) {
		switch_charge(cpu, self, to, now);
		switch_stack(cpu, own, self, to);
	} else {
		switch_over_slowly(self, own, to);
	}
}
