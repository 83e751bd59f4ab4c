/*
 * What the memory calls refuse, and copies between the kernel and the user.
 *
 * with: kernel/sysmem.c kernel/usercopy.c
 */
#include <asm/prctl.h>
#include <asm/unistd.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "file.h"
#include "page.h"
#include "print.h"
#include "process.h"
#include "syscall.h"
#include "usercopy.h"
#include "vm.h"
#include "test.h"

/* ---- neighbours ---- */

static struct vm vm;
static struct process process = {.vm = &vm};
static struct thread self = {.process = &process};
static struct scheme_ops ops;
static struct file file = {.ops = &ops, .refs = 1};
static int object_refs;
static bool memory = true;

static struct {
	unsigned prot, flags;
	bool fixed;
	struct vm_object *object;
	uint64_t offset;
} mapped;

static void
object_put(struct vm_object *object)
{
	(void)object;
	object_refs--;
}

static const struct vm_object_ops object_ops = {.put = object_put};
static struct vm_object object = {&object_ops};

static int
file_mmap(struct file *of, struct vm_object **result)
{
	(void)of;
	object_refs++;
	*result = &object;
	return 0;
}

static struct scheme_ops ops = {.mmap = file_mmap};

struct file *
fd_get(struct thread *thread, int fd)
{
	(void)thread;
	if (fd != 3)
		return NULL;
	file_get_inline(&file);
	return &file;
}

void
file_end(struct file *of)
{
	(void)of;
	CHECK(!"freed");
}

bool
vm_memory_for(uint64_t bytes)
{
	(void)bytes;
	return memory;
}

struct vm_object *
vm_anon_create(uint64_t pages)
{
	CHECK_EQ(pages, 2);
	object_refs++;
	return &object;
}

int64_t
vm_map(struct vm *in, uint64_t address, uint64_t length, unsigned prot,
       unsigned flags, bool fixed, struct vm_object *what, uint64_t offset,
       uint64_t file_bytes)
{
	CHECK(in == &vm && length && file_bytes == UINT64_MAX);
	mapped.prot = prot;
	mapped.flags = flags;
	mapped.fixed = fixed;
	mapped.object = what;
	mapped.offset = offset;
	return (int64_t)address;
}

int
vm_unmap(struct vm *in, uint64_t address, uint64_t length)
{
	return in == &vm && address == 1 && length == 2 ? 0 : -EINVAL;
}

int
vm_protect(struct vm *in, uint64_t address, uint64_t length, unsigned prot)
{
	return in == &vm && address == 1 && length == 2 && prot == 3 ? 0 : -1;
}

int64_t
vm_brk(struct vm *in, uint64_t address)
{
	return in == &vm ? (int64_t)address : 0;
}

void
panic(const char *format, ...)
{
	test_fail(__FILE__, __LINE__, "panic: %s", format);
}

/* User memory: `user`, from USER on; a fault outside of it. */
#define USER ((uint64_t)(USER_END - 4096))

static char user[4096];

static size_t
user_left(uint64_t address, size_t n)
{
	if (address < USER || address >= USER_END)
		return 0;
	return n < USER_END - address ? n : (size_t)(USER_END - address);
}

/* One of the two is the user's, or the address is bad. */
size_t
arch_copy_bytes(void *to, const void *from, size_t n)
{
	uint64_t a = (uint64_t)(uintptr_t)to, b = (uint64_t)(uintptr_t)from;
	size_t can = user_left(a, n);

	if (can) {
		memcpy(user + (a - USER), from, can);
	} else {
		can = user_left(b, n);
		if (can)
			memcpy(to, user + (b - USER), can);
	}
	return n - can;
}

int64_t
arch_copy_text_from_user(char *to, uint64_t from, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (arch_copy_from_user(to + i, from + i, 1))
			return -EFAULT;
		if (!to[i])
			return (int64_t)i;
	}
	return (int64_t)n;
}

void
arch_own_space_load(struct arch_space *space)
{
	(void)space;
}

