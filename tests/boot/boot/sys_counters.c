/* The numbers in sys:: stat, time, irq, locks, memory. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "abi/syscall.h"
#include "test.h"

static char text[16384];

static const char *
get(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	CHECK(fd >= 0);
	n = read(fd, text, sizeof text - 1);
	CHECK(n > 0);
	text[n] = '\0';
	close(fd);
	return text;
}

/* The number in the line that begins with this word. */
static uint64_t
number(const char *path, const char *word)
{
	const char *line = get(path);
	size_t length = strlen(word);

	while (line != NULL) {
		if (strncmp(line, word, length) == 0 && line[length] == ' ')
			return strtoull(line + length + 1, NULL, 10);
		line = strchr(line, '\n');
		line = line != NULL ? line + 1 : NULL;
	}
	test_fail(__FILE__, __LINE__, "%s has no line %s", path, word);
	return 0;
}

static uint64_t
clock_ns(clockid_t clock)
{
	struct timespec now;

	CHECK_EQ(clock_gettime(clock, &now), 0);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void
child_runs(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	CHECK_EQ(waitpid(pid, NULL, 0), pid);
}

TEST(sys_stat_counts_processes_and_switches)
{
	uint64_t made = number("sys:/stat", "made");
	uint64_t switches = number("sys:/stat", "switches");
	uint64_t there = number("sys:/stat", "processes");

	child_runs();
	CHECK_EQ(number("sys:/stat", "made"), made + 1);
	CHECK(number("sys:/stat", "switches") >= switches + 2);
	CHECK_EQ(number("sys:/stat", "processes"), there);
	CHECK(number("sys:/stat", "cpus") >= 1);
	CHECK(number("sys:/stat", "boot") > 0);
	CHECK(number("sys:/stat", "uptime") <=
	      clock_ns(CLOCK_MONOTONIC) / 1000000000);
}

TEST(sys_stat_counts_each_call)
{
	uint64_t first, second;

	first = number("sys:/stat", "calls");
	second = number("sys:/stat", "calls");
	for (int i = 0; i < 1000; i++)
		(void)getpid();
	/* with what the looks cost; others sleep */
	CHECK(number("sys:/stat", "calls") - second >= 1000 + second - first);
}

TEST(sys_time_tells_the_clocks)
{
	uint64_t before = clock_ns(CLOCK_MONOTONIC);
	uint64_t told = number("sys:/time", "uptime-ns");

	CHECK(before <= told && told <= clock_ns(CLOCK_MONOTONIC));
	before = clock_ns(CLOCK_REALTIME);
	told = number("sys:/time", "wall-ns");
	CHECK(before <= told && told <= clock_ns(CLOCK_REALTIME));
	CHECK(number("sys:/time", "tsc-hz") > 0);
}

TEST(sys_time_counts_idling_while_everybody_sleeps)
{
	const struct timespec pause = {.tv_nsec = 20000000};
	uint64_t before = number("sys:/time", "idle-ns");

	CHECK_EQ(nanosleep(&pause, NULL), 0);
	CHECK(number("sys:/time", "idle-ns") > before);
}

/* Of the line that has this name: what came to all processors. */
static uint64_t
interrupts(const char *name)
{
	char *line = strstr(get("sys:/irq"), name), *end;
	uint64_t sum = 0;

	CHECK(line != NULL);
	for (line += strlen(name); *line == ' '; line = end)
		sum += strtoull(line + 1, &end, 10);
	CHECK_EQ(*line, '\n');
	return sum;
}

TEST(sys_irq_counts_the_timer)
{
	const struct timespec pause = {.tv_nsec = 1000000};
	uint64_t before = interrupts(" timer"),
		 all = number("sys:/stat", "interrupts");

	CHECK_EQ(nanosleep(&pause, NULL), 0);
	CHECK(interrupts(" timer") > before);
	CHECK(number("sys:/stat", "interrupts") > all);
	CHECK(strstr(get("sys:/irq"), " console ") != NULL);
}

static uint64_t
memory(const char *word)
{
	return number("sys:/memory", word);
}

TEST(sys_memory_says_whose_each_page_is)
{
	enum { SIZE = 64 * 4096 };
	uint64_t before = memory("anonymous");
	char *pages = mmap(NULL, SIZE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(pages != MAP_FAILED);
	memset(pages, 1, SIZE);
	CHECK(memory("anonymous") >= before + SIZE);
	CHECK_EQ(munmap(pages, SIZE), 0);
	CHECK(memory("anonymous") < before + SIZE);
	before = memory("shared");
	pages = mmap(NULL, SIZE, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(pages != MAP_FAILED);
	memset(pages, 1, SIZE);
	CHECK(memory("shared") >= before + SIZE);
	CHECK_EQ(munmap(pages, SIZE), 0);
	CHECK_EQ(memory("shared"), before);
}

TEST(sys_memory_counts_files_and_pipes)
{
	static const char bytes[4096];
	uint64_t before = memory("files");
	int fd = open("/tmp/sys-memory", O_CREAT | O_WRONLY, 0600), ends[2];

	CHECK_EQ(write(fd, bytes, sizeof bytes), sizeof bytes);
	CHECK_EQ(memory("files"), before + 4096);
	close(fd);
	CHECK_EQ(unlink("/tmp/sys-memory"), 0);
	CHECK_EQ(memory("files"), before);
	CHECK_EQ(pipe(ends), 0);
	before = memory("pipes");
	CHECK_EQ(write(ends[1], bytes, sizeof bytes), sizeof bytes);
	CHECK_EQ(memory("pipes"), before + 4096);
	close(ends[0]);
	close(ends[1]);
	CHECK_EQ(memory("pipes"), before);
}

TEST(sys_memory_adds_up)
{
	static const char *const words[] = {
		"free",	     "heap-pages", "kernel", "tables",
		"anonymous", "shared",	   "files",  "pipes",
	};
	uint64_t total = memory("total"), sum = 0;
	char all[2048];

	snprintf(all, sizeof all, "\n%s", get("sys:/memory"));
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		char line[32];
		const char *at;

		snprintf(line, sizeof line, "\n%s ", words[i]);
		at = strstr(all, line);
		CHECK(at != NULL);
		sum += strtoull(at + strlen(line), NULL, 10);
	}
	CHECK_EQ(sum, total);
}

/* Where its other files are, too. */
TEST(sys_locks_is_there_in_the_checked_kernel)
{
	uint64_t before;

	if (access("sys:/fail", F_OK) != 0) {
		CHECK(access("sys:/locks", F_OK) != 0);
		return;
	}
	before = number("sys:/locks", "FD_TABLE");
	close(dup(0));
	CHECK(number("sys:/locks", "FD_TABLE") > before);
	CHECK(number("sys:/locks", "EXEC") > 0);
}
