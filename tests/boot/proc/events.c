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
