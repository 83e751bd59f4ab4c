/*
 * Two things at once: closes against holds, kills against reads, opens that
 * would close a circle, stops of each other.  Nothing hangs and nothing is
 * left.
 */
#include <sys/mman.h>
#include "trace/tracing.h"

TEST_SECONDS(300);

/* Calls for ever. */
static void
calls(const struct tracee *t)
{
	await(t);
	for (;;)
		call0(SYS_getppid);
}

static struct tracee
caller(void)
{
	struct tracee t;

	tester_end_count = 0;
	t = tracee_start(calls);
	go(&t);
	return t;
}

static void
end(const struct tracee *t)
{
	CHECK_EQ(kill(t->pid, SIGKILL), 0);
	CHECK_EQ(tracee_end(t), 1000 + SIGKILL);
}

TEST(closes_at_any_moment_leave_a_running_tracee)
{
	struct tracee t = caller();
	char buf[512];

	for (long i = 0, n = test_size(300, 10000); i < n; i++) {
		int fd = controller(t.pid);

		PUT(fd, "on enter getppid hold\non leave getppid hold\n");
		for (long reads = i % 5; reads > 0; reads--)
			CHECK(read(fd, buf, sizeof buf) > 0);
		close(fd);
	}
	CHECK_EQ(status_of(t.pid).tracers, 0);
	CHECK_EQ(status_of(t.pid).holds, 0);
	end(&t);
}

TEST(closes_against_stops_leave_a_running_tracee)
{
	struct tracee t = caller();
	struct timespec nap = {.tv_nsec = 1000};

	for (long i = 0, n = test_size(300, 10000); i < n; i++) {
		int fd = controller(t.pid);

		PUT(fd, "stop\n");
		if (i % 3 == 1)
			nanosleep(&nap, NULL);
		if (i % 3 == 2)
			CHECK(next_event(fd).seq > 0);
		close(fd);
	}
	CHECK_EQ(status_of(t.pid).holds, 0);
	end(&t);
}

TEST(two_closes_at_once_of_a_session_that_holds)
{
	struct tracee t = caller();
	char buf[512];

	for (long i = 0, n = test_size(100, 2000); i < n; i++) {
		int fd = controller(t.pid);
		pid_t other;

		PUT(fd, "on enter getppid hold\n");
		CHECK(read(fd, buf, sizeof buf) > 0);
		other = fork();
		if (other == 0) {
			close(fd);
			_exit(0);
		}
		close(fd);
		CHECK_EQ(exit_status(wait_for(other)), 0);
		CHECK_EQ(status_of(t.pid).tracers, 0);
	}
	end(&t);
}

TEST(kills_against_reads_give_end_and_then_end_of_file)
{
	for (long i = 0, n = test_size(100, 3000); i < n; i++) {
		struct tracee t = caller();
		int fd = controller(t.pid);
		pid_t killer;
		struct event e;

		PUT(fd, "on enter getppid hold\non leave getppid hold\n");
		killer = fork();
		if (killer == 0) {
			for (long spin = 0; spin < i % 50 * 100; spin++)
				__asm__ volatile("" ::: "memory");
			_exit(kill(t.pid, SIGKILL) != 0);
		}
		do
			e = next_event(fd);
		while (strcmp(e.what, "log end killed SIGKILL") != 0);
		EXPECT_END(fd);
		close(fd);
		CHECK_EQ(exit_status(wait_for(killer)), 0);
		CHECK_EQ(tracee_end(&t), 1000 + SIGKILL);
	}
}

