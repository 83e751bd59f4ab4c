/* Keys of the terminal at traced programs: an event as any signal; at a held
 * one the signal waits and the hold stays. */
#include "boot/terminal.h"
#include "trace/tracing.h"

static struct tracee t;
static int fd;

/* A tracee in the foreground, which asks for its parent. */
static void
start(const char *rules)
{
	t = tracee_start(asks_for_parent);
	CHECK_EQ(setpgid(t.pid, t.pid), 0);
	CHECK_EQ(tcsetpgrp(terminal, t.pid), 0);
	fd = controller(t.pid);
	PUT(fd, rules);
}

static void
expect_signal(const char *name)
{
	struct event e = next_event(fd);
	char wanted[64];

	snprintf(wanted, sizeof wanted, "hold signal %s ", name);
	CHECK_EQ(strncmp(e.what, wanted, strlen(wanted)), 0);
}

static void
interrupt_traced(void)
{
	start("on signal * hold\n");
	type("\x03");
	expect_signal("SIGINT");
	PUT(fd, "signal 0\nrun\n");
	go(&t);
	CHECK_EQ(told(&t), getpid());
	type("\x03");
	expect_signal("SIGINT");
	PUT(fd, "run\n");
	CHECK_EQ(tracee_end(&t), 1000 + SIGINT);
}

TEST(interrupt_at_a_traced_program_is_an_event_that_can_be_taken_away)
{
	CHECK_EQ(in_session(interrupt_traced), 0);
}

static void
hold_at_enter(const char *key)
{
	struct trace_status status;

	start("on enter getppid hold\n");
	go(&t);
	EXPECT(fd, "hold enter getppid");
	type(key);
	for (int i = 0; i < 20; i++)
		sched_yield();
	status = status_of(t.pid);
	CHECK_EQ(status.state, TRACE_STATE_HELD);
	CHECK_EQ(status.holds, 1);
}

static void
interrupt_held(void)
{
	hold_at_enter("\x03");
	PUT(fd, "run\n");
	CHECK_EQ(tracee_end(&t), 1000 + SIGINT);
}

TEST(interrupt_at_a_held_program_waits_until_it_is_let_go)
{
	CHECK_EQ(in_session(interrupt_held), 0);
}

static void
suspend_held(void)
{
	int status;

	hold_at_enter("\x1a");
	PUT(fd, "run\n");
	CHECK_EQ(waitpid(t.pid, &status, WUNTRACED), t.pid);
	CHECK(WIFSTOPPED(status));
	CHECK_EQ(WSTOPSIG(status), SIGTSTP);
	CHECK_EQ(kill(t.pid, SIGCONT), 0);
	CHECK_EQ(told(&t), getpid());
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(suspend_at_a_held_program_waits_until_it_is_let_go)
{
	CHECK_EQ(in_session(suspend_held), 0);
}

static void
close_with_interrupt_waiting(void)
{
	hold_at_enter("\x03");
	close(fd);
	CHECK_EQ(tracee_end(&t), 1000 + SIGINT);
}

TEST(interrupt_that_waits_at_a_held_program_acts_after_the_last_close)
{
	CHECK_EQ(in_session(close_with_interrupt_waiting), 0);
}

static void
hang_up_held(void)
{
	hold_at_enter("\x11");
	CHECK_EQ(kill(getpid(), SIGKILL), 0);
}

/* The leader and tracer is killed: close of the session, SIGHUP. */
TEST(killed_leader_lets_go_and_hangs_up_what_it_held)
{
	CHECK_EQ(in_session(hang_up_held), 128 + SIGKILL);
}

TEST(child_of_new_is_in_the_group_and_session_of_its_maker)
{
	struct trace_status status;
	struct event e;

	CHECK_EQ(setpgid(0, 0), 0);
	fd = open("proc:/new", O_RDWR);
	PUT(fd, "new /bin/true true\n");
	e = next_event(fd);
	CHECK_STR(e.what, "hold start");
	status = status_of(e.pid);
	CHECK_EQ(status.pgid, getpid());
	CHECK_EQ(status.sid, getsid(0));
	CHECK_ERRNO(setpgid(e.pid, e.pid), EACCES);
	PUT(fd, "run\n");
	CHECK_EQ(exit_status(wait_for(e.pid)), 0);
	close(fd);
}
