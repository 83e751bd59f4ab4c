/* What sched.c and runq.c share: one CPU's queue of threads that want to run,
 * and its sleepers with a deadline. */
#pragma once

#include "sched.h"
#include "thread.h"

#define SCHED_SLICE_NS 10000000u

enum switch_left { LEFT_ASLEEP, LEFT_RUNNABLE, LEFT_DEAD };

struct runq {
	/* RUN_QUEUE lock must be held when using these: */
	struct spinlock lock;
	struct list threads;
	_Atomic uint32_t count; /* may be read without */

	/* Its own CPU's, with interrupts off: */
	struct thread *_Atomic handed; /* runs here when the running thread
					  sleeps; others may take it */
	_Atomic uint64_t
		spread_at;   /* idle CPUs get what waits here then: the timer is
				set; DEADLINE_NONE: they may take it now */
	struct thread *left; /* whose stack is being left */
	enum switch_left left_to; /* what becomes of it then */
	bool slice_over;    /* somebody else's turn, as soon as possible */
	uint64_t slice_end; /* of the running thread and those that it hands
			       over to */
	uint64_t tick_at;   /* the running thread has logged; DEADLINE_NONE */
	uint64_t sample_at; /* it is looked whom the CPU runs for, the kernel
			       or the program; DEADLINE_NONE: it is idle */
	_Atomic uint64_t timer_at; /* the machine's timer is set to this; others
				      may read it */

	/* TIMER lock must be held when using these: */
	struct spinlock timer_lock;
	struct timerq sleepers;
	_Atomic uint64_t first_deadline; /* may be read without */
} __attribute__((aligned(64)));

/* sched.c: runq_expire's wake. */
void sched_wake_late(struct thread *thread);

extern struct runq runqs[CPU_MAX];
extern _Atomic uint32_t runq_idle_cpus; /* bit n: CPU n is idle and unclaimed */

static inline struct runq *
runq_of(const struct cpu *cpu)
{
	return cpu->runq;
}

/* All with interrupts off, but runq_place. */
void runq_init(void);
void runq_place(struct thread *thread); /* gives a runnable thread to a CPU */
void runq_add(struct runq *queue, struct thread *thread);
void runq_kick_idle(unsigned first);	    /* one that is, and not told yet */
struct thread *runq_next(struct runq *own); /* NULL: its queue is empty */
struct thread *runq_steal(const struct runq *own); /* from another CPU */
void runq_idle(const struct cpu *cpu, bool idle);
void runq_slice(struct runq *own); /* another thread waits here: see that the
				      slice ends */
void runq_timer(struct runq *own); /* sets the machine's timer if it has to be
				      earlier */
/* runq_hand.c: a woken thread waits for its waker to sleep, or is placed. */
void runq_wake(struct thread *thread);
/* The same; the waker is about to sleep. */
void runq_hand_over(struct thread *thread);
void runq_spread(struct runq *own, uint64_t now); /* by the timer */

/* Who was handed this CPU; the caller's now.  NULL: nobody. */
static inline struct thread *
runq_handed(struct runq *own)
{
	if (!atomic_load_explicit(&own->handed, memory_order_relaxed))
		return NULL;
	return atomic_exchange(&own->handed, NULL);
}

/* Does anybody wait here for the running thread to give way? */
static inline bool
runq_wanted(const struct runq *own)
{
	return atomic_load_explicit(&own->count, memory_order_relaxed) ||
	       atomic_load_explicit(&own->handed, memory_order_relaxed);
}

/* The sleeper's deadline; by the sleeper itself. */
void runq_arm(struct thread *self, uint64_t deadline);
void runq_disarm(struct thread *self);
/* Takes out sleepers whose deadline is past, calling wake for each. */
void runq_expire(struct runq *own, uint64_t now,
		 void (*wake)(struct thread *thread));