TEST(tracers_killed_at_any_moment_leave_a_running_tracee)
{
	struct tracee t = caller();

	for (long i = 0, n = test_size(100, 3000); i < n; i++) {
		pid_t tracer = fork();

		if (tracer == 0) {
			int fd = controller(t.pid);

			PUT(fd, "on enter * hold\non leave * hold\n");
			for (;;)
				(void)next_event(fd);
		}
		for (long spin = 0; spin < i % 50 * 2000; spin++)
			__asm__ volatile("" ::: "memory");
		CHECK_EQ(kill(tracer, SIGKILL), 0);
		CHECK_EQ(exit_status(wait_for(tracer)), 1000 + SIGKILL);
	}
	CHECK_EQ(status_of(t.pid).tracers, 0);
	CHECK_EQ(status_of(t.pid).holds, 0);
	end(&t);
}

/* ---- circles ---- */

/* Opens and closes a session on whom it is told, for ever; how often it could.
 */
static void
traces_again_and_again(const struct tracee *t)
{
	int32_t pid;
	long count = test_size(500, 20000), opened = 0;

	if (read(t->in, &pid, sizeof pid) != sizeof pid)
		_exit(9);
	while (count-- > 0) {
		int fd = proc_try(pid, "trace", O_RDWR);

		if (fd < 0 && errno != EDEADLK)
			_exit(8);
		opened += fd >= 0;
		if (fd >= 0)
			close(fd);
	}
	tell(t, opened);
	await(t);
}

static void
aim(const struct tracee *from, const struct tracee *to)
{
	int32_t pid = to->pid;

	CHECK_EQ(write(from->to, &pid, sizeof pid), sizeof pid);
}

TEST(circle_that_two_would_close_together_is_never_closed)
{
	struct tracee a = tracee_start(traces_again_and_again);
	struct tracee b = tracee_start(traces_again_and_again);

	aim(&a, &b);
	aim(&b, &a);
	CHECK(told(&a) > 0);
	CHECK(told(&b) > 0);
	CHECK_EQ(status_of(a.pid).tracers, 0);
	CHECK_EQ(status_of(b.pid).tracers, 0);
	end(&a);
	end(&b);
}

/* ---- mutual stops ---- */

static void
stops_again_and_again(const struct tracee *t)
{
	int32_t pid;
	long count = test_size(200, 5000);

	if (read(t->in, &pid, sizeof pid) != sizeof pid)
		_exit(9);
	while (count > 0 && ctl(pid, "stop\n") == 0)
		count--;
	tell(t, count);
	await(t);
}

TEST(two_that_stop_each_other_go_on_when_a_third_lets_them)
{
	struct tracee a = tracee_start(stops_again_and_again);
	struct tracee b = tracee_start(stops_again_and_again);
	struct pollfd done[2] = {{.fd = a.from, .events = POLLIN},
				 {.fd = b.from, .events = POLLIN}};
	int left = 2;

	aim(&a, &b);
	aim(&b, &a);
	while (left > 0) {
		CHECK_EQ(ctl(a.pid, "run\n"), 0);
		CHECK_EQ(ctl(b.pid, "run\n"), 0);
		CHECK(poll(done, 2, 0) >= 0);
		for (int i = 0; i < 2; i++)
			if (done[i].revents) {
				done[i].fd = -1;
				left--;
			}
	}
	CHECK_EQ(told(&a), 0);
	CHECK_EQ(told(&b), 0);
	end(&a);
	end(&b);
}

TEST(two_that_stopped_each_other_are_killable)
{
	for (long i = 0, n = test_size(20, 500); i < n; i++) {
		struct tracee a, b;

		tester_end_count = 0;
		a = tracee_start(stops_again_and_again);
		b = tracee_start(stops_again_and_again);
		aim(&a, &b);
		aim(&b, &a);
		sched_yield();
		end(&a);
		end(&b);
	}
}

/* ---- memory of one that ends meanwhile ---- */

static char large[1 << 20];

static void
touches_and_exits(const struct tracee *t)
{
	memset(large, 'l', sizeof large);
	tell(t, 0);
	await(t);
}

