/*
 * No byte of the kernel leaves through proc:: padding is zero, no address of
 * the kernel, nobody else's registers.
 */
#include "boot/memory.h"
#include "trace/tracing.h"

static int
is_kernels(uint64_t value)
{
	return value >> 47 == 0x1ffff;
}

TEST(registers_of_a_fresh_process_are_zero)
{
	int fd = open("proc:/new", O_RDWR | O_CLOEXEC);
	struct trace_regs regs;
	pid_t pid;

	PUT(fd, "new /bin/true true\n");
	pid = next_event(fd).pid;
	CHECK_EQ(regs_get(pid, &regs), 0);
	CHECK_EQ(regs.r15 | regs.r14 | regs.r13 | regs.r12 | regs.rbp |
			 regs.rbx | regs.r11 | regs.r10 | regs.r9 | regs.r8 |
			 regs.rax | regs.rcx | regs.rdx | regs.rsi | regs.rdi,
		 0);
	CHECK_EQ(regs.fs_base | regs.gs_base, 0);
	close(fd);
	wait_for(pid);
}

TEST(no_register_of_a_held_thread_is_an_address_of_the_kernel)
{
	struct tracee t = tracee_start(asks_for_parent);
	struct trace_regs regs;
	const uint64_t *word = (const uint64_t *)&regs;
	int fd = controller(t.pid);

	PUT(fd, "on enter getppid hold\non leave getppid hold\n");
	go(&t);
	for (int i = 0; i < 2; i++) {
		(void)next_event(fd);
		CHECK_EQ(regs_get(t.pid, &regs), 0);
		for (size_t n = 0; n < sizeof regs / 8; n++)
			CHECK(!is_kernels(word[n]));
	}
	close(fd);
	CHECK_EQ(told(&t), getpid());
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(packed_status_is_zero_behind_its_name)
{
	struct trace_status status = status_of(getpid());

	for (size_t i = strlen(status.name); i < sizeof status.name; i++)
		CHECK_EQ(status.name[i], 0);
	CHECK_EQ(status.end, 0);
}

/* All that a file says, searched for words that look like the kernel's. */
static void
no_kernel_address(const char *path)
{
	static char text[65536];
	int fd = open(path, O_RDONLY);
	ssize_t n = 0, got;

	CHECK(fd >= 0);
	while ((got = read(fd, text + n, sizeof text - 1 - (size_t)n)) > 0)
		n += got;
	text[n] = '\0';
	close(fd);
	if (strstr(text, "ffff8") || strstr(text, "ffffffff8"))
		test_fail(__FILE__, __LINE__, "%s shows the kernel's address",
			  path);
}

TEST(text_files_show_no_address_of_the_kernel)
{
	no_kernel_address("proc:/self/maps");
	no_kernel_address("proc:/self/status");
	no_kernel_address("proc:/1/status");
	no_kernel_address("sys:/contexts");
	no_kernel_address("sys:/block");
	no_kernel_address("sys:/iostat");
	no_kernel_address("sys:/trace");
	no_kernel_address("sys:/memory");
	no_kernel_address("sys:/cpu");
}

TEST(events_of_every_call_show_no_address_of_the_kernel)
{
	int fd = open("proc:/new.bin", O_RDWR | O_CLOEXEC);
	struct trace_event e = {0};
	int n = 0;

	CHECK(put_text(fd, "on enter * log\non leave * log\n"
			   "new /bin/cat cat /etc/passwd\n") > 0);
	while (next_packed(fd, &e, NULL) == 1) {
		CHECK(!is_kernels(e.ip) && !is_kernels(e.sp));
		n++;
	}
	CHECK(n > 3);
	close(fd);
	CHECK(wait(NULL) > 0);
}

/* A page given to a process has no other's bytes. */
TEST(memory_that_mem_makes_is_zero)
{
	static char fresh[64 * 4096];
	struct tracee t = tracee_start(sleeps);
	int mem = proc_open(t.pid, "mem", O_RDONLY);
	static char seen[sizeof fresh];

	memset(seen, 'x', sizeof seen);
	CHECK_EQ(pread(mem, seen, sizeof seen, (off_t)(uintptr_t)fresh),
		 sizeof seen);
	for (size_t i = 0; i < sizeof seen; i++)
		CHECK_EQ(seen[i], 0);
	close(mem);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

/* ---- bounded memory ---- */

TEST(thousand_sessions_opened_and_closed_leave_no_memory_used)
{
	struct tracee t = tracee_start(sleeps);
	long before = 0, after = 0;

	for (int round = 0; round < 2; round++) {
		for (int i = 0; i < 500; i++) {
			int fd = controller(t.pid);

			PUT(fd, "on enter * log\non end hold\n");
			close(fd);
		}
		before = after;
		after = memory("free ");
	}
	/* the second five hundred took nothing that the first did not */
	CHECK(after + 256 * 1024 >= before);
	CHECK_EQ(tracee_end(&t), 0);
}

/* ---- offsets ---- */

TEST(offset_past_what_a_file_says_reads_nothing)
{
	static const char *const names[] = {"status", "status.bin", "maps",
					    "regs.bin", "args"};
	static const off_t offsets[] = {1 << 20, INT32_MAX,
					(off_t)UINT32_MAX + 1, INT64_MAX - 64,
					INT64_MAX};
	struct tracee t = tracee_start(sleeps);
	char seen[64];

	wait_state(t.pid, TRACE_STATE_ASLEEP);
	for (int i = 0; i < 5; i++) {
		int fd = proc_open(t.pid, names[i], O_RDONLY);

		for (int n = 0; n < 5; n++)
			CHECK_EQ(pread(fd, seen, sizeof seen, offsets[n]), 0);
		CHECK_ERRNO(pread(fd, seen, sizeof seen, -1), EINVAL);
		CHECK_ERRNO(pread(fd, seen, sizeof seen, INT64_MIN), EINVAL);
		close(fd);
	}
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(events_of_signals_and_faults_show_no_address_of_the_kernel)
{
	struct tracee t = tracee_start(sleeps);
	struct trace_event e;
	int fd = controller_bin(t.pid);

	CHECK(put_text(fd, "on signal * hold\non fault * hold\n") > 0);
	CHECK_EQ(kill(t.pid, SIGTERM), 0);
	e = packed(fd);
	CHECK_EQ(e.type, TRACE_EV_signal);
	for (int i = 0; i < 10; i++)
		CHECK(!is_kernels(e.word[i]) || e.word[i] == UINT64_MAX);
	CHECK(!is_kernels(e.ip) && !is_kernels(e.sp));
	close(fd);
	CHECK_EQ(tracee_end(&t), 1000 + SIGTERM);
}
