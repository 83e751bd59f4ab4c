/*
 * No memory at all, and as many handles as there may be: the machine refuses
 * what it must, goes on, and has its memory back afterwards.
 */
#include <stdbool.h>
#include <sys/mman.h>
#include "boot/memory.h"
#include "trace/scene.h"

/* Shared: whoever took all memory says so here. */
static volatile int *taken;

/* Fills so many bytes of its own: false if it could not. */
static bool
take(int zero, size_t size)
{
	char *pages = mmap(NULL, size, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (pages == MAP_FAILED)
		return false;
	for (size_t at = 0; at < size; at += 4096)
		if (read(zero, pages + at, 1) != 1)
			return false;
	return true;
}

/* Takes all there is, by calls that may fail, until it is killed. */
_Noreturn static void
takes_all(void)
{
	int zero = open("zero:", O_RDONLY | O_CLOEXEC), idle[2];
	char c;

	pipe_make(idle);
	for (size_t size = 1 << 24; size >= 4096; size /= 2)
		while (take(zero, size))
			;
	*taken = 1;
	for (;;)
		(void)read(idle[0], &c, 1);
}

static pid_t
all_memory_taken(void)
{
	pid_t hog;

	*taken = 0;
	hog = fork();
	CHECK(hog >= 0);
	if (hog == 0)
		takes_all();
	while (!*taken) {
		CHECK_EQ(waitpid(hog, NULL, WNOHANG), 0);
		sched_yield();
	}
	return hog;
}

static int
taken_or_ENOMEM(int fd, const char *text)
{
	if (put(fd, text) > 0)
		return 1;
	CHECK_EQ(errno, ENOMEM);
	return 0;
}

/* Each move of a tracer, from the open on; how many were done. */
static int
moves(int new)
{
	static const char *const rules[] = {"on enter getppid log\n",
					    "on leave getppid off\n"};
	int fd = proc_try(t.pid, "trace", O_RDWR), done = fd >= 0;

	CHECK(fd >= 0 || errno == ENOMEM);
	for (int i = 0; fd >= 0 && i < 2; i++)
		done += taken_or_ENOMEM(fd, rules[i]);
	done += taken_or_ENOMEM(new, "new /bin/true true\n");
	if (fd >= 0)
		close(fd);
	return done;
}

TEST(machine_without_memory_refuses_tracers_and_goes_on)
{
	int new = open("proc:/new", O_RDWR | O_CLOEXEC), few = 0;
	long objects, free;
	pid_t hog;

	taken = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	CHECK(taken != MAP_FAILED);
	tracee_begin(asks_for_parent);
	CHECK_EQ(moves(new), 4);
	child_ends(new);
	objects = objects_at_rest();
	free = memory("free ");
	hog = all_memory_taken();
	for (int i = 0; i < 20; i++) {
		few += moves(new) < 4;
		asks();
	}
	CHECK_EQ(kill(hog, SIGKILL), 0);
	CHECK_EQ(exit_status(wait_for(hog)), 1000 + SIGKILL);
	CHECK_EQ(few, 20);
	EXPECT_END(new);
	nothing_left_behind(objects);
	CHECK(memory("free ") + 1024 * 1024 > free);
	CHECK_EQ(moves(new), 4);
	child_ends(new);
	finish(new);
}

/* ---- many ---- */

static void
opens_as_many_as_there_may_be(void)
{
	static const char *const names[] = {"status", "regs", "mem", "maps",
					    "args"};
	int count = 0, fd;
	char c;

	tester_ends_close();
	while ((fd = proc_try(t.pid, names[count % 5], O_RDONLY)) >= 0)
		count++;
	CHECK_EQ(errno, EMFILE);
	CHECK(count > 65000);
	fd = count; /* one of the last */
	CHECK_EQ(pread(fd, &c, 0, 0), 0);
	_exit(0);
}

TEST(as_many_handles_as_there_are_descriptors_give_their_memory_back)
{
	long before = 0;

	tracee_begin(sleeps);
	for (int i = 0; i < 3; i++) {
		pid_t child = fork();

		if (child == 0)
			opens_as_many_as_there_may_be();
		CHECK_EQ(exit_status(wait_for(child)), 0);
		if (i > 0)
			nothing_left_behind(before);
		before = objects_at_rest();
	}
	CHECK_EQ(tracee_end(&t), 0);
}
