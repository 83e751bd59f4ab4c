/*
 * Event `signal` and the verb `signal`: what a tracer sees before a signal is
 * acted on, and what it may make of it.
 */
#include "trace/handled.h"

/* Tells what the read gave, then which signal was handled. */
static void
reads_a_byte(const struct tracee *self)
{
	char byte;

	await(self);
	tell(self, call3(SYS_read, (uint64_t)self->in, (uint64_t)&byte, 1));
	tell(self, handled);
}

static void
reads(const struct tracee *self)
{
	handle(SIGUSR1, 0);
	handle(SIGUSR2, 0);
	reads_a_byte(self);
}

static void
reads_again(const struct tracee *self)
{
	handle(SIGUSR1, SA_RESTART);
	reads_a_byte(self);
}

/* Into its read, asleep. */
static void
sleeps_in_read(void)
{
	go(&t);
	wait_state(t.pid, TRACE_STATE_ASLEEP);
}

static void
done(int64_t result, int64_t signal)
{
	close(fd);
	CHECK_EQ(told(&t), result);
	CHECK_EQ(told(&t), signal);
	CHECK_EQ(tracee_end(&t), 0);
}

/* Its read sleeps on, and is given its byte. */
static void
reads_on(int64_t signal)
{
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	go(&t);
	done(1, signal);
}

static const char *
sent(const char *how, int sig)
{
	static char line[80];

	snprintf(line, sizeof line, "%s signal %s code 0 pid %d uid 0", how,
		 sig == SIGUSR1 ? "SIGUSR1" : "SIGUSR2", (int)getpid());
	return line;
}

/* Held at a signal that came while its read slept. */
static void
held_at_signal(void (*body)(const struct tracee *), const char *rules)
{
	start(body, rules);
	sleeps_in_read();
	CHECK_EQ(kill(t.pid, SIGUSR1), 0);
	EXPECT(fd, sent("hold", SIGUSR1));
}

/* A line without its sequence, whose call is a read. */
static void
expect_read(const char *how, const char *result)
{
	struct event e = next_event(fd);

	CHECK_EQ(strncmp(e.what, how, strlen(how)), 0);
	CHECK_STR(result ? strstr(e.what, " = ") : strstr(e.what, "read "),
		  result ? result : strstr(e.what, "read "));
}

TEST(signal_event_names_the_signal_and_its_sender)
{
	held_at_signal(reads, "on signal * hold\n");
	done(-EINTR, SIGUSR1);
}

TEST(signal_0_and_the_call_sleeps_on)
{
	held_at_signal(reads, "on signal SIGUSR1 hold\n");
	PUT(fd, "signal 0\nrun\n");
	reads_on(0);
}

TEST(signal_event_then_leave_then_handler)
{
	start(reads, "on signal SIGUSR1 hold\n");
	sleeps_in_read();
	PUT(fd, "on leave read hold\n");
	CHECK_EQ(kill(t.pid, SIGUSR1), 0);
	EXPECT(fd, sent("hold", SIGUSR1));
	expect_read("hold leave read ", " = -EINTR");
	REFUSED(fd, "signal 0 seq 1\n", ESTALE);
	done(-EINTR, SIGUSR1);
}

TEST(restarted_call_leaves_with_restart_and_enters_again)
{
	start(reads_again, "on signal SIGUSR1 log\n");
	sleeps_in_read();
	PUT(fd, "on enter read log\non leave read log\n");
	CHECK_EQ(kill(t.pid, SIGUSR1), 0);
	EXPECT(fd, sent("log", SIGUSR1));
	expect_read("log leave read ", " = restart");
	expect_read("log enter read ", NULL);
	go(&t);
	expect_read("log leave read ", " = 1");
	done(1, SIGUSR1);
}

TEST(signal_verb_replaces_at_a_signal)
{
	held_at_signal(reads, "on signal SIGUSR1 hold\n");
	PUT(fd, "signal SIGUSR2\n");
	done(-EINTR, SIGUSR2);
}

TEST(last_close_at_a_signal_delivers_it_as_edited)
{
	held_at_signal(reads, "on signal SIGUSR1 hold\n");
	PUT(fd, "signal 0\n");
	close(fd);
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	fd = controller(t.pid);
	go(&t);
	done(1, 0);
}

TEST(signal_verb_elsewhere_is_acted_on_without_an_event)
{
	start(reads, "on signal * hold\n");
	PUT(fd, "on enter read hold\n");
	go(&t);
	expect_read("hold enter read ", NULL);
	PUT(fd, "signal SIGUSR2\n");
	done(-EINTR, SIGUSR2);
}

