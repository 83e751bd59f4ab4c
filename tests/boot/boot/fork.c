/* fork: what parent and child share and what they do not. */
#include "boot/children.h"

#define PAGES 64

TEST_SECONDS(120);

static char pages[PAGES * 4096];

static void
write_pages(void)
{
	for (int i = 0; i < PAGES; i++)
		CHECK_EQ(pages[i * 4096], 'p');
	memset(pages, 'c', sizeof pages);
	for (int i = 0; i < PAGES; i++)
		CHECK_EQ(pages[i * 4096], 'c');
}

TEST(writes_of_a_child_do_not_reach_the_parent)
{
	memset(pages, 'p', sizeof pages);
	CHECK_EQ(in_child(write_pages), 0);
	for (size_t i = 0; i < sizeof pages; i++)
		CHECK_EQ(pages[i], 'p');
}

TEST(writes_of_a_parent_do_not_reach_the_child)
{
	int ends[2];
	pid_t pid;
	char c;

	memset(pages, 'p', sizeof pages);
	CHECK_EQ(pipe(ends), 0);
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		CHECK_EQ(read(ends[0], &c, 1), 1);
		write_pages();
		_exit(0);
	}
	memset(pages, 'x', sizeof pages);
	CHECK_EQ(write(ends[1], "g", 1), 1);
	CHECK_EQ(child_end(pid), 0);
	CHECK_EQ(pages[0], 'x');
}

TEST(calls_write_into_a_page_of_the_childs_own)
{
	int fd = open("zero:", O_RDONLY);
	pid_t pid;

	memset(pages, 'p', sizeof pages);
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		CHECK_EQ(read(fd, pages, sizeof pages), sizeof pages);
		CHECK_EQ(pages[4096], 0);
		_exit(0);
	}
	CHECK_EQ(child_end(pid), 0);
	CHECK_EQ(pages[4096], 'p');
}

TEST(grandchildren_see_the_memory_of_their_time)
{
	volatile int generation = 0;
	pid_t pid;

	for (int i = 1; i <= 10; i++) {
		pid = fork();
		CHECK(pid >= 0);
		if (pid != 0) {
			CHECK_EQ(child_end(pid), 0);
			CHECK_EQ(generation, i - 1);
			_exit(0);
		}
		CHECK_EQ(generation, i - 1);
		generation = i;
	}
	CHECK_EQ(generation, 10);
}

TEST(shared_memory_is_shared_with_children)
{
	int *shared = shared_memory(4096);
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (pid == 0) {
		*shared = 7;
		_exit(0);
	}
	CHECK_EQ(child_end(pid), 0);
	CHECK_EQ(*shared, 7);
}

TEST(place_in_a_file_is_shared_but_descriptors_are_not)
{
	int fd = open("/tmp/fork-place", O_CREAT | O_RDWR | O_TRUNC, 0600);
	pid_t pid;

	CHECK(fd >= 0);
	unlink("/tmp/fork-place");
	CHECK_EQ(write(fd, "abcdef", 6), 6);
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		CHECK_EQ(lseek(fd, 2, SEEK_SET), 2);
		CHECK_EQ(close(fd), 0);
		_exit(0);
	}
	CHECK_EQ(child_end(pid), 0);
	CHECK_EQ(lseek(fd, 0, SEEK_CUR), 2);
}

static void
check_ids(void)
{
	CHECK_EQ(getuid(), 7);
	CHECK_EQ(getgid(), 8);
	CHECK_EQ(umask(0), 077);
}

TEST(ids_and_mask_are_the_parents)
{
	CHECK_EQ(setgid(8), 0);
	CHECK_EQ(setuid(7), 0);
	umask(077);
	CHECK_EQ(in_child(check_ids), 0);
	CHECK_EQ(umask(0), 077);
}

/* Forks until there is no more; every child only sleeps. */
static void
fork_until_it_fails(void)
{
	long children = 0, reaped = 0;
	int status;
	pid_t pid;

	while ((pid = fork()) > 0)
		children++;
	if (pid == 0)
		sleep_for_ever();
	CHECK(errno == ENOMEM || errno == EAGAIN);
	CHECK(children > 10);
	/* Everybody of this user but the caller. */
	CHECK_EQ(kill(-1, SIGKILL), 0);
	while (waitpid(-1, &status, 0) > 0) {
		CHECK_EQ(status, SIGKILL);
		reaped++;
	}
	CHECK_EQ(reaped, children);
}

static void
fork_as_nobody(void)
{
	/* So that nobody else is killed. */
	CHECK_EQ(setuid(4711), 0);
	fork_until_it_fails();
	fork_until_it_fails();
}

TEST(fork_until_memory_is_gone_fails_and_the_machine_goes_on)
{
	CHECK_EQ(in_child(fork_as_nobody), 0);
	memset(pages, 'p', sizeof pages);
	CHECK_EQ(in_child(write_pages), 0);
}
