/*
 * The line `refused` of status, for each kind of write to regs, fpregs and ctl
 * that is refused.
 */
#include "trace/files.h"
#include "trace/scene.h"

static void
refused_with(const char *name, const void *bytes, size_t size, int error,
	     const char *line)
{
	int fd = proc_open(t.pid, name, O_WRONLY);
	ssize_t n = write(fd, bytes, size);
	char expected[128];

	if (n != -1 || errno != error)
		test_fail(__FILE__, __LINE__, "%s: %d (%s), not %s", name,
			  (int)n, strerror(errno), line);
	close(fd);
	snprintf(expected, sizeof expected, "\nrefused %s\n", line);
	if (!strstr(said_of(getpid(), "status"), expected))
		test_fail(__FILE__, __LINE__, "no \"%s\" in \"%s\"", line,
			  said_of(getpid(), "status"));
}

#define SAYS(name, text, error, line)                                          \
	refused_with((name), (text), strlen(text), (error), (line))

TEST(refusals_of_registers_of_one_that_is_not_held_say_so)
{
	static const char zeroes[1024];

	tracee_begin(sleeps);
#define BUSY ": it is not held, or not where this needs it"
	SAYS("regs", "rbx 1\n", EBUSY, "EBUSY regs" BUSY);
	SAYS("fpregs", "xmm0 0x1\n", EBUSY, "EBUSY fpregs" BUSY);
	refused_with("regs.bin", zeroes, sizeof(struct trace_regs), EBUSY,
		     "EBUSY regs.bin" BUSY);
	refused_with("fpregs.bin", zeroes, sizeof(struct trace_fpregs), EBUSY,
		     "EBUSY fpregs.bin" BUSY);
#undef BUSY
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(refusals_of_registers_of_one_that_is_held_say_which_word_is_wrong)
{
	static const char zeroes[1024];
	int fd = held_at_enter();

#define VALUE ": a register may not have that value"
	SAYS("regs", "rip 0xffff800000000000\n", ERANGE, "ERANGE regs" VALUE);
	SAYS("fpregs", "mxcsr 0x10000\n", ERANGE, "ERANGE fpregs" VALUE);
#undef VALUE
	SAYS("regs", "rbx\n", EINVAL, "EINVAL regs: no NAME VALUE: rbx");
	SAYS("fpregs", "xmm0\n", EINVAL, "EINVAL fpregs: no NAME VALUE: xmm0");
	SAYS("regs", "rix 1\n", EINVAL, "EINVAL regs: no such register: rix");
	SAYS("fpregs", "zmm0 0x1\n", EINVAL,
	     "EINVAL fpregs: no such register: zmm0");
	SAYS("regs", "rbx 1x\n", EINVAL, "EINVAL regs: no value: 1x");
	SAYS("fpregs", "fcw 1\n", EINVAL,
	     "EINVAL fpregs: no 0x value of its size: 1");
	refused_with("regs.bin", zeroes, 8, EINVAL,
		     "EINVAL regs.bin: the size is another");
	refused_with("fpregs.bin", zeroes, 8, EINVAL,
		     "EINVAL fpregs.bin: the size is another");
	close(fd);
	answers();
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(writes_without_a_newline_at_their_end_are_refused_and_do_nothing)
{
	static const char *const line = "EINVAL line: no newline at its end";
	int fd = held_at_enter();
	struct trace_regs old, now;

	CHECK_EQ(regs_get(t.pid, &old), 0);
	SAYS("regs", "rbx 0x77", EINVAL, line);
	SAYS("regs", "rbx 0x77\nr12 0x77", EINVAL, line);
	SAYS("fpregs", "xmm0 0x77\nxmm1 0x77", EINVAL, line);
	SAYS("ctl", "kill SIGKILL", EINVAL, line);
	SAYS("ctl", "stop\nrun", EINVAL, line);
	CHECK_EQ(regs_get(t.pid, &now), 0);
	CHECK_EQ(memcmp(&old, &now, sizeof now), 0);
	CHECK_EQ(status_of(t.pid).holds, 1);
	close(fd);
	answers();
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(refusals_of_ctl_say_what_it_takes)
{
	tracee_begin(sleeps);
	SAYS("ctl", "return 1\n", EINVAL,
	     "EINVAL line: only stop, run, kill SIG, private");
	CHECK_ERRNO(ctl(t.pid, "kill SIGNONE\n"), EINVAL);
	CHECK(strstr(said_of(getpid(), "status"), "\nrefused EINVAL ") != NULL);
	CHECK_ERRNO(ctl(t.pid, "private\n"), EACCES);
	CHECK(strstr(said_of(getpid(), "status"), "\nrefused EACCES ") != NULL);
	CHECK_ERRNO(ctl(getpid(), "stop\n"), EDEADLK);
	CHECK(strstr(said_of(getpid(), "status"), "\nrefused EDEADLK ") !=
	      NULL);
	CHECK_EQ(tracee_end(&t), 0);
}

/* So many bytes that are one line, mostly blanks. */
static ssize_t
write_long(const char *name, const char *text, size_t size)
{
	static char bytes[8192];
	int fd = proc_open(t.pid, name, O_WRONLY), error;
	ssize_t n;

	memset(bytes, ' ', size);
	memcpy(bytes, text, strlen(text));
	bytes[size - 1] = '\n';
	n = write(fd, bytes, size);
	error = errno;
	close(fd);
	errno = error;
	return n;
}

TEST(write_to_ctl_or_regs_has_4096_bytes_at_most)
{
	int fd = held_at_enter();
	struct trace_regs regs;

	CHECK_ERRNO(write_long("regs", "rbx 0x77", 4097), E2BIG);
	CHECK_ERRNO(write_long("fpregs", "xmm0 0x77", 4097), E2BIG);
	CHECK_EQ(regs_get(t.pid, &regs), 0);
	CHECK(regs.rbx != 0x77);
	CHECK_EQ(write_long("regs", "rbx 0x77", 4096), 4096);
	CHECK_EQ(regs_get(t.pid, &regs), 0);
	CHECK_EQ(regs.rbx, 0x77);
	CHECK_ERRNO(write_long("ctl", "stop", 4097), E2BIG);
	expect_holds(1);
	CHECK_EQ(write_long("ctl", "stop", 4096), 4096);
	expect_holds(2);
	close(fd);
	tracee_kill(&t);
}
