/*
 * What a space may hold: mapping, unmapping, protecting, the break.  Called by
 * exec and by sysmem.c.
 *
 * The one rule: a change checks everything before it acts, so that it either
 * happens as a whole or leaves the space as it was.
 */
#include "abi/errno.h"
#include "page.h"
#include "vm.h"
#include "vm_edit.h"
#include "vm_page.h"
#include "vm_tree.h"

/* Is it a range of whole pages, the user's? */
static bool
is_range(uint64_t address, uint64_t length)
{
	return !(address % PAGE_SIZE) && length && length <= USER_END &&
	       address <= USER_END - length;
}

static uint64_t
whole_pages(uint64_t bytes)
{
	return (bytes + PAGE_SIZE - 1) & PAGE_MASK;
}

/* Where length bytes go that need not go anywhere; 0: nowhere. */
static uint64_t
choose_place(const struct vm *vm, uint64_t hint, uint64_t length)
{
	hint &= PAGE_MASK;
	if (hint >= USER_MIN && hint < VM_MAP_TOP &&
	    length <= VM_MAP_TOP - hint &&
	    vm_tree_free(&vm->areas, hint, hint + length))
		return hint;
	return vm_tree_hole(&vm->areas, length, USER_MIN, VM_MAP_TOP);
}

/* Puts a whole new area where its start and end say, over what is there; the
 * VM mutex is held. */
static int
place_area(struct vm *vm, struct vm_edit *edit, struct vm_area *area)
{
	uint64_t start = area->start, end = area->end;
	int error = vm->dead ? -ENOMEM : vm_edit_prepare(edit, start, end, 1);

	if (error)
		return error;
	vm_edit_remove(edit, start, end);
	vm_page_drop(vm, start, end);
	vm_edit_add(edit, area);
	vm->gen++;
	return 0;
}

static int64_t
add_area(struct vm *vm, struct vm_area *area, bool fixed)
{
	uint64_t address = area->start, length = area->end - area->start;
	struct vm_edit edit;
	int error;

	vm_edit_init(&edit, &vm->areas);
	mutex_lock(&vm->lock);
	if (!fixed)
		address = choose_place(vm, address, length);
	area->start = address;
	area->end = address + length;
	error = address ? place_area(vm, &edit, area) : -ENOMEM;
	mutex_unlock(&vm->lock);
	vm_edit_end(&edit);
	return error ? error : (int64_t)address;
}

static int
check_map(uint64_t address, uint64_t length, unsigned flags, bool fixed,
	  const struct vm_object *object, uint64_t offset, uint64_t file_bytes)
{
	if (!length || offset % PAGE_SIZE || offset > UINT64_MAX - length)
		return -EINVAL;
	if ((flags & VM_SHARED) && (!object || file_bytes != UINT64_MAX))
		return -EINVAL;
	if (length > USER_END)
		return -ENOMEM;
	if (!fixed)
		return 0;
	if (address % PAGE_SIZE)
		return -EINVAL;
	if (address < USER_MIN)
		return -EPERM;
	return is_range(address, whole_pages(length)) ? 0 : -ENOMEM;
}

static bool
is_charged(unsigned prot, unsigned flags)
{
	return (prot & ARCH_WRITE) &&
	       !(flags & (VM_SHARED | VM_STACK | VM_NORESERVE));
}

int64_t
vm_map(struct vm *vm, uint64_t address, uint64_t length, unsigned prot,
       unsigned flags, bool fixed, struct vm_object *object, uint64_t offset,
       uint64_t file_bytes)
{
	struct vm_area *area;
	int64_t result = check_map(address, length, flags, fixed, object,
				   offset, file_bytes);

	if (result)
		return result;
	if (is_charged(prot, flags) && !vm_memory_for(length))
		return -ENOMEM;
	address &= PAGE_MASK;
	area = vm_edit_area(address, address + whole_pages(length), prot,
			    flags & ~(unsigned)VM_NORESERVE);
	if (!area)
		return -ENOMEM;
	vm_edit_object(area, object, offset, file_bytes);
	result = add_area(vm, area, fixed);
	if (result < 0)
		vm_edit_free(area);
	return result;
}

