/*
 * Descriptors: copies, flags, pipes, polling.  What they expect is what Linux
 * does: the same file can be compiled there.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "boot/children.h"

TEST(copies_of_a_descriptor_share_its_place)
{
	int fd = open("/tmp/shared", O_CREAT | O_RDWR | O_TRUNC, 0600);
	int copy = dup(fd);

	CHECK(fd >= 0 && copy > fd);
	CHECK_EQ(write(fd, "abc", 3), 3);
	CHECK_EQ(lseek(copy, 0, SEEK_CUR), 3);
	CHECK_EQ(dup2(fd, 50), 50);
	CHECK_EQ(dup2(50, 50), 50);
	CHECK_EQ(close(fd), 0);
	CHECK_EQ(close(copy), 0);
	CHECK_EQ(write(50, "d", 1), 1);
	CHECK_EQ(lseek(50, 0, SEEK_CUR), 4);
	CHECK_EQ(unlink("/tmp/shared"), 0);
}

TEST(copies_of_nothing_or_to_nowhere_are_refused)
{
	CHECK_ERRNO(dup(99), EBADF);
	CHECK_ERRNO(dup2(99, 99), EBADF);
	CHECK_ERRNO(dup2(99, 5), EBADF);
	CHECK_ERRNO(dup2(1, -1), EBADF);
	CHECK_ERRNO(dup2(1, 1 << 30), EBADF);
	CHECK_ERRNO(dup3(1, 1, 0), EINVAL);
	CHECK_ERRNO(dup3(1, 5, O_APPEND), EINVAL);
	CHECK_ERRNO(fcntl(1, F_DUPFD, -1), EINVAL);
	CHECK_ERRNO(fcntl(1, F_DUPFD, 1 << 30), EINVAL);
	CHECK_ERRNO(fcntl(99, F_DUPFD, 0), EBADF);
	CHECK_ERRNO(fcntl(99, F_GETFL), EBADF);
	CHECK_ERRNO(fcntl(1, 9999, 0), EINVAL);
}

TEST(flags_of_descriptors_are_each_ones_own)
{
	int fd = fcntl(1, F_DUPFD, 40), other = dup3(1, 60, O_CLOEXEC);
	int third = fcntl(1, F_DUPFD_CLOEXEC, 40);

	CHECK_EQ(fd, 40);
	CHECK_EQ(third, 41);
	CHECK_EQ(fcntl(fd, F_GETFD), 0);
	CHECK_EQ(fcntl(other, F_GETFD), FD_CLOEXEC);
	CHECK_EQ(fcntl(third, F_GETFD), FD_CLOEXEC);
	CHECK_EQ(fcntl(fd, F_SETFD, FD_CLOEXEC), 0);
	CHECK_EQ(fcntl(fd, F_GETFD), FD_CLOEXEC);
	CHECK_EQ(dup2(fd, 61), 61);
	CHECK_EQ(fcntl(61, F_GETFD), 0);
}

TEST(flags_of_files_change_only_as_far_as_they_may)
{
	int ends[2], copy, flags;

	CHECK_EQ(pipe2(ends, O_NONBLOCK), 0);
	copy = dup(ends[1]);
	flags = fcntl(copy, F_GETFL);
	CHECK_EQ(flags & (O_ACCMODE | O_NONBLOCK), O_WRONLY | O_NONBLOCK);
	CHECK_EQ(fcntl(copy, F_SETFL, O_RDWR | O_CREAT | O_APPEND), 0);
	flags = fcntl(ends[1], F_GETFL);
	CHECK_EQ(flags & (O_ACCMODE | O_NONBLOCK | O_APPEND | O_CREAT),
		 O_WRONLY | O_APPEND);
	CHECK_ERRNO(pipe2(ends, O_CREAT), EINVAL);
}

TEST(pipe_ends_with_its_last_writer)
{
	char buf[8];
	int ends[2], copy;

	CHECK_EQ(pipe(ends), 0);
	copy = dup(ends[1]);
	CHECK_EQ(write(ends[1], "abc", 3), 3);
	CHECK_EQ(close(ends[1]), 0);
	CHECK_EQ(write(copy, "def", 3), 3);
	CHECK_EQ(close(copy), 0);
	CHECK_EQ(read(ends[0], buf, 8), 6);
	CHECK_EQ(memcmp(buf, "abcdef", 6), 0);
	CHECK_EQ(read(ends[0], buf, 8), 0);
}

TEST(pipe_without_room_or_bytes_says_so_when_it_may_not_wait)
{
	static char data[70000];
	int ends[2], waiting;
	char c;

	CHECK_EQ(pipe2(ends, O_NONBLOCK), 0);
	CHECK_ERRNO(read(ends[0], &c, 1), EAGAIN);
	CHECK_EQ(write(ends[1], data, sizeof data), 65536);
	CHECK_ERRNO(write(ends[1], data, 1), EAGAIN);
	CHECK_EQ(ioctl(ends[0], FIONREAD, &waiting), 0);
	CHECK_EQ(waiting, 65536);
	CHECK_EQ(read(ends[0], data, sizeof data), 65536);
	CHECK_EQ(read(ends[0], data, 0), 0);
}

TEST(pipe_without_readers_kills_its_writer)
{
	int ends[2], status;
	pid_t child;

	CHECK_EQ(pipe(ends), 0);
	CHECK_EQ(close(ends[0]), 0);
	child = fork();
	if (child == 0) {
		write(ends[1], "x", 1);
		_exit(0);
	}
	CHECK_EQ(waitpid(child, &status, 0), child);
	CHECK(WIFSIGNALED(status));
	CHECK_EQ(WTERMSIG(status), SIGPIPE);
}

TEST(pipe_carries_more_than_it_holds)
{
	static char data[1 << 20];
	int ends[2], status;
	size_t got = 0;
	ssize_t n;
	pid_t child;

	CHECK_EQ(pipe(ends), 0);
	child = fork();
	if (child == 0) {
		for (size_t i = 0; i < sizeof data; i++)
			data[i] = (char)(i % 253);
		n = write(ends[1], data, sizeof data);
		_exit(n != (ssize_t)sizeof data);
	}
	CHECK_EQ(close(ends[1]), 0);
	while ((n = read(ends[0], data + got, 5000)) > 0)
		got += (size_t)n;
	CHECK_EQ(got, sizeof data);
	for (size_t i = 0; i < sizeof data; i++)
		CHECK_EQ(data[i], (char)(i % 253));
	CHECK_EQ(waitpid(child, &status, 0), child);
	CHECK_EQ(status, 0);
}

TEST(poll_tells_what_can_be_done)
{
	struct pollfd fds[5] = {{.events = POLLIN | POLLOUT},
				{.events = POLLIN | POLLOUT},
				{.fd = 99, .events = POLLIN},
				{.fd = -1, .events = POLLIN},
				{.events = POLLIN | POLLOUT}};
	int ends[2];

	CHECK_EQ(pipe(ends), 0);
	fds[0].fd = ends[0];
	fds[1].fd = ends[1];
	fds[4].fd = open("/tmp", O_RDONLY);
	CHECK_EQ(poll(fds, 5, -1), 3);
	CHECK_EQ(fds[0].revents, 0);
	CHECK_EQ(fds[1].revents, POLLOUT);
	CHECK_EQ(fds[2].revents, POLLNVAL);
	CHECK_EQ(fds[3].revents, 0);
	CHECK_EQ(fds[4].revents, POLLIN | POLLOUT);
	CHECK_EQ(write(ends[1], "x", 1), 1);
	CHECK_EQ(close(ends[1]), 0);
	CHECK_EQ(poll(fds, 1, 0), 1);
	CHECK_EQ(fds[0].revents, POLLIN | POLLHUP);
	CHECK_EQ(pipe(ends), 0);
	CHECK_EQ(close(ends[0]), 0);
	fds[1].fd = ends[1];
	CHECK_EQ(poll(&fds[1], 1, 0), 1);
	CHECK_EQ(fds[1].revents, POLLOUT | POLLERR);
}

TEST(poll_waits_as_long_as_it_is_told)
{
	struct pollfd fd = {.events = POLLIN};
	volatile nfds_t many = 1u << 30;
	int64_t start = clock_ns(CLOCK_MONOTONIC);
	int ends[2];

	CHECK_EQ(pipe(ends), 0);
	fd.fd = ends[0];
	CHECK_EQ(poll(&fd, 1, 50), 0);
	CHECK(clock_ns(CLOCK_MONOTONIC) - start >= 50000000);
	CHECK_EQ(poll(NULL, 0, 20), 0);
	CHECK(clock_ns(CLOCK_MONOTONIC) - start >= 70000000);
	if (fork() == 0) {
		poll(NULL, 0, 30);
		write(ends[1], "x", 1);
		_exit(0);
	}
	CHECK_EQ(poll(&fd, 1, 10000), 1);
	CHECK_EQ(fd.revents, POLLIN);
	CHECK(wait(NULL) > 0);
	CHECK_ERRNO(poll((void *)-4096, 1, 0), EFAULT);
	CHECK_ERRNO(poll(&fd, many, 0), EINVAL);
}

TEST(ioctl_on_what_is_no_terminal_is_enotty)
{
	struct winsize size;
	int ends[2];

	CHECK_EQ(pipe(ends), 0);
	CHECK_ERRNO(ioctl(ends[0], TIOCGWINSZ, &size), ENOTTY);
	CHECK_ERRNO(ioctl(99, TIOCGWINSZ, &size), EBADF);
}

TEST(many_descriptors_at_once_are_fine)
{
	int fd = open("/tmp", O_RDONLY), last = fd;

	for (int i = 0; i < 900; i++) {
		int next = dup(fd);

		CHECK(next > last);
		last = next;
	}
	CHECK_EQ(lseek(last, 0, SEEK_CUR), 0);
	CHECK_EQ(close(last), 0);
	CHECK_EQ(dup(fd), last);
}
