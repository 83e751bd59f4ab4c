/*
 * Signals that wait at a thread that is held by a `stop`: they act on nothing,
 * and what a tracer does meanwhile is not about them.
 */
#include "trace/scene.h"

static volatile sig_atomic_t first, second;

static void
on_first(int sig)
{
	(void)sig;
	first++;
}

static void
on_second(int sig)
{
	(void)sig;
	second++;
}

/* Spins; tells of its handlers when it was asked. */
static void
spins_with_handler(const struct tracee *self)
{
	signal(SIGUSR1, on_first);
	tell(self, 0);
	while (!first)
		__asm__ volatile("" ::: "memory");
	tell(self, first);
	await(self);
}

TEST(signal_at_a_stopped_thread_that_is_held_waits_for_the_hold)
{
	struct trace_regs before, after;
	int fd, status;

	t = tracee_start(spins_with_handler);
	CHECK_EQ(told(&t), 0);
	CHECK_EQ(kill(t.pid, SIGSTOP), 0);
	CHECK_EQ(waitpid(t.pid, &status, WUNTRACED), t.pid);
	CHECK(WIFSTOPPED(status));
	wait_state(t.pid, TRACE_STATE_STOPPED);
	fd = controller(t.pid);
	CHECK(putf(fd, "stop tid %d\n", (int)t.pid) > 0);
	/* it sleeps, but in no call */
	EXPECT(fd, "hold stop");
	CHECK_EQ(regs_get(t.pid, &before), 0);
	CHECK_EQ(kill(t.pid, SIGUSR1), 0);
	CHECK_EQ(kill(t.pid, SIGCONT), 0);
	wait_state(t.pid, TRACE_STATE_HELD);
	for (int i = 0; i < 50; i++)
		sched_yield();
	CHECK_EQ(regs_get(t.pid, &after), 0);
	CHECK_EQ(after.rip, before.rip);
	CHECK_EQ(after.rsp, before.rsp);
	/* written back whole, as a debugger does: nothing of the signal is lost
	 */
	CHECK_EQ(regs_put(t.pid, &before), 0);
	PUT(fd, "run\n");
	CHECK_EQ(told(&t), 1);
	close(fd);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

/* Sleeps in a read until both signals were handled; tells how often each. */
static void
reads_with_handlers(const struct tracee *self)
{
	char byte;

	signal(SIGUSR1, on_first);
	signal(SIGUSR2, on_second);
	while (read(self->in, &byte, 1) != 1)
		continue;
	tell(self, first);
	tell(self, second);
}

TEST(signal_given_while_another_waits_to_be_judged_takes_nothing_away)
{
	int fd = session_on(reads_with_handlers);

	PUT(fd, "on signal SIGUSR1 hold\n");
	CHECK(putf(fd, "stop tid %d\n", (int)t.pid) > 0);
	EXPECT(fd, "hold stop asleep");
	CHECK_EQ(kill(t.pid, SIGUSR1), 0);
	wait_state(t.pid, TRACE_STATE_HELD);
	for (int i = 0; i < 50; i++)
		sched_yield();
	CHECK(putf(fd, "signal SIGUSR2 tid %d\n", (int)t.pid) > 0);
	CHECK(putf(fd, "run tid %d\n", (int)t.pid) > 0);
	EXPECT_START(fd, "hold signal SIGUSR1 ");
	close(fd);
	go(&t);
	CHECK_EQ(told(&t), 1);
	CHECK_EQ(told(&t), 1);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(SIGSTOP_to_a_thread_held_asleep_is_told_when_it_is_let_go)
{
	int fd = session_on(sleeps), status;

	PUT(fd, "stop\n");
	EXPECT(fd, "hold stop asleep");
	CHECK_EQ(kill(t.pid, SIGSTOP), 0);
	for (int i = 0; i < 50; i++)
		sched_yield();
	CHECK_EQ(waitpid(t.pid, &status, WNOHANG | WUNTRACED), 0);
	CHECK_EQ(status_of(t.pid).state, TRACE_STATE_HELD);
	PUT(fd, "run\n");
	CHECK_EQ(waitpid(t.pid, &status, WUNTRACED), t.pid);
	CHECK(WIFSTOPPED(status));
	CHECK_EQ(WSTOPSIG(status), SIGSTOP);
	CHECK_EQ(kill(t.pid, SIGCONT), 0);
	close(fd);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

/* Waits for the second of two children; tells their numbers, whom it has got,
 * and how often its handler ran. */
static void
waits_with_handler(const struct tracee *self)
{
	pid_t children[2];

	signal(SIGUSR2, on_second);
	for (int i = 0; i < 2; i++) {
		children[i] = fork();
		if (children[i] == 0)
			for (;;)
				pause();
		tell(self, children[i]);
	}
	tell(self, waitpid(children[1], NULL, 0) == children[1]);
	tell(self, second);
}

TEST(signal_taken_back_before_the_release_runs_no_handler)
{
	int64_t children[2];
	int fd;

	t = tracee_start(waits_with_handler);
	children[0] = told(&t);
	children[1] = told(&t);
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	fd = controller(t.pid);
	PUT(fd, "stop\n");
	EXPECT(fd, "hold stop asleep");
	PUT(fd, "signal SIGUSR2\n");
	/* its call looks again, and sleeps again */
	CHECK_EQ(kill((pid_t)children[0], SIGKILL), 0);
	wait_state((pid_t)children[0], TRACE_STATE_ZOMBIE);
	for (int i = 0; i < 50; i++)
		sched_yield();
	PUT(fd, "signal 0\nrun\n");
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	CHECK_EQ(kill((pid_t)children[1], SIGKILL), 0);
	CHECK_EQ(told(&t), 1);
	CHECK_EQ(told(&t), 0);
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
}
