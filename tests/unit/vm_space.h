/*
 * Address spaces on a machine of paper (vm_fake.h): a file to map, and short
 * words for what a program does with its memory.
 */
#pragma once

#include "vm_fake.h"
#include "vm_anon.c" /* with our locks */
#include "thread.h"

#define P     ((uint64_t)PAGE_SIZE)
#define NONE  0u
#define R     ((unsigned)ARCH_READ)
#define RW    ((unsigned)(ARCH_READ | ARCH_WRITE))
#define WHOLE UINT64_MAX
#define A     ((uint64_t)0x400000) /* somewhere */

static struct thread self;

/* ---- a file of FILE_PAGES pages ---- */

enum { FILE_PAGES = 16 };

struct file_object {
	struct vm_object object;
	struct page *page[FILE_PAGES];
	int refs;
};

static inline int
file_page(struct vm_object *object, uint64_t index, struct page **page)
{
	struct file_object *file = (struct file_object *)object;

	CHECK_EQ(fake_mutexes, 1);
	if (index >= FILE_PAGES)
		return -EFAULT;
	if (fake_fails())
		return -ENOMEM;
	*page = file->page[index];
	page_get(*page);
	return 0;
}

static inline void
file_get(struct vm_object *object)
{
	((struct file_object *)object)->refs++;
}

static inline void
file_put(struct vm_object *object)
{
	CHECK_EQ(fake_mutexes, 0);
	((struct file_object *)object)->refs--;
}

static const struct vm_object_ops file_ops = {
	.page = file_page,
	.get = file_get,
	.put = file_put,
};

static inline void
file_make(struct file_object *file, unsigned char seed)
{
	file->object.ops = &file_ops;
	file->refs = 0;
	for (unsigned i = 0; i < FILE_PAGES; i++) {
		file->page[i] = page_alloc(0, PAGE_FILE);
		memset(page_address(file->page[i]), (int)(seed + i), PAGE_SIZE);
	}
}

static inline void
file_free(struct file_object *file)
{
	CHECK_EQ(file->refs, 0);
	for (unsigned i = 0; i < FILE_PAGES; i++) {
		CHECK_EQ(file->page[i]->refs, 1);
		page_put(file->page[i]);
	}
}

/* ---- short words ---- */

/* One byte as the program itself reads or writes it: 0 or the fault's error. */
static inline int
user_byte(struct vm *vm, uint64_t address, bool write, unsigned char *byte)
{
	for (int tries = 0; tries < 4; tries++) {
		unsigned char *at = fake_user(&vm->space, address, write);
		int error;

		if (at) {
			if (write)
				*at = *byte;
			else
				*byte = *at;
			return 0;
		}
		error = vm_fault(vm, address, write ? FAULT_WRITE : FAULT_READ);
		if (error)
			return error;
	}
	test_fail(__FILE__, __LINE__, "a fault that does not end");
}

static inline void
put(struct vm *vm, uint64_t address, unsigned char byte)
{
	CHECK_EQ(user_byte(vm, address, true, &byte), 0);
}

static inline unsigned
get(struct vm *vm, uint64_t address)
{
	unsigned char byte = 0;

	CHECK_EQ(user_byte(vm, address, false, &byte), 0);
	return byte;
}

static inline void
map_zeroes(struct vm *vm, uint64_t address, uint64_t pages, unsigned prot)
{
	CHECK_EQ(vm_map(vm, address, pages * P, prot, 0, true, NULL, 0, WHOLE),
		 address);
}

static inline void
end(struct vm *vm)
{
	vm_leave(vm);
	vm_put(vm);
}

static inline void
check_nothing_left(void)
{
	CHECK_EQ(fake_live, 0);
	CHECK_EQ(fake_mutexes, 0);
	CHECK_EQ(fake_spins, 0);
}