TEST(signal_verb_at_a_stop_ends_the_sleep_when_it_is_let_go)
{
	start(reads, "on signal * hold\n");
	sleeps_in_read();
	PUT(fd, "stop\n");
	EXPECT(fd, "hold stop asleep");
	PUT(fd, "signal SIGUSR1\n");
	CHECK_EQ(status_of(t.pid).state, TRACE_STATE_HELD);
	PUT(fd, "run\n");
	done(-EINTR, SIGUSR1);
}

static void
blocks(const struct tracee *self)
{
	sigset_t set;

	handle(SIGUSR1, 0);
	sigemptyset(&set);
	sigaddset(&set, SIGUSR1);
	sigprocmask(SIG_BLOCK, &set, NULL);
	await(self);
	tell(self, 1);
	await(self);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	tell(self, handled);
}

TEST(blocked_signal_makes_its_event_when_it_is_unblocked)
{
	struct pollfd poll_fd;

	start(blocks, "on signal * hold\n");
	poll_fd = (struct pollfd){.fd = fd, .events = POLLIN};
	CHECK_EQ(kill(t.pid, SIGUSR1), 0);
	go(&t);
	CHECK_EQ(told(&t), 1);
	CHECK_EQ(poll(&poll_fd, 1, 0), 0);
	go(&t);
	EXPECT(fd, sent("hold", SIGUSR1));
	PUT(fd, "run\n");
	CHECK_EQ(told(&t), SIGUSR1);
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
}

static void
ignores(const struct tracee *self)
{
	signal(SIGUSR1, SIG_IGN);
	reads_a_byte(self);
}

TEST(ignored_signal_makes_an_event_and_disturbs_nothing)
{
	held_at_signal(ignores, "on signal * hold\n");
	PUT(fd, "run\n");
	reads_on(0);
}

TEST(ignored_signal_that_no_rule_names_makes_no_event)
{
	start(ignores, "on signal SIGUSR2 hold\n");
	sleeps_in_read();
	CHECK_EQ(kill(t.pid, SIGUSR1), 0);
	CHECK_EQ(kill(t.pid, SIGUSR2), 0);
	EXPECT(fd, sent("hold", SIGUSR2));
	PUT(fd, "signal 0\nrun\n");
	reads_on(0);
}

TEST(signal_storm_while_held_is_one_event_after_the_hold)
{
	start(reads, "on signal * hold\n");
	sleeps_in_read();
	PUT(fd, "stop\n");
	EXPECT(fd, "hold stop asleep");
	for (int i = 0; i < 1000; i++)
		CHECK_EQ(kill(t.pid, SIGUSR1), 0);
	CHECK_EQ(status_of(t.pid).state, TRACE_STATE_HELD);
	PUT(fd, "run\n");
	EXPECT(fd, sent("hold", SIGUSR1));
	done(-EINTR, SIGUSR1);
}

TEST(SIGKILL_makes_no_signal_event_and_ends_a_hold_at_one)
{
	held_at_signal(reads, "on signal * hold\n");
	CHECK_EQ(kill(t.pid, SIGKILL), 0);
	EXPECT(fd, "log end killed SIGKILL");
	CHECK_EQ(next_line(fd)[0], '\0');
	close(fd);
	CHECK_EQ(wait_for(t.pid), SIGKILL);
}

TEST(return_and_args_are_EBUSY_at_a_signal)
{
	held_at_signal(reads, "on signal * hold\n");
	REFUSED(fd, "return 5\n", EBUSY);
	REFUSED(fd, "args getpid 0 0 0 0 0 0\n", EBUSY);
	REFUSED(fd, "signal 65\n", EINVAL);
	REFUSED(fd, "signal SIGNOTHING\n", EINVAL);
	REFUSED(fd, "kill 0\n", EINVAL);
	done(-EINTR, SIGUSR1);
}

TEST(signal_verb_at_a_running_thread_and_at_its_end_is_EBUSY)
{
	fd = session_on(spins);
	CHECK(putf(fd, "signal SIGUSR1 tid %d\n", (int)t.pid) < 0);
	CHECK_EQ(errno, EBUSY);
	PUT(fd, "on end hold\n");
	CHECK_EQ(kill(t.pid, SIGTERM), 0);
	EXPECT(fd, "hold end killed SIGTERM");
	REFUSED(fd, "signal SIGUSR1\n", EBUSY);
	close(fd);
	CHECK_EQ(wait_for(t.pid), SIGTERM);
}

/* ---- edits and restarts ---- */

static char elsewhere;

/* Held at the entry of its own read, which is told. */
static struct event
hold_at_read(void (*body)(const struct tracee *))
{
	struct event e;

	start(body, "on enter read hold\n");
	go(&t);
	e = next_event(fd);
	CHECK_EQ(strncmp(e.what, "hold enter read ", 16), 0);
	return e;
}

