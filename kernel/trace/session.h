/*
 * Sessions: who watches whom.  The structures of trace/, and what its face
 * (schemes/proc) may call.  The face never touches a member.
 *
 *	session --- target --- process	a session covers processes; a target is
 *		      |			one such pair
 *		     hold ---- thread	for each thread of a target's process,
 *					made when it joins
 *
 * Locks: TARGETS (one a process: trace_process.lock), then SESSION
 * (session.lock).  What a tracee does takes both, in this order; what a tracer
 * does to a hold takes SESSION alone, because a thread's count of holds is
 * atomic.  EDGES, before both, guards who traces whom.
 */
#pragma once

#include <stdatomic.h>
#include "abi/syscall.h"
#include "abi/trace.h"
#include "list.h"
#include "lock.h"
#include "process.h"
#include "trace/rights.h"
#include "trace/rule.h"
#include "waitq.h"

#define SESSIONS_MAX 8	 /* on one process */
#define LOG_NODES    256 /* logged events that a session's queue holds */

/* ---- the queue ---- */

enum node_kind { NODE_HOLD, NODE_END, NODE_POOL, NODE_HEAP, NODE_LOST };

struct event_text; /* a payload, shared by the sessions that get the event */

/* What happened, before it is written into the places of the sessions that want
 * it. */
struct record {
	struct thread *thread;
	uint16_t type, flags;
	uint64_t time_ns;
	uint64_t number;       /* enter, leave: of the call; others: word 0 */
	const uint64_t *saved; /* words 1 to 6; NULL: of a call the frame's
				  arguments, of others zeroes */
	uint64_t result, elapsed_ns; /* leave */
	struct event_text *text;
};

struct event_node {
	struct list link; /* session->queue, by seq */
	enum node_kind kind;
	bool queued;
	_Atomic bool frozen; /* a reader copies it: it stays as it is */
	struct hold *hold;   /* NODE_HOLD, NODE_END: the one that it lies in */
	struct hold *about;  /* the others: of the thread, referenced; NULL:
				none */
	struct event_text *text; /* a reference */
	struct trace_event event;
};

enum hold_state {
	HOLD_NONE,
	HOLD_QUEUED,	/* holds; its event waits in the queue */
	HOLD_DELIVERED, /* holds; its event was read */
};

/* What one session has to do with one thread.  SESSION lock, but for the links.
 */
struct hold {
	struct list by_thread; /* TARGETS lock */
	struct list by_target; /* SESSION lock */
	struct list delivered; /* session->delivered */
	struct target *target; /* NULL: taken apart */
	struct session
		*session; /* good while target is, or while a node is queued */
	struct thread *thread; /* referenced */
	uint32_t refs;	       /* the target, queued nodes, session->current */
	enum hold_state state;
	bool by_verb;	  /* ends by a verb only */
	bool stop_wanted; /* a stop that has not landed */
	bool born_held;	  /* made by `new`, not advanced yet: close kills */
	enum trace_action act; /* while its thread makes an event: what is still
				  to be done (TARGETS lock) */
	uint64_t delay_ns;     /* the same: a rule's delay that is to come */
	struct event_node *held_by; /* while it holds: the event, node or end */
	struct event_node node;
	struct event_node
		end; /* the thread's last event has a place of its own */
};

struct target {
	struct list by_session; /* EDGES and SESSION lock to change, either to
				   read */
	struct list by_process; /* TARGETS lock */
	struct session *session;
	struct process *process; /* referenced */
	struct list holds;	 /* SESSION lock */
};

enum close_policy { CLOSE_RUN, CLOSE_KILL, CLOSE_KEEP };

struct session {
	_Atomic uint32_t refs;
	bool controller;
	bool exclusive;
	struct process *opener;	 /* referenced: edges run from it */
	struct asker asker;	 /* as whom: asked for each target */
	struct list by_opener;	 /* EDGES lock */
	struct list by_number;	 /* EDGES lock: among all sessions */
	uint64_t number;	 /* how many there were before it, + 1 */
	struct mutex write_lock; /* TRACE_WRITE: one writer at a time */

