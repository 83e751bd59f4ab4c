/*
 * Event `fault`: what a tracer sees before a fault becomes a signal, and what
 * it may make of it.
 */
#include "trace/handled.h"

static void
undefined(const struct tracee *self)
{
	await(self);
	__asm__ volatile("ud2");
	tell(self, 7);
}

static void
held_at_undefined(const char *rules)
{
	start(undefined, rules);
	go(&t);
	EXPECT(fd, "hold fault ud err 0 addr 0x0");
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
	held_at_undefined("on fault ud hold\non signal * hold\n");
	step_over(2);
	PUT(fd, "signal 0\nrun\n");
	CHECK_EQ(told(&t), 7);
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(fault_that_is_read_on_makes_its_signal_then_its_end)
{
	held_at_undefined("on fault * hold\non signal * hold\non end hold\n");
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
	held_at_undefined("on fault ud hold\n");
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
	fd = session_on(spins);
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
