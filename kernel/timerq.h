/* Deadlines in order: a pairing heap, intrusive.  The caller holds whatever
 * guards it. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct timerq_node {
	uint64_t deadline;
	struct timerq_node *child; /* the first */
	struct timerq_node *next;  /* sibling */
	struct timerq_node *prev;  /* sibling before, or parent of the first */
};

struct timerq {
	struct timerq_node *top; /* the earliest; NULL: empty */
};

void timerq_add(struct timerq *queue, struct timerq_node *node);
void timerq_remove(struct timerq *queue, struct timerq_node *node);
