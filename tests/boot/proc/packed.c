/*
 * Packed verbs: their sizes, their WHO, their text, and several in a write.
 */
#include "trace/scene.h"

static int
held(void)
{
	int fd = session_bin_on(asks_for_parent);

	CHECK(put_text(fd, "on enter getppid hold\n") > 0);
	go(&t);
	CHECK_EQ(packed(fd).type, TRACE_EV_enter);
	return fd;
}

static void
done(int fd, int64_t result)
{
	close(fd);
	CHECK_EQ(told(&t), result);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(packed_return_and_run)
{
	int fd = held();
	struct trace_verb verb = {.verb = TRACE_VERB_return, .arg = {77}};

	CHECK_EQ(put_verb(fd, verb), TRACE_VERB_SIZE);
	verb = (struct trace_verb){.verb = TRACE_VERB_run};
	CHECK_EQ(put_verb(fd, verb), TRACE_VERB_SIZE);
	CHECK_ERRNO(put_verb(fd, verb), ESTALE);
	done(fd, 77);
}

TEST(packed_args_make_another_call)
{
	int fd = held();
	struct trace_verb verb = {.verb = TRACE_VERB_args,
				  .arg = {SYS_getpid, 1, 2, 3, 4, 5, 6}};

	CHECK_EQ(put_verb(fd, verb), TRACE_VERB_SIZE);
	done(fd, t.pid);
}

TEST(packed_who_is_one_flag_or_none)
{
	int fd = held();
	struct trace_verb verb = {.verb = TRACE_VERB_return,
				  .seq = 1,
				  .pid = (uint32_t)t.pid,
				  .tid = (uint32_t)t.pid,
				  .arg = {5}};

	for (unsigned flags = 0; flags < 64; flags++) {
		int one = (flags & (flags - 1)) == 0 && flags < 16;

		verb.flags = (uint16_t)flags;
		if (one)
			CHECK_EQ(put_verb(fd, verb), TRACE_VERB_SIZE);
		else
			CHECK_ERRNO(put_verb(fd, verb), EINVAL);
	}
	verb.flags = 0x8000;
	CHECK_ERRNO(put_verb(fd, verb), EINVAL);
	verb.flags = TRACE_WHO_SEQ;
	verb.seq = 2;
	CHECK_ERRNO(put_verb(fd, verb), ESTALE);
	verb.flags = TRACE_WHO_TID;
	verb.tid = 1;
	CHECK_ERRNO(put_verb(fd, verb), ESRCH);
	done(fd, 5);
}

TEST(packed_verb_of_each_wrong_size_is_EINVAL_and_does_nothing)
{
	struct trace_verb verbs[3] = {{.verb = TRACE_VERB_return, .arg = {9}}};
	int fd = held();

	for (uint32_t size = 0; size <= sizeof verbs; size++) {
		for (size_t n = 1; n < sizeof verbs; n++) {
			if (size == TRACE_VERB_SIZE && n == TRACE_VERB_SIZE)
				continue;
			verbs[0].size = size;
			CHECK_ERRNO(write(fd, verbs, n), EINVAL);
		}
	}
	verbs[0].size = UINT32_MAX;
	CHECK_ERRNO(write(fd, verbs, TRACE_VERB_SIZE), EINVAL);
	verbs[0].size = TRACE_VERB_SIZE | 1u << 31;
	CHECK_ERRNO(write(fd, verbs, TRACE_VERB_SIZE), EINVAL);
	CHECK_EQ(write(fd, verbs, 0), 0);
	done(fd, getpid());
}

TEST(packed_verb_with_bytes_that_it_does_not_take_is_EINVAL)
{
	struct trace_verb verbs[2] = {{.verb = TRACE_VERB_run}};
	int fd = held();

	for (uint32_t size = TRACE_VERB_SIZE + 1; size <= sizeof verbs;
	     size++) {
		verbs[0].size = size;
		CHECK_ERRNO(write(fd, verbs, size), EINVAL);
	}
	expect_state(TRACE_STATE_HELD);
	done(fd, getpid());
}

TEST(packed_verb_that_does_not_exist_is_EINVAL)
{
	int fd = held();

	for (unsigned verb = TRACE_VERB_END_OF_NUMBERS; verb <= UINT16_MAX;
	     verb += verb < 100 ? 1 : 997)
		CHECK_ERRNO(
			put_verb(fd,
				 (struct trace_verb){.verb = (uint16_t)verb}),
			EINVAL);
	/* text without a line */
	CHECK_ERRNO(put_verb(fd, (struct trace_verb){0}), EINVAL);
	CHECK_ERRNO(put_text(fd, "run"), EINVAL);
	CHECK_ERRNO(put_text(fd, "run\nru"), EINVAL);
	CHECK_ERRNO(put_text(fd, "nonsense\n"), EINVAL);
	done(fd, getpid());
}

TEST(packed_kill_wants_a_signal)
{
	static const uint64_t bad[] = {0, 65, 1ull << 32, UINT64_MAX};
	int fd = held();

	for (int i = 0; i < 4; i++)
		CHECK_ERRNO(
			put_verb(fd,
				 (struct trace_verb){.verb = TRACE_VERB_kill,
						     .arg = {bad[i]}}),
			EINVAL);
	done(fd, getpid());
}

TEST(two_packed_verbs_of_which_the_second_fails_return_the_first_ones_bytes)
{
	struct trace_verb verbs[3] = {
		{.size = TRACE_VERB_SIZE,
		 .verb = TRACE_VERB_return,
		 .arg = {21}},
		{.size = TRACE_VERB_SIZE,
		 .verb = TRACE_VERB_run,
		 .flags = TRACE_WHO_TID,
		 .tid = 1},
		{.size = TRACE_VERB_SIZE,
		 .verb = TRACE_VERB_return,
		 .arg = {22}},
	};
	int fd = held();

	CHECK_EQ(write(fd, verbs, sizeof verbs), TRACE_VERB_SIZE);
	CHECK_ERRNO(write(fd, verbs + 1, 2 * TRACE_VERB_SIZE), ESRCH);
	expect_state(TRACE_STATE_HELD);
	done(fd, 21);
}

TEST(nothing_is_done_unless_every_packed_verb_is_whole)
{
	struct trace_verb verbs[2] = {
		{.size = TRACE_VERB_SIZE,
		 .verb = TRACE_VERB_return,
		 .arg = {21}},
		{.size = TRACE_VERB_SIZE, .verb = TRACE_VERB_run},
	};
	int fd = held();

	CHECK_ERRNO(write(fd, verbs, sizeof verbs - 1), EINVAL);
	done(fd, getpid());
}

TEST(verbs_of_two_sessions_on_both_files_agree)
{
	int fd = held(), text = controller(t.pid);

	stopped(text, "hold stop");
	CHECK_EQ(put_verb(fd, (struct trace_verb){.verb = TRACE_VERB_return,
						  .arg = {1}}),
		 TRACE_VERB_SIZE);
	PUT(text, "return 2\n");
	close(text);
	done(fd, 2);
}
