/*
 * Process groups and sessions: whom a key of the terminal, kill and wait mean
 * by one number.
 *
 *	session <-- group <-- process
 *	   ^          ^
 *	   '-terminal-'
 *
 * A group is there while it has members, a session while it has groups; who
 * refers to one keeps the structure, not the life.  All of it is under the
 * PROCESS_TABLE lock; what group a process is in changes under its PROCESS lock
 * too, so that either is enough to look.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include "list.h"

struct process;

struct group_session {
	uint32_t refs;
	uint32_t groups; /* that have members */
	uint32_t sid;
	/* Its terminal's; NULL: it has none.  Called when its leader ends, with
	 * a reference and no lock; may sleep. */
	void (*hang_up)(struct group_session *session);
	_Atomic bool hung_up; /* it has lost its terminal, and
				 has none since */
};

struct group {
	uint32_t refs;
	uint32_t pgid;
	uint32_t guards; /* members that live and whose parent is in another
			    group of the session; 0: orphaned */
	struct group_session *session;
	struct list members; /* in the order in which they came */
	struct list orphans; /* in a list of group_part */
};

enum { GROUP_NONE = 1u << 22 }; /* a number that no group has */

/* ---- group.c; PROCESS_TABLE lock ---- */

/* With members; no reference.  NULL: none. */
struct group *group_find(uint32_t pgid);
void group_get(struct group *group);
void group_put(struct group *group);
void group_session_get(struct group_session *session);
void group_session_put(struct group_session *session);

/* A group with no member yet, in a session or, with NULL, in a new one that
 * bears its number; one reference.  NULL: no memory. */
struct group *group_create(struct group_session *session, uint32_t pgid);
/* The first process's session and group.  0, -ENOMEM. */
int group_begin(struct process *process);
void group_enter(struct process *process, struct group *group);
void group_leave(struct process *process);
/* From its group to this one, its children with their parent's guard. */
void group_change(struct process *process, struct group *group);
/* It ends, or its parent does: before either.  A group that is orphaned by it
 * gets into orphans, with a reference. */
void group_part(struct process *process, struct list *orphans);
/* Nobody outside could continue it: the stops of terminals are not for it. */
bool group_is_orphaned(const struct process *process);

/* ---- group_look.c; no lock ---- */

/*
 * The members, one after another, each with a reference: NULL: no more.  One
 * that enters the group meanwhile comes later in the walk.  So whoever posts a
 * signal to each misses none that is being forked (process_publish).
 */
struct group_walk {
	struct group *group; /* referenced by the caller */
	struct process *at;  /* NULL: before the first */
	uint64_t turn;
};
struct process *group_next(struct group_walk *walk);
void group_walk_end(struct group_walk *walk); /* before its end */

/* With a reference; NULL: no such group; it is reaped. */
struct group *group_lookup(uint32_t pgid);
struct group *group_of(struct process *process);
void group_drop(struct group *group); /* such a reference */
uint32_t group_pgid(struct process *process);
uint32_t group_sid(struct process *process);
bool group_same_session(struct process *a, struct process *b);
/* Its last thread ends: if it leads a session, the terminal hears.  May sleep.
 */
void group_leader_ends(struct process *process);

/* ---- group_set.c; no lock ---- */

int group_set(struct process *self, int32_t pid, int32_t pgid);
int64_t group_set_session(struct process *self);
