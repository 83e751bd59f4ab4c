/*
 * `new`: a child that is held before its first instruction, in a session that
 * covers it alone.
 */
#include "trace/tracing.h"

#define HELPER "/test/proc/helper"

/* What comes out of a pipe until its end. */
static const char *
drain(int fd)
{
	static char text[4096];
	size_t used = 0;
	ssize_t n;

	while ((n = read(fd, text + used, sizeof text - 1 - used)) > 0)
		used += (size_t)n;
	text[used] = '\0';
	close(fd);
	return text;
}

/* Writes to a session with stdout being a pipe meanwhile: its read end. */
static int
write_with_pipe(int fd, const void *bytes, size_t size)
{
	int ends[2], saved = fcntl(1, F_DUPFD_CLOEXEC, 100);
	ssize_t n;

	pipe_make(ends);
	CHECK_EQ(dup2(ends[1], 1), 1);
	n = write(fd, bytes, size);
	CHECK_EQ(dup2(saved, 1), 1);
	CHECK_EQ(n, size);
	close(saved);
	close(ends[1]);
	return ends[0];
}

static int
put_with_pipe(int fd, const char *lines)
{
	return write_with_pipe(fd, lines, strlen(lines));
}

/* Writes lines, the last of which makes a child: its pid. */
static pid_t
make(int fd, const char *lines)
{
	PUT(fd, lines);
	return next_event(fd).pid;
}

/* It runs to its end, as its session hears. */
static void
ends_well(int fd, pid_t pid)
{
	EXPECT(fd, "log end exited 0");
	CHECK_EQ(exit_status(wait_for(pid)), 0);
}

TEST(child_is_held_at_start_whatever_the_rules)
{
	struct trace_regs regs;
	struct event e;
	int fd = open("proc:/new", O_RDWR);

	PUT(fd, "on start off\nnew /bin/true true\n");
	e = next_event(fd);
	CHECK_STR(e.what, "hold start");
	CHECK_EQ(e.pid, e.tid);
	CHECK_EQ(status_of(e.pid).state, TRACE_STATE_HELD);
	CHECK_EQ(status_of(e.pid).ppid, getpid());
	CHECK_STR(status_of(e.pid).name, "true");
	CHECK_EQ(regs_get(e.pid, &regs), 0);
	CHECK_EQ(regs.rax | regs.rbx | regs.rcx | regs.rdx | regs.r15, 0);
	CHECK_EQ(regs.rsp % 16, 0);
	EXPECT(fd, "log end exited 0");
	EXPECT_END(fd);
	close(fd);
	CHECK_EQ(exit_status(wait_for(e.pid)), 0);
}

TEST(words_are_unescaped_into_arguments)
{
	int fd = open("proc:/new", O_RDWR), out, args;
	char text[256];
	ssize_t n;
	pid_t pid;

	out = put_with_pipe(fd, "env E=1\nnew " HELPER
				" h echo a%20b c%0Ad 50%25 % x\n");
	pid = next_event(fd).pid;
	args = proc_open(pid, "args", O_RDONLY);
	n = read(args, text, sizeof text - 1);
	CHECK(n > 0);
	text[n] = '\0';
	CHECK_STR(text, "h\necho\na%20b\nc%0ad\n50%25\n%\nx\n");
	ends_well(fd, pid);
	close(fd);
	CHECK_STR(drain(out),
		  "0=h\n1=echo\n2=a b\n3=c\nd\n4=50%\n5=\n6=x\nenv E=1\n");
}

TEST(env_lines_are_the_environment)
{
	int fd = open("proc:/new", O_RDWR), out;
	pid_t pid;

	out = put_with_pipe(fd, "env A=1\nenv B=two%20words\n"
				"new " HELPER " h echo\n");
	pid = next_event(fd).pid;
	ends_well(fd, pid);
	close(fd);
	CHECK_STR(drain(out), "0=h\n1=echo\nenv A=1\nenv B=two words\n");
}

