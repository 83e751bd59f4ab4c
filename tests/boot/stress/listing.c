/*
 * The directory of processes, listed while they come and go.
 */
#include <dirent.h>
#include "boot/children.h"

TEST_SECONDS(600);

static void
nothing(void)
{
}

static void
come_and_go(void)
{
	for (long n = test_size(500, 10000); n > 0; n--) {
		pid_t pid = child_start(nothing);

		CHECK_EQ(waitpid(pid, NULL, 0), pid);
	}
}

static void
sleep_on(void)
{
	for (;;)
		pause();
}

/* One that was listed may be gone; what is still there can be read. */
static void
read_status(const char *name)
{
	char path[300], text[64];
	int fd;

	snprintf(path, sizeof path, "proc:/%s/status", name);
	fd = open(path, O_RDONLY);
	if (fd < 0) {
		CHECK(errno == ENOENT || errno == ESRCH);
		return;
	}
	if (read(fd, text, sizeof text) < 0)
		CHECK_EQ(errno, ESRCH);
	else
		CHECK(strncmp(text, "name ", 5) == 0);
	close(fd);
}

/* Each once, in the order of their numbers, and these three among them. */
static void
check_listing(pid_t a, pid_t b)
{
	const pid_t wanted[] = {1, a, b};
	DIR *dir = opendir("proc:/");
	long last = 0, words = 0;
	struct dirent *entry;
	size_t seen = 0;

	CHECK(dir != NULL);
	while ((entry = readdir(dir)) != NULL) {
		long pid = strtol(entry->d_name, NULL, 10);

		if (pid == 0) {
			words++;
			continue;
		}
		CHECK(pid > last);
		last = pid;
		for (size_t i = 0; i < 3; i++)
			seen += pid == wanted[i];
		read_status(entry->d_name);
	}
	closedir(dir);
	CHECK_EQ(words, 5); /* . .. self new new.bin */
	CHECK_EQ(seen, 3);
}

TEST(processes_are_listed_in_order_while_ten_thousand_come_and_go)
{
	pid_t steady = child_start(sleep_on), maker = child_start(come_and_go);
	int status;

	while (waitpid(maker, &status, WNOHANG) == 0)
		check_listing(getpid(), steady);
	CHECK_EQ(status, 0);
	check_listing(getpid(), steady);
	CHECK_EQ(kill(steady, SIGKILL), 0);
	CHECK_EQ(waitpid(steady, NULL, 0), steady);
}