	/* SESSION lock must be held when using these: */
	struct spinlock lock;
	bool dead;	/* the last descriptor is gone */
	bool observing; /* an observer after its first read */
	bool drop; /* `full drop`: an event that finds no room is lost; else its
		      thread waits */
	bool by_verb;	      /* `set advance verb` */
	_Atomic bool reading; /* somebody copies an event out: the head of the
				 queue, or `given`; cleared without the lock */
	enum close_policy close;
	struct list targets;
	uint32_t target_count;
	uint64_t seq;		/* last given */
	uint64_t delivered_seq; /* last delivered */
	struct hold *current; /* of the last event delivered; referenced; NULL:
				 none, or `first` counts */
	struct hold *before;  /* current and delivered_seq before the event that
				 was given, until the next read; referenced if it
				 is another */
	uint64_t before_seq;
	struct process *first; /* the process it was opened on, referenced;
				  NULL: none */
	struct list queue;     /* event_node.link */
	struct list delivered; /* hold.delivered: end at the next read */
	struct event_node
		*pool; /* LOG_NODES; NULL until something is to be logged */
	struct list pool_free;
	uint32_t logged; /* nodes of the pool in the queue */
	bool untold;	 /* of some that were logged no reader was told */
	uint32_t kept;	 /* events in nodes of their own: NODE_HEAP */
	struct event_node lost;
	uint64_t lost_count; /* of its whole life */
	uint32_t rule_count;
	struct rule *rules; /* RULES_MAX, each in its place for good; NULL until
			       the first */
	uint8_t rule_order[RULES_MAX]; /* their places, the oldest first */
	uint64_t hits[RULES_MAX + 1];  /* by decision.rule: how many events it
					  decided; the first is nobody's */
	bool counting; /* it had a rule that counts calls: its targets have
			  tables */
	struct decision enter[SYSCALL_COUNT]; /* compiled, by call */
	struct decision leave[SYSCALL_COUNT];
	struct decision event[TRACE_EV_END_OF_TYPES];
	struct decision signal[64], fault[64]; /* by bit of rule.few */

	struct thread *sleeper; /* SESSION lock: the one reader that waits, if
				   there is one; more wait in `readers` */
	struct event_node *_Atomic given; /* with this event, which never was
				   in the queue: it is the reader as soon as it
				   takes it by exchange, and until then anybody
				   with the lock may take it back */
	struct event_node *taken; /* the reader's: of what it was given */
	struct waitq readers; /* an event came, a target went, the session died,
				 nobody reads now */
	struct waitq room;    /* a node of the pool is free */
};

/* process->trace */
struct trace_process {
	struct spinlock lock; /* TARGETS */
	/* TARGETS lock must be held when using these: */
	struct list targets;
	struct list grants; /* of open files: what may be revoked; asked last
			       at the end */
	uint32_t asks;	    /* how often all were asked again */
	uint32_t sessions;
	uint32_t controllers;
	bool exclusive;
	bool gone;
	char refused[96]; /* status: what the last write of it that failed was
			     told */

	/* read without a lock: which calls some session names; each bit lies in
	 * one word */
	_Atomic uint64_t enter_mask[CALL_WORDS]; /* makes or changes an enter */
	_Atomic uint64_t leave_mask[CALL_WORDS]; /* the same of a leave */
	_Atomic uint64_t count_mask[CALL_WORDS]; /* counts it */
	_Atomic uint64_t after_mask[CALL_WORDS]; /* leave_mask or count_mask */
	_Atomic uint64_t signal_mask; /* the same of signals: bit n-1 for n */
	_Atomic uint64_t fault_mask;  /* and of faults: bit vector */

	/* EDGES lock: */
	struct list opened; /* sessions */
	struct list visit;
	uint64_t visited;
	struct process *process;

	struct waitq parked; /* a thread of it parked (ctl's stop waits) */

	struct call_counts *_Atomic counts; /* count.c; NULL until some rule
					       counts; stays until it is freed
					       */
};

/* Where a thread is that is held or sleeps: what of it may be edited. */
enum trace_at { AT_USER, AT_ENTER, AT_CALL, AT_LEAVE, AT_END };

