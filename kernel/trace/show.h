/* What sys: shows of threads and sessions: facts, no text. */
#pragma once

#include "abi/syscall.h"
#include "trace/rights.h"

struct session;

#define SHOWN_HOLDERS 8 /* as many sessions as one process may have */

struct thread_held {
	bool traced; /* its process has a session on it */
	bool held;   /* by a session or by ctl */
	bool by_ctl;
	uint32_t kept_by; /* pid: it waits for this one's session, held by none
			   */
	uint32_t count;
	uint32_t openers[SHOWN_HOLDERS]; /* pids: whose sessions hold it */
};

/* PROCESS lock held: of one of its threads. */
void thread_held(struct thread *thread, struct thread_held *held);

/* The call that a thread is inside of. */
struct thread_call {
	bool still;  /* it was kept asleep meanwhile; else nothing is said */
	bool inside; /* else it is in its program */
	uint64_t number;
	uint64_t words[SYSCALL_MAX_ARGS];
};

/* Takes THREAD. */
void thread_call(struct thread *thread, struct thread_call *call);

struct session_facts {
	uint64_t number;
	uint32_t opener; /* pid */
	bool controller, exclusive;
	uint32_t rules;
	uint32_t queued; /* events that wait to be read */
	uint32_t bound;	 /* of those that are logged */
	uint32_t held;	 /* threads that it holds */
	uint64_t lost;	 /* events, in all its life */
};

/*
 * false: it is closed, or not the asker's to see: that needs the right to
 * observe its opener, or each of its targets if there is one.  target(pid, arg)
 * is called for each target, under EDGES.  Takes EDGES, PROCESS, SESSION.
 */
bool session_facts(struct session *session, const struct asker *asker,
		   struct session_facts *facts,
		   void (*target)(uint32_t pid, void *arg), void *arg);
