/*
 * sys: on two CPUs: lines about threads that change while they are read, and
 * the interrupts that processors send each other.
 */
#include <stdint.h>
#include "trace/sysfiles.h"

TEST_SECONDS(600);

/* Two calls without a name, each with arguments of its own. */
static void
makes_two_calls(const struct tracee *u)
{
	await(u);
	for (;;) {
		call6(500, 1, 2, 3, 4, 5, 6);
		call6(501, 11, 12, 13, 14, 15, 16);
	}
}

/* Reads on for ever. */
static pid_t
reader_of(int fd)
{
	pid_t pid = fork();
	static char lines[4096];

	if (pid == 0) {
		while (read(fd, lines, sizeof lines) > 0)
			continue;
		_exit(0);
	}
	return pid;
}

/* Which of the two calls the line shows, whole; 0: none. */
static int
call_shown(void)
{
	const struct sys_line *line = sys_thread("calls", t.pid);
	const char *name = line->field[2];
	int first = strcmp(name, "#500") == 0 ? 1 : 11;
	char word[32];

	if (name[0] != '#') {
		for (int i = 3; i < 10; i++)
			CHECK_STR(line->field[i], "-");
		return 0;
	}
	snprintf(word, sizeof word, "0x%x", first == 1 ? 500 : 501);
	CHECK_STR(line->field[3], word);
	for (int i = 0; i < 6; i++) {
		snprintf(word, sizeof word, "0x%x", first + i);
		CHECK_STR(line->field[4 + i], word);
	}
	return first == 1 ? 1 : 2;
}

/* Held if and only if somebody holds it. */
static int
is_shown_held(void)
{
	const struct sys_line *line = sys_thread("contexts", t.pid);
	int held = strcmp(line->field[2], "Ht") == 0;

	CHECK_EQ(strcmp(line->field[5], "-") != 0, held);
	return held;
}

TEST(lines_about_a_thread_are_of_one_moment_while_it_is_held_and_let_go)
{
	long seen[3] = {0, 0, 0}, held = 0, rounds = test_size(2000, 100000);
	int fd = session_on(makes_two_calls);
	pid_t reader;

	PUT(fd, "on enter 500,501 hold\n");
	reader = reader_of(fd);
	go(&t);
	for (long i = rounds; i > 0; i--) {
		seen[call_shown()]++;
		held += is_shown_held();
	}
	CHECK(seen[1] > 0 && seen[2] > 0);
	CHECK(held > 0);
	close(fd);
	tracee_kill(&t);
	CHECK_EQ(exit_status(wait_for(reader)), 0);
}

/* ---- interrupts ---- */

/* How often the vector of this name came to all CPUs. */
static unsigned long
came(const char *name)
{
	int fd = sys_open("irq");
	const char *at = strstr(sys_text(fd, 512), name);
	unsigned long first, second;

	close(fd);
	CHECK(at != NULL);
	CHECK_EQ(sscanf(at + strlen(name), "%lu %lu\n", &first, &second), 2);
	return first + second;
}

TEST(kicks_and_flushes_are_interrupts_of_the_processors)
{
	unsigned long kicks = came(" kick "), flushes = came(" flush ");
	off_t code = (off_t)(uintptr_t)&came;
	char byte;
	int mem;

	do {
		tracee_begin(asks_for_parent);
		asks_times(10);
		CHECK_EQ(tracee_end(&t), 0);
		tester_end_count = 0;
	} while (came(" kick ") == kicks);
	do {
		tracee_begin(spins);
		mem = proc_open(t.pid, "mem", O_RDWR);
		CHECK_EQ(pread(mem, &byte, 1, code), 1);
		CHECK_EQ(pwrite(mem, &byte, 1, code), 1);
		close(mem);
		tracee_kill(&t);
		tester_end_count = 0;
	} while (came(" flush ") == flushes);
}