/* thread->trace */
struct trace_thread {
	_Atomic uint32_t holds; /* how many hold it: it runs if and only if this
				   is 0, or it is killed */
	_Atomic uint32_t at;	/* enum trace_at */
	_Atomic bool parked;	/* in trace_park */
	bool ended;		/* past its end event (TARGETS lock) */
	bool ctl_wanted;	/* TARGETS lock: ctl's stop has to land */
	_Atomic bool ctl_held;	/* the hold without an owner: set with the
				   TARGETS lock, when it is counted; who
				   exchanges it for false has the count */
	struct asker ctl_asker; /* TARGETS lock: whose right either of the two
				   is */
	struct list holds_list; /* hold.by_thread, TARGETS lock */
	_Atomic uint32_t kept_by; /* pid of the opener of the session that it
				     waits for, held by none: room, a delay;
				     0: none */
	_Atomic uint32_t quiet;	  /* it waits for an event as a session's one
				     reader; 0: it was woken */

	/* the call it is in; written by itself, or by a tracer while it is held
	 */
	bool given; /* it is not run: `value` is its result */
	int64_t value;
	bool judging; /* it is at a signal or a fault that is not decided: a
			 verb may change `signal` */
	int signal;   /* what it comes to; 0: nothing */
	_Atomic int injected; /* a signal that a verb has given it elsewhere;
				 0: none */
	bool moved;	   /* a tracer has changed rip in it: not restarted */
	bool edited;	   /* `asked` is valid: a tracer has changed the call */
	uint64_t asked[7]; /* number and arguments as the program had them */
	bool call_saved;   /* `call` is valid: its leave is wanted */
	uint64_t call[7];  /* number and arguments as run */
	uint64_t entered_ns, held_before_ns; /* held_before_ns: time that it
						was held until then */
};

/* ---- names.c ---- */

const char *
trace_call_name(uint64_t number); /* NULL: no call has this number */
int trace_call_number(const char *name, size_t length,
		      uint64_t *number); /* 0 or -EINVAL */
unsigned trace_call_arguments(uint64_t number);
bool trace_call_gives_address(uint64_t number);
const char *trace_event_name(unsigned type);
const char *trace_action_name(unsigned action); /* of a rule; NULL */
const char *trace_error_name(int64_t error);	/* of errno `error`; NULL */
int trace_error_number(const char *name, size_t length);  /* errno, or 0 */
int trace_signal_number(const char *name, size_t length); /* or 0 */
const char *trace_signal_name(int signal);		  /* NULL */
int trace_fault_number(const char *name, size_t length,
		       uint64_t *vector);      /* 0 or -EINVAL */
const char *trace_fault_name(uint64_t vector); /* NULL */

/* ---- event.c ---- */

/* A text that goes with an event, NUL-terminated; refs 1.  NULL: no memory. */
struct event_text *event_text_create(const char *text, uint16_t kind);
void event_text_get(struct event_text *text);
void event_text_put(struct event_text *text);		 /* NULL is allowed */
uint32_t event_text_size(const struct event_text *text); /* of its payload */
const char *event_text_bytes(const struct event_text *text, uint32_t *length,
			     uint16_t *kind);

/* A record of this type by a thread at the kernel's boundary; nothing more is
 * said in it yet. */
static inline void
event_begin(struct record *record, unsigned type, struct thread *thread)
{
	record->thread = thread;
	record->type = (uint16_t)type;
	record->flags = 0;
	record->time_ns = arch_time_ns();
	record->number = 0;
	record->saved = NULL;
	record->result = 0;
	record->elapsed_ns = 0;
	record->text = NULL;
}
static inline bool
is_call_event(unsigned type)
{
	return type == TRACE_EV_enter || type == TRACE_EV_leave;
}
/* The arguments of the call that a thread is in. */
static inline void
call_arguments(const struct frame *frame, uint64_t words[SYSCALL_MAX_ARGS])
{
	_Static_assert(SYSCALL_MAX_ARGS == 6, "one line each");
	words[0] = arch_call_argument(frame, 0);
	words[1] = arch_call_argument(frame, 1);
	words[2] = arch_call_argument(frame, 2);
	words[3] = arch_call_argument(frame, 3);
	words[4] = arch_call_argument(frame, 4);
	words[5] = arch_call_argument(frame, 5);
}
int event_pool_create(struct session *session); /* 0 or -ENOMEM; no lock */

