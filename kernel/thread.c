/*
 * Threads made and unmade.  process.c makes those of users, drivers and the
 * heart their own kernel threads; sched.c says when one has left its stack for
 * ever.  Rule: the last reference may go in the middle of a switch, where
 * nothing may be freed that takes time or sleeps: then the reaper, a kernel
 * thread, does it.
 */
#include "thread.h"
#include "heap.h"
#include "print.h"
#include "stack.h"
#include "text.h"

#define DEAD_MANY 64u

void (*thread_on_free)(struct thread *thread);

static struct waitq reaper_wait = {
	.lock = SPINLOCK_INIT(RANK_WAITQ),
	.waiters = LIST_INIT(reaper_wait.waiters),
};
static _Atomic(struct thread *) dead; /* by next_dead */
static _Atomic uint32_t dead_count;
static struct thread *reaper;

_Static_assert(offsetof(struct thread, arch) == 0, "known to the assembly");
_Static_assert(ARCH_FLAGS_RETURN ==
			       (THREAD_RESCHED | THREAD_SIGNAL | THREAD_KILLED |
				THREAD_STOPPED | THREAD_HOLD) &&
		       ARCH_FLAG_TOUCHED == THREAD_TOUCHED,
	       "thread.h names the bits that arch.h tests");

static void
thread_release(struct thread *thread)
{
	if (thread_on_free)
		thread_on_free(thread);
	if (thread->slot)
		stack_give(thread->slot);
	heap_free(thread->arch.fpu);
	heap_free(thread);
}

/* ---- the reaper ---- */

static bool
thread_reaper_has_work(void)
{
	return atomic_load(&dead) || stack_excess();
}

static struct thread *
thread_next_dead(void)
{
	struct thread *thread = atomic_load(&dead);

	/* Only the reaper takes out, so what is first stays in. */
	while (thread &&
	       !atomic_compare_exchange_weak(&dead, &thread, thread->next_dead))
		;
	return thread;
}

/* One thing at a time: the kernel is not pre-empted, so it asks. */
static void
thread_reap(void *arg)
{
	struct thread *self = thread_self();

	(void)arg;
	for (;;) {
		struct thread *thread;

		WAIT_FOR(&reaper_wait, self, SLEEP_SHORT, "dead threads",
			 DEADLINE_NONE, thread_reaper_has_work());
		thread = thread_next_dead();
		if (thread) {
			thread_release(thread);
			atomic_fetch_sub(&dead_count, 1);
		}
		stack_trim();
		if (thread_flags(self) & THREAD_RESCHED)
			sched_yield(self);
	}
}

/* So that the reaper is who finishes this thread's last switch. */
void
thread_leaving(struct thread *thread)
{
	if (atomic_load(&thread->refs) == 1)
		waitq_wake_now(&reaper_wait);
}

/* Takes the WAITQ lock. */
void
thread_left(struct thread *thread)
{
	struct thread *first;

	if (atomic_fetch_sub(&thread->refs, 1) != 1)
		return;
	atomic_fetch_add(&dead_count, 1);
	first = atomic_load(&dead);
	do
		thread->next_dead = first;
	while (!atomic_compare_exchange_weak(&dead, &first, thread));
	waitq_wake(&reaper_wait);
}

/* After heap_init and sched_init. */
void
thread_init(void)
{
	reaper = thread_create_kernel("reaper", thread_reap, NULL);
	if (!reaper)
		panic("no memory for the first thread");
	sched_start(reaper);
}

/* ---- making ---- */

static bool
thread_equip(struct thread *thread, bool user)
{
	thread->slot = stack_take();
	if (!thread->slot)
		return false;
	thread->stack = stack_bottom(thread->slot);
#ifdef CHECKED
	memset(thread->stack, 0xdd, STACK_SIZE);
#endif
	if (user)
		thread->arch.fpu = heap_alloc(arch_fpu_size());
	return !user || thread->arch.fpu;
}

static struct thread *
thread_make(const char *name, bool user, void (*entry)(void *))
{
	struct thread *thread = heap_zalloc(sizeof(*thread));

	if (!thread)
		return NULL;
	atomic_store(&thread->refs, 1);
	text_copy(thread->name, name, sizeof(thread->name));
	spin_init(&thread->sched.lock, RANK_THREAD);
	list_init(&thread->sched.link);
	thread->sched.next = DOING_READY;
	thread->sched.spent[DOING_READY] = 0 - arch_time_ns();
	list_init(&thread->siblings);
	list_init(&thread->signal.pending.entries);
	if (!thread_equip(thread, user)) {
		thread_release(thread);
		waitq_wake(&reaper_wait);
		return NULL;
	}
	arch_thread_init(&thread->arch, (char *)thread->stack + STACK_SIZE,
			 entry, thread);
	return thread;
}

/* Does not sleep, but lets the reaper have its turn when it is behind: making
 * threads must not be quicker than freeing them. */
struct thread *
thread_create(const char *name, bool user)
{
	assert(reaper);
	if (atomic_load(&dead_count) > DEAD_MANY)
		sched_yield(thread_self());
	return thread_make(name, user, NULL);
}

static void
thread_run_entry(void *arg)
{
	struct thread *self = arg;

	self->entry(self->entry_arg);
	sched_exit(self);
}

/* Never sleeps.  The thread ends when entry returns. */
struct thread *
thread_create_kernel(const char *name, void (*entry)(void *), void *arg)
{
	struct thread *thread = thread_make(name, false, thread_run_entry);

	if (thread) {
		thread->entry = entry;
		thread->entry_arg = arg;
	}
	return thread;
}

/* ---- references and flags ---- */

/* One more, by somebody who has one. */
void
thread_get(struct thread *thread)
{
	atomic_fetch_add_explicit(&thread->refs, 1, memory_order_relaxed);
}

/* No spinlock held. */
void
thread_put(struct thread *thread)
{
	if (atomic_fetch_sub_explicit(&thread->refs, 1, memory_order_acq_rel) ==
	    1)
		thread_release(thread);
}

/* Never sleeps; any context. */
void
thread_flag(struct thread *thread, uint32_t flags)
{
	atomic_fetch_or(&thread->arch.flags, flags);
	sched_notice(thread);
}
