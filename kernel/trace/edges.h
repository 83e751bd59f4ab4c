/* Who traces whom: edges from the process that opened a session to its targets,
 * and no cycle of them. */
#pragma once

#include <stdbool.h>

struct process;
struct session;

/* The EDGES lock: held to add or remove a target, or to look for a cycle. */
void edges_lock(void);
void edges_unlock(void);
void edges_opened(struct session *session); /* takes the lock */
void edges_closed(struct session *session); /* takes the lock */
/* Walks all sessions, oldest first: the one after `before`, whose reference it
 * takes over (NULL: the first), with a reference; NULL: that was the last.
 * Takes the lock; no lock is held between. */
struct session *edges_next(struct session *before);

/* Would an edge from opener to target close a circle?  EDGES lock held. */
bool edges_cycle(struct process *opener, struct process *target);
