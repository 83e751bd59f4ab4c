/*
 * Numbers of processes, when there are few: they begin again, pass over those
 * in use, and no handle of one that ended reaches the next of its number.
 */
#include <stdbool.h>
#include "trace/files.h"
#include "trace/scene.h"

enum { FEW = 48, ALL = 1 << 22 };

static void
numbers_below(int limit)
{
	char text[16];
	int fd = open("sys:/pids", O_WRONLY | O_CLOEXEC);
	int n = snprintf(text, sizeof text, "%d\n", limit);

	CHECK(fd >= 0);
	CHECK_EQ(write(fd, text, (size_t)n), n);
	close(fd);
}

static void
numbers_as_before(void)
{
	numbers_below(ALL);
}

/* A case that fails leaves the others their numbers. */
static void
few_numbers(void)
{
	numbers_below(FEW);
	CHECK_EQ(atexit(numbers_as_before), 0);
}

static pid_t
child_that_ends(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	CHECK(pid > 0);
	CHECK_EQ(exit_status(wait_for(pid)), 0);
	return pid;
}

static bool
lives(const struct tracee *some, int count, pid_t pid)
{
	for (int i = 0; i < count; i++)
		if (some[i].pid == pid)
			return true;
	return false;
}

TEST(numbers_begin_again_and_pass_over_those_in_use)
{
	struct tracee some[8];
	int count = 0, wraps = 0;
	pid_t last = 0;

	few_numbers();
	for (int i = 0; i < 4 * FEW; i++) {
		pid_t pid = child_that_ends();

		CHECK(pid > 1 && pid < FEW);
		CHECK(pid != getpid());
		CHECK(!lives(some, count, pid));
		wraps += pid < last;
		last = pid;
		if (i % 5 == 0 && count < 8)
			some[count++] = tracee_start(sleeps);
	}
	CHECK(wraps >= 4);
	for (int i = 0; i < count; i++)
		CHECK_EQ(tracee_end(&some[i]), 0);
}

/* ---- a number that is somebody else's now ---- */

struct handles {
	int directory, trace, packed, ctl, regs, regs_bin, mem, status,
		status_bin, maps, args;
};

static struct handles
open_all(pid_t pid)
{
	char path[32];

	snprintf(path, sizeof path, "proc:/%d", (int)pid);
	return (struct handles){
		.directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC),
		.trace = controller(pid),
		.packed = controller_bin(pid),
		.ctl = proc_open(pid, "ctl", O_WRONLY),
		.regs = proc_open(pid, "regs", O_RDWR),
		.regs_bin = proc_open(pid, "regs.bin", O_RDWR),
		.mem = proc_open(pid, "mem", O_RDWR),
		.status = proc_open(pid, "status", O_RDONLY),
		.status_bin = proc_open(pid, "status.bin", O_RDONLY),
		.maps = proc_open(pid, "maps", O_RDONLY),
		.args = proc_open(pid, "args", O_RDONLY),
	};
}

static char target[16] = "untouched";

/* None of them is about whoever has the number. */
static void
reach_nobody(const struct handles *h, pid_t pid)
{
	struct trace_verb stop = {.verb = TRACE_VERB_stop,
				  .flags = TRACE_WHO_PID,
				  .pid = (uint32_t)pid};
	struct trace_regs regs = {0};
	char buf[64];
	off_t at = (off_t)(uintptr_t)target;

	CHECK_ERRNO(openat(h->directory, "status", O_RDONLY), ESRCH);
	CHECK_ERRNO(openat(h->directory, "trace", O_RDWR), ESRCH);
	CHECK_ERRNO(openat(h->directory, "mem", O_RDWR), ESRCH);
	CHECK_EQ(pread(h->mem, buf, sizeof buf, at), 0);
	CHECK_ERRNO(pwrite(h->mem, "X", 1, at), ESTALE);
	CHECK_ERRNO(read(h->regs, buf, sizeof buf), ESRCH);
	CHECK_ERRNO(read(h->regs_bin, buf, sizeof buf), ESRCH);
	CHECK_ERRNO(put(h->regs, "rbx 1\n"), ESRCH);
	CHECK_ERRNO(write(h->regs_bin, &regs, sizeof regs), ESRCH);
	CHECK_ERRNO(read(h->status, buf, sizeof buf), ESRCH);
	CHECK_ERRNO(read(h->status_bin, buf, sizeof buf), ESRCH);
	CHECK_ERRNO(read(h->maps, buf, sizeof buf), ESRCH);
	CHECK_ERRNO(read(h->args, buf, sizeof buf), ESRCH);
	CHECK_ERRNO(put(h->ctl, "stop\n"), ESRCH);
	CHECK_ERRNO(put(h->ctl, "run\n"), ESRCH);
	CHECK_ERRNO(put(h->ctl, "kill SIGKILL\n"), ESRCH);
	CHECK_ERRNO(put(h->trace, "stop\n"), ESRCH);
	CHECK_ERRNO(putf(h->trace, "stop tid %d\n", (int)pid), ESRCH);
	CHECK_ERRNO(putf(h->trace, "kill SIGKILL pid %d\n", (int)pid), ESRCH);
	CHECK_ERRNO(put_verb(h->packed, stop), ESRCH);
	PUT(h->trace, "kill SIGKILL all\nstop all\n");
}

