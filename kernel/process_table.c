/*
 * Numbers of processes in a tree of 64-way nodes, four levels of them.  Called
 * by process.c alone, under its PROCESS_TABLE lock.
 *
 * A node exists only while a number below it is taken.  `used` says where to
 * look for what is there, `full` where not to look for what is free: with both
 * no walk tries more than one wrong branch a level.
 */
#include "process_table.h"

#include <stdbool.h>
#include <stddef.h>
#include "abi/errno.h"
#include "heap.h"

#define BITS   6u
#define LEVELS 4u
#define END    (1u << (BITS * LEVELS)) /* first number that has no place */
#define NONE   UINT32_MAX

static unsigned
table_index(uint32_t number, unsigned level)
{
	return (number >> (BITS * level)) & (PROCESS_TABLE_FAN - 1);
}

static uint64_t
table_bit(unsigned index)
{
	return (uint64_t)1 << index;
}

/* The lowest set bit at or above index; PROCESS_TABLE_FAN: none. */
static unsigned
table_first(uint64_t bits, unsigned index)
{
	if (index >= PROCESS_TABLE_FAN)
		return PROCESS_TABLE_FAN;
	bits &= UINT64_MAX << index;
	return bits ? (unsigned)__builtin_ctzll(bits) : PROCESS_TABLE_FAN;
}

/* The lowest free number >= from below node, counted from the node's first. */
static uint32_t
table_free_from(const struct process_table_node *node, unsigned level,
		uint32_t from)
{
	unsigned first = table_index(from, level);
	uint32_t below = from & ((1u << (BITS * level)) - 1);

	for (unsigned i = table_first(~node->full, first);
	     i < PROCESS_TABLE_FAN; i = table_first(~node->full, i + 1)) {
		uint32_t rest = i == first ? below : 0;

		if (level && node->slot[i])
			rest = table_free_from(node->slot[i], level - 1, rest);
		if (rest != NONE)
			return (i << (BITS * level)) + rest;
	}
	return NONE;
}

static int
table_claim(struct process_table_node *node, unsigned level, uint32_t number)
{
	unsigned i = table_index(number, level);
	struct process_table_node *child;
	int error;

	node->used |= table_bit(i);
	if (!level) {
		node->full |= table_bit(i);
		return 0;
	}
	if (!node->slot[i])
		node->slot[i] = heap_zalloc(sizeof(*child));
	child = node->slot[i];
	if (!child)
		return -ENOMEM;
	error = table_claim(child, level - 1, number);
	if (child->full == UINT64_MAX)
		node->full |= table_bit(i);
	return error;
}

/* Takes a number out, and the nodes that were there for it alone.  true: the
 * node is empty now. */
static bool
table_clear(struct process_table_node *node, unsigned level, uint32_t number)
{
	unsigned i = table_index(number, level);

	node->full &= ~table_bit(i);
	if (level && node->slot[i]) {
		if (!table_clear(node->slot[i], level - 1, number))
			return false;
		heap_free(node->slot[i]);
	}
	node->slot[i] = NULL;
	node->used &= ~table_bit(i);
	return !node->used;
}

int32_t
process_table_take(struct process_table *table, uint32_t limit)
{
	uint32_t number = NONE;

	if (table->last + 1 < limit)
		number = table_free_from(&table->root, LEVELS - 1,
					 table->last + 1);
	if (number >= limit)
		number = table_free_from(&table->root, LEVELS - 1, 1);
	if (number >= limit)
		return -EAGAIN;
	if (table_claim(&table->root, LEVELS - 1, number)) {
		table_clear(&table->root, LEVELS - 1, number);
		return -ENOMEM;
	}
	table->last = number;
	return (int32_t)number;
}

void
process_table_drop(struct process_table *table, uint32_t number)
{
	table_clear(&table->root, LEVELS - 1, number);
}

/* The value's place; NULL: the number is not taken. */
static void *const *
table_place(const struct process_table *table, uint32_t number)
{
	const struct process_table_node *node = &table->root;

	if (number >= END)
		return NULL;
	for (unsigned level = LEVELS - 1; level; level--) {
		node = node->slot[table_index(number, level)];
		if (!node)
			return NULL;
	}
	return &node->slot[table_index(number, 0)];
}

void
process_table_set(struct process_table *table, uint32_t number, void *value)
{
	struct process_table_node *node = &table->root;

	for (unsigned level = LEVELS - 1; level; level--)
		node = node->slot[table_index(number, level)];
	node->slot[table_index(number, 0)] = value;
}

void *
process_table_find(const struct process_table *table, uint32_t number)
{
	void *const *place = table_place(table, number);

	return place ? *place : NULL;
}

static void *
table_value_from(const struct process_table_node *node, unsigned level,
		 uint32_t from)
{
	unsigned first = table_index(from, level);

	for (unsigned i = table_first(node->used, first); i < PROCESS_TABLE_FAN;
	     i = table_first(node->used, i + 1)) {
		void *value = node->slot[i];

		if (level)
			value = table_value_from(value, level - 1,
						 i == first ? from : 0);
		if (value)
			return value;
	}
	return NULL;
}

void *
process_table_from(const struct process_table *table, uint32_t from)
{
	return from < END ? table_value_from(&table->root, LEVELS - 1, from)
			  : NULL;
}
