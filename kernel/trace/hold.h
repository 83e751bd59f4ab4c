/*
 * The way of a held call, inline: one rule asked, one record written where it
 * will be read from, one hold begun and ended, its reader given the event.
 * Included by those who make and end holds; the locks are said in stop.c.
 */
#pragma once

#include "trace/session.h"
#include "print.h"
#include "sched_wake.h"
#include "text.h"

/* SESSION lock. */
static inline __attribute__((always_inline)) struct decision
rule_judge(const struct session *session, const struct record *record)
{
	const struct decision *decisions = record->type == TRACE_EV_enter
						   ? session->enter
						   : session->leave;
	unsigned slot = call_slot(record->number);

	if (session->controller && is_call_event(record->type) &&
	    slot < SYSCALL_COUNT)
		return decisions[slot];
	return rule_judge_rest(session, record);
}

static inline void
event_words(uint64_t *word, const struct record *record,
	    const struct frame *frame)
{
	word[0] = record->number;
	if (record->saved)
		memcpy(&word[1], record->saved,
		       SYSCALL_MAX_ARGS * sizeof(*word));
	else if (is_call_event(record->type))
		call_arguments(frame, &word[1]);
	else
		memset(&word[1], 0, SYSCALL_MAX_ARGS * sizeof(*word));
	word[7] = record->result;
	word[8] = record->elapsed_ns;
	word[9] = 0;
}

/* Written once, where it will be read from. */
static inline void
event_write(struct trace_event *event, const struct record *record)
{
	const struct thread *thread = record->thread;
	const struct frame *frame = thread_frame(record->thread);

	event->size = TRACE_EVENT_SIZE;
	event->type = record->type;
	event->pid = thread->process->pid;
	event->tid = thread->tid;
	event->time_ns = record->time_ns;
	event->ip = frame->rip;
	event->sp = frame->rsp;
	event_words(event->word, record, frame);
}

/* SESSION lock. */
static inline void
event_fill(struct session *session, struct event_node *node,
	   const struct record *record, unsigned flags)
{
	event_write(&node->event, record);
	node->event.flags = (uint16_t)(record->flags | flags);
	node->event.seq = ++session->seq;
	node->text = record->text;
	if (node->text) {
		node->event.size += event_text_size(node->text);
		event_text_get(node->text);
	}
}

/* SESSION lock: into the queue, at its end. */
static inline void
event_put(struct session *session, struct event_node *node,
	  const struct record *record, unsigned flags)
{
	assert(!node->queued);
	event_fill(session, node, record, flags);
	atomic_store_explicit(&node->frozen, false, memory_order_relaxed);
	node->queued = true;
	if (node->hold)
		node->hold->refs++;
	list_add_tail(&session->queue, &node->link);
}

/* A thread that sleeps in a call, held, is not woken: it finds the count at 0
 * when it comes to its leave.  Only a signal that it was given ends its
 * sleep. */
static inline void
hold_lower(struct thread *thread, struct thread **to)
{
	struct trace_thread *trace = thread->trace;

	if (atomic_fetch_sub(&trace->holds, 1) != 1)
		return;
	if (!atomic_load(&trace->parked)) {
		if (atomic_load(&trace->injected))
			sched_wake_signal(thread, false);
		return;
	}
	if (to)
		sched_wake_to(thread, to);
	else
		sched_wake(thread);
}

static inline void
hold_queue(struct hold *hold, struct event_node *node,
	   const struct record *record)
{
	hold->state = HOLD_QUEUED;
	hold->by_verb = record->type == TRACE_EV_stop;
	hold->held_by = node;
	event_put(hold->session, node, record, TRACE_EF_HOLD);
}

/* The hold's event, read or not, holds no more; one that was not read stays as
 * `log`. */
static inline void
hold_forget(struct hold *hold)
{
	if (hold->state == HOLD_DELIVERED)
		list_remove(&hold->delivered);
	else
		hold->held_by->event.flags &= (uint16_t)~TRACE_EF_HOLD;
	hold->state = HOLD_NONE;
	hold->by_verb = false;
	hold->born_held = false;
}

static inline void
hold_end(struct hold *hold, struct thread **to)
{
	hold_forget(hold);
	hold_lower(hold->thread, to);
}

/*
 * SESSION lock.  The one reader that waits is given the event of a hold as if
 * it had read it already: it takes no lock when it wakes, and none when it has
 * copied the event out.  If it cannot, give_back undoes this.
 * `given` comes last: nothing of a thread that was not asleep is touched after
 * it.
 */
static inline __attribute__((always_inline)) void
hold_give(struct hold *hold, struct event_node *node,
	  const struct record *record, struct thread **to)
{
	struct session *session = hold->session;
	struct thread *sleeper = session->sleeper;

	hold->state = HOLD_DELIVERED;
	hold->by_verb = false;
	hold->held_by = node;
	event_fill(session, node, record, TRACE_EF_HOLD);
	list_add_tail(&session->delivered, &hold->delivered);
	atomic_store_explicit(&node->frozen, true, memory_order_relaxed);
	session->before = session->current;
	session->before_seq = session->delivered_seq;
	session->delivered_seq = session->seq;
	if (session->current != hold) {
		session->current = hold;
		hold->refs++;
	}
	session->sleeper = NULL;
	atomic_store_explicit(&session->reading, true, memory_order_relaxed);
	atomic_store_explicit(&sleeper->trace->quiet, 0, memory_order_relaxed);
	sched_wake_to(sleeper, to);
	atomic_store_explicit(&session->given, node, memory_order_release);
	if (!waitq_empty_plain(&session->readers))
		waitq_wake(&session->readers);
}

/* SESSION lock: may hold_give be called? */
static inline bool
session_takes(const struct session *session)
{
	return session->sleeper && list_empty(&session->queue) &&
	       !session->reading;
}
