/*
 * Numbers of processes and what they stand for: a tree of 64-way nodes, so
 * that a number is found in four steps, the next one in order as quickly, and
 * the lowest free one too.  It takes no lock: its user has one.
 */
#pragma once

#include <stdint.h>

#define PROCESS_TABLE_FAN 64
struct process_table_node {
	uint64_t used; /* slots with a number below them */
	uint64_t full; /* slots with no free number below them */
	void *slot[PROCESS_TABLE_FAN]; /* nodes; in the lowest level values */
};

struct process_table {
	struct process_table_node root;
	uint32_t last; /* the number given last */
};

/*
 * Takes the first free number after the last one given; past limit - 1 it
 * begins again at 1.  The number, -EAGAIN (none is free), -ENOMEM.  Its value
 * is NULL, and it is not found, until it is set.
 */
int32_t process_table_take(struct process_table *table, uint32_t limit);
void process_table_set(struct process_table *table, uint32_t number,
		       void *value);
/* Gives the number back. */
void process_table_drop(struct process_table *table, uint32_t number);
void *process_table_find(const struct process_table *table,
			 uint32_t number); /* NULL: none */
/* The value with the lowest number >= from; NULL: none. */
void *process_table_from(const struct process_table *table, uint32_t from);