TEST(env_lines_are_for_the_next_new_only)
{
	int fd = open("proc:/new", O_RDWR), out;
	pid_t pid;

	pid = make(fd, "env A=1\nnew /bin/true true\n");
	ends_well(fd, pid);
	out = put_with_pipe(fd, "env B=2\nnew " HELPER " h echo\n");
	pid = next_event(fd).pid;
	ends_well(fd, pid);
	close(fd);
	CHECK_STR(drain(out), "0=h\n1=echo\nenv B=2\n");
}

TEST(descriptors_that_are_not_close_on_exec_are_the_childs_but_its_session)
{
	int fd = open("proc:/new", O_RDWR), copy = dup(fd), out, kept, gone;
	char expected[64];
	pid_t pid;

	CHECK(fd > 2 && copy > 2);
	kept = open("null:", O_RDONLY);
	gone = open("null:", O_RDONLY | O_CLOEXEC);
	CHECK(kept > 2 && gone > 2);
	out = put_with_pipe(fd, "new " HELPER " h descriptors\n");
	pid = next_event(fd).pid;
	ends_well(fd, pid);
	snprintf(expected, sizeof expected, "0 1 2 %d \n", kept);
	CHECK_STR(drain(out), expected);
	close(fd);
	close(copy);
}

TEST(child_does_not_keep_its_own_session_alive)
{
	int fd = open("proc:/new", O_RDWR);
	pid_t pid;

	pid = make(fd, "on end hold\nnew " HELPER " h ask 1\n");
	EXPECT(fd, "hold end exited 0");
	close(fd);
	CHECK_EQ(exit_status(wait_for(pid)), 0);
}

TEST(child_cannot_tell_that_it_was_made_by_new)
{
	int fd = open("proc:/new", O_RDWR);
	pid_t pid;
	char line[64];

	pid = make(fd, "new " HELPER " h parent\n");
	snprintf(line, sizeof line, "log end exited %d", getpid() & 0xff);
	EXPECT(fd, line);
	close(fd);
	CHECK_EQ(exit_status(wait_for(pid)), getpid() & 0xff);
}

TEST(what_cannot_be_executed_gives_the_errno_of_exec)
{
	int fd = open("proc:/new", O_RDWR), file;

	file = open("/tmp/not-a-program", O_CREAT | O_WRONLY | O_TRUNC, 0755);
	CHECK_EQ(write(file, "garbage", 7), 7);
	close(file);
	file = open("/tmp/not-executable", O_CREAT | O_WRONLY, 0644);
	close(file);
	REFUSED(fd, "new /no/such/program x\n", ENOENT);
	REFUSED(fd, "new /bin/true/x x\n", ENOTDIR);
	REFUSED(fd, "new /bin x\n", EACCES);
	REFUSED(fd, "new /tmp/not-a-program x\n", ENOEXEC);
	REFUSED(fd, "new /tmp/not-executable x\n", EACCES);
	REFUSED(fd, "new nosuchscheme:/x x\n", ENOENT);
	EXPECT_END(fd);
	CHECK_ERRNO(waitpid(-1, NULL, WNOHANG), ECHILD);
	close(fd);
	unlink("/tmp/not-a-program");
	unlink("/tmp/not-executable");
}

TEST(program_of_new_is_looked_up_in_its_makers_directory_alone)
{
	int fd = open("proc:/new", O_RDWR), out;
	pid_t pid;

	CHECK_EQ(chdir("/"), 0);
	PUT(fd, "env PATH=/bin\n");
	REFUSED(fd, "new true true\n", ENOENT);
	CHECK_EQ(chdir("/bin"), 0);
	ends_well(fd, make(fd, "new true true\n"));
	CHECK_EQ(chdir("/tmp"), 0);
	out = put_with_pipe(fd, "new ../bin/sh sh -c pwd%20-P\n");
	pid = next_event(fd).pid;
	ends_well(fd, pid);
	CHECK_STR(drain(out), "/tmp\n");
	close(fd);
}

