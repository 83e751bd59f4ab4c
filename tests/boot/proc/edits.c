/*
 * Edits: `return`, `args`, registers and memory, and what the call then does.
 */
#include "trace/scene.h"

static char text[] = "from memory";

/* Calls that a test rewrites; tells each result. */
static void
asks_and_writes(const struct tracee *u)
{
	static char copy[sizeof text];

	memcpy(copy, text, sizeof text);
	while (await(u) == 'g') {
		tell(u, call3(SYS_getuid, 11, 12, 13));
		tell(u, call0(SYS_getppid));
	}
}

static int
held(const char *rules, const char *event)
{
	return held_in(asks_and_writes, rules, event);
}

static void
done(int fd)
{
	answers();
	go(&t);
	close(fd);
	CHECK_EQ(told(&t), 0);
	answers();
	tracee_kill(&t);
}

TEST(return_at_enter_gives_its_value_and_the_call_is_not_run)
{
	int fd = held("on enter getuid hold\n", "hold enter getuid");

	PUT(fd, "return 0x7b\nrun\n");
	CHECK_EQ(told(&t), 0x7b);
	done(fd);
}

TEST(call_after_one_that_was_given_runs)
{
	int fd = held("on enter getuid,getppid hold\n", "hold enter getuid");

	PUT(fd, "return 1\n");
	EXPECT(fd, "hold enter getppid");
	PUT(fd, "on enter * off\nrun\n");
	CHECK_EQ(told(&t), 1);
	done(fd);
}

TEST(value_may_be_decimal_hexadecimal_negative_or_an_error)
{
	static const struct {
		const char *word;
		int64_t value;
	} values[] = {
		{"0", 0},
		{"17", 17},
		{"0xff", 255},
		{"-1", -1},
		{"-4096", -4096},
		{"-EPERM", -1},
		{"-ENOENT", -2},
		{"-ESTALE", -116},
		{"0xffffffffffffffff", -1},
		{"18446744073709551615", -1},
		{"9223372036854775807", INT64_MAX},
		{"-9223372036854775808", INT64_MIN},
	};
	int fd = session_on(asks_for_parent);

	PUT(fd, "on enter getppid hold\n");
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		go(&t);
		EXPECT(fd, "hold enter getppid");
		CHECK(putf(fd, "return %s\n", values[i].word) > 0);
		PUT(fd, "run\n");
		CHECK_EQ(told(&t), values[i].value);
	}
	finish(fd);
}

TEST(call_given_a_value_leaves_unrun)
{
	int fd = held("on enter getuid hold\non leave getuid,getppid log\n",
		      "hold enter getuid");

	PUT(fd, "return -EACCES\nrun\n");
	CHECK_EQ(told(&t), -EACCES);
	EXPECT(fd, "log leave getuid = -EACCES unrun");
	CHECK_EQ(strstr(next_event(fd).what, "unrun"), NULL);
	done(fd);
}

TEST(return_at_leave_becomes_the_result)
{
	int fd = held("on leave getuid hold\n", "hold leave getuid = 0");

	PUT(fd, "return 99\nrun\n");
	CHECK_EQ(told(&t), 99);
	done(fd);
}

TEST(leave_is_the_one_of_the_call_as_it_was_finally_run)
{
	int fd = held("on enter getuid hold\non leave getpid hold\n",
		      "hold enter getuid");
	char line[64];

	PUT(fd, "args getpid 0 0 0 0 0 0\n");
	snprintf(line, sizeof line, "hold leave getpid = %d", (int)t.pid);
	EXPECT(fd, line);
	PUT(fd, "run\n");
	CHECK_EQ(told(&t), t.pid);
	done(fd);
}

TEST(args_make_another_call_of_it)
{
	int fd = held("on enter getuid hold\n", "hold enter getuid");

	PUT(fd, "args getpid 1 2 3 4 5 6\nrun\n");
	CHECK_EQ(told(&t), t.pid);
	done(fd);
}

TEST(args_may_name_a_number_that_no_call_has)
{
	int fd = held("on enter getuid hold\non leave 77 log\n",
		      "hold enter getuid");

	PUT(fd, "args 77 1 2 3 4 5 -EPERM\nrun\n");
	CHECK_EQ(told(&t), -ENOSYS);
	EXPECT(fd, "log leave #77 0x1 0x2 0x3 0x4 0x5 0xffffffffffffffff = "
		   "-ENOSYS");
	done(fd);
}

