/*
 * Rules: `on EVENT [SET] ACTION`, which one decides, and what is no rule.
 */
#include "trace/scene.h"

TEST(hold_stops_and_log_does_not)
{
	int fd = session_on(asks_for_parent);

	PUT(fd, "on enter getppid log\n");
	asks();
	expect_holds(0);
	EXPECT(fd, "log enter getppid");
	PUT(fd, "on enter getppid hold\n");
	go(&t);
	wait_state(t.pid, TRACE_STATE_HELD);
	EXPECT(fd, "hold enter getppid");
	expect_state(TRACE_STATE_HELD);
	finish_held(fd);
}

TEST(newest_rule_that_matches_decides_alone)
{
	int fd = session_on(asks_for_parent);

	wait_state(t.pid, TRACE_STATE_ASLEEP);
	PUT(fd, "on enter * hold\non enter read,write off\n"
		"on enter getppid log\n");
	asks();
	EXPECT(fd, "log enter getppid");
	PUT(fd, "on enter * off\n");
	asks();
	PUT(fd, "on enter getppid hold\n");
	go(&t);
	EXPECT(fd, "hold enter getppid");
	PUT(fd, "on enter * off\nrun\n");
	answers();
	finish(fd);
}

TEST(off_is_none_of_its_business_but_of_the_others)
{
	int one = session_on(asks_for_parent), other = controller(t.pid);

	PUT(one, "on enter getppid hold\non enter getppid off\n");
	PUT(other, "on enter getppid log\n");
	asks();
	EXPECT(other, "log enter getppid");
	close(one);
	finish(other);
}

TEST(same_rule_again_replaces_and_is_the_newest)
{
	int fd = session_on(asks_for_parent);

	for (int i = 0; i < 200; i++)
		PUT(fd, "on enter getppid hold\non enter getppid log\n"
			"on enter getppid off\n");
	PUT(fd, "on enter getppid,getpid hold\non enter getppid log\n");
	asks();
	EXPECT(fd, "log enter getppid");
	finish(fd);
}

TEST(sixty_five_rules_are_too_many)
{
	int fd = session_on(asks_for_parent);

	for (int i = 0; i < 64; i++)
		CHECK(putf(fd, "on enter %d log\n", i + 1) > 0);
	REFUSED(fd, "on enter 65 log\n", ENOSPC);
	REFUSED(fd, "on leave getppid hold\n", ENOSPC);
	PUT(fd, "on enter 64 off\n");
	asks();
	finish(fd);
}

TEST(set_takes_names_and_numbers)
{
	int fd = session_on(asks_for_parent);
	char line[64];

	snprintf(line, sizeof line, "on enter getpid,%d log\n", SYS_getppid);
	PUT(fd, line);
	snprintf(line, sizeof line, "on leave 0x%x,getpid log\n", SYS_getppid);
	PUT(fd, line);
	asks();
	EXPECT(fd, "log enter getppid");
	EXPECT_START(fd, "log leave getppid = ");
	finish(fd);
}

static void
calls_what_no_one_has(const struct tracee *u)
{
	await(u);
	tell(u, call6(500, 1, 2, 3, 4, 5, 6));
	await(u);
	tell(u, call0(0xffffffff00001234));
	await(u);
}

