/*
 * Which thread a CPU runs: switches, slices, the idle thread.  sched.c calls
 * switch_over when the running thread has fallen asleep; the machine's timer
 * and kicks come here.
 *
 * Rules: interrupts are off and no lock is held in a switch.  A thread's stack
 * belongs to nobody else until the next thread has said that it was left
 * (on_cpu, in switch_finish); so what is to become of the thread before is done
 * there.
 */
#include "switch.h"
#include "print.h"

static struct thread idle_threads[CPU_MAX];

/* ---- interrupts off ---- */

/* The thread before yielded, or is dead. */
void
switch_dispose(struct runq *own, struct thread *left)
{
	enum switch_left left_to = own->left_to;

	own->left_to = LEFT_ASLEEP;
	atomic_store_explicit(&left->sched.on_cpu, false, memory_order_release);
	if (left_to == LEFT_RUNNABLE)
		runq_place(left);
	else
		thread_left(left);
}

static void
switch_to(struct cpu *cpu, struct runq *own, struct thread *next)
{
	struct thread *prev = cpu->thread;
	uint64_t now = arch_time_ns();

	assert(next != prev);
	switch_charge(cpu, prev, next, now);
	if (next == cpu->idle_thread)
		cpu->idle_entries++;
	else if (own->sample_at == DEADLINE_NONE)
		own->sample_at = now + SCHED_SLICE_NS;
	if (!own->slice_end)
		own->slice_end = now + SCHED_SLICE_NS;
	runq_timer(own);
	switch_stack(cpu, own, prev, next);
}

/* A new slice; an idle thread has none, its turn is always over. */
static struct thread *
switch_fresh(struct runq *own, struct thread *next, bool idle)
{
	if (next) {
		own->slice_over = idle;
		own->slice_end = 0;
	}
	return next;
}

/* Who runs here next; NULL: nobody wants to.  The thread that was handed the
 * CPU goes on with the slice of the one that did; if that is over, it queues
 * up. */
static inline struct thread *
switch_next_thread(struct runq *own)
{
	struct thread *handed = runq_handed(own);
	struct thread *next;

	if (handed && !own->slice_over)
		return handed;
	if (handed)
		runq_place(handed);
	next = runq_next(own);
	return switch_fresh(own, next ? next : runq_steal(own), false);
}

/* The running thread's word says what it is now, asleep or dead: somebody else
 * runs here.  Interrupts off. */
static void
switch_away(void)
{
	struct cpu *cpu = cpu_self();
	struct runq *own = runq_of(cpu);
	struct thread *next = switch_next_thread(own);

	switch_to(cpu, own,
		  next ? next : switch_fresh(own, cpu->idle_thread, true));
}

void
switch_over_slowly(struct thread *self, struct runq *own, struct thread *to)
{
	if (thread_flags(self) & THREAD_RESCHED)
		thread_unflag(self, THREAD_RESCHED);
	if (to && own->handed)
		runq_place(to);
	else if (to)
		own->handed = to;
	switch_away();
}

/* Somebody else's turn, if anybody waits here.  May switch. */
void
sched_yield(struct thread *self)
{
	struct thread *owed, *next;
	struct runq *own;

	lock_assert_none();
	if (thread_flags(self) & THREAD_LOGGED)
		sched_on_logged(self);
	arch_irq_disable();
	own = runq_of(cpu_self());
	owed = runq_handed(own);
	thread_unflag(self, THREAD_RESCHED);
	if (owed)
		runq_place(owed);
	next = runq_next(own);
	if (next) {
		own->left_to = LEFT_RUNNABLE;
		self->sched.next = DOING_READY;
		switch_to(cpu_self(), own, switch_fresh(own, next, false));
		self->sched.preemptions++;
		self->sched.next = DOING_WAIT;
	} else {
		own->slice_over = false;
	}
	arch_irq_enable();
}

/* Never returns.  No spinlock may be held; the process's own things are taken
 * apart. */
void
sched_exit(struct thread *self)
{
	lock_assert_none();
	thread_leaving(self);
	arch_irq_disable();
	atomic_store(&self->sched.word, SCHED_DEAD);
	runq_of(cpu_self())->left_to = LEFT_DEAD;
	switch_away();
	panic("a dead thread runs");
}