/* As of `echo new ... >&3` in a shell. */
TEST(child_made_through_its_makers_stdout_has_none)
{
	int fd = open("proc:/new", O_RDWR | O_CLOEXEC), saved;
	const char *line = "new " HELPER " h descriptors\n";
	struct event e;
	ssize_t n;
	pid_t pid;

	saved = fcntl(1, F_DUPFD_CLOEXEC, 100);
	CHECK_EQ(dup2(fd, 1), 1);
	n = write(1, line, strlen(line));
	CHECK_EQ(dup2(saved, 1), 1);
	CHECK_EQ(n, strlen(line));
	pid = next_event(fd).pid;
	PUT(fd, "on enter write hold\n");
	EXPECT_START(fd, "hold enter write 0x1 ");
	PUT(fd, "on enter write off\non leave write log\nrun\n");
	e = next_event(fd);
	CHECK_EQ(strncmp(e.what, "log leave write 0x1 ", 20), 0);
	CHECK_STR(strstr(e.what, " = "), " = -EBADF");
	CHECK_EQ(exit_status(wait_for(pid)), 0);
	close(fd);
}

TEST(words_that_name_a_target_are_arguments_of_new)
{
	int fd = open("proc:/new", O_RDWR), out;
	pid_t pid;

	REFUSED(fd, "env A=1 all\n", EINVAL);
	out = put_with_pipe(fd, "new " HELPER " h echo pid 1 all\n");
	pid = next_event(fd).pid;
	ends_well(fd, pid);
	close(fd);
	CHECK_STR(drain(out), "0=h\n1=echo\n2=pid\n3=1\n4=all\n");
}

TEST(close_before_the_first_advance_kills_it)
{
	int fd = open("proc:/new", O_RDWR);
	pid_t pid;

	PUT(fd, "new /bin/true true\n");
	close(fd);
	pid = wait(NULL);
	CHECK(pid > 0);
	fd = open("proc:/new", O_RDWR);
	pid = make(fd, "set close run\nnew /bin/true true\n");
	CHECK_EQ(waitpid(pid, NULL, WNOHANG), 0);
	close(fd);
	CHECK_EQ(exit_status(wait_for(pid)), 1000 + SIGKILL);
}

TEST(close_after_the_first_advance_lets_it_run)
{
	int fd = open("proc:/new", O_RDWR | O_NONBLOCK);
	char c;
	pid_t pid;

	pid = make(fd, "on enter getppid hold\nnew " HELPER " h ask 1\n");
	CHECK_ERRNO(read(fd, &c, 1), EAGAIN);
	wait_state(pid, TRACE_STATE_HELD);
	close(fd);
	CHECK_EQ(exit_status(wait_for(pid)), 0);
}

TEST(run_is_an_advance_too)
{
	int fd = open("proc:/new", O_RDWR);
	pid_t pid;

	pid = make(fd, "new " HELPER " h ask 1000\n");
	PUT(fd, "run\n");
	close(fd);
	CHECK_EQ(exit_status(wait_for(pid)), 0);
}

TEST(session_without_targets_reads_0_and_new_revives_it)
{
	int fd = open("proc:/new", O_RDWR);
	pid_t pid;

	EXPECT_END(fd);
	for (int i = 0; i < 3; i++) {
		pid = make(fd, "new /bin/true true\n");
		EXPECT(fd, "log end exited 0");
		EXPECT_END(fd);
		EXPECT_END(fd);
		CHECK_EQ(exit_status(wait_for(pid)), 0);
	}
	close(fd);
}

