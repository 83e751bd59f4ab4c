/*
 * What the rest of the kernel tells the heart, and asks it.  Rules of the
 * handshake: stop.c.
 *
 * None of these does anything for a process without sessions but test a pointer
 * or a flag.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct process;
struct thread;
struct frame;
struct signal_info;

int trace_process_init(
	struct process *process); /* allocates process->trace; 0 or -ENOMEM */
void trace_process_free(struct process *process);
int trace_thread_init(struct thread *thread); /* allocates thread->trace; the
						 process is set */
void trace_thread_free(struct thread *thread);

/* Entry of a call, before its arguments are used; may sleep (held).  false: the
 * call is not to be run, frame->rax is its result. */
bool trace_enter(struct thread *self, struct frame *frame);
/* After a call, result in frame->rax; may sleep. */
void trace_leave(struct thread *self, struct frame *frame);
/* The call, whose leave is past, is to be entered again: as the program had it.
 */
void trace_restart(struct thread *self, struct frame *frame);
/* It is not entered again: what a tracer made of it is nobody's any more. */
void trace_call_over(struct thread *self);
/* Has a tracer made it go on elsewhere when its call is over? */
bool trace_moved(const struct thread *self);
/* On the way to user mode with THREAD_HOLD set: stop requests, holds; sleeps
 * until the last hold is gone or it is killed. */
void trace_user_return(struct thread *self);
/* A signal has ended its sleep in a call: the same there; true: it was held. */
bool trace_hold_in_sleep(struct thread *self);
/*
 * fork.c: the child exists and is published, its thread was not started.  Logs
 * `fork`; may sleep.
 */
void trace_fork(struct thread *self, struct process *child);
/* exec.c: the process has the ids of its new program, and the image is the old
 * one still: who has no right to it any more loses what it has open. */
void trace_ask_again(struct thread *self);
/* exec.c: the new image is in place, nothing of it has run.  Drops what
 * belonged to the old one; may sleep (held). */
void trace_exec(struct thread *self, const char *path);
/* exit.c: the thread is about to end, everything of it is still there; may
 * sleep (held), not if killed. */
void trace_end(struct thread *self, uint32_t wait_status, bool killed);
/* exit.c: everything is taken apart; no event of it comes any more: sessions
 * lose the process. */
void trace_gone(struct process *process);

/* Does any session have a rule for this signal?  Any context, no lock: one look
 * at a word that the rules keep. */
bool trace_wants_signal(struct process *process, int sig);
/*
 * signal_take.c: the running thread is about to act on a signal that some
 * session has a rule for, no lock held; may sleep (held).  The signal to act on
 * instead, whose *info then says what is known of it; 0: none.
 */
int trace_signal(struct thread *self, struct signal_info *info);
/* fault.c: an exception of the running thread is about to become this signal;
 * may sleep (held).  The signal to act on instead; 0: none, the instruction
 * runs again. */
int trace_fault(struct thread *self, unsigned vector, uint64_t error,
		uint64_t address, int signal);
/* signal*.c: a signal that a verb has given the running thread, which no rule
 * sees; 0: none. */
bool trace_injects(const struct thread *self);
int trace_take_injected(struct thread *self);
/* life.h's signal_post, set by main: a rule's `kill`. */
extern int (*trace_post)(struct process *process, int signal);
