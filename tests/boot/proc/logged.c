/*
 * When a reader that waits hears of logged events.  Runs on one CPU.
 */
#include "trace/tracing.h"

enum { MANY = 20000 };

static void
asks_many_times(const struct tracee *t)
{
	await(t);
	for (int i = 0; i < MANY; i++)
		call0(SYS_getppid);
}

/* It runs so long before it asks that no tick is on its way for another reason.
 */
static void
asks_once_and_spins(const struct tracee *t)
{
	struct timespec began, now;

	await(t);
	clock_gettime(CLOCK_MONOTONIC, &began);
	do
		clock_gettime(CLOCK_MONOTONIC, &now);
	while ((now.tv_sec - began.tv_sec) * 1000000000 + now.tv_nsec -
		       began.tv_nsec <
	       50000000);
	call0(SYS_getppid);
	for (;;)
		__asm__ volatile("" ::: "memory");
}

static void
asks_once_and_sleeps(const struct tracee *t)
{
	await(t);
	call0(SYS_getppid);
	await(t);
}

/* Reads that the session needed for `many` events, the end's not counted. */
static int
reads_of(int fd, int many)
{
	static struct trace_event events[512];
	int reads = 0, left = 0;
	ssize_t n;

	while ((n = read(fd, events, sizeof events)) > 0) {
		reads++;
		left += (int)((size_t)n / sizeof events[0]);
	}
	CHECK_EQ(n, 0);
	CHECK_EQ(left, many + 1);
	return reads;
}

TEST(logged_events_are_read_many_at_once)
{
	struct tracee t = tracee_start(asks_many_times);
	int fd = controller_bin(t.pid);

	CHECK(put_text(fd, "on leave getppid log\n") > 0);
	go(&t);
	/* half a queue at a time, and what there is at each tick */
	CHECK(reads_of(fd, MANY) <= MANY / 50);
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(logged_event_is_read_at_a_tick_though_its_thread_runs_on)
{
	struct tracee t = tracee_start(asks_once_and_spins);
	int fd = controller_bin(t.pid);

	CHECK(put_text(fd, "on leave getppid log\n") > 0);
	go(&t);
	CHECK_EQ(packed(fd).type, TRACE_EV_leave);
	close(fd);
	tracee_kill(&t);
}

TEST(logged_event_is_read_when_its_thread_sleeps)
{
	struct tracee t = tracee_start(asks_once_and_sleeps);
	int fd = controller_bin(t.pid);

	CHECK(put_text(fd, "on leave getppid log\n") > 0);
	go(&t);
	CHECK_EQ(packed(fd).type, TRACE_EV_leave);
	close(fd);
	CHECK_EQ(tracee_end(&t), 99);
}

TEST(poll_hears_of_a_logged_event_at_a_tick_and_when_its_thread_sleeps)
{
	void (*const bodies[])(const struct tracee *) = {asks_once_and_spins,
							 asks_once_and_sleeps};

	for (int i = 0; i < 2; i++) {
		struct tracee t = tracee_start(bodies[i]);
		struct pollfd wait = {.fd = controller_bin(t.pid),
				      .events = POLLIN};

		CHECK(put_text(wait.fd, "on leave getppid log\n") > 0);
		go(&t);
		CHECK_EQ(poll(&wait, 1, -1), 1);
		CHECK_EQ(packed(wait.fd).type, TRACE_EV_leave);
		close(wait.fd);
		tracee_kill(&t);
	}
}
