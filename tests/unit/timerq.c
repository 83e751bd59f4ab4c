/* with: kernel/timerq.c */
/* The pairing heap of deadlines against a plain array. */
#include "timerq.h"
#include "test.h"

#define NODES 300u

static struct timerq_node nodes[NODES];
static char queued[NODES];

static uint64_t
earliest(void)
{
	uint64_t best = UINT64_MAX;

	for (unsigned i = 0; i < NODES; i++)
		if (queued[i] && nodes[i].deadline < best)
			best = nodes[i].deadline;
	return best;
}

TEST(deadlines_come_out_in_order)
{
	struct timerq queue = {0};
	uint64_t last = 0;

	for (unsigned i = 0; i < NODES; i++) {
		nodes[i].deadline = i * 7919 % 1000;
		timerq_add(&queue, &nodes[i]);
	}
	for (unsigned i = 0; i < NODES; i++) {
		CHECK(queue.top->deadline >= last);
		last = queue.top->deadline;
		timerq_remove(&queue, queue.top);
	}
	CHECK(!queue.top);
}

TEST(deadlines_are_taken_out_from_anywhere)
{
	struct timerq queue = {0};
	uint32_t random = 7;

	for (unsigned round = 0; round < 200000; round++) {
		unsigned i = (random = random * 1664525 + 1013904223) >> 8;

		i %= NODES;
		if (queued[i]) {
			timerq_remove(&queue, &nodes[i]);
			queued[i] = 0;
		} else {
			nodes[i].deadline = random >> 20;
			timerq_add(&queue, &nodes[i]);
			queued[i] = 1;
		}
		CHECK_EQ(queue.top ? queue.top->deadline : UINT64_MAX,
			 earliest());
	}
}
