/*
 * The bytes of any space, for proc:/<pid>/mem and for those who load an image.
 *
 * Copies go through the direct map, so that the space that they belong to is
 * loaded nowhere.  The one rule: the VM mutex is held for a batch of pages only
 * and everything is looked up again after it, so that an unmap, an exec or the
 * end of the space comes in between and a SIGKILL of the copier is obeyed.
 */
#include "abi/errno.h"
#include "page.h"
#include "text.h"
#include "thread.h"
#include "vm.h"
#include "vm_page.h"
#include "vm_tree.h"

#define BATCH 16u /* pages copied under one hold of the mutex */

struct copy {
	struct vm *vm;
	uint64_t address;
	bool write;
	char *to;	  /* for a read */
	const char *from; /* for a write */
	size_t left;
};

/* page NULL: zeroes. */
static void
read_page(struct copy *copy, const struct page *page, size_t n)
{
	const char *bytes;

	if (page) {
		bytes = page_address(page);
		memcpy(copy->to, bytes + copy->address % PAGE_SIZE, n);
	} else {
		memset(copy->to, 0, n);
	}
	copy->to += n;
}

static void
write_page(struct copy *copy, const struct page *page, size_t n)
{
	char *bytes = page_address(page);

	memcpy(bytes + copy->address % PAGE_SIZE, copy->from, n);
	copy->from += n;
}

/* The page that the copy has come to. */
static int
find_page(const struct copy *copy, const struct vm_area *area,
	  struct page **page)
{
	uint64_t at = copy->address & PAGE_MASK;

	if (!copy->write)
		return vm_page_look(copy->vm, area, at, page);
	if ((area->flags & VM_SHARED) && !(area->prot & ARCH_WRITE))
		return -EACCES;
	return vm_page_in(copy->vm, area, at, true, page);
}

static int
copy_in_page(struct copy *copy, const struct vm_area *area)
{
	size_t n = PAGE_SIZE - copy->address % PAGE_SIZE;
	struct page *page;
	int error = find_page(copy, area, &page);

	if (error)
		return error;
	if (n > copy->left)
		n = copy->left;
	if (copy->write)
		write_page(copy, page, n);
	else
		read_page(copy, page, n);
	copy->address += n;
	copy->left -= n;
	return 0;
}

static int
copy_batch(struct copy *copy)
{
	const struct vm_area *area = NULL;
	int error = 0;

	mutex_lock(&copy->vm->lock);
	for (unsigned i = 0; i < BATCH && copy->left && !error; i++) {
		if (!area || copy->address >= area->end)
			area = vm_tree_at(&copy->vm->areas, copy->address);
		if (copy->vm->dead)
			error = -ESTALE;
		else
			error = area ? copy_in_page(copy, area) : -EFAULT;
	}
	mutex_unlock(&copy->vm->lock);
	return error;
}

/* The bytes moved, or the error if there are none.  No area is anywhere but in
 * the user's range, so that nothing else need be asked of the address. */
static int64_t
copy_all(struct thread *self, struct copy *copy)
{
	size_t wanted = copy->left;
	int error = 0;

	while (copy->left && !error) {
		if (self && (thread_flags(self) & THREAD_KILLED))
			error = -EINTR;
		else
			error = copy_batch(copy);
	}
	if (copy->left == wanted)
		return error;
	return (int64_t)(wanted - copy->left);
}

int64_t
vm_read(struct thread *self, struct vm *vm, uint64_t address, void *to,
	size_t n)
{
	struct copy copy = {.vm = vm, .address = address, .to = to, .left = n};
	int64_t done = copy_all(self, &copy);

	return done == -ESTALE ? 0 : done;
}

int64_t
vm_write(struct thread *self, struct vm *vm, uint64_t address, const void *from,
	 size_t n)
{
	struct copy copy = {.vm = vm,
			    .address = address,
			    .write = true,
			    .from = from,
			    .left = n};

	return copy_all(self, &copy);
}
