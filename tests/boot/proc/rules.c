/*
 * Rules: `on EVENT [SET] ACTION`, which one decides, and what is no rule.
 */
#include "trace/tracing.h"

static int64_t
asked(const struct tracee *t)
{
	go(t);
	return told(t);
}

TEST(hold_stops_and_log_does_not)
{
	struct tracee t = tracee_start(asks_for_parent);
	int fd = controller(t.pid);

	PUT(fd, "on enter getppid log\n");
	CHECK_EQ(asked(&t), getpid());
	CHECK_EQ(status_of(t.pid).holds, 0);
	EXPECT(fd, "log enter getppid");
	PUT(fd, "on enter getppid hold\n");
	go(&t);
	wait_state(t.pid, TRACE_STATE_HELD);
	EXPECT(fd, "hold enter getppid");
	CHECK_EQ(status_of(t.pid).state, TRACE_STATE_HELD);
	close(fd);
	CHECK_EQ(told(&t), getpid());
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(newest_rule_that_matches_decides_alone)
{
	struct tracee t = tracee_start(asks_for_parent);
	int fd = controller(t.pid);

	wait_state(t.pid, TRACE_STATE_ASLEEP);
	PUT(fd, "on enter * hold\non enter read,write off\n"
		"on enter getppid log\n");
	CHECK_EQ(asked(&t), getpid());
	EXPECT(fd, "log enter getppid");
	PUT(fd, "on enter * off\n");
	CHECK_EQ(asked(&t), getpid());
	PUT(fd, "on enter getppid hold\n");
	go(&t);
	EXPECT(fd, "hold enter getppid");
	PUT(fd, "on enter * off\nrun\n");
	CHECK_EQ(told(&t), getpid());
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(off_is_none_of_its_business_but_of_the_others)
{
	struct tracee t = tracee_start(asks_for_parent);
	int one = controller(t.pid), other = controller(t.pid);

	PUT(one, "on enter getppid hold\non enter getppid off\n");
	PUT(other, "on enter getppid log\n");
	CHECK_EQ(asked(&t), getpid());
	EXPECT(other, "log enter getppid");
	close(one);
	close(other);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(same_rule_again_replaces_and_is_the_newest)
{
	struct tracee t = tracee_start(asks_for_parent);
	int fd = controller(t.pid);

	for (int i = 0; i < 200; i++)
		PUT(fd, "on enter getppid hold\non enter getppid log\n"
			"on enter getppid off\n");
	PUT(fd, "on enter getppid,getpid hold\non enter getppid log\n");
	CHECK_EQ(asked(&t), getpid());
	EXPECT(fd, "log enter getppid");
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(sixty_five_rules_are_too_many)
{
	struct tracee t = tracee_start(asks_for_parent);
	int fd = controller(t.pid);

	for (int i = 0; i < 64; i++)
		CHECK(putf(fd, "on enter %d log\n", i + 1) > 0);
	REFUSED(fd, "on enter 65 log\n", ENOSPC);
	REFUSED(fd, "on leave getppid hold\n", ENOSPC);
	PUT(fd, "on enter 64 off\n");
	CHECK_EQ(asked(&t), getpid());
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(set_takes_names_and_numbers)
{
	struct tracee t = tracee_start(asks_for_parent);
	int fd = controller(t.pid);
	char line[64];

	snprintf(line, sizeof line, "on enter getpid,%d log\n", SYS_getppid);
	PUT(fd, line);
	snprintf(line, sizeof line, "on leave 0x%x,getpid log\n", SYS_getppid);
	PUT(fd, line);
	CHECK_EQ(asked(&t), getpid());
	EXPECT(fd, "log enter getppid");
	CHECK_EQ(strncmp(next_event(fd).what, "log leave getppid = ", 20), 0);
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
}

static void
calls_what_no_one_has(const struct tracee *t)
{
	await(t);
	tell(t, call6(500, 1, 2, 3, 4, 5, 6));
	await(t);
	tell(t, call0(0xffffffff00001234));
	await(t);
}

TEST(call_without_a_name_is_named_by_its_number)
{
	struct tracee t = tracee_start(calls_what_no_one_has);
	int fd = controller(t.pid);

	PUT(fd, "on enter 500 hold\non leave 500,18446744069414588980 log\n");
	go(&t);
	EXPECT(fd, "hold enter #500 0x1 0x2 0x3 0x4 0x5 0x6");
	PUT(fd, "run\n");
	CHECK_EQ(told(&t), -ENOSYS);
	EXPECT(fd, "log leave #500 0x1 0x2 0x3 0x4 0x5 0x6 = -ENOSYS");
	go(&t);
	CHECK_EQ(told(&t), -ENOSYS);
	CHECK_EQ(strncmp(next_event(fd).what,
			 "log leave #18446744069414588980 ", 32),
		 0);
	close(fd);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(star_means_calls_without_a_name_too)
{
	struct tracee t = tracee_start(calls_what_no_one_has);
	int fd;

	wait_state(t.pid, TRACE_STATE_ASLEEP);
	fd = controller(t.pid);
	PUT(fd, "on enter * hold\n");
	go(&t);
	EXPECT(fd, "hold enter #500 0x1 0x2 0x3 0x4 0x5 0x6");
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
	struct tracee t = tracee_start(asks_for_parent);
	int fd;

	wait_state(t.pid, TRACE_STATE_ASLEEP);
	fd = controller(t.pid);
	PUT(fd, "on leave read hold\n");
	go(&t);
	CHECK_EQ(strncmp(next_event(fd).what, "hold leave read 0x", 18), 0);
	PUT(fd, "on leave read off\nrun\n");
	CHECK_EQ(told(&t), getpid());
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(unnamed_calls_make_no_event)
{
	struct tracee t = tracee_start(asks_for_parent);
	int fd = proc_open(t.pid, "trace", O_RDWR | O_NONBLOCK);
	char c;

	PUT(fd, "on enter getpid hold\non leave getpid,500 log\n"
		"on exec hold\non start hold\n");
	CHECK_EQ(asked(&t), getpid());
	CHECK_ERRNO(read(fd, &c, 1), EAGAIN);
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
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
	struct tracee t = tracee_start(asks_for_parent);
	int fd = controller(t.pid);

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		ssize_t n = put(fd, lines[i]);

		if (n >= 0 || errno != EINVAL)
			test_fail(__FILE__, __LINE__, "%s: %d (%s)", lines[i],
				  (int)n, strerror(errno));
	}
	CHECK_EQ(asked(&t), getpid());
	CHECK_EQ(status_of(t.pid).state, TRACE_STATE_ASLEEP);
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(line_with_a_nul_byte_is_EINVAL)
{
	static const char line[] = "on enter getppid hold\0\n";
	struct tracee t = tracee_start(asks_for_parent);
	int fd = controller(t.pid);

	CHECK_ERRNO(write(fd, line, sizeof line - 1), EINVAL);
	CHECK_EQ(asked(&t), getpid());
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(write_that_stops_at_a_bad_line_returns_the_bytes_before_it)
{
	static const char good[] = "on enter getppid log\n";
	static const char bad[] = "return 5\n";
	char both[64];
	struct tracee t = tracee_start(asks_for_parent);
	int fd = controller(t.pid);

	snprintf(both, sizeof both, "%s%son leave getppid log\n", good, bad);
	CHECK_EQ(put(fd, both), strlen(good));
	/* the retry gets its error */
	REFUSED(fd, both + strlen(good), EBUSY);
	CHECK_EQ(asked(&t), getpid());
	EXPECT(fd, "log enter getppid");
	/* what stood behind it was not done */
	CHECK_EQ(tracee_end(&t), 0);
	EXPECT(fd, "log end exited 0");
	EXPECT_END(fd);
}

TEST(too_long_a_write_is_E2BIG_and_does_nothing)
{
	struct tracee t = tracee_start(asks_for_parent);
	int fd = controller(t.pid);
	size_t size = TRACE_LINE_MAX + 1;
	char *line = malloc(size);

	CHECK(line != NULL);
	memset(line, ' ', size);
	memcpy(line, "on enter getppid hold", 21);
	line[size - 1] = '\n';
	CHECK_ERRNO(write(fd, line, size), E2BIG);
	CHECK_EQ(asked(&t), getpid());
	line[size - 2] = '\n';
	CHECK_EQ(write(fd, line, size - 1), size - 1);
	go(&t);
	EXPECT(fd, "hold enter getppid");
	close(fd);
	CHECK_EQ(told(&t), getpid());
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(write_of_an_unmapped_buffer_is_EFAULT_and_does_nothing)
{
	struct tracee t = tracee_start(asks_for_parent);
	int fd = controller(t.pid), bin = controller_bin(t.pid);

	CHECK_ERRNO(write(fd, (void *)0x10, 5), EFAULT);
	CHECK_ERRNO(write(fd, (void *)0xffffffff80000000, 5), EFAULT);
	CHECK_ERRNO(write(bin, (void *)0x10, TRACE_VERB_SIZE), EFAULT);
	CHECK_EQ(asked(&t), getpid());
	close(fd);
	close(bin);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(words_may_be_apart_by_several_blanks)
{
	struct tracee t = tracee_start(asks_for_parent);
	int fd = controller(t.pid);

	PUT(fd, "  on\tenter   getppid  log \n");
	CHECK_EQ(asked(&t), getpid());
	EXPECT(fd, "log enter getppid");
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
}
