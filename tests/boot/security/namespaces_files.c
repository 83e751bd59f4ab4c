/*
 * What a process keeps and loses when it gives up a scheme: descriptors,
 * sessions, the other schemes; and what nsdrop refuses.
 */
#include <sys/mman.h>
#include "boot/namespaces.h"
#include "boot/memory.h"

static bool
reads(int fd)
{
	char text[64];

	return pread(fd, text, sizeof text, 0) > 0;
}

static void
is_closed(int fd)
{
	CHECK_ERRNO(fcntl(fd, F_GETFD), EBADF);
}

/* ---- descriptors ---- */

static void
keeps_one_of_three(void)
{
	int a = opened(SELF, O_RDONLY), b = opened(SELF, O_RDONLY), copy;
	int c = opened("proc:/", O_RDONLY), other = opened("null:", O_RDONLY);

	CHECK_EQ(fcntl(b, F_DUPFD, 200), 200);
	CHECK_EQ(nsdrop("proc", (int[]){b, b}, 2), 0);
	is_closed(a);
	is_closed(c);
	is_closed(200);
	CHECK(fcntl(other, F_GETFD) >= 0);
	CHECK(reads(b));
	copy = dup(b);
	CHECK_EQ(copy, a);
	CHECK(reads(copy));
	CHECK_EQ(dup2(b, 200), 200);
	CHECK(reads(200));
}

TEST(descriptors_of_a_dropped_scheme_are_closed_but_those_that_are_kept)
{
	CHECK_EQ(in_child(keeps_one_of_three), 0);
}

static struct tracee tracee;
static int session;

static void
traces(void)
{
	PUT(session, "on enter getppid hold\n");
	go(&tracee);
	EXPECT(session, "hold enter getppid");
	PUT(session, "return 3\nrun\n");
}

static void
keeps_session(void)
{
	CHECK_EQ(nsdrop("proc", &session, 1), 0);
	traces();
	CHECK_EQ(told(&tracee), 3);
	CHECK_EQ(in_child(traces), 0);
}

TEST(session_that_is_passed_on_works_without_its_scheme)
{
	tracee = tracee_start(asks_for_parent);
	session = controller(tracee.pid);
	CHECK_EQ(in_child(keeps_session), 0);
	CHECK_EQ(told(&tracee), 3);
	close(session);
	CHECK_EQ(tracee_end(&tracee), 0);
}

TEST(session_whose_last_descriptor_is_dropped_is_closed)
{
	tracee = tracee_start(asks_for_parent);
	session = controller(tracee.pid);
	PUT(session, "on enter getppid hold\n");
	CHECK_EQ(in_child(drop_proc), 0);
	go(&tracee);
	EXPECT(session, "hold enter getppid");
	drop_proc();
	CHECK_EQ(told(&tracee), getpid());
	CHECK_EQ(tracee_end(&tracee), 0);
}

/* ---- what is refused ---- */

static void
drops_wrongly(void)
{
	int fd = opened(SELF, O_RDONLY), other = opened("null:", O_RDONLY);
	const int *nowhere = (const int *)16;

	CHECK_ERRNO(nsdrop("nothing", NULL, 0), ENOENT);
	CHECK_ERRNO(nsdrop("", NULL, 0), ENOENT);
	CHECK_ERRNO(nsdrop("proc:", NULL, 0), ENOENT);
	CHECK_ERRNO(nsdrop("pro", NULL, 0), ENOENT);
	CHECK_ERRNO(
		nsdrop("a-name-that-is-longer-than-any-scheme-has", NULL, 0),
		ENOENT);
	CHECK_ERRNO(nsdrop((const char *)nowhere, NULL, 0), EFAULT);
	CHECK_ERRNO(nsdrop("proc", nowhere, 1), EFAULT);
	CHECK_ERRNO(nsdrop("proc", NULL, 1), EFAULT);
	CHECK_ERRNO(nsdrop("proc", &fd, -1), EINVAL);
	CHECK_ERRNO(nsdrop("proc", &fd, 65537), EINVAL);
	CHECK_ERRNO(nsdrop("proc", (int[]){fd, 999}, 2), EBADF);
	CHECK_ERRNO(nsdrop("proc", (int[]){fd, -1}, 2), EBADF);
	CHECK_ERRNO(nsdrop("proc", (int[]){fd, other}, 2), EBADF);
	CHECK(reads(fd));
	close(opened(SELF, O_RDONLY));
	CHECK_EQ(nsdrop("proc", nowhere, 0), 0);
	is_closed(fd);
}

