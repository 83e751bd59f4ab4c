/*
 * The parts of signals among themselves; what others call is in life.h.
 *
 *	signal.c	  posting: what becomes of a signal, who is told
 *	signal_queue.c	  what waits to be acted on
 *	signal_action.c	  what a process does with each, what a thread blocks
 *	signal_take.c	  one is chosen, judged, acted on
 *	signal_handle.c	  acted on by a handler
 *	signal_stop.c	  stopped and continued
 *	signal_child.c	  SIGCHLD
 *	signal_group.c	  to all of a group
 *	signal_call.c	  the call that one has interrupted
 *	signal_wait.c	  sigsuspend, sigtimedwait
 *	signal_alarm.c	  setitimer
 */
#pragma once

#include "life.h"
#include "process.h"

/* What is done with a signal; signals.def names the first four. */
enum signal_action { TERMINATE, IGNORE, STOP, CONTINUE, HANDLE };

#define SIGNAL_QUEUE_MAX 1024u /* entries of one queue */

/* What a thread does not act on: sigtimedwait takes it, or nobody. */
static inline uint64_t
signal_withheld(const struct thread *thread)
{
	return thread->signal.blocked | thread->signal.waited;
}

static inline uint64_t
signal_bit(int sig)
{
	return (uint64_t)1 << (sig - 1);
}

#define SIGNALS_STOP                                                           \
	(signal_bit(KSIGSTOP) | signal_bit(KSIGTSTP) | signal_bit(KSIGTTIN) |  \
	 signal_bit(KSIGTTOU))
#define SIGNALS_UNBLOCKABLE (signal_bit(KSIGKILL) | signal_bit(KSIGSTOP))

/* ---- signal_queue.c: the caller holds what guards the queue ---- */

/* 0; -EAGAIN: there is no room for what sigqueue wants kept.  A standard signal
 * that waits already is not added. */
int signal_queue_add(struct signal_queue *queue,
		     const struct signal_info *info);
/* The oldest of the lowest number in `of`; false: none. */
bool signal_queue_take(struct signal_queue *queue, uint64_t of,
		       struct signal_info *info);
void signal_queue_drop(struct signal_queue *queue, uint64_t of);
/* How many of them would be taken. */
unsigned signal_queue_waiting(const struct signal_queue *queue, int sig);

/* ---- signal.c; PROCESS lock ---- */

/* Sets a flag of every thread; kills: and ends their sleeps but the short ones.
 */
void signal_flag_all(struct process *process, uint32_t flag);
/* Tells threads of one that is pending: thread alone; NULL: whoever does not
 * block it. */
void signal_notify(struct process *process, struct thread *only, int sig);
/* Signals of this set are pending nowhere any more. */
void signal_discard(struct process *process, uint64_t set);
/* Does the running thread have one to act on?  Its flag says so afterwards. */
void signal_settle(struct thread *self);

/* ---- signal_action.c; PROCESS lock ---- */

enum signal_action signal_action_of(const struct process *process, int sig);
/* Takes what is to be done by a handler; of one with SA_RESETHAND it is the
 * last time. */
struct abi_sigaction signal_action_take(struct process *process, int sig);
void signal_reset(struct process *process, int sig);

/* No lock.  0, -ENOMEM. */
int signal_action_set(struct process *process, int sig,
		      const struct abi_sigaction *action);
struct abi_sigaction signal_action_get(struct process *process, int sig);
/* No lock.  The running thread's mask; its own pending signals count from now
 * on. */
void signal_mask_set(struct thread *self, uint64_t mask);

/* ---- signal_take.c ---- */

/*
 * One signal from what is pending into the thread's slot, judged by tracers;
 * what is ignored is gone already.  false: there is none, or it is killed.
 * Sleeps while a tracer holds.
 */
bool signal_choose(struct thread *self);
/* What is to be done with the chosen one. */
enum signal_action signal_chosen_action(struct thread *self);

/* ---- the rest ---- */

void signal_handle(struct thread *self, const struct signal_info *info);
/* sigaltstack's flags for a thread whose stack pointer is this. */
int32_t signal_stack_flags(const struct thread *self, uint64_t sp);
void signal_stop(struct thread *self, int sig, uint32_t continues);
void signal_park(struct thread *self); /* until SIGCONT or SIGKILL */
/* PROCESS_TABLE and PROCESS lock. */
bool signal_continue(struct process *process);
/* PROCESS_TABLE lock: its parent is told of a stop or a continuation. */
void signal_child_changed(struct process *process, int code, int status);

/* What the user sees of it. */
struct abi_siginfo signal_info_abi(const struct signal_info *info);

/* Calls: signal_wait.c, signal_alarm.c */
int signal_suspend(struct thread *self, uint64_t mask);
int signal_pause(struct thread *self);
/* The signal's number; -EAGAIN: the time is over; -EINTR. */
int signal_await(struct thread *self, uint64_t set, uint64_t deadline,
		 struct signal_info *info);

struct signal_alarm {
	uint64_t left_ns, interval_ns; /* left 0: none */
};
struct signal_alarm signal_alarm_get(struct process *process);
/* What was set before. */
struct signal_alarm signal_alarm_set(struct process *process,
				     const struct signal_alarm *alarm);
