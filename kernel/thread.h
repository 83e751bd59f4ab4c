/*
 * Threads: what runs.  Every process has at least one until its end; kernel
 * threads have none (process NULL).
 *
 * `thread->arch.flags` is the one slow-reason word: every feature that must
 * stop a thread at the kernel's boundary owns bits of it, and 0 means the fast
 * path.  Set a bit with thread_flag, which makes the thread take notice.
 */
#pragma once

#include "arch/x86_64/arch.h"
#include "sched.h"
#include "thread_signal.h"
#include "waitq.h"

enum thread_flag {
	THREAD_RESCHED = 1u << 0, /* let another thread run */
	THREAD_SIGNAL = 1u << 1,  /* a signal is to be acted on */
	THREAD_KILLED =
		1u << 2, /* must end: SIGKILL, or exit or exec of its process */
	THREAD_STOPPED =
		1u << 3, /* SIGSTOP: sleeps at the boundary until SIGCONT */
	THREAD_HOLD = 1u << 4,	/* held, or to be stopped: trace/stop.c */
	THREAD_RULES = 1u << 5, /* some session's rules name system calls: the
				   bit table says which */
	THREAD_LEAVE = 1u << 6, /* inside a call whose leave somebody wants */
	THREAD_TOUCHED =
		1u
		<< 7, /* the user frame was edited: return by the safe path */
	THREAD_LOGGED =
		1u << 8, /* it has logged events that no reader was told of */
};
/* Flags that the entry of a system call looks at. */
#define THREAD_ENTER_FLAGS (THREAD_RULES | THREAD_HOLD | THREAD_KILLED)
/* Flags that the end of a system call looks at. */
#define THREAD_LEAVE_FLAGS (THREAD_LEAVE | THREAD_HOLD | THREAD_SIGNAL)

struct process;
struct stack;
struct trace_thread;

struct thread {
	struct arch_thread arch; /* first: the assembly knows it */
	struct sched sched;
	_Atomic uint32_t refs;
	uint32_t tid;
	struct process *process; /* pinned by the thread; NULL: kernel thread */
	struct list siblings;	 /* in process->threads, PROCESS lock */
	char name[32];
	void *stack;	    /* lowest usable address of the kernel stack */
	struct stack *slot; /* the same, as stack.c knows it */
	struct thread *next_dead; /* thread.c: waits for the reaper */
	void (*entry)(void *);
	void *entry_arg;
	uint64_t call;	     /* number of the call it is inside of, 0: none
				(sys:/contexts) */
	uint64_t faults;     /* page faults; its own */
	uint64_t sampled[2]; /* of the time that it ran, found to be the
				kernel's, its program's (switch.c) */
	struct thread_signal signal;
	struct trace_thread
		*trace; /* trace/: made with the thread, freed with it */

	/* checked kernel: the mutexes it holds, in order */
	struct mutex *held[8];
	uint64_t held_since[8];
	uint32_t held_count;
};

void thread_init(void); /* boot CPU, before the first user thread: starts the
			   reaper */

/* A thread with a stack and, for a user thread, an FPU area; refs 1; not
 * started.  NULL: no memory. */
struct thread *thread_create(const char *name, bool user);
struct thread *thread_create_kernel(const char *name, void (*entry)(void *),
				    void *arg); /* not started */
void thread_get(struct thread *thread);
/* The last reference frees it: no spinlock may be held.  A thread that was
 * started has one of its own until its stack has been left. */
void thread_put(struct thread *thread);
/* switch.c: a thread is about to leave for ever; a dead one's stack has been
 * left (interrupts off). */
void thread_leaving(struct thread *thread);
void thread_left(struct thread *thread);

void
thread_flag(struct thread *thread,
	    uint32_t flags); /* sets; kicks the CPU it runs on; wakes nobody */
static inline void
thread_unflag(struct thread *thread, uint32_t flags)
{
	atomic_fetch_and(&thread->arch.flags, ~flags);
}

static inline uint32_t
thread_flags(struct thread *thread)
{
	return atomic_load_explicit(&thread->arch.flags, memory_order_acquire);
}

/* When it was given its CPU. */
static inline uint64_t
sched_since(const struct thread *self)
{
	return atomic_load_explicit(&self->sched.started_ns,
				    memory_order_relaxed);
}

static inline struct frame *
thread_frame(struct thread *thread)
{
	return arch_frame(&thread->arch);
}

/* Called by thread.c when the last reference goes, for what floors above have
 * hung on it (set by main). */
extern void (*thread_on_free)(struct thread *thread);
