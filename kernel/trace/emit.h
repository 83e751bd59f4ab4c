/* An event on its way to every session that wants it. */
#pragma once

#include "trace/hold.h"

struct emission {
	struct record record;
	bool is_end; /* it has a place of its own, and comes to every session */
	bool may_hold;	      /* else a rule's hold is a log */
	struct session *full; /* referenced: the first one that had no room */
	struct thread *to;    /* a reader that was woken: it runs next */
	uint64_t kept[SYSCALL_MAX_ARGS];
};

static inline void
emission_begin(struct emission *emission, unsigned type, struct thread *self)
{
	event_begin(&emission->record, type, self);
	emission->is_end = false;
	emission->may_hold = true;
	emission->full = NULL;
	emission->to = NULL;
}

/* Makes the event, and parks while it holds.  Returns when the thread may go
 * on: the time. */
uint64_t emit(struct emission *emission);
