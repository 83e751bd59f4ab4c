/*
 * sys:/block about threads that are held, by whom and in which sleep.
 */
#include "trace/sysfiles.h"

enum { WAITS = 3, NS, HOLDERS };

static void
blocked(const char *waits, const char *holders)
{
	struct sys_line *line = sys_thread("block", t.pid);

	CHECK_STR(line->field[WAITS], waits);
	CHECK_STR(line->field[HOLDERS], holders);
}

/* Does it sleep, and for this? */
static bool
waits_for(const char *what)
{
	struct sys_line line;

	return sys_find("block", 0, sys_who(t.pid), &line) &&
	       strcmp(line.field[WAITS], what) == 0;
}

TEST(block_says_what_a_thread_slept_for_that_was_held_asleep)
{
	int fd = session_on(sleeps);
	char self[32];

	sys_number(self, getpid());
	stopped(fd, "hold stop asleep");
	blocked("pipe to be written", self);
	go(&t);
	while (!waits_for("held"))
		sched_yield();
	blocked("held", self);
	PUT(fd, "run\n");
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(block_says_all_who_hold_a_thread)
{
	int fd = held_at_enter(), other = controller(t.pid);
	char all[64];

	PUT(other, "stop\n");
	wait_state(t.pid, TRACE_STATE_HELD);
	snprintf(all, sizeof all, "%d,%d", (int)getpid(), (int)getpid());
	blocked("held", all);
	CHECK_EQ(ctl(t.pid, "stop\n"), 0);
	snprintf(all, sizeof all, "%d,%d,ctl", (int)getpid(), (int)getpid());
	blocked("held", all);
	close(other);
	close(fd);
	blocked("held", "ctl");
	CHECK_EQ(ctl(t.pid, "run\n"), 0);
	answers();
	CHECK_EQ(tracee_end(&t), 0);
}

/* More calls than a queue has room for. */
static void
calls_often(const struct tracee *self)
{
	await(self);
	for (int i = 0; i < 400; i++)
		call0(SYS_getppid);
	tell(self, 0);
	await(self);
}

static void
kept_by_me(const char *waits)
{
	char self[32];

	sys_number(self, getpid());
	while (!waits_for(waits))
		sched_yield();
	blocked(waits, self);
}

TEST(block_says_whose_full_queue_and_whose_delay_a_thread_waits_for)
{
	int fd = session_on(calls_often);

	PUT(fd, "on leave getppid log\n");
	go(&t);
	kept_by_me("room in a trace queue");
	close(fd);
	CHECK_EQ(told(&t), 0);
	fd = controller(t.pid);
	PUT(fd, "on leave read delay 1000000000000\n");
	go(&t);
	kept_by_me("a rule's delay");
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
}
