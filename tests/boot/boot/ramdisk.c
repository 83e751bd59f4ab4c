/* A RAM disk that is full: who is told, and that the space comes back. */
#include <sys/stat.h>
#include <sys/statvfs.h>
#include "boot/children.h"

TEST_SECONDS(60);

#define FULL "/tmp/ramdisk-full"

static char data[1 << 16];

/* Fills the disk with one file: its size. */
static off_t
fill(int *fd)
{
	struct stat st;

	*fd = open(FULL, O_CREAT | O_RDWR | O_TRUNC, 0600);
	CHECK(*fd >= 0);
	for (size_t part = sizeof data; part > 0;) {
		ssize_t n = write(*fd, data, part);

		CHECK(n > 0 || errno == ENOSPC);
		if (n <= 0)
			part /= 16;
	}
	CHECK_EQ(fstat(*fd, &st), 0);
	return st.st_size;
}

TEST(full_disk_is_ENOSPC_for_data_and_keeps_what_it_had)
{
	static char back[sizeof data];
	int fd, other = open("/tmp/ramdisk-other", O_CREAT | O_RDWR, 0600);

	memset(data, 'd', sizeof data);
	CHECK_EQ(write(other, data, sizeof data), sizeof data);
	CHECK(fill(&fd) > 1 << 20);
	CHECK_ERRNO(write(fd, data, sizeof data), ENOSPC);
	CHECK_EQ(pread(other, back, sizeof back, 0), sizeof back);
	CHECK_EQ(memcmp(back, data, sizeof data), 0);
	CHECK_EQ(pread(fd, back, sizeof back, 0), sizeof back);
	CHECK_EQ(memcmp(back, data, sizeof data), 0);
	unlink(FULL);
	unlink("/tmp/ramdisk-other");
}

TEST(space_of_a_file_comes_back_when_it_is_unlinked_and_closed)
{
	off_t first, again;
	int fd;

	for (int i = 0; i < 3; i++) {
		first = fill(&fd);
		CHECK_EQ(unlink(FULL), 0);
		/* It is open still, so its space is taken still: what its name
		 * took is all there is. */
		CHECK(write(fd, data, sizeof data) <= 4096);
		close(fd);
		again = fill(&fd);
		CHECK_EQ(unlink(FULL), 0);
		close(fd);
		CHECK(again >= first - (1 << 20));
		CHECK(again <= first + (1 << 20));
	}
}

static void
do_nothing(void)
{
}

/* Files live in memory, and yet a full disk leaves some for programs. */
TEST(full_disk_leaves_memory_for_processes)
{
	int fd;

	fill(&fd);
	CHECK_EQ(in_child(do_nothing), 0);
	CHECK(lone_page() != NULL);
	unlink(FULL);
}

TEST(full_disk_takes_new_names_or_says_ENOSPC)
{
	char name[64];
	int fd, n = 0;

	fill(&fd);
	for (; n < 2000; n++) {
		snprintf(name, sizeof name, "/tmp/ramdisk-name-%d", n);
		if (mkdir(name, 0700) != 0) {
			CHECK_EQ(errno, ENOSPC);
			break;
		}
	}
	while (n-- > 0) {
		snprintf(name, sizeof name, "/tmp/ramdisk-name-%d", n);
		CHECK_EQ(rmdir(name), 0);
	}
	unlink(FULL);
}

TEST(statfs_follows_what_is_written_and_removed)
{
	struct statvfs before, with, after;
	int fd = open(FULL, O_CREAT | O_RDWR | O_TRUNC, 0600);
	int i;

	CHECK_EQ(statvfs("/tmp", &before), 0);
	for (i = 0; i < 16; i++)
		CHECK_EQ(write(fd, data, sizeof data), sizeof data);
	CHECK_EQ(fstatvfs(fd, &with), 0);
	CHECK(before.f_bfree - with.f_bfree >= 16 * sizeof data / 4096);
	CHECK_EQ(with.f_blocks, before.f_blocks);
	close(fd);
	unlink(FULL);
	CHECK_EQ(statvfs("file:/", &after), 0);
	CHECK(after.f_bfree - with.f_bfree >= 16 * sizeof data / 4096);
	fill(&fd);
	CHECK_EQ(fstatvfs(fd, &after), 0);
	CHECK(after.f_bavail < 4);
	unlink(FULL);
}

TEST(statfs_without_a_limit_or_a_file_is_an_error)
{
	struct statvfs space;

	CHECK_ERRNO(statvfs("sys:/memory", &space), ENOSYS);
	CHECK_ERRNO(statvfs("/tmp/nothing", &space), ENOENT);
	CHECK_ERRNO(statvfs("nothing:/", &space), ENOENT);
	CHECK_ERRNO(fstatvfs(-1, &space), EBADF);
}

TEST(lchown_changes_a_link_and_not_what_it_leads_to)
{
	struct stat st;
	int fd = open("/tmp/owned", O_CREAT | O_WRONLY, 0600);

	close(fd);
	CHECK_EQ(symlink("owned", "/tmp/owned-link"), 0);
	CHECK_EQ(lchown("/tmp/owned-link", 3, 4), 0);
	CHECK_EQ(stat("/tmp/owned-link", &st), 0);
	CHECK_EQ(st.st_uid, 0);
	CHECK_EQ(lstat("/tmp/owned-link", &st), 0);
	CHECK_EQ(st.st_uid, 3);
	CHECK_EQ(st.st_gid, 4);
	unlink("/tmp/owned-link");
	unlink("/tmp/owned");
}
