/*
 * Numbers of processes: the tree against an array, and what happens without
 * memory.
 *
 * with: kernel/process_table.c
 */
#include <stdbool.h>
#include <stdlib.h>
#include "abi/errno.h"
#include "heap_fake.h"
#include "process_table.h"
#include "test.h"

#define LIMIT 20000u

static int value; /* something to point at */

static int32_t
take(struct process_table *table, uint32_t limit)
{
	int32_t number = process_table_take(table, limit);

	if (number > 0)
		process_table_set(table, (uint32_t)number, &value);
	return number;
}

TEST(process_numbers_rise_and_wrap_over_used_ones)
{
	static struct process_table table;

	for (int i = 1; i < 100; i++)
		CHECK_EQ(take(&table, 100), i);
	CHECK_EQ(take(&table, 100), -EAGAIN);
	process_table_drop(&table, 40);
	process_table_drop(&table, 7);
	CHECK_EQ(take(&table, 100), 7);
	CHECK_EQ(take(&table, 100), 40);
	CHECK_EQ(take(&table, 100), -EAGAIN);
	process_table_drop(&table, 99);
	process_table_drop(&table, 1);
	CHECK_EQ(take(&table, 100), 99);
	CHECK_EQ(take(&table, 100), 1);
}

TEST(process_number_just_dropped_is_not_given_next)
{
	static struct process_table table;
	int32_t first = take(&table, LIMIT);

	process_table_drop(&table, (uint32_t)first);
	CHECK_EQ(take(&table, LIMIT), first + 1);
}

TEST(process_number_without_value_is_not_found)
{
	static struct process_table table;
	uint32_t number = (uint32_t)process_table_take(&table, LIMIT);

	CHECK(process_table_find(&table, number) == NULL);
	CHECK(process_table_from(&table, 1) == NULL);
	process_table_set(&table, number, &value);
	CHECK(process_table_find(&table, number) == &value);
	CHECK(process_table_from(&table, number) == &value);
	CHECK(process_table_from(&table, number + 1) == NULL);
	CHECK(process_table_find(&table, UINT32_MAX) == NULL);
	CHECK(process_table_from(&table, UINT32_MAX) == NULL);
}

/* The lowest set number >= from; NULL: none. */
static void *
model_from(void *const *model, uint32_t from)
{
	for (; from < LIMIT; from++)
		if (model[from])
			return model[from];
	return NULL;
}

TEST(process_table_agrees_with_an_array)
{
	static struct process_table table;
	static void *model[LIMIT];
	static char values[LIMIT];
	uint32_t taken = 0;

	srand(1);
	for (int i = 0; i < 60000; i++) {
		uint32_t at = (uint32_t)rand() % LIMIT;
		int32_t number;

		if (rand() % 3 == 0 && model[at]) {
			process_table_drop(&table, at);
			model[at] = NULL;
			taken--;
		} else {
			number = process_table_take(&table, LIMIT);
			if (number == -EAGAIN && taken == LIMIT - 1)
				continue;
			CHECK(number > 0 && !model[number]);
			taken++;
			model[number] = &values[number];
			process_table_set(&table, (uint32_t)number,
					  model[number]);
		}
		at = (uint32_t)rand() % LIMIT;
		CHECK(process_table_find(&table, at) == model[at]);
		CHECK(process_table_from(&table, at) == model_from(model, at));
	}
	for (uint32_t i = 1; i < LIMIT; i++)
		if (model[i])
			process_table_drop(&table, i);
	CHECK_EQ(fake_blocks, 0);
}

TEST(process_table_walk_of_many_gives_each_in_order)
{
	static struct process_table table;
	static char values[10001];
	char *next;
	uint32_t from = 1, count = 0;

	for (uint32_t i = 1; i <= 10000; i++) {
		CHECK_EQ(process_table_take(&table, 1u << 22), i);
		process_table_set(&table, i, &values[i]);
	}
	while ((next = process_table_from(&table, from)) != NULL) {
		CHECK_EQ(next - values, from);
		from = (uint32_t)(next - values) + 1;
		count++;
	}
	CHECK_EQ(count, 10000);
}

TEST(process_table_without_memory_keeps_nothing)
{
	static struct process_table table;

	for (long n = 1; n <= 3; n++) {
		fake_fail = n;
		CHECK_EQ(take(&table, LIMIT), -ENOMEM);
		CHECK_EQ(fake_blocks, 0);
		CHECK_EQ(table.root.used, 0);
	}
	CHECK_EQ(take(&table, LIMIT), 1);
}

TEST(process_table_gives_the_last_number_below_the_limit)
{
	static struct process_table table;

	table.last = (1u << 22) - 2;
	CHECK_EQ(take(&table, 1u << 22), (1 << 22) - 1);
	CHECK_EQ(take(&table, 1u << 22), 1);
}
