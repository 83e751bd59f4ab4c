/* sys:, host: and tty: as a program sees them. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>
#include "abi/syscall.h"
#include "boot/signals.h"
#include "test.h"

static char text[65536], again[65536];

/* The whole file in reads of `block` bytes. */
static size_t
get(const char *path, char *to, size_t block)
{
	int fd = open(path, O_RDONLY);
	size_t at = 0;
	ssize_t n;

	CHECK(fd >= 0);
	while ((n = read(fd, to + at, block)) > 0)
		at += (size_t)n;
	CHECK_EQ(n, 0);
	close(fd);
	to[at] = '\0';
	return at;
}

static int
lines(const char *s)
{
	int n = 0;

	for (; *s; s++)
		n += *s == '\n';
	return n;
}

static bool
lists(const char *path, const char *name)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	bool found = false;

	CHECK(dir != NULL);
	while ((entry = readdir(dir)) != NULL)
		found = found || strcmp(entry->d_name, name) == 0;
	closedir(dir);
	return found;
}

TEST(sys_lists_files_that_can_all_be_read)
{
	static const char *const names[] = {
		"block",  "calls",    "cmdline", "contexts", "cpu",
		"iostat", "irq",      "log",	 "memory",   "schemes",
		"stat",	  "syscalls", "time",	 "uname",
	};
	char path[64];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		CHECK(lists("sys:/", names[i]));
		snprintf(path, sizeof(path), "sys:/%s", names[i]);
		CHECK(get(path, text, sizeof(text) - 1) > 0);
	}
}

TEST(sys_text_is_one_text_in_blocks_of_any_size)
{
	size_t size = get("sys:/syscalls", text, sizeof(text) - 1);

	CHECK_EQ(get("sys:/syscalls", again, 1), size);
	CHECK_STR(text, again);
	CHECK_EQ(get("sys:/syscalls", again, 7), size);
	CHECK_STR(text, again);
}

TEST(sys_text_is_kept_until_it_is_read_from_0)
{
	int fd = open("sys:/contexts", O_RDONLY);
	ssize_t n = read(fd, text, sizeof(text) - 1), m;
	pid_t child = fork();

	if (child == 0) {
		sleep(60);
		_exit(0);
	}
	CHECK(n > 0);
	CHECK_EQ(pread(fd, again, 1, n), 0);
	m = pread(fd, again, sizeof(again) - 1, 0);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	CHECK(m > n);
	close(fd);
}

TEST(sys_syscalls_has_a_line_for_each_call)
{
	get("sys:/syscalls", text, 512);
	CHECK_EQ(lines(text), SYSCALL_COUNT);
	CHECK(strstr(text, "0x1001 write ssize fd:fd inbuf:buf size:count\n"));
}

TEST(sys_contexts_and_block_tell_what_a_process_does)
{
	char start[64];
	int pipes[2];
	pid_t child;

	CHECK_EQ(pipe(pipes), 0);
	child = fork();
	if (child == 0) {
		close(pipes[1]);
		_exit(read(pipes[0], start, 1) != 0);
	}
	wait_asleep(child);
	get("sys:/contexts", text, 512);
	snprintf(start, sizeof(start), "\n%d/%d\t%d\tS\t1\t", (int)child,
		 (int)child, (int)getpid());
	CHECK(strstr(text, start) != NULL);
	get("sys:/block", text, 512);
	snprintf(start, sizeof(start), "%d/%d\t", (int)child, (int)child);
	CHECK(strstr(text, start) != NULL);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	get("sys:/contexts", text, 512);
	snprintf(start, sizeof(start), "\n%d/", (int)child);
	CHECK(strstr(text, start) == NULL);
}

TEST(sys_shows_no_kernel_address)
{
	get("sys:/contexts", text, 512);
	CHECK(strstr(text, "ffffffff") == NULL);
	get("sys:/block", text, 512);
	CHECK(strstr(text, "ffff8") == NULL && strstr(text, "ffffc") == NULL);
	get("sys:/log", text, 512);
	CHECK(strstr(text, "0xffff") == NULL);
}

TEST(sys_files_cannot_be_written_or_made)
{
	CHECK_ERRNO(open("sys:/cpu", O_RDWR), EACCES);
	CHECK_ERRNO(open("sys:/none", O_RDONLY), ENOENT);
	CHECK_ERRNO(open("sys:/none", O_WRONLY | O_CREAT, 0600), ENOENT);
	CHECK_ERRNO(open("sys:/cpu/x", O_RDONLY), ENOTDIR);
	CHECK_ERRNO(open("sys:/cpu/", O_RDONLY), ENOTDIR);
	CHECK_ERRNO(open("sys:/cpu", O_RDONLY | O_DIRECTORY), ENOTDIR);
	CHECK_ERRNO(open("sys:/", O_WRONLY), EISDIR);
	CHECK_ERRNO(unlink("sys:/cpu"), EPERM);
	CHECK(open("sys:/./../cpu", O_RDONLY) >= 0);
}