/* All with the SESSION lock held. */
void event_queue(struct session *session, struct event_node *node,
		 const struct record *record, unsigned flags);
/* hold: of the record's thread.  true: logged, or dropped and counted; false:
 * there is no room and the session would have its threads wait. */
bool event_log(struct session *session, struct hold *hold,
	       const struct record *record);
bool event_has_room(struct session *session);
void event_unqueue(struct session *session, struct event_node *node);
/* Of a hold's node: the caller takes over its reference of the hold. */
static inline void
event_take(struct event_node *node)
{
	list_remove(&node->link);
	node->queued = false;
	if (node->text)
		event_text_put(node->text);
	node->text = NULL;
}

/* ---- stop.c ---- */

/* The thread is held at the entry of a call that a tracer is about to change:
 * what the program asked is kept, for a restart. */
void trace_keep_asked(struct thread *thread);
/* The call gets this result: at its enter it is not run, at its leave that is
 * what it gives, and it does not restart. */
void trace_give(struct thread *thread, bool entering, uint64_t value);

/* Sleeps while held and not killed; since: when the hold was made, a moment
 * ago; to: as in sched_sleep_while.  The time at which it goes on. */
uint64_t trace_park_since(struct thread *self, uint64_t since,
			  struct thread *to);

static inline void
trace_park(struct thread *self)
{
	if (atomic_load_explicit(&self->trace->holds, memory_order_relaxed))
		trace_park_since(self, arch_time_ns(), NULL);
}

/* More of holds, inline: hold.h. */
bool hold_raise(struct trace_thread *trace); /* one more hold on a thread that
						is held: false if it is not */
void hold_put(struct session *session,
	      struct hold *hold); /* SESSION lock; drops a reference */
/* The thread, going to sleep in a call or parked, lands the stops that are
 * wanted of it. */
void trace_before_sleep(struct thread *self);
/* A thread with THREAD_LOGGED leaves its CPU, or a tick has come: those who
 * wait for what it logged are told.  Any context. */
void trace_tell(struct thread *self);

/* SESSION lock: a session's stop. */
void hold_stop(struct hold *hold);
/* TARGETS lock: ctl's stop lands; the count is this thread's to raise, or it is
 * kept asleep. */
void ctl_land(struct trace_thread *trace);

/* ---- act.c, kill.c ---- */

enum who_kind { WHO_CURRENT, WHO_SEQ, WHO_TID, WHO_PID, WHO_ALL };
struct who {
	enum who_kind kind;
	uint64_t number;
};

int session_run(struct session *session, struct who who);
int session_stop(struct session *session, struct who who);
int session_return(struct session *session, struct who who, int64_t value);
int session_args(struct session *session, struct who who,
		 const uint64_t number_and_arguments[7]);
/* At a signal or a fault: what it comes to.  Elsewhere it is given to the
 * thread when it is let go. */
int session_signal(struct session *session, struct who who, int signal);
/* Whom `kill` is about: calls post(process) for each, no lock held; 0 or
 * -errno. */
int session_kill(struct session *session, struct who who,
		 int (*post)(struct process *, int), int signal);

/* ---- ctl.c ---- */

/* A hold without an owner, on all threads.  stop waits until each is
 * parked or asleep: -EINTR, the stop stays.  grant: whose right it is: -EACCES
 * if it is revoked, which takes back what did not land. */
int ctl_stop(struct thread *self, struct process *process,
	     const struct grant *grant);
int ctl_run(struct process *process, const struct grant *grant);
/* TARGETS lock: ctl's stop is about to be wanted by him as well. */
void ctl_by(struct trace_thread *trace, const struct asker *asker);
/* The running thread's process has the ids of its new program: a stop whose
 * right is gone goes too. */
void ctl_ask_again(struct thread *self);

/* ---- regs of a thread that is held, or asleep ---- */

int trace_regs_read(struct thread *self, struct thread *thread,
		    struct trace_regs *regs); /* 0, -EBUSY, -ESRCH */
/* change edits a copy of the registers; all of it is checked, then done.  0,
 * -EBUSY, -ESRCH, -ERANGE, or change's error. */
