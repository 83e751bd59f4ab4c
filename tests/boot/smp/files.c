/*
 * The files of a process read on two CPUs at once, while it changes and while
 * it ends.
 */
#include "trace/files.h"
#include "boot/memory.h"

TEST_SECONDS(600);

static struct files files;

/* Reads whole texts and pieces of them; own: by descriptors of its own. */
static void
read_for_a_while(const int *fds, int own, long rounds)
{
	static char text[FILE_SIZE];

	for (long round = 0; round < rounds; round++) {
		for (int i = 0; i < files.count; i++) {
			const char *path = files.path[i];
			int fd =
				own ? open(path, O_RDONLY | O_CLOEXEC) : fds[i];
			ssize_t n =
				fd < 0 ? -1
				       : pread(fd, text, sizeof text - 1, 0);

			if (n >= 0) {
				text[n] = '\0';
				check_well_formed(path, text, (size_t)n);
				CHECK(pread(fd, text, 7, n / 2 + 1) >= 0);
			} else {
				CHECK(errno == EBUSY || errno == ENOENT);
			}
			if (own && fd >= 0)
				close(fd);
		}
	}
}

static pid_t
changing(void)
{
	pid_t pid;

	(void)unlink("/tmp/change");
	(void)unlink("/tmp/change-again");
	CHECK_EQ(symlink("/test/proc/helper", "/tmp/change"), 0);
	CHECK_EQ(symlink("/test/proc/helper", "/tmp/change-again"), 0);
	pid = fork();
	if (pid == 0) {
		execl("/tmp/change", "/test/proc/helper", "change", "0",
		      (char *)NULL);
		_exit(9);
	}
	while (strcmp(said_of(pid, "exe"), "/test/proc/helper\n") != 0)
		sched_yield();
	return pid;
}

TEST(readers_of_the_same_and_of_other_descriptors_get_whole_texts)
{
	const long rounds = test_size(40, 3000);
	pid_t pid = changing(), readers[3];
	int fds[FILES_MAX] = {0};

	files_of(&files, pid);
	for (int i = 0; i < files.count; i++)
		fds[i] = open(files.path[i], O_RDONLY | O_CLOEXEC);
	for (int r = 0; r < 3; r++) {
		readers[r] = fork();
		if (readers[r] == 0) {
			read_for_a_while(fds, r == 2, rounds);
			_exit(0);
		}
	}
	for (int r = 0; r < 3; r++)
		CHECK_EQ(exit_status(wait_for(readers[r])), 0);
	CHECK_EQ(kill(pid, SIGKILL), 0);
	CHECK_EQ(exit_status(wait_for(pid)), 1000 + SIGKILL);
	CHECK_EQ(unlink("/tmp/change"), 0);
	CHECK_EQ(unlink("/tmp/change-again"), 0);
}

static void
ends_soon(const struct tracee *t)
{
	(void)t;
	for (volatile int n = getpid() % 17 * 1000; n > 0; n--)
		continue;
}

/* Whatever it is by then, what was opened says a whole text or that it ended.
 */
TEST(files_opened_while_their_process_ends_are_whole_or_say_that_it_ended)
{
	static char text[FILE_SIZE];
	struct tracee t = tracee_start(sleeps);

	wait_state(t.pid, TRACE_STATE_ASLEEP);
	files_of(&files, t.pid);
	tracee_kill(&t);
	for (long round = test_size(150, 20000); round > 0; round--) {
		char path[128];

		tester_end_count = 0;
		t = tracee_start(ends_soon);
		for (int i = 0; i < files.count; i++) {
			const char *rest = strchr(files.path[i] + 6, '/');
			ssize_t n = -1;
			int fd;

			if (strncmp(rest, "/thread", 7) == 0)
				snprintf(path, sizeof path,
					 "proc:/%d/thread/%d%s", (int)t.pid,
					 (int)t.pid, strrchr(rest, '/'));
			else
				snprintf(path, sizeof path, "proc:/%d%s",
					 (int)t.pid, rest);
			fd = open(path, O_RDONLY | O_CLOEXEC);
			if (fd >= 0)
				n = read_by(fd, text, 4096);
			if (n < 0)
				CHECK(errno == ENOENT || errno == ESRCH ||
				      errno == EBUSY);
			else if (!strstr(path, "/cwd"))
				check_well_formed(path, text, (size_t)n);
			if (fd >= 0)
				close(fd);
		}
		CHECK_EQ(tracee_end(&t), 0);
	}
}

/* A million under `soak`. */
TEST(files_opened_and_closed_leave_no_memory_used)
{
	const long times = test_size(20000, 1000000);
	struct tracee t = tracee_start(sleeps);
	long before = 0, after = 0;

	wait_state(t.pid, TRACE_STATE_ASLEEP);
	files_of(&files, t.pid);
	CHECK(files.count > 0);
	for (int half = 0; half < 2; half++) {
		for (long n = 0; n < times / 2; n++) {
			char c;
			int fd = open(files.path[n % files.count],
				      O_RDONLY | O_CLOEXEC);

			CHECK(fd >= 0);
			CHECK(read(fd, &c, 1) >= 0);
			close(fd);
		}
		before = after;
		after = memory("free ");
	}
	CHECK(after + 256 * 1024 >= before);
	tracee_kill(&t);
}