TEST(sys_fail_makes_an_allocation_fail)
{
	int fd = open("sys:/fail", O_WRONLY);

	CHECK(fd >= 0);
	CHECK_ERRNO(write(fd, "x", 1), EINVAL);
	CHECK_ERRNO(write(fd, "1 2\n", 4), EINVAL);
	CHECK_EQ(write(fd, "1\n", 2), 2);
	CHECK_ERRNO(open("sys:/cpu", O_RDONLY), ENOMEM);
	CHECK(open("sys:/cpu", O_RDONLY) >= 0);
}

TEST(sys_fail_is_for_root)
{
	CHECK_EQ(setuid(1000), 0);
	CHECK_ERRNO(open("sys:/fail", O_WRONLY), EACCES);
	CHECK(open("sys:/contexts", O_RDONLY) >= 0);
}

TEST(host_lists_its_ports_and_gives_them_to_root)
{
	CHECK(lists("host:/", "status"));
	CHECK_ERRNO(open("host:/none", O_RDONLY), ENOENT);
	CHECK_ERRNO(open("host:/status/x", O_RDONLY), ENOTDIR);
	CHECK_EQ(setuid(1000), 0);
	CHECK(lists("host:/", "status"));
	CHECK_ERRNO(open("host:/status", O_WRONLY), EACCES);
}

TEST(host_port_cannot_seek_and_takes_no_bad_pointer)
{
	int fd = open("host:/err", O_WRONLY);
	struct pollfd p = {.fd = fd, .events = POLLOUT};

	CHECK(fd >= 0);
	CHECK_ERRNO(lseek(fd, 0, SEEK_SET), ESPIPE);
	CHECK_ERRNO(write(fd, (const void *)8, 100), EFAULT);
	CHECK_EQ(write(fd, "", 0), 0);
	CHECK_EQ(poll(&p, 1, 1000), 1);
	CHECK_EQ(p.revents, POLLOUT);
}

static void
sleeper_dies(int fd, int sig)
{
	pid_t child = fork();
	int status;
	char c;

	if (child == 0)
		_exit((int)read(fd, &c, 1));
	wait_asleep(child);
	CHECK_EQ(kill(child, sig), 0);
	CHECK_EQ(waitpid(child, &status, 0), child);
	CHECK(WIFSIGNALED(status));
	CHECK_EQ(WTERMSIG(status), sig);
}

TEST(host_and_tty_readers_can_be_killed)
{
	int console = open("tty:", O_RDONLY);
	int back = open("host:/back", O_RDONLY);

	CHECK(console >= 0 && back >= 0);
	sleeper_dies(console, SIGKILL);
	sleeper_dies(console, SIGTERM);
	sleeper_dies(back, SIGKILL);
	sleeper_dies(back, SIGTERM);
}

TEST(tty_opens_by_two_names_and_is_roots)
{
	CHECK(lists("tty:/", "console"));
	CHECK(isatty(open("tty:", O_RDWR)));
	CHECK(isatty(open("tty:/console", O_RDWR)));
	CHECK_ERRNO(open("tty:/other", O_RDWR), ENOENT);
	CHECK_EQ(setuid(1000), 0);
	CHECK_ERRNO(open("tty:", O_RDONLY), EACCES);
}

TEST(tty_read_waits_as_min_and_time_say)
{
	int fd = open("tty:", O_RDONLY);
	struct termios old, raw;
	int64_t start;
	char c;

	CHECK_EQ(tcgetattr(fd, &old), 0);
	raw = old;
	raw.c_lflag &= ~(tcflag_t)ICANON;
	raw.c_cc[VMIN] = 0;
	raw.c_cc[VTIME] = 2;
	CHECK_EQ(tcsetattr(fd, TCSAFLUSH, &raw), 0);
	start = clock_ns(CLOCK_MONOTONIC);
	CHECK_EQ(read(fd, &c, 1), 0);
	CHECK(clock_ns(CLOCK_MONOTONIC) - start >= 200000000);
	CHECK_EQ(fcntl(fd, F_SETFL, O_NONBLOCK), 0);
	CHECK_ERRNO(read(fd, &c, 1), EAGAIN);
	CHECK_EQ(tcsetattr(fd, TCSANOW, &old), 0);
}
