/*
 * A woken thread that waits for its waker to sleep: it is handed the waker's
 * CPU, past every queue, and no other CPU is woken for it.  sched.c calls this
 * for every wake-up, switch.c when the CPU is free or the timer fires.
 *
 * While other CPUs are idle only a waker that slept soon the last time is
 * believed to do so again, and only for a while: waking a halted CPU takes
 * longer than what the two have to say to each other.  So nobody else takes the
 * thread before the timer of this CPU says so.  Otherwise a CPU without work
 * does.  Rule: only its own CPU hands, but anybody takes, by exchange.
 */
#include "runq.h"

#define SOON_NS	 200000u /* that a waker sleeps in, to be believed */
#define WHILE_NS 500000u /* that it is waited for */

/* Interrupts off; nobody was handed this CPU. */
static void
runq_hand(struct runq *own, struct thread *thread)
{
	atomic_exchange(&own->handed, thread);
	runq_slice(own);
}

/* The same, though others may be idle. */
static void
runq_hand_for_now(struct runq *own, struct thread *thread, uint64_t now)
{
	own->spread_at = now + WHILE_NS;
	runq_hand(own, thread);
	runq_timer(own);
}

/* No CPU was idle; one that is since then may have looked too early. */
static inline void
runq_hand_here(struct runq *own, struct thread *thread)
{
	atomic_exchange(&own->handed, thread);
	if (!own->slice_over && own->timer_at > own->slice_end)
		runq_slice(own);
	if (atomic_load(&runq_idle_cpus)) {
		thread = runq_handed(own);
		if (thread)
			runq_place(thread);
	}
}

/* CPU time that a running thread has used, up to now. */
static uint64_t
runq_used(const struct sched *s, uint64_t now)
{
	return s->spent[DOING_RUN] + now;
}

static void
runq_believe(struct sched *s, bool soon)
{
	if (soon && s->belief < 3)
		s->belief++;
	else if (!soon && s->belief > 0)
		s->belief--;
}

/* It wakes somebody: what it did the last times is what it will do.  One
 * exception changes nothing: its CPU may have been taken from the machine
 * itself. */
static bool
runq_sleeps_soon(struct sched *s, uint64_t now)
{
	uint64_t turn =
		atomic_load_explicit(&s->started_ns, memory_order_relaxed);
	uint64_t slept_at = runq_used(s, turn);

	if (turn != s->woke_turn) {
		if (s->woke_turn)
			runq_believe(s, slept_at - s->woke_at < SOON_NS);
		s->woke_turn = turn;
		s->woke_at = runq_used(s, now);
	}
	return s->belief > 1 && runq_used(s, now) - s->woke_at < SOON_NS;
}

/* Waking the other CPU is no time of the waker's. */
static void
runq_place_apart(struct sched *waker, struct thread *thread, uint64_t now)
{
	runq_place(thread);
	waker->woke_at += arch_time_ns() - now;
}

/* There is another CPU for it. */
static void
runq_hand_or_place(struct runq *own, struct thread *waker,
		   struct thread *thread)
{
	uint64_t now = arch_time_ns();

	if (runq_sleeps_soon(&waker->sched, now))
		runq_hand_for_now(own, thread, now);
	else
		runq_place_apart(&waker->sched, thread, now);
}

static __attribute__((noinline)) void
runq_wake_slowly(struct cpu *cpu, struct thread *thread)
{
	struct runq *own = runq_of(cpu);
	struct thread *waker = cpu->thread;

	if (waker == cpu->idle_thread || atomic_load(&own->handed))
		runq_place(thread);
	else
		runq_hand_or_place(own, waker, thread);
}

/* Takes the RUN_QUEUE lock; any context. */
void
runq_wake(struct thread *thread)
{
	struct runq *own;
	struct cpu *cpu;

	irq_off_push();
	cpu = cpu_self();
	own = runq_of(cpu);
	if (cpu->thread == cpu->idle_thread || atomic_load(&own->handed) ||
	    atomic_load(&runq_idle_cpus) ||
	    atomic_load_explicit(&thread->sched.cpu, memory_order_relaxed) !=
		    cpu->id)
		runq_wake_slowly(cpu, thread);
	else
		runq_hand_here(own, thread);
	irq_off_pop();
}

/* Takes the RUN_QUEUE lock; any context.  Who was handed this CPU before is
 * next behind it. */
void
runq_hand_over(struct thread *thread)
{
	struct thread *before;
	struct runq *own;

	irq_off_push();
	own = runq_of(cpu_self());
	before = runq_handed(own);
	if (before)
		runq_add(own, before);
	runq_hand_for_now(own, thread, arch_time_ns());
	irq_off_pop();
}

/* Interrupts off. */
void
runq_spread(struct runq *own, uint64_t now)
{
	struct thread *thread;

	if (own->spread_at > now && runq_wanted(own))
		return;
	own->spread_at = DEADLINE_NONE;
	thread = runq_handed(own);
	if (thread) {
		runq_believe(&cpu_self()->thread->sched, false);
		runq_place(thread);
	}
	if (atomic_load(&own->count))
		runq_kick_idle(cpu_self()->id);
}

/* The running thread. */
void
sched_leaves_soon(struct thread *self)
{
	struct sched *s = &self->sched;

	irq_off_push();
	s->belief = 3;
	s->woke_turn =
		atomic_load_explicit(&s->started_ns, memory_order_relaxed);
	s->woke_at = runq_used(s, arch_time_ns());
	irq_off_pop();
}
