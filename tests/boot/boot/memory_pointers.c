/*
 * Every pointer of every call, as the table of calls has them, is bad once: the
 * call is EFAULT and has done nothing.
 *
 * The other arguments are such that the call would have worked.
 */
#include <sys/stat.h>
#include "boot/children.h"

enum kind {
	KIND_none,
	KIND_fd,
	KIND_int,
	KIND_mode,
	KIND_uint,
	KIND_flags,
	KIND_pid,
	KIND_id,
	KIND_long,
	KIND_off,
	KIND_size,
	KIND_addr,
	KIND_path,
	KIND_str,
	KIND_in,
	KIND_out,
	KIND_inout,
	KIND_inbuf,
	KIND_outbuf,
	KIND_argv,
};

struct call {
	const char *name;
	long number;
	enum kind kind[6];
};

static const struct call calls[] = {
#define CALL0(nr, name, res)	     {#name, nr, {KIND_none}},
#define CALL1(nr, name, res, k0, a0) {#name, nr, {KIND_##k0}},
#define CALL2(nr, name, res, k0, a0, k1, a1)                                   \
	{#name, nr, {KIND_##k0, KIND_##k1}},
#define CALL3(nr, name, res, k0, a0, k1, a1, k2, a2)                           \
	{#name, nr, {KIND_##k0, KIND_##k1, KIND_##k2}},
#define CALL4(nr, name, res, k0, a0, k1, a1, k2, a2, k3, a3)                   \
	{#name, nr, {KIND_##k0, KIND_##k1, KIND_##k2, KIND_##k3}},
#define CALL5(nr, name, res, k0, a0, k1, a1, k2, a2, k3, a3, k4, a4)           \
	{#name, nr, {KIND_##k0, KIND_##k1, KIND_##k2, KIND_##k3, KIND_##k4}},
#define CALL6(nr, name, res, k0, a0, k1, a1, k2, a2, k3, a3, k4, a4, k5, a5)   \
	{#name,                                                                \
	 nr,                                                                   \
	 {KIND_##k0, KIND_##k1, KIND_##k2, KIND_##k3, KIND_##k4, KIND_##k5}},
#include <proctor/abi/syscalls.def>
};

#define COUNT (sizeof calls / sizeof calls[0])

/* wait4 has a test of its own; nanosleep writes only if it was woken,
 * sigtimedwait if there is a signal. */
static int
is_pointer(const struct call *call, int i)
{
	if (call->number == SYS_wait4 ||
	    (call->number == SYS_nanosleep && i == 1) ||
	    (call->number == SYS_sigtimedwait && i == 1))
		return 0;
	return call->kind[i] >= KIND_path;
}

static int
is_written(enum kind kind)
{
	return kind == KIND_out || kind == KIND_outbuf || kind == KIND_inout;
}

static int file, folder;
static char *zeros;

static void
make_good_things(void)
{
	CHECK_EQ(chdir("/tmp"), 0);
	file = open("pointers-file", O_CREAT | O_RDWR | O_TRUNC, 0600);
	CHECK(file >= 0);
	CHECK_EQ(write(file, "0123456789abcdef", 16), 16);
	unlink("pointers-link");
	CHECK_EQ(symlink("pointers-file", "pointers-link"), 0);
	folder = open("/", O_RDONLY);
	CHECK(folder >= 0);
	zeros = shared_memory(8192);
}

static uint64_t
good(const struct call *call, int i)
{
	static char *words[] = {NULL};

	switch (call->kind[i]) {
	case KIND_fd:
		return (uint64_t)(call->number == SYS_getdents ? folder : file);
	case KIND_int:
		return call->number != SYS_setitimer &&
		       call->number != SYS_getitimer &&
		       call->number != SYS_getrusage;
	case KIND_size:
		return 256;
	case KIND_id:
		return UINT64_MAX;
	case KIND_path:
	case KIND_str:
		return (uint64_t)(uintptr_t) "/tmp/pointers-link";
	case KIND_argv:
		return (uint64_t)(uintptr_t)words;
	default:
		if (call->number == SYS_sigaltstack) /* only asks */
			return 0;
		return call->kind[i] >= KIND_in ? (uint64_t)(uintptr_t)zeros
						: 0;
	}
}

static void
check_bad(const struct call *call, int i, uint64_t bad)
{
	uint64_t a[6];
	long result;

	for (int j = 0; j < 6; j++)
		a[j] = good(call, j);
	a[i] = bad;
	CHECK_EQ(lseek(file, 0, SEEK_SET), 0);
	CHECK_EQ(lseek(folder, 0, SEEK_SET), 0);
	result = raw_call(call->number, a);
	if (result != -EFAULT)
		test_fail(__FILE__, __LINE__,
			  "%s gave %ld with argument %d = 0x%llx", call->name,
			  result, i, (unsigned long long)bad);
}

/* Calls what there is for each pointer of each call. */
static void
for_each_pointer(void (*check)(const struct call *call, int i))
{
	int next = dup(file);

	CHECK_EQ(close(next), 0);
	for (size_t c = 0; c < COUNT; c++)
		for (int i = 0; i < 6; i++)
			if (is_pointer(&calls[c], i))
				check(&calls[c], i);
	CHECK_EQ(dup(file), next);
	unlink("/tmp/pointers-link");
	unlink("/tmp/pointers-file");
}

static void
check_everywhere(const struct call *call, int i)
{
	static const uint64_t bad[] = {
		8,
		0x7ffffffff000,
		0x800000000000,
		0x8000000000000000,
		0xffff800000000000,
		0xffffffff80000000,
		0xffffffffffffffff,
	};

	for (size_t b = 0; b < sizeof bad / sizeof bad[0]; b++)
		check_bad(call, i, bad[b]);
}

TEST(pointer_to_nothing_is_EFAULT_in_every_call)
{
	make_good_things();
	for_each_pointer(check_everywhere);
}

static void
check_read_only(const struct call *call, int i)
{
	if (is_written(call->kind[i]))
		check_bad(call, i, (uint64_t)(uintptr_t)calls);
}

TEST(pointer_to_constants_is_EFAULT_in_every_call_that_writes)
{
	make_good_things();
	for_each_pointer(check_read_only);
}

static char *page;

static void
check_unended(const struct call *call, int i)
{
	if (call->kind[i] == KIND_path || call->kind[i] == KIND_str)
		check_bad(call, i, (uint64_t)(uintptr_t)page + 4090);
}

TEST(path_that_runs_into_nothing_is_EFAULT_in_every_call)
{
	make_good_things();
	page = lone_page();
	memset(page, 'x', 4096);
	for_each_pointer(check_unended);
}

TEST(numbers_of_no_call_are_ENOSYS)
{
	static const long numbers[] = {0,	    1,
				       60,	    SYSCALL_FIRST - 1,
				       SYSCALL_END, SYSCALL_END + 1,
				       -1,	    INT64_MIN};
	const uint64_t a[6] = {0};

	for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
		CHECK_EQ(raw_call(numbers[i], a), -ENOSYS);
}
