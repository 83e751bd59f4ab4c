/*
 * The packed record of an event: all its fields, its times, its payload, and
 * how much of it a read takes.
 */
#include <stddef.h>
#include "trace/scene.h"

static void
asks_with_six(const struct tracee *u)
{
	await(u);
	tell(u, call6(SYS_getuid, 0x1111111111111111, 0x2222222222222222, 3,
		      UINT64_MAX, 5, 0x6666666666666666));
	await(u);
}

static void
check_words(const struct trace_event *e, const uint64_t *words, int count)
{
	for (int i = 0; i < 10; i++)
		CHECK_EQ(e->word[i], i < count ? words[i] : 0);
}

static uint64_t
now_ns(void)
{
	struct timespec now;

	CHECK_EQ(clock_gettime(CLOCK_MONOTONIC, &now), 0);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

TEST(packed_enter_and_leave_have_all_their_fields_and_zero_the_rest)
{
	const uint64_t words[9] = {SYS_getuid,
				   0x1111111111111111,
				   0x2222222222222222,
				   3,
				   UINT64_MAX,
				   5,
				   0x6666666666666666,
				   0,
				   0};
	uint64_t before = now_ns();
	struct trace_event enter, leave;
	struct trace_regs regs;
	int fd = session_bin_on(asks_with_six);

	CHECK(put_text(fd, "on enter getuid hold\non leave getuid hold\n") > 0);
	go(&t);
	enter = packed(fd);
	CHECK_EQ(enter.size, TRACE_EVENT_SIZE);
	CHECK_EQ(enter.type, TRACE_EV_enter);
	CHECK_EQ(enter.flags, TRACE_EF_HOLD);
	CHECK_EQ(enter.pid, t.pid);
	CHECK_EQ(enter.tid, t.pid);
	CHECK(enter.time_ns >= before && enter.time_ns <= now_ns());
	check_words(&enter, words, 7);
	CHECK_EQ(regs_get(t.pid, &regs), 0);
	CHECK_EQ(enter.ip, regs.rip);
	CHECK_EQ(enter.sp, regs.rsp);
	leave = packed(fd);
	CHECK_EQ(leave.size, TRACE_EVENT_SIZE);
	CHECK_EQ(leave.type, TRACE_EV_leave);
	CHECK_EQ(leave.flags, TRACE_EF_HOLD);
	CHECK(leave.seq > enter.seq);
	CHECK(leave.time_ns >= enter.time_ns);
	CHECK(leave.word[8] <= leave.time_ns - enter.time_ns);
	leave.word[8] = 0;
	check_words(&leave, words, 9);
	CHECK_EQ(leave.ip, enter.ip);
	close(fd);
	CHECK_EQ(told(&t), 0);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

static void
sleeps_then_naps(const struct tracee *u)
{
	const struct timespec nap = {.tv_nsec = 30000000};

	await(u);
	tell(u, call3(SYS_nanosleep, (uintptr_t)&nap, 0, 0));
	await(u);
}

TEST(time_of_a_leave_is_that_of_the_call_without_time_held)
{
	struct trace_event e;
	uint64_t until, entered;
	int fd = session_bin_on(sleeps_then_naps);

	CHECK(put_text(fd, "on enter nanosleep hold\n"
			   "on leave nanosleep log\n") > 0);
	go(&t);
	e = packed(fd);
	entered = e.time_ns;
	until = now_ns() + 200000000;
	while (now_ns() < until)
		;
	e = packed(fd);
	CHECK_EQ(e.type, TRACE_EV_leave);
	CHECK(e.word[8] >= 30000000);
	CHECK(e.word[8] + 200000000 <= e.time_ns - entered);
	CHECK_EQ(told(&t), 0);
	close(fd);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(exec_carries_its_path_with_zero_padding)
{
	static const char path[] = "/bin/true";
	struct trace_payload payload;
	struct trace_event e;
	char bytes[64];
	int fd = session_bin_on(becomes_true);

	CHECK(put_text(fd, "on exec hold\n") > 0);
	go(&t);
	memset(bytes, 'x', sizeof bytes);
	CHECK_EQ(next_packed(fd, &e, bytes), 1);
	CHECK_EQ(e.type, TRACE_EV_exec);
	CHECK_EQ(e.flags, TRACE_EF_HOLD);
	CHECK_EQ(e.size, TRACE_EVENT_SIZE + sizeof payload + 16);
	memcpy(&payload, bytes, sizeof payload);
	CHECK_EQ(payload.kind, TRACE_PAYLOAD_PATH);
	CHECK_EQ(payload.argument, 0);
	CHECK_EQ(payload.length, strlen(path));
	CHECK_EQ(memcmp(bytes + sizeof payload, path, strlen(path)), 0);
	for (size_t i = strlen(path); i < 16; i++)
		CHECK_EQ(bytes[sizeof payload + i], 0);
	check_words(&e, NULL, 0);
	finish(fd);
}

TEST(packed_read_that_fits_no_event_is_EMSGSIZE_and_loses_nothing)
{
	char buf[TRACE_EVENT_SIZE + 64];
	struct trace_event e;
	int fd = session_bin_on(becomes_true);

	CHECK(put_text(fd, "on exec hold\non end log\n") > 0);
	go(&t);
	for (size_t size = 1; size < TRACE_EVENT_SIZE + 24; size++)
		CHECK_ERRNO(read(fd, buf, size), EMSGSIZE);
	expect_state(TRACE_STATE_HELD);
	CHECK_EQ(read(fd, buf, TRACE_EVENT_SIZE + 24), TRACE_EVENT_SIZE + 24);
	memcpy(&e, buf, sizeof e);
	CHECK_EQ(e.type, TRACE_EV_exec);
	e = packed(fd);
	CHECK_EQ(e.type, TRACE_EV_end);
	CHECK_EQ(next_packed(fd, &e, NULL), 0);
	finish(fd);
}

TEST(read_into_an_unmapped_buffer_is_EFAULT_and_loses_nothing)
{
	int fd, bin;

	fd = session_on(asks_for_parent);
	bin = controller_bin(t.pid);
	PUT(fd, "on enter getppid hold\n");
	CHECK(put_text(bin, "on enter getppid hold\n") > 0);
	go(&t);
	wait_state(t.pid, TRACE_STATE_HELD);
	for (int i = 0; i < 3; i++) {
		CHECK_ERRNO(read(fd, (void *)16, 100), EFAULT);
		CHECK_ERRNO(read(bin, (void *)0xffff800000000000, 200), EFAULT);
	}
	expect_holds(2);
	EXPECT(fd, "hold enter getppid");
	CHECK_EQ(packed(bin).type, TRACE_EV_enter);
	close(fd);
	finish_held(bin);
}

TEST(packed_read_returns_whole_events)
{
	struct trace_event e[8];
	ssize_t n;
	int fd = session_bin_on(asks_for_parent);

	CHECK(put_text(fd, "on enter getppid log\n") > 0);
	asks_times(5);
	n = read(fd, e, 3 * TRACE_EVENT_SIZE + 100);
	CHECK_EQ(n, 3 * TRACE_EVENT_SIZE);
	CHECK_EQ(read(fd, e + 3, sizeof e - (size_t)n), 2 * TRACE_EVENT_SIZE);
	for (int i = 0; i < 5; i++) {
		CHECK_EQ(e[i].type, TRACE_EV_enter);
		CHECK_EQ(e[i].flags, 0);
		CHECK(i == 0 || e[i].seq > e[i - 1].seq);
		CHECK(i == 0 || e[i].time_ns >= e[i - 1].time_ns);
	}
	finish(fd);
}

/* ---- the words of the others ---- */

static void
forks_and_is_faulted(const struct tracee *u)
{
	pid_t pid;

	await(u);
	pid = fork();
	if (pid == 0)
		_exit(0);
	tell(u, pid);
	wait_for(pid);
	await(u);
	__asm__ volatile("movb $1, 8" ::: "memory");
}

/* The next event of this type, after others. */
static struct trace_event
packed_of(int fd, uint16_t type)
{
	struct trace_event e;

	do
		e = packed(fd);
	while (e.type != type);
	CHECK_EQ(e.pid, t.pid);
	CHECK_EQ(e.tid, t.pid);
	return e;
}

TEST(packed_signal_fault_and_fork_have_their_words)
{
	uint64_t words[4] = {0};
	struct trace_event e;
	int fd;

	tracee_begin(forks_and_is_faulted);
	fd = proc_open(t.pid, "trace.bin", O_RDONLY | O_NONBLOCK);
	CHECK_ERRNO(read(fd, &e, sizeof e), EAGAIN);
	CHECK_EQ(fcntl(fd, F_SETFL, 0), 0);
	go(&t);
	words[0] = (uint64_t)told(&t);
	e = packed_of(fd, TRACE_EV_fork);
	check_words(&e, words, 1);
	e = packed_of(fd, TRACE_EV_signal);
	check_words(&e, (uint64_t[]){SIGCHLD, CLD_EXITED, words[0], 0}, 4);
	CHECK_EQ(kill(t.pid, SIGCHLD), 0);
	e = packed_of(fd, TRACE_EV_signal);
	check_words(&e, (uint64_t[]){SIGCHLD, 0, (uint64_t)getpid(), 0}, 4);
	go(&t);
	e = packed_of(fd, TRACE_EV_fault);
	check_words(&e, (uint64_t[]){14, 6, 8}, 3); /* a write, by the user */
	CHECK(e.ip != 0);
	e = packed_of(fd, TRACE_EV_signal);
	check_words(&e, (uint64_t[]){SIGSEGV, SEGV_MAPERR, 8}, 3);
	close(fd);
	CHECK_EQ(tracee_end(&t), 1000 + SIGSEGV);
}

TEST(packed_leave_has_its_flags)
{
	struct trace_event e;
	int fd = session_bin_on(asks_for_parent);

	CHECK(put_text(fd, "on enter getppid hold\non leave getppid log\n") >
	      0);
	go(&t);
	packed(fd);
	CHECK(put_text(fd, "return 5\nrun\n") > 0);
	CHECK_EQ(told(&t), 5);
	e = packed(fd);
	CHECK_EQ(e.type, TRACE_EV_leave);
	CHECK_EQ(e.flags, TRACE_EF_UNRUN);
	CHECK_EQ(e.word[7], 5);
	finish(fd);
}

TEST(leave_of_a_call_that_began_before_the_rule_has_no_time)
{
	struct event e;
	int fd = session_on(asks_for_parent);

	PUT(fd, "on leave read log\n");
	asks();
	e = next_event(fd);
	CHECK_EQ(strncmp(e.what, "log leave read ", 15), 0);
	CHECK_EQ(e.elapsed, 0);
	asks();
	e = next_event(fd);
	CHECK_EQ(strncmp(e.what, "log leave read ", 15), 0);
	CHECK(e.elapsed > 0);
	finish(fd);
}

/* Also those that no kernel sends yet. */
TEST(numbers_of_events_stay)
{
	static const int numbers[] = {
		TRACE_EV_enter,	 TRACE_EV_leave, TRACE_EV_signal,
		TRACE_EV_fault,	 TRACE_EV_fork,	 TRACE_EV_thread,
		TRACE_EV_start,	 TRACE_EV_exec,	 TRACE_EV_end,
		TRACE_EV_break,	 TRACE_EV_watch, TRACE_EV_step,
		TRACE_EV_stop,	 TRACE_EV_call,	 TRACE_EV_lost,
		TRACE_EV_revoked};

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		CHECK_EQ(numbers[i], i + 1);
}
