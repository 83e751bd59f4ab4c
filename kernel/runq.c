/*
 * Run queues and deadlines, one set a CPU; sched.c calls them.
 *
 * Which CPU gets a thread: the idle one that ran it last, else this one if
 * idle, else any idle one, else the one that ran it last, unless fewer wait
 * elsewhere.  An idle CPU is claimed by clearing its bit, so two wakers find
 * two CPUs.  Rule: a waker queues, then looks for idle CPUs; a CPU says that it
 * is idle, then looks at the queues: one of them sees the other.
 *
 * The machine's timer is only ever moved to be earlier; when it fires it is set
 * to what is needed then.  So a switch rarely touches it, and a CPU without a
 * thread and without sleepers has no ticks; one with a thread has one a slice,
 * which looks what it runs for.
 */
#include "runq.h"

struct runq runqs[CPU_MAX];
_Atomic uint32_t runq_idle_cpus;

/* Boot CPU, once. */
void
runq_init(void)
{
	for (unsigned i = 0; i < CPU_MAX; i++) {
		struct runq *queue = &runqs[i];

		cpus[i].runq = queue;
		spin_init(&queue->lock, RANK_RUN_QUEUE);
		spin_init(&queue->timer_lock, RANK_TIMER);
		list_init(&queue->threads);
		queue->timer_at = DEADLINE_NONE;
		queue->tick_at = DEADLINE_NONE;
		queue->sample_at = DEADLINE_NONE;
		queue->spread_at = DEADLINE_NONE;
		atomic_store(&queue->first_deadline, DEADLINE_NONE);
	}
}

/* ---- idle CPUs ---- */

/* The CPU's own word about itself. */
void
runq_idle(const struct cpu *cpu, bool idle)
{
	uint32_t bit = UINT32_C(1) << cpu->id;

	if (idle)
		atomic_fetch_or(&runq_idle_cpus, bit);
	else
		atomic_fetch_and(&runq_idle_cpus, ~bit);
}

static bool
runq_claim(unsigned cpu)
{
	uint32_t bit = UINT32_C(1) << cpu;

	return atomic_load(&runq_idle_cpus) & bit &&
	       atomic_fetch_and(&runq_idle_cpus, ~bit) & bit;
}

/* An idle CPU, now claimed, or -1; first and second are tried before. */
static int
runq_claim_idle(unsigned first, unsigned second)
{
	uint32_t idle = atomic_load(&runq_idle_cpus);

	if (!idle)
		return -1;
	if (runq_claim(first))
		return (int)first;
	if (runq_claim(second))
		return (int)second;
	for (; idle; idle &= idle - 1) {
		unsigned cpu = (unsigned)__builtin_ctz(idle);

		if (runq_claim(cpu))
			return (int)cpu;
	}
	return -1;
}

void
runq_kick_idle(unsigned first)
{
	unsigned self = cpu_self()->id;
	int idle = runq_claim_idle(first, self);

	if (idle >= 0 && (unsigned)idle != self)
		arch_kick((unsigned)idle);
}

/* ---- queues ---- */

void
runq_add(struct runq *queue, struct thread *thread)
{
	spin_lock(&queue->lock);
	list_add_tail(&queue->threads, &thread->sched.link);
	atomic_fetch_add(&queue->count, 1);
	spin_unlock(&queue->lock);
}

static struct thread *
runq_take(struct runq *queue)
{
	struct thread *thread = NULL;

	if (!atomic_load_explicit(&queue->count, memory_order_relaxed))
		return NULL;
	spin_lock(&queue->lock);
	if (!list_empty(&queue->threads)) {
		struct list *link = queue->threads.next;

		list_remove(link);
		atomic_fetch_sub(&queue->count, 1);
		thread = container_of(link, struct thread, sched.link);
	}
	spin_unlock(&queue->lock);
	return thread;
}

static unsigned
runq_shortest(unsigned last)
{
	uint32_t least = atomic_load(&runqs[last].count);

	for (unsigned i = 0; least && i < cpu_count; i++) {
		uint32_t count = atomic_load(&runqs[i].count);

		if (count < least) {
			least = count;
			last = i;
		}
	}
	return last;
}

/* Does a CPU that runs somebody need to hear that another waits there?  Not if
 * its timer fires within a slice anyway, and looks then. */
static bool
runq_must_hear(const struct runq *queue)
{
	return atomic_load(&queue->timer_at) > arch_time_ns() + SCHED_SLICE_NS;
}