/* What gs leads to. */
static struct cpu cpu = {.self = &cpu, .thread = &self};

static __attribute__((constructor)) void
gs_set(void)
{
	syscall(__NR_arch_prctl, ARCH_SET_GS, &cpu);
}

/* ---- mmap ---- */

#define ANON (KMAP_PRIVATE | KMAP_ANONYMOUS)

static int64_t
map(uint64_t length, int prot, int flags, int fd, int64_t offset)
{
	int64_t result =
		sys_mmap(&self, 0x10000, length, prot, flags, fd, offset);

	CHECK_EQ(file.refs, 1);
	CHECK_EQ(object_refs, 0);
	return result;
}

TEST(mmap_refuses_what_it_does_not_know)
{
	CHECK_EQ(map(1, 3, KMAP_ANONYMOUS, -1, 0), -EINVAL);
	CHECK_EQ(map(1, 3, KMAP_ANONYMOUS | 3, -1, 0), -EINVAL);
	CHECK_EQ(map(1, 3, ANON | 0x40000000, -1, 0), -EINVAL);
	CHECK_EQ(map(1, 8, ANON, -1, 0), -EINVAL);
	CHECK_EQ(map(0, 3, ANON, -1, 0), -EINVAL);
	CHECK_EQ(map(1, 3, ANON, -1, 1), -EINVAL);
	CHECK_EQ(map(1, 3, KMAP_PRIVATE, 3, -4096), -EINVAL);
	CHECK_EQ(map(8192, 3, KMAP_PRIVATE, 3, INT64_MAX - 4095), -EOVERFLOW);
	CHECK_EQ(map(UINT64_MAX, 3, ANON, -1, 0), -ENOMEM);
	CHECK_EQ(map(1, 3, KMAP_PRIVATE, 4, 0), -EBADF);
}

TEST(mmap_of_a_file_asks_how_it_was_opened)
{
	atomic_store(&file.flags, KO_WRONLY);
	CHECK_EQ(map(1, 1, KMAP_PRIVATE, 3, 0), -EACCES);
	atomic_store(&file.flags, KO_RDONLY);
	CHECK_EQ(map(1, 3, KMAP_SHARED, 3, 0), -EACCES);
	CHECK_EQ(map(1, 3, KMAP_PRIVATE, 3, 8192), 0x10000);
	CHECK(mapped.object == &object && mapped.offset == 8192);
	CHECK_EQ(mapped.flags, 0);
	CHECK_EQ(map(1, 1, KMAP_SHARED, 3, 0), 0x10000);
	CHECK_EQ(mapped.flags, VM_SHARED | VM_READ_ONLY);
	atomic_store(&file.flags, KO_RDWR);
	CHECK_EQ(map(1, 3, KMAP_SHARED | KMAP_FIXED, 3, 0), 0x10000);
	CHECK_EQ(mapped.flags, VM_SHARED);
	CHECK(mapped.fixed);
}

TEST(mmap_anonymous_ignores_the_descriptor)
{
	CHECK_EQ(map(1, 5, ANON | 0x4000 | 0x20000, 99, 4096), 0x10000);
	CHECK(!mapped.object && !mapped.fixed && !mapped.offset);
	CHECK_EQ(mapped.prot, ARCH_READ | ARCH_EXEC);
	CHECK_EQ(mapped.flags, VM_NORESERVE);
	CHECK_EQ(map(4097, 3, KMAP_SHARED | KMAP_ANONYMOUS, -1, 0), 0x10000);
	CHECK(mapped.object == &object);
	CHECK_EQ(mapped.flags, VM_SHARED);
	memory = false;
	CHECK_EQ(map(4097, 3, KMAP_SHARED | KMAP_ANONYMOUS, -1, 0), -ENOMEM);
}

