/*
 * What a thread has to do with signals: its mask, what is pending for it alone,
 * and the one that it is about to act on.  Used by signal*.c; in trace/ the
 * judge of signals sees a signal_info.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include "abi/signal.h"
#include "list.h"

/* A signal that was sent; words: abi_siginfo's first two. */
struct signal_info {
	int32_t signo, code;
	uint64_t words[2];
};

/* Signals that wait to be acted on: signal_queue.c. */
struct signal_queue {
	uint64_t set;
	struct list entries; /* what is known of them, oldest first: of a
				standard signal there may be none */
	uint32_t count;
};

struct thread_signal {
	/* PROCESS lock must be held to change these; the thread itself reads
	 * them without: */
	uint64_t blocked;
	uint64_t waited; /* sigtimedwait waits for these, blocked or not */
	struct signal_queue pending; /* for this thread alone */

	/* its own: */
	struct signal_info
		chosen;	  /* taken out, to be acted on; signo 0: none */
	bool judged;	  /* tracers have had their say about it */
	bool forced;	  /* an exception's: it cannot be blocked or ignored */
	bool interrupted; /* it ended a sleep of the call */
	bool restart;	  /* the call is entered again, if it gave -EINTR */
	bool mask_kept;	  /* sigsuspend: blocked is for its time only */
	uint64_t kept_mask;	/* what comes back then */
	uint32_t continues;	/* of the process, when it was chosen */
	struct abi_stack stack; /* sigaltstack; size 0: none */
	struct {
		uint64_t vector, error, address;
	} trap; /* the last exception that became a signal */
};