int trace_regs_change(struct thread *self, struct thread *thread,
		      int (*change)(struct trace_regs *, void *), void *arg);

/* The same of the floating-point registers. */
int trace_fpregs_read(struct thread *self, struct thread *thread,
		      struct trace_fpregs *regs);
int trace_fpregs_change(struct thread *self, struct thread *thread,
			int (*change)(struct trace_fpregs *, void *),
			void *arg);

/* One writer at a time. */
void session_write_begin(struct session *session);
void session_write_end(struct session *session);

/* ---- session.c ---- */

/* refs 1; NULL: no memory.  An observer starts with `full drop`, a controller
 * with `full block`. */
struct session *session_create(struct thread *opener, bool controller,
			       bool exclusive);
void session_put(struct session *session);
/* As whom it was opened. */
static inline const struct asker *
session_asker(const struct session *session)
{
	return &session->asker;
}
/*
 * The process becomes a target.  born: a child that was not started: its thread
 * is held at `start`.  first: verbs without WHO are about it before the first
 * event.  -EACCES, -ENOSPC, -EBUSY, -EEXIST, -EDEADLK (a cycle), -ESRCH (it
 * ended), -ENOMEM.
 */
int session_join(struct session *session, struct process *process, bool born,
		 bool first);
/* Whoever takes a target apart comes here (target.c). */
void target_remove(struct session *session, struct process *process);
/* Its ids may be others: each session whose opener has no right to it any more
 * loses it; `revoked` is the last event of it.  self: its only thread. */
void targets_ask_again(struct thread *self);
/* The last descriptor is gone.  Allocates nothing, cannot fail.  kill posts
 * SIGKILL. */
void session_close(struct session *session, void (*kill)(struct process *));
/* The target with the lowest pid > pid, referenced; NULL. */
struct process *session_target_after(struct session *session, uint32_t pid);
void session_set_close(struct session *session, enum close_policy policy);
void session_set_by_verb(struct session *session, bool by_verb);

/*
 * Reading.  begin ends the delivered holds (if advance), waits for an event and
 * makes this reader the only one: 1, and *head is the first of the queue, which
 * stays until next or end.  0: no targets, nothing queued.  -EAGAIN, -EINTR,
 * -EBADF.  next: the head was delivered, what is behind it?  NULL: nothing.
 * end: the last one; delivered: the head was.
 */
int session_read_begin(struct thread *self, struct session *session,
		       bool advance, bool nonblock,
		       const struct event_node **head);
const struct event_node *session_read_next(struct session *session);
void session_read_end(struct session *session, bool delivered);
void session_queue_empty(struct session *session);
/* SESSION lock: an event that was given to a reader who has not taken it yet
 * (it may be held or stopped itself) is at the head of the queue, as if it had
 * never been given. */
void session_take_back(struct session *session);
/* SESSION lock: something a reader or poller waits for may have come; to: NULL,
 * or as in sched_wake_to. */
void session_wake(struct session *session, struct thread **to);
/* SESSION lock: the thread has logged an event.  Who waits for it is told now
 * if the queue is half full, else when the thread sleeps or ends, or at the
 * next tick: by trace_tell. */
void session_wake_late(struct session *session, struct thread *self);
unsigned session_poll(struct session *session, struct poll_table *table);

/* For status: sessions on it, how many hold a thread of it. */
void trace_count(struct process *process, uint32_t *sessions, uint32_t *holds);
/* Text of status: the pids of the openers whose sessions hold a thread of it;
 * how many were written. */
uint32_t trace_holders(struct process *process, uint32_t *pids, uint32_t max);
/* The event at which some session holds it, for status: enum trace_event_type,
 * 0: none. */
unsigned trace_held_at(struct process *process);
/* The same of one thread: how many hold it, the openers' pids (SESSIONS_MAX,
 * zeroes behind the last), and the event. */
unsigned trace_thread_held(struct thread *thread, uint32_t *holds,
			   uint32_t *pids);
/* `private`: no session may be opened on it.  -EBUSY while a controller is. */
int trace_set_private(struct process *process);
void trace_refused_set(struct process *writer, const char *text);
void trace_refused_get(struct process *process, char buf[96]);