TEST(memory_calls_pass_their_arguments_on)
{
	CHECK_EQ(sys_munmap(&self, 1, 2), 0);
	CHECK_EQ(sys_mprotect(&self, 1, 2, 3), 0);
	CHECK_EQ(sys_mprotect(&self, 1, 2, 8), -EINVAL);
	CHECK_EQ(sys_mprotect(&self, 1, 2, -1), -EINVAL);
	CHECK_EQ(sys_brk(&self, 7), 7);
}

/* ---- copies ---- */

TEST(usercopy_refuses_every_address_that_is_not_the_users)
{
	const uint64_t bad[] = {USER_END,	 USER_END - 7, 1ull << 47,
				1ull << 63,	 UINT64_MAX,   UINT64_MAX - 6,
				(1ull << 47) - 1};
	char buf[8] = {0};

	for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		CHECK_EQ(copy_from_user(buf, bad[i], 8), -EFAULT);
		CHECK_EQ(copy_to_user(bad[i], buf, 8), -EFAULT);
	}
	CHECK_EQ(copy_from_user(buf, USER, SIZE_MAX), -EFAULT);
	CHECK_EQ(copy_from_user(buf, 1, 8), -EFAULT);
	CHECK_EQ(copy_from_user(buf, UINT64_MAX, 0), 0);
	CHECK_EQ(copy_to_user(USER_END - 8, buf, 8), 0);
}

TEST(usercopy_of_text_ends_at_its_nul_or_at_the_limit)
{
	char buf[8];

	strcpy(user, "hello");
	CHECK_EQ(copy_text_from_user(buf, USER, 6, -ENAMETOOLONG), 5);
	CHECK_STR(buf, "hello");
	CHECK_EQ(copy_text_from_user(buf, USER, 5, -ENAMETOOLONG),
		 -ENAMETOOLONG);
	memset(user + 4090, 'x', 6);
	CHECK_EQ(copy_text_from_user(buf, USER_END - 6, 8, -E2BIG), -EFAULT);
	CHECK_EQ(copy_text_from_user(buf, USER_END - 6, 6, -E2BIG), -E2BIG);
	CHECK_EQ(copy_text_from_user(buf, USER_END, 8, -E2BIG), -EFAULT);
	CHECK_EQ(copy_text_from_user(buf, UINT64_MAX, 8, -E2BIG), -EFAULT);
	CHECK_EQ(copy_text_from_user(buf, 1, 8, -E2BIG), -EFAULT);
}

TEST(uio_goes_on_behind_what_it_moved)
{
	char bytes[8] = "";
	struct uio uio = {.kernel = bytes, .left = 8};

	CHECK_EQ(uio_put(&uio, "abc", 3), 0);
	CHECK_EQ(uio_put_zero(&uio, 1), 0);
	CHECK_EQ(uio.left, 4);
	CHECK(uio.kernel == bytes + 4);
	CHECK_STR(bytes, "abc");

	uio = (struct uio){.user = USER, .left = 4096};
	memset(user, 'x', sizeof(user));
	CHECK_EQ(uio_put_zero(&uio, 3000), 0);
	CHECK_EQ(uio.user, USER + 3000);
	CHECK(!memchr(user, 'x', 3000) && user[3000] == 'x');
	CHECK_EQ(uio_take(&uio, bytes, 8), 0);
	CHECK_EQ(uio.left, 4096 - 3008);
}

TEST(uio_counts_nothing_on_a_fault)
{
	char bytes[8] = "";
	struct uio uio = {.user = USER_END - 1500, .left = 4096};

	CHECK_EQ(uio_put_zero(&uio, 1501), -EFAULT);
	CHECK_EQ(uio_put_zero(&uio, 4096), -EFAULT);
	CHECK_EQ(uio.left, 4096);
	CHECK_EQ(uio.user, USER_END - 1500);
	uio.user = 1;
	CHECK_EQ(uio_put(&uio, bytes, 8), -EFAULT);
	CHECK_EQ(uio_take(&uio, bytes, 8), -EFAULT);
	CHECK_EQ(uio.left, 4096);
}