TEST(call_without_a_name_is_named_by_its_number)
{
	int fd = held_in(
		calls_what_no_one_has,
		"on enter 500 hold\non leave 500,18446744069414588980 log\n",
		"hold enter #500 0x1 0x2 0x3 0x4 0x5 0x6");

	PUT(fd, "run\n");
	CHECK_EQ(told(&t), -ENOSYS);
	EXPECT(fd, "log leave #500 0x1 0x2 0x3 0x4 0x5 0x6 = -ENOSYS");
	go(&t);
	CHECK_EQ(told(&t), -ENOSYS);
	EXPECT_START(fd, "log leave #18446744069414588980 ");
	close(fd);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(star_means_calls_without_a_name_too)
{
	int fd = held_in(calls_what_no_one_has, "on enter * hold\n",
			 "hold enter #500 0x1 0x2 0x3 0x4 0x5 0x6");

	PUT(fd, "on enter * off\nrun\n");
	CHECK_EQ(told(&t), -ENOSYS);
	close(fd);
	go(&t);
	CHECK_EQ(told(&t), -ENOSYS);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(call_in_progress_is_judged_at_its_leave)
{
	int fd = held_at("on leave read hold\n", "hold leave read 0x");

	PUT(fd, "on leave read off\nrun\n");
	answers();
	finish(fd);
}

TEST(unnamed_calls_make_no_event)
{
	int fd = session_on(asks_for_parent);

	PUT(fd, "on enter getpid hold\non leave getpid,500 log\n"
		"on exec hold\non start hold\n");
	asks();
	nothing_to_read(fd);
	finish(fd);
}

TEST(what_is_no_line_is_EINVAL_and_changes_nothing)
{
	static const char *const lines[] = {
		"on\n",
		"on enter\n",
		"on enter hold\n",
		"on enter getppid\n",
		"on enter getppid holding\n",
		"on enter getppid hold now\n",
		"on enter getppid, hold\n",
		"on enter ,getppid hold\n",
		"on enter nosuchcall hold\n",
		"on enter getppid,nosuchcall hold\n",
		"on enter *,getppid hold\n",
		"on enter -1 hold\n",
		"on enter 99999999999999999999 hold\n",
		"on nothing hold\n",
		"on start * hold\n",
		"on fork log\n",
		"on thread log\n",
		"on break hold\n",
		"on watch hold\n",
		"on step hold\n",
		"on stop hold\n",
		"on call hold\n",
		"on lost hold\n",
		"on revoked hold\n",
		"On enter getppid hold\n",
		"set\n",
		"set close\n",
		"set close maybe\n",
		"set advance\n",
		"set advance sometimes\n",
		"set nothing on\n",
		"set close run now\n",
		"\n",
		" \n",
		"run away\n",
		"run seq\n",
		"run seq x\n",
		"run seq -1\n",
		"run tid\n",
		"run pid 1 2\n",
		"run all 1\n",
		"run all all\n",
		"return\n",
		"return x\n",
		"return -ENOTHING\n",
		"return EPERM\n",
		"return 0x\n",
		"return 18446744073709551616\n",
		"return 1 2\n",
		"args\n",
		"args getppid 1 2 3 4 5\n",
		"args getppid 1 2 3 4 5 6 7\n",
		"args nosuch 1 2 3 4 5 6\n",
		"kill\n",
		"kill SIGNOTHING\n",
		"kill 0\n",
		"kill 65\n",
		"kill -9\n",
		"new\n",
		"new /bin/true\n",
		"new /bin/true bad%escape\n",
		"new /bin/true bad%0\n",
		"new /bin/true nul%00\n",
		"env\n",
		"env X\n",
		"env =x\n",
		"env A=b C=d\n",
		"nonsense\n",
		"RUN\n",
		"on enter getppid hold", /* half a line */
		"ru",
		"run\nstop", /* a whole one and a half one: nothing is done */
	};
	int fd = session_on(asks_for_parent);

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		ssize_t n = put(fd, lines[i]);

		if (n >= 0 || errno != EINVAL)
			test_fail(__FILE__, __LINE__, "%s: %d (%s)", lines[i],
				  (int)n, strerror(errno));
	}
	asks();
	expect_state(TRACE_STATE_ASLEEP);
	finish(fd);
}

TEST(line_with_a_nul_byte_is_EINVAL)
{
	static const char line[] = "on enter getppid hold\0\n";
	int fd = session_on(asks_for_parent);

	CHECK_ERRNO(write(fd, line, sizeof line - 1), EINVAL);
	asks();
	finish(fd);
}

TEST(write_that_stops_at_a_bad_line_returns_the_bytes_before_it)
{
	static const char good[] = "on enter getppid log\n";
	static const char bad[] = "return 5\n";
	char both[64];
	int fd = session_on(asks_for_parent);

	snprintf(both, sizeof both, "%s%son leave getppid log\n", good, bad);
	CHECK_EQ(put(fd, both), strlen(good));
	/* the retry gets its error */
	REFUSED(fd, both + strlen(good), EBUSY);
	asks();
	EXPECT(fd, "log enter getppid");
	/* what stood behind it was not done */
	CHECK_EQ(tracee_end(&t), 0);
	EXPECT(fd, "log end exited 0");
	EXPECT_END(fd);
}

TEST(too_long_a_write_is_E2BIG_and_does_nothing)
{
	int fd = session_on(asks_for_parent);
	size_t size = TRACE_LINE_MAX + 1;
	char *line = malloc(size);

	CHECK(line != NULL);
	memset(line, ' ', size);
	memcpy(line, "on enter getppid hold", 21);
	line[size - 1] = '\n';
	CHECK_ERRNO(write(fd, line, size), E2BIG);
	asks();
	line[size - 2] = '\n';
	CHECK_EQ(write(fd, line, size - 1), size - 1);
	go(&t);
	EXPECT(fd, "hold enter getppid");
	finish_held(fd);
}

TEST(write_of_an_unmapped_buffer_is_EFAULT_and_does_nothing)
{
	int fd = session_on(asks_for_parent), bin = controller_bin(t.pid);

	CHECK_ERRNO(write(fd, (void *)0x10, 5), EFAULT);
	CHECK_ERRNO(write(fd, (void *)0xffffffff80000000, 5), EFAULT);
	CHECK_ERRNO(write(bin, (void *)0x10, TRACE_VERB_SIZE), EFAULT);
	asks();
	close(fd);
	finish(bin);
}

TEST(words_may_be_apart_by_several_blanks)
{
	int fd = session_on(asks_for_parent);

	PUT(fd, "  on\tenter   getppid  log \n");
	asks();
	EXPECT(fd, "log enter getppid");
	finish(fd);
}

/* ---- rules that answer ---- */

TEST(rule_of_the_session_that_joined_last_counts)
{
	static const char *const events[] = {"enter", "leave"};
	int first = session_on(asks_for_parent), last = controller(t.pid);

	for (int i = 0; i < 2; i++) {
		CHECK(putf(last, "on %s getppid return 2\n", events[i]) > 0);
		CHECK(putf(first, "on %s getppid return 1\n", events[i]) > 0);
		go(&t);
		CHECK_EQ(told(&t), 2);
		CHECK(putf(last, "on %s getppid off\n", events[i]) > 0);
		go(&t);
		CHECK_EQ(told(&t), 1);
		CHECK(putf(first, "on %s getppid off\n", events[i]) > 0);
	}
	close(last);
	finish(first);
}

static const struct tracee *self;

static void
returns_by_hand(int sig)
{
	(void)sig;
	tell(self, call0(SYS_sigreturn));
	await(self);
	_exit(5);
}

static void
is_in_a_handler(const struct tracee *u)
{
	self = u;
	(void)signal(SIGUSR1, returns_by_hand);
	await(u);
	raise(SIGUSR1);
	_exit(1);
}

TEST(sigreturn_that_a_rule_answers_stays_in_the_handler)
{
	int fd = session_on(is_in_a_handler);

	PUT(fd, "on enter sigreturn return 7\non leave sigreturn log\n");
	go(&t);
	CHECK_EQ(told(&t), 7);
	EXPECT(fd, "log leave sigreturn = 7 unrun");
	go(&t);
	EXPECT(fd, "log end exited 5");
	close(fd);
	CHECK_EQ(tracee_end(&t), 5);
}
