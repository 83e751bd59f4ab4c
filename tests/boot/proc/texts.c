/*
 * What the text files of a process say, where a person or a script takes them
 * word for word.
 */
#include <sys/mman.h>
#include "trace/scene.h"

static char text[16384];

static const char *
contents(pid_t pid, const char *name)
{
	int file = proc_open(pid, name, O_RDONLY);
	ssize_t n = read(file, text, sizeof text - 1);

	CHECK(n > 0);
	text[n] = '\0';
	close(file);
	return text;
}

/* ---- maps ---- */

#define PAGE 4096

/* What the line of the area at this place says behind its bounds; its offset,
 * if it is one of a file's. */
static const char *
area_at(const void *place, unsigned long *offset)
{
	static char says[300];
	unsigned long start, end, at = (unsigned long)(uintptr_t)place;
	char perm[8], object[256];
	const char *line = contents(getpid(), "maps");

	while ((line = strchr(line, '\n')) != NULL && *++line) {
		CHECK_EQ(sscanf(line, "%lx-%lx %7s %lx %255s", &start, &end,
				perm, offset, object),
			 5);
		if (start <= at && at < end) {
			snprintf(says, sizeof says, "%s %s", perm, object);
			return says;
		}
	}
	return "nothing";
}

static void *
area(int prot, int flags, int file, off_t offset)
{
	void *place = mmap(NULL, PAGE, prot, flags, file, offset);

	CHECK(place != MAP_FAILED);
	return place;
}

static const char constant[] = "constant";
static int variable = 1;

TEST(maps_say_what_may_be_done_there_and_with_what)
{
	int anonymous = MAP_PRIVATE | MAP_ANONYMOUS;
	int file = open("/tmp/mapped", O_CREAT | O_RDWR | O_TRUNC, 0644);
	unsigned long offset;
	void *last;

	CHECK_EQ(ftruncate(file, (off_t)(3 * PAGE)), 0);
	CHECK_STR(area_at((const void *)(uintptr_t)&area_at, &offset),
		  "r-xp /test/proc/texts");
	CHECK_STR(area_at(constant, &offset), "r--p /test/proc/texts");
	CHECK_STR(area_at(&variable, &offset), "rw-p /test/proc/texts");
	CHECK_STR(area_at(&offset, &offset), "rw-p [stack]");
	CHECK_STR(area_at(sbrk(PAGE), &offset), "rw-p [heap]");
	CHECK_STR(area_at(area(PROT_NONE, anonymous, -1, 0), &offset),
		  "---p -");
	CHECK_EQ(offset, 0);
	CHECK_STR(area_at(area(PROT_READ, MAP_SHARED, file, PAGE), &offset),
		  "r--s /tmp/mapped");
	CHECK_EQ(offset, PAGE);
	last = area(PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 2 * PAGE);
	CHECK_STR(area_at(last, &offset), "rw-p /tmp/mapped");
	CHECK_EQ(offset, 2 * PAGE);
	CHECK_EQ(munmap(last, PAGE), 0);
	CHECK_STR(area_at(last, &offset), "nothing");
	unlink("/tmp/mapped");
}

/* Is this in what the packed twin says? */
static int
packed_maps_have(const char *object)
{
	size_t length = strlen(object);
	int file = proc_open(getpid(), "maps.bin", O_RDONLY), found = 0;
	ssize_t n = read(file, text, sizeof text);

	close(file);
	for (ssize_t i = 0; i + (ssize_t)length <= n; i++)
		found |= memcmp(text + i, object, length) == 0;
	return found;
}

TEST(maps_name_shared_memory_and_escape_paths_in_the_text_alone)
{
	int file = open("/tmp/map ped%", O_CREAT | O_RDWR | O_TRUNC, 0644);
	unsigned long offset;

	CHECK_EQ(ftruncate(file, PAGE), 0);
	CHECK_STR(area_at(area(PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0),
			  &offset),
		  "r--s [shared]");
	CHECK_STR(area_at(area(PROT_READ, MAP_PRIVATE, file, 0), &offset),
		  "r--p /tmp/map%20ped%25");
	CHECK(packed_maps_have("/tmp/map ped%"));
	CHECK(!packed_maps_have("/tmp/map%20ped%25"));
	CHECK_EQ(unlink("/tmp/map ped%"), 0);
}

/* ---- regs ---- */

TEST(registers_are_these_in_this_order)
{
	static const char *const names[] = {
		"r15",	   "r14",      "r13", "r12", "rbp",    "rbx", "r11",
		"r10",	   "r9",       "r8",  "rax", "rcx",    "rdx", "rsi",
		"rdi",	   "orig_rax", "rip", "cs",  "rflags", "rsp", "ss",
		"fs_base", "gs_base",  "ds",  "es",  "fs",     "gs"};
	uint64_t values[sizeof names / sizeof names[0]];
	const char *line;

	_Static_assert(sizeof(struct trace_regs) == sizeof values, "packed");
	tracee_begin(sleeps);
	CHECK_EQ(regs_get(t.pid, (struct trace_regs *)values), 0);
	line = contents(t.pid, "regs");
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		char expected[64];

		snprintf(expected, sizeof expected, "%s 0x%lx\n", names[i],
			 (unsigned long)values[i]);
		CHECK_EQ(strncmp(line, expected, strlen(expected)), 0);
		line += strlen(expected);
	}
	CHECK_STR(line, "");
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

/* ---- status ---- */

static void
status_has(pid_t pid, const char *line)
{
	if (strstr(contents(pid, "status"), line) == NULL)
		test_fail(__FILE__, __LINE__, "no %s in %s", line + 1, text);
}

static void
status_has_number(pid_t pid, const char *key, int value)
{
	char line[64];

	snprintf(line, sizeof line, "\n%s %d\n", key, value);
	status_has(pid, line);
}

static void
leads_a_group_of_a_session(const struct tracee *u)
{
	tell(u, setsid());
	await(u);
	kill(getpid(), SIGTERM);
}

TEST(status_says_its_group_its_session_and_its_wait_status)
{
	tracee_begin(sleeps);
	status_has_number(t.pid, "pgid", getpgrp());
	status_has_number(t.pid, "sid", getsid(0));
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
	t = tracee_start(leads_a_group_of_a_session);
	CHECK_EQ(told(&t), t.pid);
	status_has_number(t.pid, "pgid", t.pid);
	status_has_number(t.pid, "sid", t.pid);
	go(&t);
	wait_state(t.pid, TRACE_STATE_ZOMBIE);
	status_has_number(t.pid, "end", SIGTERM);
	CHECK_EQ(tracee_end(&t), 1000 + SIGTERM);
}

TEST(refused_is_left_by_EBADF_as_it_was)
{
	int fd = session_on(sleeps), observer;

	observer = proc_open(t.pid, "trace", O_RDONLY);
	REFUSED(fd, "return 1\n", EBUSY);
	status_has(getpid(), "\nrefused EBUSY return: ");
	REFUSED(observer, "nonsense\n", EBADF);
	status_has(getpid(), "\nrefused EBUSY return: ");
	close(observer);
	go(&t);
	finish(fd);
}
