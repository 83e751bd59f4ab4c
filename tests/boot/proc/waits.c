/*
 * Tracers that wait: for an event, when a signal comes; and elsewhere, for what
 * only the tracee that they hold could do.
 */
#include "trace/handled.h"

/* Without SA_RESTART, as a tracer has it that wants to hear of the signal. */
static void
alarm_comes_while_this_waits(pid_t waits)
{
	pid_t sender = fork();

	if (sender == 0) {
		wait_state(waits, TRACE_STATE_ASLEEP);
		_exit(kill(waits, SIGUSR1) != 0);
	}
	CHECK(sender > 0);
}

TEST(read_that_a_signal_ends_is_EINTR_and_has_advanced)
{
	char byte;

	handle(SIGUSR1, 0);
	fd = held_at_enter();
	expect_state(TRACE_STATE_HELD);
	alarm_comes_while_this_waits(getpid());
	CHECK_ERRNO(read(fd, &byte, 1), EINTR);
	CHECK_EQ(handled, SIGUSR1);
	expect_holds(0);
	answers();
	CHECK(wait(NULL) > 0);
	finish(fd);
}

/* Holds the tracee at its getppid, then waits for the answer in its pipe. */
static pid_t
tracer_that_waits_for_the_answer(void)
{
	pid_t pid;

	tracee_begin(asks_for_parent);
	pid = fork();
	if (pid == 0) {
		int mine = controller(t.pid);

		PUT(mine, "on enter getppid hold\n");
		go(&t);
		EXPECT(mine, "hold enter getppid");
		_exit(told(&t) == 7 ? 0 : 1);
	}
	wait_state(t.pid, TRACE_STATE_HELD);
	wait_state(pid, TRACE_STATE_ASLEEP);
	return pid;
}

TEST(tracer_that_waits_for_its_tracee_elsewhere_waits_until_somebody_ends_it)
{
	pid_t tracer = tracer_that_waits_for_the_answer();

	for (int i = 0; i < 50; i++)
		sched_yield();
	CHECK_EQ(status_of(tracer).state, TRACE_STATE_ASLEEP);
	expect_state(TRACE_STATE_HELD);
	CHECK_EQ(kill(tracer, SIGKILL), 0);
	CHECK_EQ(exit_status(wait_for(tracer)), 1000 + SIGKILL);
	answers();
	CHECK_EQ(tracee_end(&t), 0);
}
