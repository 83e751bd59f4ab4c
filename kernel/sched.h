/*
 * The scheduler: which thread runs on which CPU.  Per-CPU run queues, round
 * robin, an idle CPU takes from the others.
 *
 * Sleeping is two steps, so that no wake-up is lost: sched_prepare says "I am
 * going to sleep", the condition is looked at, sched_sleep sleeps unless
 * somebody woke the thread in between.  Every sleep has a mode that says what
 * may end it. The kernel is not pre-empted: a thread leaves its CPU only here
 * and on its way back to user mode.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include "list.h"
#include "lock.h"
#include "timerq.h"

struct thread;

enum sched_state {
	SCHED_NEW,	/* never ran, on no queue */
	SCHED_RUNNABLE, /* runs, or waits for a CPU */
	SCHED_PREPARED, /* runs, and is about to sleep */
	SCHED_SLEEPING,
	SCHED_DEAD, /* has left its CPU for ever */
};

/* Of the word: its state, the mode of its sleep, a signal ended it, it is kept
 * asleep by one who looks at it. */
#define SCHED_STATE	 0x0fu
#define SCHED_MODE_SHIFT 4
#define SCHED_BY_SIGNAL	 0x200u
#define SCHED_LOOKED_AT	 0x1000u

enum sleep_mode {
	SLEEP_SHORT,	/* only the wake-up ends it: for mutexes, whose holder
			   never waits for long */
	SLEEP_KILLABLE, /* SIGKILL ends it too (-EINTR) */
	SLEEP_INTERRUPTIBLE, /* and so does a pending signal */
};

#define DEADLINE_NONE UINT64_MAX

/* What a thread does; its time is one of these, always (sched_account.c). */
enum sched_doing {
	DOING_RUN,
	DOING_READY, /* waits for a CPU, and did not sleep before */
	DOING_WAIT,  /* sleeps, until it has a CPU again; as the next two */
	DOING_HELD,  /* is parked by a tracer's hold */
	DOING_STOP,  /* is stopped by job control */
	DOING_COUNT
};

/* The scheduler's part of a thread. */
struct sched {
	_Atomic uint32_t word; /* sched.c: state, mode, who woke it, all in one
				  so that one exchange decides */
	struct spinlock lock;  /* THREAD: held by whoever keeps it asleep to
				  look at it */
	enum sleep_mode mode;  /* its own: of the sleep that it prepares */

	_Atomic bool
		on_cpu; /* its stack is in use; cleared when it has been left */
	_Atomic uint32_t cpu; /* where it runs or ran last */
	struct list link;     /* RUN_QUEUE lock of the queue that it is in */

	/* its own CPU's, with interrupts off; runq_hand.c: when it woke
	 * somebody whom another CPU could run */
	uint64_t woke_turn; /* its `started_ns` then; 0: it did not yet */
	uint64_t woke_at;   /* CPU time that it had used */
	uint8_t belief;	    /* that it sleeps soon after that: 0 to 3 */

	/* TIMER lock of the CPU where it fell asleep */
	struct timerq_node timer;
	bool timer_armed;
	uint32_t timer_cpu;

	/* what it did (sched_account.c): written by the CPU that it leaves or
	 * that it is given */
	uint64_t spent[DOING_COUNT]; /* ns; of what it does, less the time when
					it began */
	uint64_t turns;		     /* times it was given a CPU */
	uint64_t preemptions;	     /* times it was another's turn then */
	uint64_t calls; /* that it made; while it runs, less its CPU's */
	uint32_t next;	/* enum sched_doing: what it leaves its CPU for; its
			   own */
	_Atomic uint64_t started_ns; /* when it was given its CPU */
	_Atomic uint64_t left_ns;    /* when it left its CPU the last time */
	const char *_Atomic
		waits_for; /* what it sleeps on, for dumps; NULL when awake */
};

void sched_init(void); /* boot CPU */
_Noreturn void sched_idle(
	void); /* every CPU ends here: its boot stack becomes its idle thread */

/* SCHED_NEW -> runnable.  Takes a reference of its own, which goes when the
 * thread has left its CPU for ever (sched_exit): the creator's stays the
 * creator's. */
void sched_start(struct thread *thread);

void sched_prepare(struct thread *self, enum sleep_mode mode,
		   const char *waits_for);
