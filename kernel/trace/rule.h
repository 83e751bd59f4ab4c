/*
 * Rules: what they are, what is made of them.  rule.c judges and keeps them,
 * rule_text.c writes them out, count.c is where those that count do so.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include "abi/syscall.h"
#include "abi/trace.h"

struct process;
struct record;
struct session;
struct text_buffer;
struct thread;

#define RULES_MAX   64 /* in one session */
#define NUMBERS_MAX 8  /* in one rule: numbers that no call has */
#define CALL_WORDS                                                             \
	((SYSCALL_COUNT + 64) /                                                \
	 64) /* bits: each call, and one for every other number */

enum trace_action {
#define ACTION(NAME, word) ACTION_##NAME,
#include "trace/actions.def"
#undef ACTION
	ACTION_END_OF_ACTIONS
};

/* Which calls a rule names. */
struct call_set {
	bool all;
	uint64_t bits[CALL_WORDS];
	uint32_t others;
	uint64_t other[NUMBERS_MAX]; /* numbers that no call has */
};

struct rule {
	enum trace_event_type event;
	enum trace_action action;
	struct call_set set; /* enter, leave; all for the others */
	uint64_t few;	     /* signal: bit n-1; fault: bit vector; else 0 */
	uint64_t value;	     /* return, signal, delay (ns) */
};

/* What the newest rule says of a call, a signal, a fault or an event. */
struct decision {
	uint8_t action; /* enum trace_action */
	uint8_t rule;	/* 1 + its place in session->rules; 0: there is none */
};

/* Which bit of a mask a call number has. */
static inline unsigned
call_slot(uint64_t number)
{
	uint64_t i = number - SYSCALL_FIRST;

	return i < SYSCALL_COUNT ? (unsigned)i : SYSCALL_COUNT;
}

/* ---- rule.c ---- */

/* SESSION lock: what no table by call says. */
struct decision rule_judge_rest(const struct session *session,
				const struct record *record);
/* Does a rule of some session count this call, which has no name?  Takes
 * TARGETS, SESSION. */
bool rule_counts_other(struct process *process, uint64_t number);
void rule_masks_update(
	struct process *process); /* takes PROCESS, TARGETS, SESSION: recomputes
				     masks and its threads' flags */
/* -ENOSPC, -ENOMEM.  The caller is the session's only writer. */
int session_rule(struct session *session, const struct rule *rule);
int session_observe(struct session *session); /* an observer's first read */
#define HITS_NONE UINT64_MAX
/* A copy of the session's i-th rule, the oldest is 0, and how many events it
 * has decided; HITS_NONE: that is not kept, of `off` and of calls that it
 * counts (they are in the table of each process).  false: it has no so many. */
bool session_rule_at(struct session *session, uint32_t i, struct rule *rule,
		     uint64_t *hits);

/* ---- rule_text.c ---- */

/* As it would be written, without a newline: `on enter open return -EACCES`. */
void rule_text(struct text_buffer *buffer, const struct rule *rule);

/* ---- count.c ---- */

int counts_create(struct process *process); /* 0 or -ENOMEM; once is enough */
/* A call of the running thread is over; again: only a part of it, it will be
 * entered again. */
void counts_add(struct thread *self, uint64_t number, uint64_t result,
		uint64_t ns, bool again);
/* What was counted of a call, by slot (call_slot): false if nothing was. */
bool trace_counted(struct process *process, unsigned slot,
		   struct trace_call_count *count);