TEST(new_works_in_a_session_that_was_opened_on_another)
{
	struct tracee t = tracee_start(asks_for_parent);
	int fd = controller(t.pid);
	struct event e;

	PUT(fd, "on enter getppid hold\nnew " HELPER " h ask 1\n");
	e = next_event(fd);
	CHECK_STR(e.what, "hold start");
	CHECK(e.pid != t.pid);
	CHECK_STR(next_event(fd).what, "hold enter getppid");
	go(&t);
	/* the one's end and the other's hold, in any order */
	CHECK_EQ(next_event(fd).pid + next_event(fd).pid, e.pid + t.pid);
	close(fd);
	CHECK_EQ(told(&t), getpid());
	CHECK_EQ(exit_status(wait_for(e.pid)), 0);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(packed_new_takes_any_bytes)
{
	static const char strings[] = HELPER "\0h\0echo\0 a \n%\0\0E=\0F=x y";
	struct trace_verb verb = {.verb = TRACE_VERB_new,
				  .size = TRACE_VERB_SIZE + sizeof strings,
				  .arg = {4, 2}};
	char bytes[TRACE_VERB_SIZE + sizeof strings];
	int fd = open("proc:/new.bin", O_RDWR), out;
	struct trace_event e;

	memcpy(bytes, &verb, TRACE_VERB_SIZE);
	memcpy(bytes + TRACE_VERB_SIZE, strings, sizeof strings);
	out = write_with_pipe(fd, bytes, sizeof bytes);
	e = packed(fd);
	CHECK_EQ(e.type, TRACE_EV_start);
	CHECK_EQ(packed(fd).type, TRACE_EV_end);
	CHECK_EQ(exit_status(wait_for((pid_t)e.pid)), 0);
	close(fd);
	CHECK_STR(drain(out), "0=h\n1=echo\n2= a \n%\n3=\nenv E=\nenv F=x y\n");
}

TEST(packed_new_whose_strings_do_not_fit_is_EINVAL)
{
	static const struct {
		uint64_t argc, envc;
		const char *bytes;
		size_t size;
	} bad[] = {
		{0, 0, "/bin/true\0x", 12},
		{1, 0, "/bin/true\0x", 11},
		{2, 0, "/bin/true\0x", 12},
		{1, 1, "/bin/true\0x", 12},
		{1, 0, "/bin/true\0x\0y", 14},
		{1, 0, "", 0},
		{UINT64_MAX, 2, "/bin/true\0x", 12},
		{2, UINT64_MAX, "/bin/true\0x", 12},
		{1ull << 32 | 1, 0, "/bin/true\0x", 12},
	};
	int fd = open("proc:/new.bin", O_RDWR);

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct trace_verb verb = {
			.verb = TRACE_VERB_new,
			.size = (uint32_t)(TRACE_VERB_SIZE + bad[i].size),
			.arg = {bad[i].argc, bad[i].envc}};
		char bytes[TRACE_VERB_SIZE + 64];

		memcpy(bytes, &verb, TRACE_VERB_SIZE);
		memcpy(bytes + TRACE_VERB_SIZE, bad[i].bytes, bad[i].size);
		CHECK_ERRNO(write(fd, bytes, verb.size), EINVAL);
	}
	CHECK_ERRNO(waitpid(-1, NULL, WNOHANG), ECHILD);
	close(fd);
}

TEST(too_many_arguments_are_E2BIG)
{
	size_t size = 400 * 1024;
	char *line = malloc(size);
	int fd = open("proc:/new", O_RDWR);

	CHECK(line != NULL);
	memset(line, 'x', size);
	memcpy(line, "new /bin/true ", 14);
	line[size - 1] = '\n';
	CHECK_ERRNO(write(fd, line, size), E2BIG);
	line[100 * 1024 - 1] = '\n';
	CHECK_EQ(write(fd, line, 100 * 1024), 100 * 1024);
	EXPECT(fd, "hold start");
	EXPECT(fd, "log end exited 0");
	close(fd);
	CHECK(wait(NULL) > 0);
}

/* ---- a tracee that says what its trace must show ---- */

/* The lines of a session from the tracee's first getpid to its own words. */
static const char *
trace_until_write(int fd)
{
	static char lines[4096];
	struct event e = next_event(fd);
	size_t used = 0;

	while (strncmp(e.what, "log leave getpid ", 17) != 0)
		e = next_event(fd);
	while (strncmp(e.what, "log leave write 0x1 ", 20) != 0) {
		used += (size_t)snprintf(lines + used, sizeof lines - used,
					 "%s\n", e.what);
		CHECK(used < sizeof lines);
		e = next_event(fd);
	}
	return lines;
}

TEST(trace_is_what_the_tracee_says_it_must_be)
{
	int fd = open("proc:/new", O_RDWR), out;
	char shown[4096];
	const char *said;

	out = put_with_pipe(fd, "on leave * log\nnew " HELPER " h say\n");
	snprintf(shown, sizeof shown, "%s", trace_until_write(fd));
	close(fd);
	CHECK(wait(NULL) > 0);
	said = drain(out);
	CHECK(strlen(said) > 100);
	CHECK_STR(shown, said);
}