TEST(mebibyte_read_from_one_that_exits_meanwhile_is_short_or_whole)
{
	static char copy[sizeof large];

	for (long i = 0, n = test_size(100, 2000); i < n; i++) {
		struct tracee t;
		ssize_t got;
		int mem;

		tester_end_count = 0;
		t = tracee_start(touches_and_exits);
		CHECK_EQ(told(&t), 0);
		mem = proc_open(t.pid, "mem", O_RDWR);
		memset(copy, 0, sizeof copy);
		go(&t);
		got = pread(mem, copy, sizeof copy, (off_t)(uintptr_t)large);
		CHECK(got >= 0);
		for (ssize_t k = 0; k < got; k += 4096)
			CHECK_EQ(copy[k], 'l');
		CHECK_EQ(tracee_end(&t), 0);
		got = pwrite(mem, copy, sizeof copy, (off_t)(uintptr_t)large);
		CHECK(got == -1 && errno == ESTALE);
		close(mem);
	}
}

static void
execs_again_and_again(const struct tracee *t)
{
	await(t);
	execl("/test/stress/trace_helper", "h", "200", (char *)NULL);
}

TEST(mem_and_regs_of_one_that_executes_meanwhile_never_mix)
{
	for (long i = 0, n = test_size(50, 1000); i < n; i++) {
		struct tracee t;
		int mem;
		char c;
		ssize_t got;

		tester_end_count = 0;
		t = tracee_start(execs_again_and_again);
		mem = proc_open(t.pid, "mem", O_RDWR);
		go(&t);
		do {
			got = pread(mem, &c, 1, (off_t)(uintptr_t)large);
			CHECK(got >= 0);
		} while (got > 0);
		CHECK_ERRNO(pwrite(mem, "x", 1, (off_t)(uintptr_t)large),
			    ESTALE);
		close(mem);
		CHECK_EQ(tracee_end(&t), 0);
	}
}

/* Two that write the registers of one held thread: each write is whole. */
TEST(two_writers_of_registers_are_never_torn)
{
	struct tracee t = caller();
	int fd = controller(t.pid);
	pid_t writers[2];

	PUT(fd, "stop\n");
	while (strncmp(next_event(fd).what, "hold", 4) != 0)
		;
	for (int i = 0; i < 2; i++) {
		writers[i] = fork();
		if (writers[i] == 0) {
			const char *line = i ? "r12 1\nr13 1\nr14 1\nr15 1\n"
					     : "r12 2\nr13 2\nr14 2\nr15 2\n";

			for (long n = test_size(500, 20000); n > 0; n--)
				CHECK_EQ(regs_write(t.pid, line), 0);
			_exit(0);
		}
	}
	CHECK_EQ(regs_write(t.pid, "r12 1\nr13 1\nr14 1\nr15 1\n"), 0);
	for (long n = test_size(500, 20000); n > 0; n--) {
		struct trace_regs regs;

		CHECK_EQ(regs_get(t.pid, &regs), 0);
		CHECK(regs.r12 == 1 || regs.r12 == 2);
		CHECK_EQ(regs.r13, regs.r12);
		CHECK_EQ(regs.r14, regs.r12);
		CHECK_EQ(regs.r15, regs.r12);
	}
	for (int i = 0; i < 2; i++)
		CHECK_EQ(exit_status(wait_for(writers[i])), 0);
	end(&t);
	close(fd);
}

/* Held and killed: each write is done or refused, and the machine stands. */
TEST(registers_written_against_SIGKILL_are_written_or_refused)
{
	for (long i = 0, n = test_size(60, 2000); i < n; i++) {
		struct tracee t = caller();
		int fd = controller(t.pid), regs;
		pid_t killer;
		ssize_t done;

		PUT(fd, "on enter getppid hold\n");
		EXPECT(fd, "hold enter getppid");
		regs = proc_open(t.pid, "regs", O_RDWR);
		killer = fork();
		if (killer == 0) {
			for (long spin = 0; spin < i % 50 * 100; spin++)
				__asm__ volatile("" ::: "memory");
			_exit(kill(t.pid, SIGKILL) != 0);
		}
		do
			done = put(regs, "rbx 1\nr12 2\nrip 0x1000\n");
		while (done > 0);
		CHECK(errno == EBUSY || errno == ESRCH);
		EXPECT(fd, "log end killed SIGKILL");
		close(regs);
		close(fd);
		CHECK_EQ(exit_status(wait_for(killer)), 0);
		CHECK_EQ(tracee_end(&t), 1000 + SIGKILL);
	}
}

