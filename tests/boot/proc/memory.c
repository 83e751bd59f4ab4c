/*
 * mem: bytes of another address space, at every place where there may be none.
 */
#include <sys/mman.h>
#include "trace/tracing.h"

#define PAGE 4096

static struct tracee t;
static char buffer[3 * PAGE] __attribute__((aligned(PAGE)));
static const char constant[PAGE] __attribute__((aligned(PAGE))) = "constant";

static off_t
at(const volatile void *address)
{
	return (off_t)(uintptr_t)address;
}

static int
mem_of(void (*body)(const struct tracee *))
{
	t = tracee_start(body);
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	return proc_open(t.pid, "mem", O_RDWR);
}

static void
done(int mem)
{
	close(mem);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(offset_is_the_address_and_moves_with_read_and_write)
{
	char seen[8] = "";
	int mem = mem_of(sleeps);

	CHECK_EQ(lseek(mem, at(buffer), SEEK_SET), at(buffer));
	CHECK_EQ(write(mem, "abcdef", 6), 6);
	CHECK_EQ(lseek(mem, 0, SEEK_CUR), at(buffer) + 6);
	CHECK_EQ(lseek(mem, -4, SEEK_CUR), at(buffer) + 2);
	CHECK_EQ(read(mem, seen, 4), 4);
	CHECK_STR(seen, "cdef");
	CHECK_EQ(buffer[0], 0);
	done(mem);
}

TEST(address_0_and_the_end_of_user_space_are_EFAULT)
{
	static const uint64_t places[] = {
		0,
		1,
		PAGE - 1,
		0x7ffffffff000,
		0x7fffffffffff,
		0x800000000000,
		0x800000000001,
		0x1000000000000,
		0x7fffffffffffffff,
	};
	char c = 'x';
	int mem = mem_of(sleeps);

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		CHECK_ERRNO(pread(mem, &c, 1, (off_t)places[i]), EFAULT);
		CHECK_ERRNO(pwrite(mem, &c, 1, (off_t)places[i]), EFAULT);
		CHECK_ERRNO(pread(mem, buffer, PAGE, (off_t)places[i]), EFAULT);
	}
	done(mem);
}

TEST(kernel_half_is_a_negative_offset_and_EINVAL)
{
	static const uint64_t places[] = {
		0x8000000000000000, 0xffff800000000000, 0xffffffff80000000,
		0xfffffffffffff000, UINT64_MAX,
	};
	char c = 'x';
	int mem = mem_of(sleeps);

	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		CHECK_ERRNO(pread(mem, &c, 1, (off_t)places[i]), EINVAL);
		CHECK_ERRNO(pwrite(mem, &c, 1, (off_t)places[i]), EINVAL);
		CHECK(lseek(mem, (off_t)places[i], SEEK_SET) < 0);
	}
	done(mem);
}

/* ---- holes ---- */

