/*
 * Each file of sys:, line for line and word for word, as sys(4) says them.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <sys/utsname.h>
#include "boot/memory.h"
#include "trace/scene.h"

/* A newline, then what a file says. */
static char whole[65536 + 2] = "\n", *const text = whole + 1;

static const char *
contents(const char *path)
{
	int fd = open(path, O_RDONLY);
	size_t used = 0;
	ssize_t n;

	CHECK(fd >= 0);
	while ((n = read(fd, text + used, 65536 - used)) > 0)
		used += (size_t)n;
	CHECK_EQ(n, 0);
	close(fd);
	text[used] = '\0';
	CHECK(used > 0 && text[used - 1] == '\n');
	return text;
}

TEST(sys_uname_names_system_version_and_machine)
{
	struct utsname name;
	char line[256];

	CHECK_EQ(uname(&name), 0);
	snprintf(line, sizeof line, "Proctor %s x86_64\n", name.release);
	CHECK_STR(contents("sys:/uname"), line);
}

TEST(sys_cmdline_is_one_line)
{
	const char *line = contents("sys:/cmdline");

	CHECK(strchr(line, '\n') == line + strlen(line) - 1);
	CHECK_EQ(strncmp(line, "run", 3), 0);
}

TEST(sys_log_begins_with_what_the_kernel_said_first)
{
	CHECK_EQ(strncmp(contents("sys:/log"), "Proctor ", 8), 0);
}

TEST(sys_schemes_has_a_name_a_line)
{
	char path[64];
	int schemes = 0, at, length;

	contents("sys:/schemes");
	for (at = 0; text[at]; at += length + 1, schemes++) {
		length = (int)strcspn(text + at, "\n");
		snprintf(path, sizeof path, "%.*s:", length, text + at);
		CHECK(access(path, F_OK) == 0 || errno != ENODEV);
	}
	CHECK(strstr(text, "proc\n") && strstr(text, "sys\n"));
	CHECK(schemes > 2);
}

TEST(sys_memory_counts_bytes_and_objects)
{
	enum { PAGES = 64, PAGE = 4096, DESCRIPTORS = 20 };
	long total, free, heap, objects;
	volatile char *pages;

	CHECK_EQ(sscanf(contents("sys:/memory"),
			"total %ld\nfree %ld\nheap %ld\nobjects %ld\n", &total,
			&free, &heap, &objects),
		 4);
	CHECK(total > free && free > 0 && total % PAGE == 0);
	pages = malloc(PAGES * PAGE);
	for (int i = 0; i < PAGES; i++)
		pages[i * PAGE] = 1;
	CHECK(memory("free ") <= free - PAGES * PAGE);
	for (int i = 0; i < DESCRIPTORS; i++)
		CHECK(open("sys:/uname", O_RDONLY) >= 0);
	CHECK(memory("objects ") >= objects + DESCRIPTORS);
	CHECK(memory("heap ") > heap);
	CHECK_EQ(memory("total "), total);
}

/* ---- cpu ---- */

TEST(sys_cpu_has_a_line_a_processor)
{
	unsigned long cpu, ticks, switches, idle, calls, interrupts, idle_ns,
		hz;
	char model[64], more;

	CHECK_EQ(sscanf(contents("sys:/cpu"),
			"cpu %lu ticks %lu switches %lu idle %lu calls %lu "
			"interrupts %lu idle_ns %lu hz %lu model %63[^\n]%c",
			&cpu, &ticks, &switches, &idle, &calls, &interrupts,
			&idle_ns, &hz, model, &more),
		 10);
	CHECK_EQ(cpu, 0);
	CHECK(interrupts >= ticks && calls > 0 && hz > 1000000);
	CHECK(strchr(text, '\n') == text + strlen(text) - 1); /* one CPU */
}

static unsigned long
calls_counted(void)
{
	return strtoul(strstr(contents("sys:/cpu"), " calls ") + 7, NULL, 10);
}

/* So many calls more than what it costs to ask; others of the machine may make
 * some meanwhile, but not each time. */
TEST(sys_cpu_counts_every_call)
{
	enum { ROUNDS = 20, CALLS = 1000 };
	unsigned long asking = -1ul, asked = -1ul;

	for (int i = 0; i < ROUNDS; i++) {
		unsigned long first = calls_counted(), second, third;

		second = calls_counted();
		for (int n = 0; n < CALLS; n++)
			call0(SYS_getppid);
		third = calls_counted();
		asking = second - first < asking ? second - first : asking;
		asked = third - second < asked ? third - second : asked;
	}
	CHECK_EQ(asked, asking + CALLS);
}

/* ---- contexts and block ---- */

/* The rest of the line that begins so; "" if none does. */
static const char *
line_of(const char *path, const char *start)
{
	static char line[512];
	const char *at;

	contents(path);
	at = strstr(whole, start);
	if (at == NULL)
		return "";
	at += strlen(start);
	snprintf(line, sizeof line, "%.*s", (int)strcspn(at, "\n"), at);
	return line;
}

static const char *
block_of(pid_t pid)
{
	char start[32];

	snprintf(start, sizeof start, "\n%d/%d\t", (int)pid, (int)pid);
	return line_of("sys:/block", start);
}

TEST(sys_block_has_a_line_for_each_thread_that_sleeps)
{
	char name[64], call[64], waits[64];
	unsigned long first, second;

	tracee_begin(sleeps);
	CHECK_EQ(sscanf(block_of(t.pid), "%63[^\t]\t%63[^\t]\t%63[^\t]\t%lu",
			name, call, waits, &first),
		 4);
	CHECK_STR(name, "sys_files");
	CHECK_STR(call, "read");
	CHECK_EQ(sscanf(block_of(t.pid), "%63[^\t]\t%63[^\t]\t%63[^\t]\t%lu",
			name, call, waits, &second),
		 4);
	CHECK(second > first);
	CHECK_STR(block_of(getpid()), "");
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

/* ---- what only the checked kernel has ---- */

TEST(sys_pids_has_bounds)
{
	int fd = open("sys:/pids", O_WRONLY);

	CHECK_ERRNO(put(fd, "0\n"), EINVAL);
	CHECK_ERRNO(put(fd, "1\n"), EINVAL);
	CHECK_ERRNO(put(fd, "4194305\n"), EINVAL);
	CHECK_ERRNO(put(fd, "many\n"), EINVAL);
	PUT(fd, "4194304\n");
}

TEST(sys_files_that_are_written_are_roots_and_cannot_be_read)
{
	static const char *const paths[] = {"sys:/fail", "sys:/panic",
					    "sys:/pids"};
	char byte;

	for (int i = 0; i < 3; i++)
		CHECK_ERRNO(read(open(paths[i], O_RDONLY), &byte, 1), EINVAL);
	CHECK_EQ(setuid(1000), 0);
	for (int i = 0; i < 3; i++) {
		CHECK_ERRNO(open(paths[i], O_WRONLY), EACCES);
		CHECK_ERRNO(open(paths[i], O_RDONLY), EACCES);
	}
}
