/*
 * Events `signal` and `fault`, and the verb `signal`: what a tracer sees before
 * a signal is acted on, and what it may make of it.
 */
#include "trace/tracing.h"

static struct tracee t;
static int fd;

static volatile int handled, handled_code;

static void
handler(int sig, siginfo_t *info, void *context)
{
	(void)context;
	handled = sig;
	handled_code = info->si_code;
}

static void
handle(int sig, int flags)
{
	struct sigaction action = {.sa_sigaction = handler,
				   .sa_flags = SA_SIGINFO | flags};

	sigaction(sig, &action, NULL);
}

/* Reads one byte with a handler for SIGUSR1 and SIGUSR2; tells what the read
 * gave, then which signal was handled. */
static void
reads(const struct tracee *self)
{
	char byte;

	handle(SIGUSR1, 0);
	handle(SIGUSR2, 0);
	await(self);
	tell(self, call3(SYS_read, (uint64_t)self->in, (uint64_t)&byte, 1));
	tell(self, handled);
}

static void
reads_again(const struct tracee *self)
{
	char byte;

	handle(SIGUSR1, SA_RESTART);
	await(self);
	tell(self, call3(SYS_read, (uint64_t)self->in, (uint64_t)&byte, 1));
	tell(self, handled);
}

static void
start(void (*body)(const struct tracee *), const char *rules)
{
	t = tracee_start(body);
	fd = controller(t.pid);
	PUT(fd, rules);
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

static const char *
sent(const char *how, int sig)
{
	static char line[80];

	snprintf(line, sizeof line, "%s signal %s code 0 pid %d uid 0", how,
		 sig == SIGUSR1 ? "SIGUSR1" : "SIGUSR2", (int)getpid());
	return line;
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
	start(reads, "on signal * hold\n");
	sleeps_in_read();
	CHECK_EQ(kill(t.pid, SIGUSR1), 0);
	EXPECT(fd, sent("hold", SIGUSR1));
	done(-EINTR, SIGUSR1);
}

TEST(signal_0_and_the_call_sleeps_on)
{
	start(reads, "on signal SIGUSR1 hold\n");
	sleeps_in_read();
	CHECK_EQ(kill(t.pid, SIGUSR1), 0);
	EXPECT(fd, sent("hold", SIGUSR1));
	PUT(fd, "signal 0\nrun\n");
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	go(&t);
	done(1, 0);
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
	start(reads, "on signal SIGUSR1 hold\n");
	sleeps_in_read();
	CHECK_EQ(kill(t.pid, SIGUSR1), 0);
	EXPECT(fd, sent("hold", SIGUSR1));
	PUT(fd, "signal SIGUSR2\n");
	done(-EINTR, SIGUSR2);
}

TEST(last_close_at_a_signal_delivers_it_as_edited)
{
	start(reads, "on signal SIGUSR1 hold\n");
	sleeps_in_read();
	CHECK_EQ(kill(t.pid, SIGUSR1), 0);
	EXPECT(fd, sent("hold", SIGUSR1));
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
	wait_state(t.pid, TRACE_STATE_ASLEEP);
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
	wait_state(t.pid, TRACE_STATE_ASLEEP);
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
	char byte;

	signal(SIGUSR1, SIG_IGN);
	await(self);
	tell(self, call3(SYS_read, (uint64_t)self->in, (uint64_t)&byte, 1));
	tell(self, handled);
}

TEST(ignored_signal_makes_an_event_and_disturbs_nothing)
{
	start(ignores, "on signal * hold\n");
	sleeps_in_read();
	CHECK_EQ(kill(t.pid, SIGUSR1), 0);
	EXPECT(fd, sent("hold", SIGUSR1));
	PUT(fd, "run\n");
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	go(&t);
	done(1, 0);
}

TEST(ignored_signal_that_no_rule_names_makes_no_event)
{
	start(ignores, "on signal SIGUSR2 hold\n");
	sleeps_in_read();
	CHECK_EQ(kill(t.pid, SIGUSR1), 0);
	CHECK_EQ(kill(t.pid, SIGUSR2), 0);
	EXPECT(fd, sent("hold", SIGUSR2));
	PUT(fd, "signal 0\nrun\n");
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	go(&t);
	done(1, 0);
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
	start(reads, "on signal * hold\n");
	sleeps_in_read();
	CHECK_EQ(kill(t.pid, SIGUSR1), 0);
	EXPECT(fd, sent("hold", SIGUSR1));
	CHECK_EQ(kill(t.pid, SIGKILL), 0);
	EXPECT(fd, "log end killed SIGKILL");
	CHECK_EQ(next_line(fd)[0], '\0');
	close(fd);
	CHECK_EQ(wait_for(t.pid), SIGKILL);
}

TEST(return_and_args_are_EBUSY_at_a_signal)
{
	start(reads, "on signal * hold\n");
	sleeps_in_read();
	CHECK_EQ(kill(t.pid, SIGUSR1), 0);
	EXPECT(fd, sent("hold", SIGUSR1));
	REFUSED(fd, "return 5\n", EBUSY);
	REFUSED(fd, "args getpid 0 0 0 0 0 0\n", EBUSY);
	REFUSED(fd, "signal 65\n", EINVAL);
	REFUSED(fd, "signal SIGNOTHING\n", EINVAL);
	REFUSED(fd, "kill 0\n", EINVAL);
	done(-EINTR, SIGUSR1);
}

TEST(signal_verb_at_a_running_thread_and_at_its_end_is_EBUSY)
{
	t = tracee_start(spins);
	fd = controller(t.pid);
	CHECK(putf(fd, "signal SIGUSR1 tid %d\n", (int)t.pid) < 0);
	CHECK_EQ(errno, EBUSY);
	PUT(fd, "on end hold\n");
	CHECK_EQ(kill(t.pid, SIGTERM), 0);
	EXPECT(fd, "hold end killed SIGTERM");
	REFUSED(fd, "signal SIGUSR1\n", EBUSY);
	close(fd);
	CHECK_EQ(wait_for(t.pid), SIGTERM);
}

/* ---- faults ---- */

static void
undefined(const struct tracee *self)
{
	await(self);
	__asm__ volatile("ud2");
	tell(self, 7);
}

static void
step_over(uint64_t bytes)
{
	struct trace_regs regs;

	CHECK_EQ(regs_get(t.pid, &regs), 0);
	regs.rip += bytes;
	CHECK_EQ(regs_put(t.pid, &regs), 0);
}

TEST(fault_comes_before_its_signal_and_signal_0_runs_on)
{
	start(undefined, "on fault ud hold\non signal * hold\n");
	go(&t);
	EXPECT(fd, "hold fault ud err 0 addr 0x0");
	step_over(2);
	PUT(fd, "signal 0\nrun\n");
	CHECK_EQ(told(&t), 7);
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(fault_that_is_read_on_makes_its_signal_then_its_end)
{
	start(undefined, "on fault * hold\non signal * hold\non end hold\n");
	go(&t);
	EXPECT(fd, "hold fault ud err 0 addr 0x0");
	CHECK(strstr(next_line(fd), "hold signal SIGILL code 2 addr 0x"));
	EXPECT(fd, "hold end killed SIGILL");
	close(fd);
	CHECK_EQ(wait_for(t.pid), SIGILL);
}

static void
follows_nothing(const struct tracee *self)
{
	char byte;

	await(self);
	__asm__ volatile("movb (%1), %0" : "=r"(byte) : "r"(8L));
	tell(self, byte);
}

TEST(page_fault_says_how_and_where)
{
	start(follows_nothing, "on fault pf hold\non signal SIGSEGV log\n");
	go(&t);
	EXPECT(fd, "hold fault pf err 4 addr 0x8");
	PUT(fd, "run\n");
	EXPECT(fd, "log signal SIGSEGV code 1 addr 0x8");
	close(fd);
	CHECK_EQ(wait_for(t.pid), SIGSEGV);
}

TEST(signal_verb_at_a_fault_replaces_it)
{
	start(undefined, "on fault ud hold\n");
	go(&t);
	EXPECT(fd, "hold fault ud err 0 addr 0x0");
	PUT(fd, "signal SIGTERM\nrun\n");
	close(fd);
	CHECK_EQ(wait_for(t.pid), SIGTERM);
}

static void
breaks(const struct tracee *self)
{
	handle(SIGTRAP, 0);
	await(self);
	__asm__ volatile("int3");
	tell(self, handled);
}

TEST(own_int3_is_fault_bp_then_SIGTRAP)
{
	start(breaks, "on fault bp log\non signal SIGTRAP log\n");
	go(&t);
	EXPECT(fd, "log fault bp err 0 addr 0x0");
	EXPECT(fd, "log signal SIGTRAP code 128");
	close(fd);
	CHECK_EQ(told(&t), SIGTRAP);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(rules_of_signals_and_faults_know_their_names_and_numbers)
{
	t = tracee_start(spins);
	fd = controller(t.pid);
	PUT(fd, "on signal SIGINT,15,64 hold\non fault pf,13 log\n");
	PUT(fd, "on signal * off\non fault * off\n");
	REFUSED(fd, "on signal 0 hold\n", EINVAL);
	REFUSED(fd, "on signal 65 hold\n", EINVAL);
	REFUSED(fd, "on signal SIGX hold\n", EINVAL);
	REFUSED(fd, "on signal hold\n", EINVAL);
	REFUSED(fd, "on fault 2 hold\n", EINVAL);
	REFUSED(fd, "on fault zz hold\n", EINVAL);
	close(fd);
	tracee_kill(&t);
}

TEST(observer_logs_signals_and_faults)
{
	int observer;
	char line[512];

	t = tracee_start(breaks);
	observer = proc_open(t.pid, "trace", O_RDONLY | O_NONBLOCK);
	CHECK_ERRNO(read(observer, line, sizeof line), EAGAIN);
	go(&t);
	CHECK_EQ(told(&t), SIGTRAP);
	memset(line, 0, sizeof line);
	CHECK(read(observer, line, sizeof line - 1) > 0);
	CHECK(strstr(line, "log fault bp "));
	CHECK(strstr(line, "log signal SIGTRAP code 128\n"));
	close(observer);
	CHECK_EQ(tracee_end(&t), 0);
}

/* ---- edits and restarts ---- */

static char elsewhere;

/* Held at the entry of its own read, which is told. */
static struct event
hold_at_read(void)
{
	struct event e;

	t = tracee_start(reads_again);
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	fd = controller(t.pid);
	PUT(fd, "on enter read hold\n");
	go(&t);
	e = next_event(fd);
	CHECK_EQ(strncmp(e.what, "hold enter read ", 16), 0);
	return e;
}

static void
check_edit_is_not_carried_over(const char *edit, int by_regs)
{
	struct event first = hold_at_read(), again;

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
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	go(&t);
	done(1, SIGUSR1);
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

TEST(result_that_is_given_at_the_leave_of_a_restart_is_the_result)
{
	hold_at_read();
	PUT(fd, "on leave read hold\nrun\n");
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	CHECK_EQ(kill(t.pid, SIGUSR1), 0);
	expect_read("hold leave read ", " = restart");
	PUT(fd, "return 5\nrun\n");
	done(5, SIGUSR1);
}

TEST(interrupted_call_that_a_tracer_sent_elsewhere_is_not_restarted)
{
	struct trace_regs regs;

	hold_at_read();
	PUT(fd, "on leave read hold\nrun\n");
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	CHECK_EQ(kill(t.pid, SIGUSR1), 0);
	expect_read("hold leave read ", " = restart");
	CHECK_EQ(regs_get(t.pid, &regs), 0);
	regs.rip = (uint64_t)(uintptr_t)&_exit;
	regs.rdi = 33;
	regs.rsp -= 8;
	CHECK_EQ(regs_put(t.pid, &regs), 0);
	close(fd);
	CHECK_EQ(tracee_end(&t), 33);
}
