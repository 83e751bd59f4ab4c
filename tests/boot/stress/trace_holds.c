/*
 * A great many holds: none is lost, none comes twice, in order, whoever runs on
 * which CPU.
 */
#include "trace/tracing.h"

TEST_SECONDS(600);

/* As many getppids as are wanted; tells how many gave another result than the
 * tracer's, which counts them. */
static int64_t wanted;

static void
asks(const struct tracee *t)
{
	int64_t wrong = 0;

	await(t);
	for (int64_t i = 0; i < wanted; i++)
		wrong += call3(SYS_getppid, (uint64_t)i, 0, 0) != i + 1;
	tell(t, wrong);
}

/* One call: its enter and its leave, the result of the one before being i. */
static void
one_call(int fd, int64_t i, uint64_t *seq)
{
	struct trace_event e = packed(fd);

	CHECK_EQ(e.type, TRACE_EV_enter);
	CHECK_EQ(e.flags, TRACE_EF_HOLD);
	CHECK_EQ(e.word[0], SYS_getppid);
	CHECK_EQ(e.word[1], i);
	CHECK(e.seq > *seq);
	*seq = e.seq;
	e = packed(fd);
	CHECK_EQ(e.type, TRACE_EV_leave);
	CHECK_EQ(e.flags, TRACE_EF_HOLD);
	CHECK_EQ(e.word[1], i);
	CHECK_EQ(e.word[7], getpid());
	CHECK(e.seq > *seq);
	*seq = e.seq;
	CHECK_EQ(put_verb(fd, (struct trace_verb){.verb = TRACE_VERB_return,
						  .arg = {(uint64_t)i + 1}}),
		 TRACE_VERB_SIZE);
}

TEST(hundred_thousand_enter_and_leave_holds_advance_without_one_lost_or_doubled)
{
	struct tracee t;
	uint64_t seq = 0;
	int fd;

	wanted = test_size(2000, 100000);
	t = tracee_start(asks);
	fd = controller_bin(t.pid);
	CHECK(put_text(fd, "on enter getppid hold\non leave getppid hold\n") >
	      0);
	go(&t);
	for (int64_t i = 0; i < wanted; i++)
		one_call(fd, i, &seq);
	CHECK_EQ(packed(fd).type, TRACE_EV_end);
	CHECK_EQ(told(&t), 0);
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(ten_thousand_holds_that_verbs_let_go)
{
	struct tracee t;
	int fd;

	wanted = test_size(1000, 10000);
	t = tracee_start(asks);
	fd = controller_bin(t.pid);
	CHECK(put_text(fd, "set advance verb\non enter getppid hold\n") > 0);
	go(&t);
	for (int64_t i = 0; i < wanted; i++) {
		struct trace_verb verbs[2] = {
			{.size = TRACE_VERB_SIZE,
			 .verb = TRACE_VERB_return,
			 .arg = {(uint64_t)i + 1}},
			{.size = TRACE_VERB_SIZE, .verb = TRACE_VERB_run},
		};

		CHECK_EQ(packed(fd).word[1], i);
		CHECK_EQ(write(fd, verbs, sizeof verbs), sizeof verbs);
	}
	CHECK_EQ(packed(fd).type, TRACE_EV_end);
	CHECK_EQ(told(&t), 0);
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(two_controllers_hold_every_call_and_both_let_go)
{
	enum { SESSIONS = 2 };
	pid_t tracers[SESSIONS];
	int ready[2];
	struct tracee t;
	char c = 0;

	wanted = test_size(1000, 20000);
	t = tracee_start(asks);
	pipe_make(ready);
	for (int n = 0; n < SESSIONS; n++) {
		tracers[n] = fork();
		if (tracers[n] == 0) {
			int fd = controller_bin(t.pid);

			tester_ends_close();
			CHECK(put_text(fd, "on enter getppid hold\n") > 0);
			CHECK_EQ(write(ready[1], &c, 1), 1);
			for (int64_t i = 0; i < wanted; i++) {
				struct trace_event e = packed(fd);

				CHECK_EQ(e.type, TRACE_EV_enter);
				CHECK_EQ(e.word[1], i);
				if (n)
					continue;
				CHECK_EQ(
					put_verb(
						fd,
						(struct trace_verb){
							.verb = TRACE_VERB_return,
							.arg = {(uint64_t)i +
								1}}),
					TRACE_VERB_SIZE);
			}
			CHECK_EQ(packed(fd).type, TRACE_EV_end);
			_exit(0);
		}
	}
	for (int n = 0; n < SESSIONS; n++)
		CHECK_EQ(read(ready[0], &c, 1), 1);
	go(&t);
	for (int n = 0; n < SESSIONS; n++)
		CHECK_EQ(exit_status(wait_for(tracers[n])), 0);
	CHECK_EQ(told(&t), 0);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(log_of_many_calls_is_complete_and_in_order)
{
	struct trace_event e[32];
	struct tracee t;
	int64_t seen = 0;
	int fd;

	wanted = test_size(10000, 200000);
	t = tracee_start(asks);
	fd = controller_bin(t.pid);
	CHECK(put_text(fd, "on leave getppid log\n") > 0);
	go(&t);
	for (;;) {
		ssize_t n = read(fd, e, sizeof e);

		CHECK(n > 0);
		for (size_t i = 0; i < (size_t)n / TRACE_EVENT_SIZE; i++) {
			if (e[i].type == TRACE_EV_end)
				goto ended;
			CHECK_EQ(e[i].type, TRACE_EV_leave);
			CHECK_EQ(e[i].word[1], seen);
			seen++;
		}
	}
ended:
	CHECK_EQ(seen, wanted);
	close(fd);
	(void)told(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(many_targets_of_one_session_lose_no_event)
{
	enum { TARGETS = 20 };
	struct event e;
	int fd = open("proc:/new", O_RDWR | O_CLOEXEC), ended = 0;
	long seen = 0, each = test_size(50, 2000);

	PUT(fd, "on enter getppid hold\n");
	for (int i = 0; i < TARGETS; i++)
		CHECK(putf(fd, "new /test/stress/trace_helper h %ld\n", each) >
		      0);
	while (ended < TARGETS) {
		e = next_event(fd);
		ended += strcmp(e.what, "log end exited 0") == 0;
		seen += strcmp(e.what, "hold enter getppid") == 0;
	}
	EXPECT_END(fd);
	CHECK_EQ(seen, each * TARGETS);
	for (int i = 0; i < TARGETS; i++)
		CHECK(wait(NULL) > 0);
	close(fd);
}