static void
with_a_hole(const struct tracee *u)
{
	char *pages = mmap(NULL, 4 * PAGE, PROT_READ | PROT_WRITE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	memset(pages, 'p', 4 * PAGE);
	if (pages == MAP_FAILED || munmap(pages + 2 * PAGE, PAGE) < 0)
		_exit(9);
	tell(u, at(pages));
	await(u);
	tell(u, pages[2 * PAGE - 1]);
	await(u);
}

TEST(bytes_before_a_hole_are_given_and_the_first_one_missing_is_EFAULT)
{
	static char seen[4 * PAGE];
	int mem;
	off_t pages;

	t = tracee_start(with_a_hole);
	pages = told(&t);
	mem = proc_open(t.pid, "mem", O_RDWR);
	CHECK_EQ(pread(mem, seen, 4 * PAGE, pages), 2 * PAGE);
	CHECK_EQ(seen[2 * PAGE - 1], 'p');
	CHECK_EQ(seen[2 * PAGE], 0);
	CHECK_EQ(pread(mem, seen, 100, pages + 2 * PAGE - 10), 10);
	CHECK_EQ(pread(mem, seen, 1, pages + 2 * PAGE - 1), 1);
	CHECK_ERRNO(pread(mem, seen, 1, pages + 2 * PAGE), EFAULT);
	CHECK_ERRNO(pread(mem, seen, 2 * PAGE, pages + 2 * PAGE), EFAULT);
	CHECK_EQ(pread(mem, seen, PAGE, pages + 3 * PAGE), PAGE);
	memset(seen, 'w', sizeof seen);
	CHECK_EQ(pwrite(mem, seen, 100, pages + 2 * PAGE - 10), 10);
	CHECK_ERRNO(pwrite(mem, seen, 1, pages + 2 * PAGE), EFAULT);
	go(&t);
	CHECK_EQ(told(&t), 'w');
	done(mem);
}

static void
protects(const struct tracee *u)
{
	char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	page[0] = 'n';
	if (mprotect(page, PAGE, PROT_NONE) < 0)
		_exit(9);
	tell(u, at(page));
	await(u);
	if (mprotect(page, PAGE, PROT_READ) < 0)
		_exit(8);
	tell(u, page[0]);
	await(u);
}

TEST(pages_that_the_tracee_may_not_touch_are_there_for_mem)
{
	off_t page;
	char c;
	int mem;

	t = tracee_start(protects);
	page = told(&t);
	mem = proc_open(t.pid, "mem", O_RDWR);
	CHECK_EQ(pread(mem, &c, 1, page), 1);
	CHECK_EQ(c, 'n');
	CHECK_EQ(pwrite(mem, "m", 1, page), 1);
	go(&t);
	CHECK_EQ(told(&t), 'm');
	done(mem);
}

/* ---- whose page is it ---- */

TEST(write_to_a_private_read_only_page_makes_a_private_copy)
{
	struct tracee other = tracee_start(sleeps);
	char seen[16] = "";
	int mem = mem_of(sleeps), mem2 = proc_open(other.pid, "mem", O_RDWR);

	CHECK_EQ(pwrite(mem, "changed", 8, at(constant)), 8);
	CHECK_EQ(pread(mem, seen, 8, at(constant)), 8);
	CHECK_STR(seen, "changed");
	CHECK_EQ(pread(mem2, seen, 8, at(constant)), 8);
	CHECK_EQ(memcmp(seen, "constant", 8), 0);
	CHECK_EQ(memcmp(constant, "constant", 8), 0);
	close(mem2);
	go(&other);
	CHECK_EQ(tracee_end(&other), 0);
	done(mem);
}

static int
answer(void)
{
	return 1;
}

static void
answers(const struct tracee *u)
{
	int (*volatile call)(void) = answer;

	await(u);
	tell(u, call());
	await(u);
}

TEST(text_written_runs_and_other_processes_of_the_program_are_unaffected)
{
	/* mov $77, %eax; ret */
	static const unsigned char code[] = {0xb8, 77, 0, 0, 0, 0xc3};
	int (*volatile call)(void) = answer;
	unsigned char seen[sizeof code];
	int mem = mem_of(answers), file;
	pid_t pid;

	CHECK_EQ(pwrite(mem, code, sizeof code, (off_t)(uintptr_t)answer),
		 sizeof code);
	go(&t);
	CHECK_EQ(told(&t), 77);
	CHECK_EQ(call(), 1);
	pid = fork();
	if (pid == 0)
		_exit(call());
	CHECK_EQ(exit_status(wait_for(pid)), 1);
	/* nor is the file */
	file = open("/test/proc/memory", O_RDONLY);
	CHECK(file >= 0);
	while (read(file, seen, sizeof seen) == sizeof seen)
		CHECK(memcmp(seen, code, sizeof code) != 0);
	close(file);
	done(mem);
}

static void
shares_read_only(const struct tracee *u)
{
	int fd = open("/tmp/shared", O_RDONLY);
	char *page = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);

	if (page == MAP_FAILED)
		_exit(9);
	tell(u, at(page));
	await(u);
	tell(u, page[0]);
	await(u);
}

TEST(write_to_a_shared_read_only_page_is_EACCES)
{
	int file = open("/tmp/shared", O_CREAT | O_RDWR | O_TRUNC, 0644), mem;
	char c = 0;
	off_t page;

	CHECK_EQ(write(file, "shared", 6), 6);
	t = tracee_start(shares_read_only);
	page = told(&t);
	mem = proc_open(t.pid, "mem", O_RDWR);
	CHECK_EQ(pread(mem, &c, 1, page), 1);
	CHECK_EQ(c, 's');
	CHECK_ERRNO(pwrite(mem, "X", 1, page), EACCES);
	CHECK_EQ(pread(file, &c, 1, 0), 1);
	CHECK_EQ(c, 's');
	go(&t);
	CHECK_EQ(told(&t), 's');
	done(mem);
	close(file);
	unlink("/tmp/shared");
}

static void
shares_writable(const struct tracee *u)
{
	char *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	pid_t child = fork();

	if (child == 0) {
		tell(u, at(page));
		await(u);
		tell(u, page[1]);
		_exit(0);
	}
	wait_for(child);
	await(u);
}

TEST(write_to_a_shared_writable_page_is_seen_by_all_who_share_it)
{
	off_t page;
	int mem;

	t = tracee_start(shares_writable);
	page = told(&t);
	mem = proc_open(t.pid, "mem", O_RDWR);
	CHECK_EQ(pwrite(mem, "ab", 2, page), 2);
	go(&t);
	CHECK_EQ(told(&t), 'b');
	done(mem);
}

TEST(page_never_touched_is_made_by_a_read)
{
	static char untouched[4 * PAGE] __attribute__((aligned(PAGE)));
	char seen[PAGE];
	int mem = mem_of(sleeps);

	memset(seen, 'x', sizeof seen);
	CHECK_EQ(pread(mem, seen, PAGE, at(untouched + PAGE)), PAGE);
	for (int i = 0; i < PAGE; i++)
		CHECK_EQ(seen[i], 0);
	CHECK_EQ(pwrite(mem, "w", 1, at(untouched + 2 * PAGE)), 1);
	CHECK_EQ(untouched[2 * PAGE], 0);
	done(mem);
}

