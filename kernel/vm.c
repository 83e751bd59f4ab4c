/*
 * Address spaces: how they are made, copied and freed, and page faults.
 * Called by exec, fork, exit, and by the machine.
 *
 *	vm_map.c	mapping, unmapping, protecting, the break
 *	vm_tree.c	which area holds an address
 *	vm_edit.c	areas cut, joined, removed
 *	vm_page.c	pages brought in, copied, taken out
 *	vm_copy.c	bytes of any space
 *
 * The one rule: areas and page tables change under the VM mutex, objects are
 * dropped after it.
 */
#include "vm.h"
#include "abi/errno.h"
#include "heap.h"
#include "page.h"
#include "print.h"
#include "vm_edit.h"
#include "vm_page.h"
#include "vm_tree.h"

struct vm *
vm_create(void)
{
	struct page *root = page_alloc(0, PAGE_TABLE);
	struct vm *vm = heap_zalloc(sizeof(*vm));

	if (!root || !vm) {
		if (root)
			page_put(root);
		heap_free(vm);
		return NULL;
	}
	atomic_store(&vm->refs, 1);
	atomic_store(&vm->users, 1);
	arch_space_init(&vm->space, page_phys(root));
	mutex_init(&vm->lock, RANK_VM);
	vm_tree_init(&vm->areas);
	return vm;
}

static void
put_table(uint64_t phys)
{
	page_put(page_of_phys(phys));
}

/* Pages are in areas and nowhere else. */
static void
drop_areas(struct vm *vm)
{
	list_for_each(link, &vm->areas.list)
	{
		const struct vm_area *area =
			container_of(link, struct vm_area, link);

		vm_page_drop(vm, area->start, area->end);
	}
	assert(vm->pages == 0);
}

/* Frees pages and tables, once. */
static void
end_space(struct vm *vm)
{
	struct list gone;

	list_init(&gone);
	mutex_lock(&vm->lock);
	if (!vm->dead) {
		vm->dead = true;
		vm->gen++;
		arch_space_drop(&vm->space);
		drop_areas(vm);
		arch_space_free(&vm->space, put_table);
		vm_edit_take_all(&vm->areas, &gone);
	}
	mutex_unlock(&vm->lock);
	vm_edit_free_all(&gone);
}

void
vm_get(struct vm *vm)
{
	atomic_fetch_add(&vm->refs, 1);
}

void
vm_put(struct vm *vm)
{
	if (atomic_fetch_sub(&vm->refs, 1) != 1)
		return;
	if (!vm->dead)
		end_space(vm);
	heap_free(vm);
}

void
vm_leave(struct vm *vm)
{
	if (atomic_fetch_sub(&vm->users, 1) == 1)
		end_space(vm);
}

bool
vm_memory_for(uint64_t bytes)
{
	struct page_stats stats;

	page_stats(&stats);
	return bytes / PAGE_SIZE + stats.total / 64 < stats.free;
}

/* ---- fork ---- */

static int
copy_area(struct vm *from, struct vm *to, const struct vm_area *area)
{
	struct vm_area *copy = vm_edit_copy(area);

	if (!copy)
		return -ENOMEM;
	vm_tree_insert(&to->areas, copy);
	return area->flags & VM_SHARED ? 0 : vm_page_share(from, to, area);
}

static int
copy_areas(struct vm *from, struct vm *to)
{
	int error = 0;

	mutex_lock(&from->lock);
	to->brk_start = from->brk_start;
	to->brk = from->brk;
	list_for_each(link, &from->areas.list)
	{
		error = copy_area(from, to,
				  container_of(link, struct vm_area, link));
		if (error)
			break;
	}
	arch_space_flush(&from->space, USER_MIN, USER_END);
	mutex_unlock(&from->lock);
	return error;
}

struct vm *
vm_fork(struct vm *vm)
{
	struct vm *child = vm_memory_for(0) ? vm_create() : NULL;

	if (child && copy_areas(vm, child)) {
		vm_put(child);
		return NULL;
	}
	return child;
}

/* ---- faults and looks ---- */

static bool
allowed(const struct vm_area *area, enum arch_fault_kind kind)
{
	if (kind == FAULT_READ)
		return area->prot;
	return area->prot & (kind == FAULT_WRITE ? ARCH_WRITE : ARCH_EXEC);
}

int
vm_fault(struct vm *vm, uint64_t address, enum arch_fault_kind kind)
{
	const struct vm_area *area;
	struct page *page;
	int error = -EFAULT;

	mutex_lock(&vm->lock);
	area = vm_tree_at(&vm->areas, address);
	if (area && allowed(area, kind))
		error = vm_page_in(vm, area, address & PAGE_MASK,
				   kind == FAULT_WRITE, &page);
	mutex_unlock(&vm->lock);
	return error;
}

int
vm_allows(struct vm *vm, uint64_t address, enum arch_fault_kind kind)
{
	const struct vm_area *area;
	int error = -EFAULT;

	mutex_lock(&vm->lock);
	area = vm_tree_at(&vm->areas, address);
	if (area)
		error = allowed(area, kind) ? 0 : -EACCES;
	mutex_unlock(&vm->lock);
	return error;
}

uint64_t
vm_for_each(struct vm *vm, void (*visit)(const struct vm_area *area, void *arg),
	    void *arg)
{
	uint64_t gen;

	mutex_lock(&vm->lock);
	gen = vm->gen;
	list_for_each(link, &vm->areas.list)
		visit(container_of(link, struct vm_area, link), arg);
	mutex_unlock(&vm->lock);
	return gen;
}