/* The VM mutex is held. */
static int
unmap_locked(struct vm *vm, struct vm_edit *edit, uint64_t start, uint64_t end)
{
	int error = vm->dead ? -EINVAL : vm_edit_prepare(edit, start, end, 0);

	if (error)
		return error;
	vm_edit_remove(edit, start, end);
	vm_page_drop(vm, start, end);
	vm->gen++;
	return 0;
}

int
vm_unmap(struct vm *vm, uint64_t address, uint64_t length)
{
	struct vm_edit edit;
	int error;

	if (length > USER_END || !is_range(address, whole_pages(length)))
		return -EINVAL;
	vm_edit_init(&edit, &vm->areas);
	mutex_lock(&vm->lock);
	error = unmap_locked(vm, &edit, address, address + whole_pages(length));
	mutex_unlock(&vm->lock);
	vm_edit_end(&edit);
	return error;
}

static int
protect_locked(struct vm *vm, struct vm_edit *edit, uint64_t start,
	       uint64_t end, unsigned prot)
{
	int error = vm_edit_may_protect(&vm->areas, start, end, prot);

	if (!error)
		error = vm_edit_prepare(edit, start, end, 0);
	if (error)
		return error;
	vm_edit_protect(edit, start, end, prot);
	vm_page_protect(vm, start, end);
	vm->gen++;
	return 0;
}

int
vm_protect(struct vm *vm, uint64_t address, uint64_t length, unsigned prot)
{
	uint64_t end;
	struct vm_edit edit;
	int error;

	if (address % PAGE_SIZE)
		return -EINVAL;
	if (!length)
		return 0;
	if (length > USER_END || !is_range(address, whole_pages(length)))
		return -ENOMEM;
	end = address + whole_pages(length);
	vm_edit_init(&edit, &vm->areas);
	mutex_lock(&vm->lock);
	error = protect_locked(vm, &edit, address, end, prot);
	mutex_unlock(&vm->lock);
	vm_edit_end(&edit);
	return error;
}

/* ---- the break ---- */

void
vm_brk_set(struct vm *vm, uint64_t address)
{
	mutex_lock(&vm->lock);
	vm->brk_start = vm->brk = address;
	mutex_unlock(&vm->lock);
}

/* The VM mutex is held. */
static int
grow(struct vm *vm, struct vm_edit *edit, uint64_t start, uint64_t end)
{
	struct vm_area *area;
	int error;

	if (!vm_tree_free(&vm->areas, start, end) ||
	    !vm_memory_for(end - start))
		return -ENOMEM;
	area = vm_edit_area(start, end, ARCH_READ | ARCH_WRITE, VM_HEAP);
	if (!area)
		return -ENOMEM;
	error = place_area(vm, edit, area);
	if (error)
		vm_edit_free(area);
	return error;
}

/* The VM mutex is held. */
static int
move_break(struct vm *vm, struct vm_edit *edit, uint64_t address)
{
	uint64_t old = whole_pages(vm->brk), end = whole_pages(address);
	int error = 0;

	if (!vm->brk_start || address < vm->brk_start || end > VM_MAP_TOP)
		return -ENOMEM;
	if (end > old)
		error = grow(vm, edit, old, end);
	else if (end < old)
		error = unmap_locked(vm, edit, end, old);
	if (!error)
		vm->brk = address;
	return error;
}

int64_t
vm_brk(struct vm *vm, uint64_t address)
{
	struct vm_edit edit;
	int64_t result = 0;

	if (address >= USER_END)
		return -ENOMEM;
	vm_edit_init(&edit, &vm->areas);
	mutex_lock(&vm->lock);
	if (address)
		result = move_break(vm, &edit, address);
	if (!result)
		result = (int64_t)vm->brk;
	mutex_unlock(&vm->lock);
	vm_edit_end(&edit);
	return result;
}