TEST(drop_that_is_refused_changes_nothing)
{
	CHECK_EQ(in_child(drops_wrongly), 0);
}

static int fail_fd;

static int
fail_after(int n)
{
	char text[16];

	snprintf(text, sizeof text, "%d\n", n);
	return put(fail_fd, text) == (ssize_t)strlen(text);
}

static int allocation;

/* Ends with 1 if it was refused. */
static void
drops_without_memory(void)
{
	int fd = opened(SELF, O_RDONLY), kept = opened(SELF, O_RDONLY);
	int result, error;

	CHECK(fail_after(allocation));
	result = nsdrop("proc", &kept, 1);
	error = errno;
	CHECK(fail_after(0));
	CHECK(reads(kept));
	if (result == 0) {
		is_closed(fd);
		CHECK_ERRNO(open(SELF, O_RDONLY), ENOENT);
		CHECK_ERRNO(nsdrop("proc", NULL, 0), ENOENT);
		_exit(0);
	}
	CHECK_EQ(error, ENOMEM);
	CHECK(reads(fd));
	close(opened(SELF, O_RDONLY));
	_exit(1);
}

TEST(drop_without_memory_is_done_whole_or_not_at_all)
{
	int refused = 0, done = 0;
	long objects;

	fail_fd = opened("sys:/fail", O_WRONLY | O_CLOEXEC);
	CHECK(in_child(drops_without_memory) <= 1);
	objects = objects_at_rest();
	for (allocation = 1; allocation < 50 && done < 5; allocation++) {
		int status = in_child(drops_without_memory);

		CHECK(status <= 1);
		refused += status;
		done = status ? 0 : done + 1;
		nothing_left_behind(objects);
	}
	CHECK(refused > 0);
	CHECK_EQ(done, 5);
}

/* ---- the other schemes ---- */

static void
schemes(char *text, size_t size)
{
	int fd = opened("sys:/schemes", O_RDONLY);
	ssize_t n = read(fd, text, size - 1);

	CHECK(n > 0);
	text[n] = '\0';
	close(fd);
}

static void
shows_its_schemes(void)
{
	char before[256], after[256], *line;

	schemes(before, sizeof before);
	drop_proc();
	CHECK_EQ(nsdrop("null", NULL, 0), 0);
	schemes(after, sizeof after);
	line = strstr(before, "proc\n");
	CHECK(line != NULL);
	memmove(line, line + 5, strlen(line + 5) + 1);
	line = strstr(before, "null\n");
	CHECK(line != NULL);
	memmove(line, line + 5, strlen(line + 5) + 1);
	CHECK_STR(after, before);
}

TEST(schemes_are_shown_that_the_reader_has)
{
	CHECK_EQ(in_child(shows_its_schemes), 0);
}

static void
drops_pipe(void)
{
	int ends[2];

	pipe_make(ends);
	CHECK_EQ(nsdrop("pipe", ends, 1), 0);
	is_closed(ends[1]);
	CHECK_EQ(read(ends[0], &(char){0}, 1), 0);
	CHECK_ERRNO(pipe2(ends, 0), ENOENT);
	is_closed(ends[1]);
}

TEST(no_pipe_is_made_without_its_scheme)
{
	CHECK_EQ(in_child(drops_pipe), 0);
}

static void
drops_file(void)
{
	int fd = opened("/bin/true", O_RDONLY);
	const char *bytes = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, fd, 0);
	char text[64];

	CHECK(bytes != MAP_FAILED);
	CHECK_EQ(chdir("/tmp"), 0);
	CHECK_EQ(nsdrop("file", NULL, 0), 0);
	is_closed(fd);
	CHECK(memcmp(bytes, "\177ELF", 4) == 0);
	CHECK_ERRNO(open("/bin/true", O_RDONLY), ENOENT);
	CHECK_ERRNO(open("x", O_WRONLY | O_CREAT, 0666), ENOENT);
	CHECK_ERRNO(chdir("/"), ENOENT);
	CHECK(getcwd(text, sizeof text) == NULL && errno == ENOENT);
	CHECK_ERRNO(execl("/bin/true", "true", (char *)NULL), ENOENT);
	close(opened(SELF, O_RDONLY));
	CHECK_EQ(in_child(drop_proc), 0);
}

TEST(without_files_mappings_stay_and_nothing_is_run)
{
	CHECK_EQ(in_child(drops_file), 0);
}
