/*
 * Calls on open files: reading, writing, places, vectors.  What they expect is
 * what Linux does: the same file can be compiled there.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>
#include "test.h"

static char *
fresh_path(void)
{
	static char path[64];

	snprintf(path, sizeof path, "/tmp/file-calls-%d", (int)getpid());
	unlink(path);
	return path;
}

static int
fresh(int flags)
{
	int fd = open(fresh_path(), O_CREAT | O_EXCL | flags, 0644);

	CHECK(fd >= 0);
	unlink(fresh_path());
	return fd;
}

TEST(descriptors_that_are_bad_or_of_the_wrong_kind_are_refused)
{
	char c = 'x';
	int fd = fresh(O_WRONLY), dir = open("/", O_RDONLY);

	CHECK_ERRNO(read(99, &c, 1), EBADF);
	CHECK_ERRNO(read(-1, &c, 1), EBADF);
	CHECK_ERRNO(read(fd, &c, 1), EBADF);
	CHECK_ERRNO(close(99), EBADF);
	CHECK_ERRNO(lseek(99, 0, SEEK_SET), EBADF);
	CHECK_ERRNO(read(dir, &c, 1), EISDIR);
	CHECK_ERRNO(write(dir, &c, 1), EBADF);
	CHECK_ERRNO(ftruncate(dir, 0), EINVAL);
	CHECK_ERRNO(open("/", O_WRONLY), EISDIR);
	CHECK_ERRNO(open("/", O_RDONLY | O_CREAT, 0644), EISDIR);
	CHECK_EQ(close(fd), 0);
	CHECK_ERRNO(close(fd), EBADF);
	CHECK_ERRNO(write(fd, &c, 1), EBADF);
}

TEST(places_in_files_are_set_and_kept)
{
	char buf[8];
	int fd = fresh(O_RDWR);

	CHECK_EQ(write(fd, "abcdef", 6), 6);
	CHECK_EQ(lseek(fd, 0, SEEK_CUR), 6);
	CHECK_EQ(pread(fd, buf, 8, 2), 4);
	CHECK_EQ(memcmp(buf, "cdef", 4), 0);
	CHECK_EQ(pwrite(fd, "X", 1, 0), 1);
	CHECK_EQ(lseek(fd, 0, SEEK_CUR), 6);
	CHECK_EQ(read(fd, buf, 1), 0);
	CHECK_EQ(lseek(fd, -6, SEEK_END), 0);
	CHECK_EQ(read(fd, buf, 2), 2);
	CHECK_EQ(memcmp(buf, "Xb", 2), 0);
	CHECK_EQ(lseek(fd, 2, SEEK_CUR), 4);
	CHECK_ERRNO(lseek(fd, -1, SEEK_SET), EINVAL);
	CHECK_ERRNO(lseek(fd, -7, SEEK_END), EINVAL);
	CHECK_ERRNO(lseek(fd, INT64_MAX, SEEK_CUR), EINVAL);
	CHECK_ERRNO(lseek(fd, 0, 17), EINVAL);
	CHECK_ERRNO(pread(fd, buf, 1, -1), EINVAL);
	CHECK_ERRNO(pwrite(fd, buf, 1, -1), EINVAL);
	CHECK_EQ(lseek(fd, 0, SEEK_CUR), 4);
	CHECK_ERRNO(ftruncate(fd, -1), EINVAL);
	CHECK_EQ(ftruncate(fd, 2), 0);
	CHECK_EQ(read(fd, buf, 1), 0);
	CHECK_EQ(close(fd), 0);
}

TEST(places_in_pipes_do_not_exist)
{
	char c = 'x';
	int ends[2];

	CHECK_EQ(pipe(ends), 0);
	CHECK_ERRNO(lseek(ends[0], 0, SEEK_SET), ESPIPE);
	CHECK_ERRNO(pread(ends[0], &c, 1, 0), ESPIPE);
	CHECK_ERRNO(pwrite(ends[1], &c, 1, 0), ESPIPE);
	CHECK_ERRNO(ftruncate(ends[1], 0), EINVAL);
	CHECK_ERRNO(read(ends[1], &c, 1), EBADF);
	CHECK_ERRNO(write(ends[0], &c, 1), EBADF);
}

TEST(memory_that_is_not_the_programs_is_efault)
{
	char *bad = (char *)(uintptr_t)-4096;
	int fd = fresh(O_RDWR), ends[2];

	CHECK_EQ(write(fd, "abc", 3), 3);
	CHECK_ERRNO(pread(fd, bad, 3, 0), EFAULT);
	CHECK_ERRNO(pwrite(fd, bad, 3, 0), EFAULT);
	CHECK_ERRNO(open(bad, O_RDONLY), EFAULT);
	CHECK_ERRNO(fstat(fd, (struct stat *)(void *)bad), EFAULT);
	CHECK_ERRNO(pipe((int *)(void *)bad), EFAULT);
	CHECK_ERRNO(readv(fd, (struct iovec *)(void *)bad, 1), EFAULT);
	CHECK_EQ(pipe(ends), 0);
	CHECK_EQ(write(ends[1], "abc", 3), 3);
	CHECK_ERRNO(read(ends[0], bad, 3), EFAULT);
	CHECK_ERRNO(write(ends[1], bad, 3), EFAULT);
}

TEST(vectors_are_gathered_and_scattered)
{
	char a[4] = "abc", b[4] = "", c[8] = "defghij";
	struct iovec out[] = {{a, 3}, {NULL, 0}, {c, 7}};
	struct iovec in[] = {{b, 2}, {a, 0}, {c, 8}};
	int fd = fresh(O_RDWR), ends[2];

	CHECK_EQ(writev(fd, out, 3), 10);
	CHECK_EQ(lseek(fd, 0, SEEK_CUR), 10);
	CHECK_EQ(lseek(fd, 1, SEEK_SET), 1);
	CHECK_EQ(readv(fd, in, 3), 9);
	CHECK_EQ(memcmp(b, "bc", 2), 0);
	CHECK_EQ(memcmp(c, "defghij", 7), 0);
	CHECK_EQ(readv(fd, in, 0), 0);
	CHECK_EQ(pipe(ends), 0);
	CHECK_EQ(writev(ends[1], out, 3), 10);
	CHECK_EQ(readv(ends[0], in, 1), 2);
	CHECK_EQ(readv(ends[0], in, 3), 8);
}

TEST(vectors_that_are_too_long_are_refused)
{
	static struct iovec many[IOV_MAX + 1];
	char c = 'x';
	struct iovec one = {&c, 1}, huge = {&c, (size_t)INT64_MAX + 1};
	int fd = fresh(O_RDWR);
	volatile int negative = -1;

	CHECK_ERRNO(writev(fd, &one, negative), EINVAL);
	CHECK_ERRNO(writev(fd, many, IOV_MAX + 1), EINVAL);
	CHECK_EQ(writev(fd, many, IOV_MAX), 0);
	CHECK_ERRNO(writev(fd, &huge, 1), EINVAL);
	CHECK_ERRNO(writev(99, &one, 1), EBADF);
}

TEST(appending_goes_to_the_end_wherever_the_place_is)
{
	char buf[8];
	int fd = fresh(O_RDWR | O_APPEND);

	CHECK_EQ(write(fd, "abc", 3), 3);
	CHECK_EQ(lseek(fd, 0, SEEK_SET), 0);
	CHECK_EQ(write(fd, "def", 3), 3);
	CHECK_EQ(lseek(fd, 0, SEEK_CUR), 6);
	CHECK_EQ(pwrite(fd, "ghi", 3, 0), 3);
	CHECK_EQ(pread(fd, buf, 8, 1), 8);
	CHECK_EQ(memcmp(buf, "bcdefghi", 8), 0);
	CHECK_EQ(fcntl(fd, F_SETFL, 0), 0);
	CHECK_EQ(pwrite(fd, "X", 1, 0), 1);
	CHECK_EQ(pread(fd, buf, 1, 0), 1);
	CHECK_EQ(buf[0], 'X');
}

TEST(modes_and_owners_of_a_new_file_are_as_asked)
{
	struct stat st;
	int fd;

	umask(027);
	fd = open(fresh_path(), O_CREAT | O_WRONLY, 07777 & 0666);
	CHECK(fd >= 0);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_mode, S_IFREG | 0640);
	CHECK_EQ(st.st_nlink, 1);
	CHECK_EQ(st.st_uid, geteuid());
	CHECK_EQ(st.st_size, 0);
	CHECK_EQ(fchmod(fd, 0600), 0);
	fresh_path(); /* removes it */
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_mode, S_IFREG | 0600);
	CHECK_EQ(st.st_nlink, 0);
	CHECK_EQ(umask(022), 027);
}