TEST(handles_of_one_that_ended_never_reach_the_next_of_its_number)
{
	struct handles h;
	pid_t pid;
	char seen[sizeof target];
	int fd;

	few_numbers();
	tracee_begin(sleeps);
	pid = t.pid;
	h = open_all(pid);
	CHECK_EQ(tracee_end(&t), 0);
	tester_end_count = 0;
	for (tracee_begin(asks_for_parent); t.pid != pid;
	     tracee_begin(asks_for_parent)) {
		CHECK_EQ(tracee_end(&t), 0);
		tester_end_count = 0;
	}
	reach_nobody(&h, pid);
	CHECK_EQ(status_of(pid).tracers, 0);
	expect_holds(0);
	EXPECT(h.trace, "log end exited 0");
	EXPECT_END(h.trace);
	reach_nobody(&h, pid);
	/* a path is looked up anew, and the one of the number was not touched
	 */
	fd = proc_open(pid, "mem", O_RDONLY);
	CHECK_EQ(pread(fd, seen, sizeof seen, (off_t)(uintptr_t)target),
		 sizeof seen);
	CHECK_STR(seen, "untouched");
	close(fd);
	asks();
	finish(h.trace);
}

TEST(no_number_left_is_EAGAIN_and_nothing_is_left_behind)
{
	int count = 0, fd = open("proc:/new", O_RDWR | O_CLOEXEC), error;
	pid_t some[FEW], pid;

	few_numbers();
	while ((pid = fork()) > 0) {
		CHECK(count < FEW);
		some[count++] = pid;
	}
	if (pid == 0)
		sleep_until_killed();
	error = errno;
	CHECK_EQ(put(fd, "new /bin/true true\n"), -1);
	CHECK_EQ(errno, EAGAIN);
	while (count-- > 0) {
		CHECK_EQ(kill(some[count], SIGKILL), 0);
		wait_for(some[count]);
	}
	CHECK_EQ(error, EAGAIN);
	PUT(fd, "new /bin/true true\n");
	child_ends(fd);
	EXPECT_END(fd);
	close(fd);
}

/* The event of one that ended is current, and its number is another target's.
 */
TEST(verb_about_an_event_never_reaches_the_next_of_its_number)
{
	int fd = open("proc:/new", O_RDWR | O_CLOEXEC), count = 0, status;
	struct event e;
	pid_t pid;

	few_numbers();
	PUT(fd, "on enter exit log\nnew /bin/true true\n");
	e = next_event(fd);
	CHECK_STR(e.what, "hold start");
	pid = e.pid;
	PUT(fd, "run\n");
	CHECK_EQ(exit_status(wait_for(pid)), 0);
	while ((status = proc_try(pid, "status", O_RDONLY)) < 0) {
		PUT(fd, "new /bin/true true\n");
		CHECK(++count < FEW);
	}
	close(status);
	e = next_event(fd);
	CHECK_STR(e.what, "log enter exit 0x0");
	CHECK_EQ(e.pid, pid);
	REFUSED(fd, "kill SIGTERM\n", ESRCH);
	CHECK(putf(fd, "kill SIGTERM seq %lu\n", e.seq) < 0);
	CHECK_EQ(errno, ESRCH);
	REFUSED(fd, "stop\n", ESRCH);
	REFUSED(fd, "run\n", ESRCH);
	CHECK_EQ(status_of(pid).state, TRACE_STATE_HELD);
	/* none of them was let go: the close kills them */
	close(fd);
	while (count-- > 0) {
		CHECK(waitpid(-1, &status, 0) > 0);
		CHECK_EQ(exit_status(status), 1000 + SIGKILL);
	}
}

TEST(files_of_one_that_ended_say_nothing_of_the_next_of_its_number)
{
	static struct files files;
	int fds[FILES_MAX], fd, thread;
	char name[32], c;
	pid_t pid;

	few_numbers();
	tracee_begin(sleeps);
	pid = t.pid;
	files_of(&files, pid);
	for (int i = 0; i < files.count; i++)
		CHECK((fds[i] = open(files.path[i], O_RDONLY | O_CLOEXEC)) >=
		      0);
	snprintf(name, sizeof name, "thread/%d", (int)pid);
	thread = proc_open(pid, name, O_RDONLY | O_DIRECTORY);
	fd = proc_open(pid, "fd", O_RDONLY | O_DIRECTORY);
	CHECK_EQ(tracee_end(&t), 0);
	do {
		tester_end_count = 0;
		tracee_begin(sleeps);
		if (t.pid != pid)
			CHECK_EQ(tracee_end(&t), 0);
	} while (t.pid != pid);
	for (int i = 0; i < files.count; i++)
		if (read(fds[i], &c, 1) != -1 ||
		    errno != (strstr(files.path[i], "/fd/") ? ENOENT : ESRCH))
			test_fail(__FILE__, __LINE__, "%s: %s", files.path[i],
				  strerror(errno));
	CHECK_ERRNO(openat(thread, "status", O_RDONLY), ESRCH);
	CHECK_ERRNO(openat(thread, "../../maps", O_RDONLY), ESRCH);
	CHECK_ERRNO(openat(thread, "../maps", O_RDONLY), ENOENT);
	CHECK_ERRNO(openat(fd, "0", O_RDONLY), ENOENT);
	CHECK_EQ(tracee_end(&t), 0);
}