/* 0: woken; -ETIMEDOUT; -EINTR: ended as the mode says.  Afterwards the thread
 * is awake.  THREAD_KILLED ends a sleep (but SLEEP_SHORT) that begins later,
 * too, THREAD_SIGNAL an interruptible one. */
int sched_sleep(struct thread *self, uint64_t deadline_ns);
/* Both steps at once, inline: sched_sleep_while in sched_sleep.h. */
/* trace/'s, set by main: called before a thread with THREAD_HOLD falls asleep
 * in another mode than SLEEP_SHORT.  Must not sleep. */
extern void (*sched_before_sleep)(struct thread *self);
/* trace/'s, set by main: called before a thread with THREAD_LOGGED leaves its
 * CPU, or when it runs again at once, and at the next tick if it runs until
 * then (interrupts off).  Must not sleep. */
extern void (*sched_on_logged)(struct thread *self);
/* signal*.c's, set by main: called when a signal ends an interruptible sleep,
 * the thread awake and no lock held; may sleep.  0: it was nothing, the sleep
 * is over as by a wake-up; -EINTR. */
extern int (*sched_on_signal)(struct thread *self);
void sched_awake(struct thread *self); /* takes sched_prepare back */
/* The running thread has set its THREAD_LOGGED: this CPU shall have a tick.
 * Interrupts off. */
void sched_tick_soon(void);

/*
 * Wakes a sleeping thread; does nothing to one that is awake.  true: it did
 * sleep.
 */
bool sched_wake(struct thread *thread);
/* sched_wake_to: sched_wake.h. */
void sched_queue(struct thread *thread);
/* Wakes it only if its sleep's mode lets a signal (killing: SIGKILL) end it;
 * the sleep then gives -EINTR.  Set the thread's flag first. */
bool sched_wake_signal(struct thread *thread, bool killing);

/*
 * The same, told apart: for those who wake one of many.  `now`: the waker is
 * about to sleep itself and hands this CPU over: the woken thread is what this
 * CPU switches to then, and no other CPU is woken for it, unless the waker
 * takes its time.
 */
enum sched_woken {
	WOKEN_NOT,	/* it was awake */
	WOKEN_PREPARED, /* it had not fallen asleep yet, and may have seen what
			   it waits for without us */
	WOKEN_ASLEEP,
};
enum sched_woken sched_wake_how(struct thread *thread, bool now);

/* The running thread is about to leave its CPU, whatever it did before: whom it
 * wakes now is handed this CPU. */
void sched_leaves_soon(struct thread *self);

/* On the way to user mode with THREAD_RESCHED set, and for sched_yield(2). */
void sched_yield(struct thread *self);
_Noreturn void sched_exit(struct thread *self); /* never runs again */

/* If thread sleeps by a mode other than SLEEP_SHORT, calls look(thread, arg)
 * while it is kept asleep (THREAD lock held), and returns true. */
bool sched_if_asleep(struct thread *thread,
		     void (*look)(struct thread *, void *), void *arg);
/* sched_look.c: the sleep of a thread, in any mode, without touching it. */
struct sched_sleep {
	const char *waits_for;
	uint64_t ns;   /* since it fell asleep; 0: it is about to */
	uint64_t call; /* thread->call meanwhile */
};
/* All of one sleep; false: it is awake. */
bool sched_look(const struct thread *thread, struct sched_sleep *sleep);
/* Does it, as it was a moment ago? */
bool sched_is_asleep(const struct thread *thread);
/* Makes a running thread take notice of its flags soon: kicks its CPU if it
 * runs on another one. */
void sched_notice(struct thread *thread);

enum sched_state sched_state(const struct thread *thread);
/* sched_account.c: what it has spent on this, and its calls, up to now. */
uint64_t sched_spent(const struct thread *thread, enum sched_doing doing);
uint64_t sched_calls(const struct thread *thread);
/* How often it left a CPU, and *preemptions: how often because it was another's
 * turn. */
uint64_t sched_switches(const struct thread *thread, uint64_t *preemptions);

/* entries of the machine */
void sched_timer(void);
void sched_kicked(void);
/* Finishes the switch to a new thread; interrupts are on afterwards. */
void sched_first(struct thread *thread);
