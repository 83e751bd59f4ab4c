/* mmap, munmap, mprotect, brk: what they refuse and what they do. */
#include "boot/children.h"

#define PAGE 4096

static char *page;

static char *
map(size_t size, int prot)
{
	char *at = mmap(NULL, size, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	CHECK(at != MAP_FAILED);
	return at;
}

static long
try_mmap(uint64_t address, size_t size, int prot, int flags, int fd, off_t off)
{
	const uint64_t a[6] = {address,		size,	      (uint64_t)prot,
			       (uint64_t)flags, (uint64_t)fd, (uint64_t)off};
	long result = raw_call(SYS_mmap, a);

	if (result >= 0 || result < -4095)
		return 0;
	errno = (int)-result;
	return -1;
}

static void
write_page(void)
{
	*(volatile char *)page = 'w';
}

static void
read_page(void)
{
	(void)*(volatile char *)page;
}

static void
run_page(void)
{
	void (*function)(void);

	memcpy(&function, &page, sizeof page);
	function();
}

TEST(mmap_with_bad_arguments_is_refused)
{
	int anonymous = MAP_PRIVATE | MAP_ANONYMOUS;
	int rw = PROT_READ | PROT_WRITE, ends[2];

	CHECK_ERRNO(try_mmap(0, 0, rw, anonymous, -1, 0), EINVAL);
	CHECK_ERRNO(try_mmap(0, PAGE, 8, anonymous, -1, 0), EINVAL);
	CHECK_ERRNO(try_mmap(0, PAGE, rw, MAP_ANONYMOUS, -1, 0), EINVAL);
	CHECK_ERRNO(try_mmap(0, PAGE, rw, anonymous | MAP_SHARED, -1, 0),
		    EINVAL);
	CHECK_ERRNO(try_mmap(0, PAGE, rw, anonymous, -1, 1), EINVAL);
	CHECK_ERRNO(try_mmap(0, SIZE_MAX, rw, anonymous, -1, 0), ENOMEM);
	CHECK_ERRNO(try_mmap(0, (size_t)1 << 46, rw, anonymous, -1, 0), ENOMEM);
	CHECK_ERRNO(try_mmap(0, PAGE, rw, MAP_PRIVATE, 99, 0), EBADF);
	CHECK_EQ(pipe(ends), 0);
	CHECK_ERRNO(try_mmap(0, PAGE, rw, MAP_PRIVATE, ends[0], 0), ENODEV);
}

TEST(mmap_at_a_fixed_place_stays_within_user_space)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
	int rw = PROT_READ | PROT_WRITE;

	CHECK_ERRNO(try_mmap(0x10000001, PAGE, rw, flags, -1, 0), EINVAL);
	CHECK(try_mmap(0, PAGE, rw, flags, -1, 0) < 0);
	CHECK(try_mmap(UINT64_C(1) << 47, PAGE, rw, flags, -1, 0) < 0);
	CHECK(try_mmap((UINT64_C(1) << 47) - PAGE, 2u * PAGE, rw, flags, -1,
		       0) < 0);
	CHECK(try_mmap(0xffff800000000000, PAGE, rw, flags, -1, 0) < 0);
	CHECK(try_mmap(0xfffffffffffff000, PAGE, rw, flags, -1, 0) < 0);
	CHECK_EQ(try_mmap(0x100000000000, PAGE, rw, flags, -1, 0), 0);
	page = (char *)(uintptr_t)0x100000000000;
	CHECK_EQ(in_child(write_page), 0);
}

TEST(mapping_of_a_file_needs_the_right_to_it)
{
	int rw = PROT_READ | PROT_WRITE, fd;

	fd = open("/tmp/memory-file", O_CREAT | O_RDWR | O_TRUNC, 0600);
	CHECK(fd >= 0);
	CHECK_EQ(write(fd, "abc", 3), 3);
	close(fd);
	fd = open("/tmp/memory-file", O_RDONLY);
	CHECK_ERRNO(try_mmap(0, PAGE, rw, MAP_SHARED, fd, 0), EACCES);
	CHECK_EQ(try_mmap(0, PAGE, rw, MAP_PRIVATE, fd, 0), 0);
	page = mmap(NULL, PAGE, PROT_READ, MAP_SHARED, fd, 0);
	CHECK(page != MAP_FAILED);
	CHECK_STR(page, "abc");
	CHECK_ERRNO(mprotect(page, PAGE, rw), EACCES);
	close(fd);
	fd = open("/tmp/memory-file", O_WRONLY);
	CHECK_ERRNO(try_mmap(0, PAGE, PROT_READ, MAP_PRIVATE, fd, 0), EACCES);
	CHECK_EQ(unlink("/tmp/memory-file"), 0);
	CHECK_STR(page, "abc");
}