static void
check_edit_is_not_carried_over(const char *edit, int by_regs)
{
	struct event first = hold_at_read(reads_again), again;

	if (by_regs)
		CHECK_EQ(regs_write(t.pid, edit), 0);
	else
		PUT(fd, edit);
	PUT(fd, "run\n");
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	CHECK_EQ(kill(t.pid, SIGUSR1), 0);
	again = next_event(fd);
	CHECK_STR(again.what, first.what);
	PUT(fd, "run\n");
	reads_on(SIGUSR1);
}

TEST(edits_of_a_call_are_not_carried_over_to_its_restart)
{
	char line[128];

	/* its descriptor is known only when it is there */
	t = tracee_start(reads_again);
	snprintf(line, sizeof line, "args read %d %p 1 0 0 0\n", t.in,
		 (void *)&elsewhere);
	tracee_kill(&t);
	check_edit_is_not_carried_over(line, 0);
	snprintf(line, sizeof line, "rsi %p\n", (void *)&elsewhere);
	check_edit_is_not_carried_over(line, 1);
}

/* Held where that read leaves because a signal came, to be restarted. */
static void
hold_at_restart(void (*body)(const struct tracee *))
{
	hold_at_read(body);
	PUT(fd, "on leave read hold\nrun\n");
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	CHECK_EQ(kill(t.pid, SIGUSR1), 0);
	expect_read("hold leave read ", " = restart");
}

TEST(result_that_is_given_at_the_leave_of_a_restart_is_the_result)
{
	hold_at_restart(reads_again);
	PUT(fd, "return 5\nrun\n");
	done(5, SIGUSR1);
}

/* Where a tracer makes it go on. */
static void
ends_with_33(struct trace_regs *regs)
{
	regs->rip = (uint64_t)(uintptr_t)&_exit;
	regs->rdi = 33;
	regs->rsp -= 8;
}

TEST(interrupted_call_that_a_tracer_sent_elsewhere_is_not_restarted)
{
	struct trace_regs regs;

	hold_at_restart(reads_again);
	CHECK_EQ(regs_get(t.pid, &regs), 0);
	ends_with_33(&regs);
	CHECK_EQ(regs_put(t.pid, &regs), 0);
	close(fd);
	CHECK_EQ(tracee_end(&t), 33);
}

/* Held asleep in a read that a signal with SA_RESTART would restart. */
static struct trace_regs
hold_in_read(void)
{
	struct trace_regs regs;

	start(reads_again, "");
	sleeps_in_read();
	PUT(fd, "stop\n");
	EXPECT(fd, "hold stop asleep");
	CHECK_EQ(regs_get(t.pid, &regs), 0);
	return regs;
}

/* Let go with these registers, and interrupted. */
static void
interrupt_with(const struct trace_regs *regs)
{
	CHECK_EQ(regs_put(t.pid, regs), 0);
	PUT(fd, "run\n");
	CHECK_EQ(kill(t.pid, SIGUSR1), 0);
}

TEST(call_whose_rip_a_tracer_changed_is_not_restarted_whatever_rcx_says)
{
	struct trace_regs regs = hold_in_read();

	ends_with_33(&regs);
	regs.rcx = regs.rip;
	PUT(fd, "on leave read log\n");
	interrupt_with(&regs);
	expect_read("log leave read ", " = -EINTR");
	close(fd);
	CHECK_EQ(tracee_end(&t), 33);
}

TEST(call_whose_rcx_alone_a_tracer_changed_is_restarted)
{
	struct trace_regs regs = hold_in_read();

	regs.rcx = (uint64_t)(uintptr_t)&_exit;
	interrupt_with(&regs);
	reads_on(SIGUSR1);
}

/* A read, and a wait for a child; tells what each gave. */
static void
reads_and_waits(const struct tracee *self)
{
	char byte;
	pid_t child = fork();

	if (child == 0)
		for (;;)
			pause();
	handle(SIGUSR1, SA_RESTART);
	await(self);
	tell(self, call3(SYS_read, (uint64_t)self->in, (uint64_t)&byte, 1));
	tell(self, child);
	tell(self, call6(SYS_wait4, (uint64_t)child, 0, 0, 0, 0, 0));
}

TEST(args_of_a_call_that_return_ended_are_not_run_by_a_later_restart)
{
	int64_t child;

	hold_at_read(reads_and_waits);
	CHECK(putf(fd, "args read %d %p 1 0 0 0\n", t.in, (void *)&elsewhere) >
	      0);
	PUT(fd, "on leave read hold\nrun\n");
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	CHECK_EQ(kill(t.pid, SIGUSR1), 0);
	expect_read("hold leave read ", " = restart");
	PUT(fd, "return 0\nrun\n");
	CHECK_EQ(told(&t), 0);
	child = told(&t);
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	CHECK_EQ(kill(t.pid, SIGUSR1), 0);
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	/* what a read would give */
	go(&t);
	CHECK_EQ(kill((pid_t)child, SIGKILL), 0);
	CHECK_EQ(told(&t), child);
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
}
