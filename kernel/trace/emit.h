/* An event on its way to every session that wants it. */
#pragma once

#include "trace/hold.h"

/* What is left to do of an event when those who get it are told: bits. */
enum emission_rest {
	REST_ROOM = 1u << 0,   /* some have no room for it: wait */
	REST_RETURN = 1u << 1, /* of rules that make no event: quiet.c */
	REST_SIGNAL = 1u << 2,
	REST_KILL = 1u << 3,
	REST_DELAY = 1u << 4,
};

struct emission {
	struct record record;
	bool is_end;   /* it has a place of its own, and comes to every session
			*/
	bool may_hold; /* else a rule's hold is a log */
	uint16_t rest; /* enum emission_rest */
	int signal;    /* REST_SIGNAL */
	uint64_t result;      /* REST_RETURN */
	struct session *full; /* REST_ROOM: referenced, the first that had none
			       */
	struct thread *to;    /* a reader that was woken: it runs next */
	uint64_t kept[SYSCALL_MAX_ARGS];
};

static inline void
emission_begin(struct emission *emission, unsigned type, struct thread *self)
{
	event_begin(&emission->record, type, self);
	emission->is_end = false;
	emission->may_hold = true;
	emission->rest = 0;
	emission->to = NULL;
}

/* ---- quiet.c ---- */

/* SESSION lock: a rule that makes no event has decided. */
void quiet_note(struct emission *emission, struct hold *hold,
		const struct decision *decision);
/* TARGETS lock, all sessions were asked and none was told: what was noted of
 * the call or signal is done. */
void quiet_edit(struct emission *emission);
/* No lock. */
void quiet_kill(struct emission *emission);
/* No hold is left; sleeps.  The time: now, or later. */
uint64_t quiet_delay(struct emission *emission, uint64_t now);

/* ---- emit.c ---- */

/* Makes the event, and parks while it holds.  Returns when the thread may go
 * on: the time. */
uint64_t emit(struct emission *emission);