TEST(args_are_the_arguments_that_the_kernel_uses)
{
	char line[128], seen[sizeof text];
	int fd = held("on enter getuid hold\non leave write log\n",
		      "hold enter getuid");

	snprintf(line, sizeof line, "args write %d %p %d 0 0 0\nrun\n", t.out,
		 (void *)text, (int)sizeof text);
	PUT(fd, line);
	CHECK_EQ(read(t.from, seen, sizeof seen), sizeof seen);
	CHECK_STR(seen, "from memory");
	CHECK_EQ(told(&t), sizeof text);
	EXPECT(fd, (snprintf(line, sizeof line,
			     "log leave write 0x%x 0x%lx 0x%x = %d",
			     (unsigned)t.out, (unsigned long)text,
			     (unsigned)sizeof text, (int)sizeof text),
		    line));
	answers();
	finish_killed(fd);
}

TEST(last_of_args_and_return_counts)
{
	int fd = held("on enter getuid hold\n", "hold enter getuid");

	PUT(fd, "return 5\nreturn 6\nargs getpid 0 0 0 0 0 0\n"
		"args getuid 0 0 0 0 0 0\nrun\n");
	CHECK_EQ(told(&t), 0);
	answers();
	go(&t);
	EXPECT(fd, "hold enter getuid");
	PUT(fd, "args getpid 0 0 0 0 0 0\nreturn 7\nrun\n");
	CHECK_EQ(told(&t), 7);
	done(fd);
}

TEST(last_edit_counts_whoever_set_it)
{
	int fd = held("on enter getuid hold\n", "hold enter getuid");
	int other;

	PUT(fd, "on enter getuid off\nrun\n");
	CHECK_EQ(told(&t), 0);
	answers();
	other = controller(t.pid);
	PUT(fd, "on enter getuid hold\n");
	PUT(other, "on enter getuid hold\n");
	go(&t);
	EXPECT(fd, "hold enter getuid");
	EXPECT(other, "hold enter getuid");
	PUT(fd, "return 1\n");
	PUT(other, "return 2\n");
	PUT(other, "run\n");
	REFUSED(other, "return 3\n", ESTALE);
	PUT(fd, "run\n");
	CHECK_EQ(told(&t), 2);
	close(other);
	PUT(fd, "on enter * off\n");
	done(fd);
}

TEST(edits_are_not_judged_again)
{
	int fd = held("on enter getuid hold\non enter getpid hold\n",
		      "hold enter getuid");

	PUT(fd, "args getpid 0 0 0 0 0 0\nrun\n");
	CHECK_EQ(told(&t), t.pid);
	PUT(fd, "on enter * off\n");
	done(fd);
}

TEST(every_session_sees_what_the_program_asked)
{
	int fd = held("on enter getuid hold\n", "hold enter getuid");
	int other = controller(t.pid);

	PUT(fd, "run\n");
	CHECK_EQ(told(&t), 0);
	answers();
	PUT(other, "on enter getuid hold\non leave * log\n"
		   "on leave read,write,getppid off\n");
	go(&t);
	EXPECT(fd, "hold enter getuid");
	PUT(fd, "args getpid 0 0 0 0 0 0\nrun\n");
	EXPECT(other, "hold enter getuid");
	PUT(other, "run\n");
	CHECK_EQ(told(&t), t.pid);
	/* its leave is that of the call as it was run */
	EXPECT_START(other, "log leave getpid = ");
	close(other);
	PUT(fd, "on enter * off\n");
	done(fd);
}

TEST(return_and_args_need_a_place_where_they_mean_something)
{
	int fd = held("on leave getuid hold\n", "hold leave getuid = 0");

	REFUSED(fd, "args getpid 0 0 0 0 0 0\n", EBUSY);
	PUT(fd, "stop\nrun\n");
	CHECK_EQ(told(&t), 0);
	answers();
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	CHECK(putf(fd, "stop tid %d\n", (int)t.pid) > 0);
	EXPECT(fd, "hold stop asleep");
	REFUSED(fd, "return 1\n", EBUSY);
	REFUSED(fd, "args getpid 0 0 0 0 0 0\n", EBUSY);
	PUT(fd, "on leave * off\nrun\n");
	go(&t);
	CHECK_EQ(told(&t), 0);
	done(fd);
}

/* ---- registers ---- */

TEST(registers_written_at_enter_are_what_the_kernel_uses)
{
	char seen[sizeof text], line[256];
	int fd = held("on enter getuid hold\non leave write log\n",
		      "hold enter getuid");

	snprintf(line, sizeof line,
		 "orig_rax %d\nrdi %d\nrsi=0x%lx\nrdx = %d\n", SYS_write, t.out,
		 (unsigned long)text, (int)sizeof text);
	CHECK_EQ(regs_write(t.pid, line), 0);
	PUT(fd, "run\n");
	CHECK_EQ(read(t.from, seen, sizeof seen), sizeof seen);
	CHECK_STR(seen, "from memory");
	EXPECT_START(fd, "log leave write ");
	CHECK_EQ(told(&t), sizeof text);
	answers();
	finish_killed(fd);
}