/* ---- entries of the machine ---- */

/* What the running thread has run since the last sample was for the side that
 * the tick has interrupted. */
static void
switch_sample(const struct cpu *cpu, struct runq *own, uint64_t now)
{
	struct thread *thread = cpu->thread;
	uint64_t run = thread->sched.spent[DOING_RUN] + now;

	if (own->sample_at > now)
		return;
	own->sample_at = DEADLINE_NONE;
	if (thread == cpu->idle_thread)
		return;
	own->sample_at = now + SCHED_SLICE_NS;
	run -= thread->sampled[false] + thread->sampled[true];
	thread->sampled[cpu->from_user] += run;
}

/* This CPU's timer; interrupts off. */
void
sched_timer(void)
{
	struct cpu *cpu = cpu_self();
	struct runq *own = runq_of(cpu);
	uint64_t now = arch_time_ns();

	cpu->ticks++;
	own->timer_at = DEADLINE_NONE;
	own->tick_at = DEADLINE_NONE;
	switch_sample(cpu, own, now);
	if (thread_flags(cpu->thread) & THREAD_LOGGED)
		sched_on_logged(cpu->thread);
	runq_expire(own, now, sched_wake_late);
	runq_spread(own, now);
	if (!own->slice_over && own->slice_end <= now && runq_wanted(own)) {
		own->slice_over = true;
		atomic_fetch_or(&cpu->thread->arch.flags, THREAD_RESCHED);
	}
	runq_timer(own);
}

void
sched_tick_soon(void)
{
	struct runq *own = runq_of(cpu_self());

	own->tick_at = arch_time_ns() + SCHED_SLICE_NS;
	runq_timer(own);
}

/* Another CPU has queued a thread here, or set a flag of the running one;
 * interrupts off. */
void
sched_kicked(void)
{
	runq_slice(runq_of(cpu_self()));
}

/* A new thread's first breath. */
void
sched_first(struct thread *thread)
{
	thread->sched.next = DOING_WAIT;
	switch_finish();
	arch_irq_enable();
}

/* ---- idle threads ---- */

static void
switch_become_idle(struct cpu *cpu)
{
	struct thread *idle = &idle_threads[cpu->id];

	format_text(idle->name, sizeof(idle->name), "idle/%u", cpu->id);
	atomic_store(&idle->refs, 1);
	spin_init(&idle->sched.lock, RANK_THREAD);
	list_init(&idle->sched.link);
	list_init(&idle->siblings);
	atomic_store(&idle->sched.word, SCHED_RUNNABLE);
	atomic_store(&idle->sched.on_cpu, true);
	atomic_store(&idle->sched.cpu, cpu->id);
	idle->sched.next = DOING_READY;
	idle->sched.calls = 0 - CPU_CALLS;
	cpu->calls = CPU_CALLS;
	cpu->idle_thread = idle;
	cpu->thread = idle;
	runq_of(cpu)->slice_over = true;
}

static const char *
switch_name_of(const struct thread *thread)
{
	return thread->name;
}

/* Boot CPU, once: what runs is its idle thread from now on. */
void
sched_init(void)
{
	runq_init();
	panic_thread_name = switch_name_of;
	switch_become_idle(cpu_self());
}

/* Work for an idle CPU, NULL after an interrupt in which it had none. */
static struct thread *
switch_await_work(struct cpu *cpu, struct runq *own)
{
	struct thread *next;

	runq_idle(cpu, true);
	atomic_store(&cpu->idle, true);
	next = switch_next_thread(own);
	if (!next)
		arch_wait();
	arch_irq_disable();
	atomic_store(&cpu->idle, false);
	runq_idle(cpu, false);
	return next;
}

/* Every CPU, at the end of its start; interrupts off. */
void
sched_idle(void)
{
	struct cpu *cpu = cpu_self();
	struct runq *own = runq_of(cpu);

	if (!cpu->idle_thread)
		switch_become_idle(cpu);
	cpu->idle_thread->sched.spent[DOING_RUN] = 0 - arch_time_ns();
	atomic_store(&cpu->online, true);
	for (;;) {
		struct thread *next;

		arch_irq_disable();
		next = switch_await_work(cpu, own);
		if (next)
			switch_to(cpu, own, next);
	}
}