TEST(times_are_set_and_left)
{
	struct timespec times[2] = {{100, 5}, {200, 6}};
	struct stat st;
	char *path = fresh_path();
	int fd = open(path, O_CREAT | O_WRONLY, 0600);

	CHECK(fd >= 0);
	CHECK_EQ(utimensat(AT_FDCWD, path, times, 0), 0);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_atim.tv_sec, 100);
	CHECK_EQ(st.st_atim.tv_nsec, 5);
	CHECK_EQ(st.st_mtim.tv_sec, 200);
	CHECK(st.st_ctim.tv_sec > 1000000);
	times[0].tv_nsec = UTIME_OMIT;
	times[1] = (struct timespec){300, 7};
	CHECK_EQ(futimens(fd, times), 0);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_atim.tv_sec, 100);
	CHECK_EQ(st.st_mtim.tv_sec, 300);
	times[1].tv_nsec = 1000000000;
	CHECK_ERRNO(futimens(fd, times), EINVAL);
	CHECK_EQ(utimensat(AT_FDCWD, path, NULL, 0), 0);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK(st.st_mtim.tv_sec > 1000000);
	CHECK_EQ(unlink(path), 0);
}

#ifdef __proctor__
TEST(disk_that_is_full_says_so_and_takes_more_after_removals)
{
	static char data[1 << 16];
	int fd = fresh(O_RDWR), other;
	struct stat st;
	ssize_t n;

	while ((n = write(fd, data, sizeof data)) > 0)
		;
	CHECK_EQ(errno, ENOSPC);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK(st.st_size > 1 << 20);
	CHECK_EQ(ftruncate(fd, 0), 0);
	other = fresh(O_RDWR);
	CHECK_EQ(write(other, data, sizeof data), (ssize_t)sizeof data);
}
#endif