TEST(rax_written_at_leave_is_the_result)
{
	struct trace_regs regs;
	int fd = held("on leave getuid hold\n", "hold leave getuid = 0");

	CHECK_EQ(regs_get(t.pid, &regs), 0);
	CHECK_EQ(regs.rax, 0);
	CHECK_EQ(regs.orig_rax, SYS_getuid);
	CHECK_EQ(regs_write(t.pid, "rax 41\n"), 0);
	CHECK_EQ(regs_get(t.pid, &regs), 0);
	CHECK_EQ(regs.rax, 41);
	PUT(fd, "run\n");
	CHECK_EQ(told(&t), 41);
	done(fd);
}

TEST(rax_in_an_unfinished_call_is_EBUSY)
{
	int fd = held("on enter getuid hold\n", "hold enter getuid");

	CHECK_ERRNO(regs_write(t.pid, "rax 5\n"), EBUSY);
	CHECK_ERRNO(regs_write(t.pid, "rdi 5\nrax 5\n"), EBUSY);
	PUT(fd, "run\n");
	CHECK_EQ(told(&t), 0);
	done(fd);
}

TEST(orig_rax_is_the_number_at_enter_and_minus_one_outside)
{
	struct trace_regs regs;
	int fd = held("on enter getuid hold\n", "hold enter getuid");

	CHECK_EQ(regs_get(t.pid, &regs), 0);
	CHECK_EQ(regs.orig_rax, SYS_getuid);
	CHECK_EQ(regs.rdi, 11);
	CHECK_EQ(regs.rsi, 12);
	CHECK_EQ(regs.rdx, 13);
	PUT(fd, "run\n");
	CHECK_EQ(told(&t), 0);
	answers();
	finish_killed(fd);
	tracee_begin(spins);
	CHECK_EQ(ctl(t.pid, "stop\n"), 0);
	CHECK_EQ(regs_get(t.pid, &regs), 0);
	CHECK_EQ(regs.orig_rax, UINT64_MAX);
	CHECK_ERRNO(regs_write(t.pid, "orig_rax 1\n"), ERANGE);
	tracee_kill(&t);
}

TEST(orig_rax_at_leave_cannot_be_changed)
{
	int fd = held("on leave getuid hold\n", "hold leave getuid = 0");

	CHECK_ERRNO(regs_write(t.pid, "orig_rax 1\n"), ERANGE);
	PUT(fd, "run\n");
	CHECK_EQ(told(&t), 0);
	done(fd);
}

/* ---- memory ---- */

static char shown[16] = "before";

static void
writes_shown(const struct tracee *u)
{
	await(u);
	call3(SYS_write, (uint64_t)u->out, (uintptr_t)shown, sizeof shown);
	await(u);
}

TEST(memory_written_at_enter_is_what_the_kernel_uses)
{
	char seen[sizeof shown];
	int fd, mem;

	fd = held_in(writes_shown, "on enter write hold\n",
		     "hold enter write ");
	mem = proc_open(t.pid, "mem", O_RDWR);
	CHECK_EQ(pread(mem, seen, sizeof seen, (off_t)(uintptr_t)shown),
		 sizeof seen);
	CHECK_STR(seen, "before");
	CHECK_EQ(pwrite(mem, "after", 6, (off_t)(uintptr_t)shown), 6);
	PUT(fd, "run\n");
	CHECK_EQ(read(t.from, seen, sizeof seen), sizeof seen);
	CHECK_STR(seen, "after");
	CHECK_STR(shown, "before");
	close(fd);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(buffer_filled_by_the_kernel_is_there_at_leave)
{
	char seen[8] = "";
	struct trace_event e;
	int fd, mem;

	fd = session_bin_on(sleeps);
	CHECK(put_text(fd, "on leave read hold\n") > 0);
	CHECK_EQ(write(t.to, "q", 1), 1);
	e = packed(fd);
	CHECK_EQ(e.type, TRACE_EV_leave);
	CHECK_EQ(e.word[7], 1);
	mem = proc_open(t.pid, "mem", O_RDONLY);
	CHECK_EQ(pread(mem, seen, 1, (off_t)e.word[2]), 1);
	CHECK_STR(seen, "q");
	finish(fd);
}