TEST(new_memory_is_zero)
{
	page = map(16 * PAGE, PROT_READ);
	for (int i = 0; i < 16 * PAGE; i++)
		CHECK_EQ(page[i], 0);
}

TEST(memory_that_was_unmapped_is_gone)
{
	page = map(3 * PAGE, PROT_READ | PROT_WRITE);
	memset(page, 'x', 3 * PAGE);
	page += PAGE;
	CHECK_EQ(munmap(page, PAGE), 0);
	CHECK_EQ(in_child(read_page), 128 + SIGSEGV);
	CHECK_EQ(in_child(write_page), 128 + SIGSEGV);
	CHECK_EQ(page[-1], 'x');
	CHECK_EQ(page[PAGE], 'x');
	CHECK_EQ(munmap(page, PAGE), 0);
}

TEST(munmap_with_bad_arguments_is_EINVAL)
{
	page = map(PAGE, PROT_READ);
	CHECK_ERRNO(munmap(page, 0), EINVAL);
	CHECK_ERRNO(munmap(page + 1, PAGE), EINVAL);
	CHECK_ERRNO(munmap(page, SIZE_MAX), EINVAL);
	CHECK_ERRNO(munmap((void *)(uintptr_t)0xffff800000000000, PAGE),
		    EINVAL);
	CHECK_EQ(page[0], 0);
}

TEST(protections_are_kept)
{
	page = map(PAGE, PROT_READ | PROT_WRITE);
	page[0] = (char)0xc3; /* ret */
	CHECK_EQ(in_child(run_page), 128 + SIGSEGV);
	CHECK_EQ(mprotect(page, PAGE, PROT_READ), 0);
	CHECK_EQ(in_child(write_page), 128 + SIGSEGV);
	CHECK_EQ(in_child(read_page), 0);
	CHECK_EQ(mprotect(page, PAGE, PROT_NONE), 0);
	CHECK_EQ(in_child(read_page), 128 + SIGSEGV);
	CHECK_EQ(mprotect(page, PAGE, PROT_READ | PROT_EXEC), 0);
	CHECK_EQ(in_child(run_page), 0);
	CHECK_EQ(in_child(write_page), 128 + SIGSEGV);
	CHECK_EQ(mprotect(page, PAGE, PROT_READ | PROT_WRITE), 0);
	CHECK_EQ(in_child(write_page), 0);
	CHECK_EQ((unsigned char)page[0], 0xc3);
}

TEST(mprotect_with_bad_arguments_is_refused)
{
	page = map(3 * PAGE, PROT_READ);
	CHECK_ERRNO(mprotect(page + 1, PAGE, PROT_READ), EINVAL);
	CHECK_ERRNO(mprotect(page, PAGE, 8), EINVAL);
	CHECK_EQ(munmap(page + PAGE, PAGE), 0);
	CHECK_ERRNO(mprotect(page, 3 * PAGE, PROT_NONE), ENOMEM);
	CHECK_EQ(in_child(read_page), 0);
	CHECK_ERRNO(mprotect((void *)(uintptr_t)0xffff800000000000, PAGE,
			     PROT_READ),
		    ENOMEM);
}

TEST(brk_moves_the_end_of_data_and_refuses_nonsense)
{
	uint64_t a[6] = {0};
	long end = raw_call(SYS_brk, a);

	CHECK(end > 0);
	a[0] = (uint64_t)end + 2 * PAGE;
	CHECK_EQ(raw_call(SYS_brk, a), end + 2 * PAGE);
	page = (char *)end;
	memset(page, 'b', 2 * PAGE);
	a[0] = (uint64_t)end;
	CHECK_EQ(raw_call(SYS_brk, a), end);
	a[0] = (uint64_t)end + PAGE;
	CHECK_EQ(raw_call(SYS_brk, a), end + PAGE);
	CHECK_EQ(page[PAGE - 1], 0);
	a[0] = 1;
	CHECK_EQ(raw_call(SYS_brk, a), -ENOMEM);
	a[0] = UINT64_MAX;
	CHECK_EQ(raw_call(SYS_brk, a), -ENOMEM);
	a[0] = UINT64_C(1) << 46;
	CHECK_EQ(raw_call(SYS_brk, a), -ENOMEM);
	a[0] = 0;
	CHECK_EQ(raw_call(SYS_brk, a), end + PAGE);
}

/* Every other page, so that each is an area of its own. */
TEST(many_small_mappings_end_in_ENOMEM_or_fit)
{
	long at;

	page = map(4096 * PAGE, PROT_READ | PROT_WRITE);
	for (at = 0; at < 4096; at += 2)
		if (mprotect(page + at * PAGE, PAGE, PROT_READ) != 0) {
			CHECK_EQ(errno, ENOMEM);
			break;
		}
	CHECK(at > 16);
	page[PAGE] = 1;
	CHECK_EQ(munmap(page, 4096 * PAGE), 0);
}