TEST(forked_childs_memory_is_its_own_in_both_directions)
{
	char c;
	int mem = mem_of(sleeps);

	buffer[0] = 'm';
	CHECK_EQ(pwrite(mem, "c", 1, at(buffer)), 1);
	CHECK_EQ(buffer[0], 'm');
	buffer[0] = 'n';
	CHECK_EQ(pread(mem, &c, 1, at(buffer)), 1);
	CHECK_EQ(c, 'c');
	done(mem);
}

/* ---- one address space ---- */

static void
becomes_spinner(const struct tracee *u)
{
	await(u);
	execl("/test/proc/helper", "h", "spin", (char *)NULL);
}

TEST(handle_opened_before_exec_reads_0_and_writes_ESTALE)
{
	char c;
	int mem, fd;

	t = tracee_start(becomes_spinner);
	mem = proc_open(t.pid, "mem", O_RDWR);
	fd = controller(t.pid);
	PUT(fd, "on exec hold\n");
	CHECK_EQ(pread(mem, &c, 1, at(buffer)), 1);
	go(&t);
	EXPECT(fd, "hold exec /test/proc/helper");
	CHECK_EQ(pread(mem, &c, 1, at(buffer)), 0);
	CHECK_EQ(pread(mem, &c, 1, 0x400000), 0);
	CHECK_ERRNO(pwrite(mem, &c, 1, at(buffer)), ESTALE);
	close(mem);
	mem = proc_open(t.pid, "mem", O_RDWR);
	CHECK_EQ(pread(mem, &c, 1, 0x400000), 1);
	CHECK_EQ(c, 0x7f);
	close(fd);
	close(mem);
	tracee_kill(&t);
}

TEST(handle_of_one_that_ended_reads_0_and_writes_ESTALE)
{
	char c;
	int mem = mem_of(sleeps);

	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
	CHECK_EQ(pread(mem, &c, 1, at(buffer)), 0);
	CHECK_ERRNO(pwrite(mem, "x", 1, at(buffer)), ESTALE);
	close(mem);
}

TEST(handle_opened_on_a_zombie_reads_0_and_writes_ESTALE)
{
	char c;
	int mem;

	t = tracee_start(sleeps);
	go(&t);
	wait_state(t.pid, TRACE_STATE_ZOMBIE);
	mem = proc_open(t.pid, "mem", O_RDWR);
	CHECK_EQ(pread(mem, &c, 1, at(buffer)), 0);
	CHECK_ERRNO(pwrite(mem, "x", 1, at(buffer)), ESTALE);
	close(mem);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(every_handle_of_one_that_ended_reaches_nobody)
{
	char c = 0;
	int mem = mem_of(sleeps), status = proc_open(t.pid, "status", O_RDONLY);
	int fd = controller(t.pid), regs = proc_open(t.pid, "regs", O_RDONLY);

	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
	CHECK_EQ(pread(mem, &c, 1, at(buffer)), 0);
	CHECK_ERRNO(pwrite(mem, "x", 1, at(buffer)), ESTALE);
	CHECK_ERRNO(read(status, &c, 1), ESRCH);
	CHECK_ERRNO(read(regs, &c, 1), ESRCH);
	REFUSED(fd, "stop\n", ESRCH);
	EXPECT(fd, "log end exited 0");
	EXPECT_END(fd);
}

/* ---- large ---- */

static char large[1 << 20];

static void
exits_meanwhile(const struct tracee *u)
{
	memset(large, 'l', sizeof large);
	tell(u, 0);
	await(u);
}

TEST(mebibyte_is_read_and_written_whole)
{
	static char copy[sizeof large];
	int mem;

	t = tracee_start(exits_meanwhile);
	CHECK_EQ(told(&t), 0);
	mem = proc_open(t.pid, "mem", O_RDWR);
	CHECK_EQ(pread(mem, copy, sizeof copy, at(large)), sizeof copy);
	for (size_t i = 0; i < sizeof copy; i++)
		CHECK_EQ(copy[i], 'l');
	memset(copy, 'k', sizeof copy);
	CHECK_EQ(pwrite(mem, copy, sizeof copy, at(large)), sizeof copy);
	memset(copy, 0, sizeof copy);
	CHECK_EQ(pread(mem, copy, sizeof copy, at(large)), sizeof copy);
	CHECK_EQ(copy[0], 'k');
	CHECK_EQ(copy[sizeof copy - 1], 'k');
	done(mem);
}

TEST(buffer_that_is_unmapped_is_EFAULT)
{
	int mem = mem_of(sleeps);

	CHECK_ERRNO(pread(mem, (void *)8, 10, at(buffer)), EFAULT);
	CHECK_ERRNO(pwrite(mem, (void *)8, 10, at(buffer)), EFAULT);
	CHECK_ERRNO(pread(mem, (void *)0xffffffff80100000, 10, at(buffer)),
		    EFAULT);
	CHECK_EQ(pread(mem, NULL, 0, at(buffer)), 0);
	done(mem);
}