static void
runq_place_on(unsigned self, unsigned target, struct thread *thread)
{
	runq_add(&runqs[target], thread);
	if (target == self)
		runq_slice(&runqs[self]);
	else if (runq_must_hear(&runqs[target]))
		arch_kick(target);
	runq_kick_idle(target);
}

/* Takes the RUN_QUEUE lock; any context. */
void
runq_place(struct thread *thread)
{
	unsigned last =
		atomic_load_explicit(&thread->sched.cpu, memory_order_relaxed);
	unsigned self;
	int idle;

	irq_off_push();
	self = cpu_self()->id;
	idle = runq_claim_idle(last, self);
	if (idle < 0) {
		runq_place_on(self, runq_shortest(last), thread);
	} else {
		runq_add(&runqs[idle], thread);
		if ((unsigned)idle != self)
			arch_kick((unsigned)idle);
	}
	irq_off_pop();
}

struct thread *
runq_next(struct runq *own)
{
	return runq_take(own);
}

struct thread *
runq_steal(const struct runq *own)
{
	unsigned self = (unsigned)(own - runqs);

	for (unsigned i = 1; i < cpu_count; i++) {
		struct runq *other = &runqs[(self + i) % cpu_count];
		struct thread *thread = runq_take(other);

		if (!thread && atomic_load(&other->spread_at) == DEADLINE_NONE)
			thread = runq_handed(other);
		if (thread)
			return thread;
	}
	return NULL;
}

/* ---- time ---- */

/* A slice that ended unnoticed, because nobody waited, begins again.  One that
 * the timer is set for has not. */
void
runq_slice(struct runq *own)
{
	uint64_t now;

	if (own->slice_over || own->timer_at <= own->slice_end ||
	    !runq_wanted(own))
		return;
	now = arch_time_ns();
	if (own->slice_end <= now)
		own->slice_end = now + SCHED_SLICE_NS;
	runq_timer(own);
}

void
runq_timer(struct runq *own)
{
	uint64_t at = atomic_load_explicit(&own->first_deadline,
					   memory_order_relaxed);

	if (!own->slice_over && own->slice_end < at && runq_wanted(own))
		at = own->slice_end;
	if (own->spread_at < at && runq_wanted(own))
		at = own->spread_at;
	if (own->tick_at < at)
		at = own->tick_at;
	if (own->sample_at < at)
		at = own->sample_at;
	if (at < own->timer_at) {
		own->timer_at = at;
		arch_timer_set(at);
	}
}

/* TIMER lock held. */
static void
runq_note_first(struct runq *queue)
{
	struct timerq_node *top = queue->sleepers.top;

	atomic_store_explicit(&queue->first_deadline,
			      top ? top->deadline : DEADLINE_NONE,
			      memory_order_relaxed);
}

/* Takes the TIMER lock. */
void
runq_arm(struct thread *self, uint64_t deadline)
{
	unsigned cpu = cpu_self()->id;
	struct runq *queue = &runqs[cpu];

	self->sched.timer.deadline = deadline;
	self->sched.timer_cpu = cpu;
	spin_lock(&queue->timer_lock);
	timerq_add(&queue->sleepers, &self->sched.timer);
	self->sched.timer_armed = true;
	runq_note_first(queue);
	runq_timer(queue); /* who hands its CPU over does not look */
	spin_unlock(&queue->timer_lock);
}

/* Afterwards no expiry is about to wake it.  Takes the TIMER lock. */
void
runq_disarm(struct thread *self)
{
	struct runq *queue = &runqs[self->sched.timer_cpu];

	spin_lock(&queue->timer_lock);
	if (self->sched.timer_armed) {
		timerq_remove(&queue->sleepers, &self->sched.timer);
		self->sched.timer_armed = false;
		runq_note_first(queue);
	}
	spin_unlock(&queue->timer_lock);
}

/* wake is called with the TIMER lock held: the sleeper waits for it in
 * runq_disarm, and so is still there. */
void
runq_expire(struct runq *own, uint64_t now, void (*wake)(struct thread *thread))
{
	if (atomic_load_explicit(&own->first_deadline, memory_order_relaxed) >
	    now)
		return;
	spin_lock(&own->timer_lock);
	while (own->sleepers.top && own->sleepers.top->deadline <= now) {
		struct thread *thread = container_of(
			own->sleepers.top, struct thread, sched.timer);

		timerq_remove(&own->sleepers, &thread->sched.timer);
		thread->sched.timer_armed = false;
		wake(thread);
	}
	runq_note_first(own);
	spin_unlock(&own->timer_lock);
}