/* Rules rewritten while the tracee runs through them. */
TEST(rules_changed_at_any_moment_lose_no_hold)
{
	struct tracee t = caller();
	int fd = proc_open(t.pid, "trace", O_RDWR | O_NONBLOCK);
	char buf[4096];

	for (long i = 0, n = test_size(1000, 50000); i < n; i++) {
		PUT(fd, "on enter getppid hold\n");
		while (read(fd, buf, sizeof buf) > 0)
			;
		CHECK_EQ(errno, EAGAIN);
		PUT(fd, "on enter getppid off\non leave getppid log\n");
		while (read(fd, buf, sizeof buf) > 0)
			;
		PUT(fd, "on leave getppid off\nrun all\n");
	}
	PUT(fd, "on enter getppid hold\n");
	CHECK_EQ(fcntl(fd, F_SETFL, 0), 0);
	while (strcmp(next_event(fd).what, "hold enter getppid") != 0)
		;
	close(fd);
	CHECK_EQ(status_of(t.pid).holds, 0);
	end(&t);
}

/* ---- verbs against reads ---- */

static void
calls_with_six(const struct tracee *t)
{
	uint64_t n = (uint64_t)test_size(2000, 100000);

	await(t);
	for (uint64_t i = 1; i <= n; i++)
		call6(SYS_getuid, i, i, i, i, i, i);
}

TEST(verbs_against_reads_tear_no_event_and_lose_none)
{
	struct tracee t = tracee_start(calls_with_six);
	uint64_t n = (uint64_t)test_size(2000, 100000), seen = 0;
	int fd = controller_bin(t.pid);
	struct trace_event e;
	pid_t runner;

	CHECK(put_text(fd, "set advance verb\non enter getuid hold\n") > 0);
	go(&t);
	runner = fork();
	if (runner == 0) {
		tester_ends_close();
		for (;;)
			/* what is being read is let go a little later */
			CHECK(put_text(fd, "run all\n") > 0 ||
			      errno == EAGAIN || errno == ENOSPC);
	}
	while ((e = packed(fd)).type != TRACE_EV_end) {
		CHECK_EQ(e.type, TRACE_EV_enter);
		CHECK_EQ(e.word[1], ++seen);
		for (int i = 2; i <= 6; i++)
			CHECK_EQ(e.word[i], seen);
	}
	CHECK_EQ(seen, n);
	CHECK_EQ(kill(runner, SIGKILL), 0);
	wait_for(runner);
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(poll_and_nonblocking_reads_miss_no_event)
{
	struct tracee t = tracee_start(calls_with_six);
	uint64_t n = (uint64_t)test_size(2000, 100000), seen = 0;
	int fd = proc_open(t.pid, "trace.bin", O_RDWR | O_NONBLOCK);
	struct pollfd p = {.fd = fd, .events = POLLIN};

	CHECK(put_text(fd, "on enter getuid hold\n") > 0);
	go(&t);
	for (;;) {
		struct trace_event e = {0};
		int got = next_packed(fd, &e, NULL);

		if (got < 0) {
			CHECK_EQ(errno, EAGAIN);
			CHECK_EQ(poll(&p, 1, 10000), 1);
			continue;
		}
		CHECK_EQ(got, 1);
		if (e.type == TRACE_EV_end)
			break;
		CHECK_EQ(e.word[1], ++seen);
	}
	CHECK_EQ(seen, n);
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
}
