/*
 * Signals that wait: what is merged, what is kept, in which order they come,
 * and what is lost when there is no memory.
 * with: kernel/signal_queue.c
 */
#include "abi/errno.h"
#include "heap_fake.h"
#include "signal.h"
#include "test.h"

static struct signal_queue queue = {.entries = LIST_INIT(queue.entries)};

static int
add(int sig, int code, uint64_t value)
{
	struct signal_info info = {sig, code, {0, value}};

	return signal_queue_add(&queue, &info);
}

static int
add_without_memory(int sig, int code, uint64_t value)
{
	fake_fail = 1;
	return add(sig, code, value);
}

/* Its number and value. */
static void
takes(uint64_t of, int sig, uint64_t value)
{
	struct signal_info info;

	CHECK_EQ(signal_queue_take(&queue, of, &info), sig != 0);
	if (!sig)
		return;
	CHECK_EQ(info.signo, sig);
	CHECK_EQ(info.words[1], value);
}

TEST(signal_queue_gives_the_lowest_number_and_of_it_the_oldest)
{
	for (uint64_t i = 1; i <= 3; i++) {
		CHECK_EQ(add(40, KSI_QUEUE, i), 0);
		CHECK_EQ(add(35, KSI_QUEUE, 10 + i), 0);
	}
	CHECK_EQ(add(KSIGTERM, KSI_USER, 7), 0);
	takes(UINT64_MAX, KSIGTERM, 7);
	takes(signal_bit(40), 40, 1);
	for (uint64_t i = 1; i <= 3; i++)
		takes(UINT64_MAX, 35, 10 + i);
	takes(UINT64_MAX, 40, 2);
	CHECK_EQ(queue.set, signal_bit(40));
	takes(UINT64_MAX, 40, 3);
	takes(UINT64_MAX, 0, 0);
	CHECK_EQ(queue.set, 0);
	CHECK_EQ(fake_blocks, 0);
}

TEST(signal_queue_keeps_a_standard_signal_once)
{
	for (int sig = 1; sig < SIGNAL_RT_MIN; sig++) {
		CHECK_EQ(add(sig, KSI_USER, 1), 0);
		CHECK_EQ(add(sig, KSI_QUEUE, 2), 0);
	}
	CHECK_EQ(queue.count, 31);
	for (int sig = 1; sig < SIGNAL_RT_MIN; sig++)
		takes(UINT64_MAX, sig, 1);
	takes(UINT64_MAX, 0, 0);
	CHECK_EQ(fake_blocks, 0);
}

TEST(signal_queue_loses_no_standard_signal_without_memory)
{
	CHECK_EQ(add_without_memory(KSIGTERM, KSI_USER, 5), 0);
	CHECK_EQ(add_without_memory(KSIGUSR1, KSI_QUEUE, 5), 0);
	CHECK_EQ(add_without_memory(50, KSI_QUEUE, 5), -EAGAIN);
	CHECK_EQ(add_without_memory(51, KSI_USER, 5), 0);
	CHECK_EQ(queue.set,
		 signal_bit(KSIGTERM) | signal_bit(KSIGUSR1) | signal_bit(51));
	CHECK_EQ(fake_fail, 0);
	takes(UINT64_MAX, KSIGUSR1, 0);
	takes(UINT64_MAX, KSIGTERM, 0);
	takes(UINT64_MAX, 51, 0);
	takes(UINT64_MAX, 0, 0);
	CHECK_EQ(fake_blocks, 0);
}

TEST(signal_queue_that_is_full_refuses_what_sigqueue_sends)
{
	for (unsigned i = 0; i < SIGNAL_QUEUE_MAX; i++)
		CHECK_EQ(add(33, KSI_QUEUE, i), 0);
	CHECK_EQ(add(33, KSI_QUEUE, 1), -EAGAIN);
	CHECK_EQ(add(34, KSI_QUEUE, 1), -EAGAIN);
	CHECK_EQ(add(34, KSI_USER, 1), 0);
	CHECK_EQ(add(KSIGHUP, KSI_QUEUE, 1), 0);
	takes(UINT64_MAX, KSIGHUP, 0);
	for (unsigned i = 0; i < SIGNAL_QUEUE_MAX; i++)
		takes(UINT64_MAX, 33, i);
	takes(UINT64_MAX, 34, 0);
	CHECK_EQ(fake_blocks, 0);
}

TEST(signal_queue_drops_a_set_and_nothing_else)
{
	for (int sig = 1; sig <= SIGNAL_MAX; sig++) {
		CHECK_EQ(add(sig, KSI_QUEUE, 1), 0);
		CHECK_EQ(add(sig, KSI_QUEUE, 2), 0);
	}
	signal_queue_drop(&queue, SIGNALS_STOP | signal_bit(64));
	CHECK_EQ(queue.set, ~(SIGNALS_STOP | signal_bit(64)));
	CHECK_EQ(queue.count, 31 - 4 + 2 * 32);
	signal_queue_drop(&queue, UINT64_MAX);
	CHECK_EQ(queue.set, 0);
	CHECK_EQ(queue.count, 0);
	CHECK_EQ(fake_blocks, 0);
}
