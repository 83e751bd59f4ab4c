/*
 * The queue of events: who waits at it, when it is empty and when it is full,
 * and that no event is lost unsaid.
 */
#include "trace/scene.h"

/* ---- readers that wait ---- */

static void
asks_once_and_spins(const struct tracee *u)
{
	await(u);
	call0(SYS_getuid);
	for (;;)
		__asm__ volatile("" ::: "memory");
}

TEST(logged_event_wakes_a_reader_though_its_thread_runs_on)
{
	int fd = held_in(asks_once_and_spins, "on enter getuid log\n",
			 "log enter getuid");

	finish_killed(fd);
}

/* ---- a full queue ---- */

static void
floods(const struct tracee *u)
{
	await(u);
	for (int i = 0; i < 5000; i++)
		call0(SYS_getuid);
	tell(u, 0);
	await(u);
	call0(SYS_getppid);
	tell(u, 0);
	await(u);
}

TEST(observer_that_does_not_read_loses_events_and_learns_how_many)
{
	unsigned long lost = 0, seen = 0;
	struct event e;
	int fd;

	t = tracee_start(floods);
	fd = proc_open(t.pid, "trace", O_RDONLY | O_NONBLOCK);
	CHECK_ERRNO(read(fd, &e, 1), EAGAIN);
	go(&t);
	CHECK_EQ(told(&t), 0);
	go(&t);
	CHECK_EQ(told(&t), 0);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
	CHECK_EQ(fcntl(fd, F_SETFL, 0), 0);
	do {
		unsigned long n;

		e = next_event(fd);
		if (sscanf(e.what, "log lost %lu", &n) == 1)
			lost += n;
		else
			seen++;
	} while (strncmp(e.what, "log end ", 8) != 0);
	EXPECT_END(fd);
	CHECK(lost > 0);
	/* reads, getuids, write, read, getppid, write, read, closes, end */
	CHECK(seen + lost >= 5007);
	CHECK(seen + lost <= 5012);
	close(fd);
}

TEST(controllers_tracee_waits_for_room_and_no_event_is_lost)
{
	unsigned long seen = 0;
	struct event e;
	int fd = session_on(floods);

	PUT(fd, "on enter getuid log\n");
	go(&t);
	do {
		e = next_event(fd);
		CHECK_STR(e.what, "log enter getuid");
	} while (++seen < 5000);
	CHECK_EQ(told(&t), 0);
	close(fd);
	go(&t);
	CHECK_EQ(told(&t), 0);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(tracee_that_waits_for_room_goes_on_at_close)
{
	int fd = session_on(floods);

	PUT(fd, "on enter getuid log\n");
	go(&t);
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	close(fd);
	CHECK_EQ(told(&t), 0);
	go(&t);
	CHECK_EQ(told(&t), 0);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(tracee_that_waits_for_room_is_killable_and_its_end_comes)
{
	struct event e;
	int fd, seen = 0;

	fd = session_on(floods);
	PUT(fd, "on enter getuid log\n");
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	go(&t);
	sched_yield();
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	tracee_kill(&t);
	for (;;) {
		e = next_event(fd);
		if (strcmp(e.what, "log enter getuid") != 0)
			break;
		seen++;
	}
	CHECK_STR(e.what, "log end killed SIGKILL");
	CHECK(seen > 0);
	EXPECT_END(fd);
	close(fd);
}

/* Nothing is read before all is made, so what is not lost is what had room. */
TEST(queue_has_room_for_255_logged_events)
{
	char what[4096];
	int fd, seen = 0;

	t = tracee_start(floods);
	fd = proc_open(t.pid, "trace", O_RDONLY | O_NONBLOCK);
	CHECK_ERRNO(read(fd, what, 1), EAGAIN);
	go(&t);
	CHECK_EQ(told(&t), 0);
	tracee_kill(&t);
	do {
		snprintf(what, sizeof what, "%s", next_event(fd).what);
		seen++;
	} while (strncmp(what, "log lost ", 9) != 0);
	CHECK_EQ(seen - 1, 255);
	EXPECT(fd, "log end killed SIGKILL");
	EXPECT_END(fd);
	close(fd);
}
