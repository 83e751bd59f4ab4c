/*
 * The pages of one space: brought in at first touch, copied at the first write,
 * shared at fork, taken out.  vm.c (faults, calls) and vm_copy.c (proc: memory)
 * call these with the VM mutex held.
 *
 *	area			page mapped
 *	private, zeroes		its own, with all of the area's protection
 *	private, object		the object's, read-only, until a write copies it
 *	shared			the object's
 *
 * A private page that cannot be written is the space's own if nobody else has a
 * reference: then the write takes it as it is.  The one rule: a page is put
 * only after every CPU has been told to forget it.
 */
#include "vm_page.h"
#include "abi/errno.h"
#include "page.h"
#include "text.h"
#include "vm.h"
#include "vm_tree.h"

#define AROUND 8u  /* pages of an object mapped at one fault */
#define BATCH  64u /* pages taken out between two flushes */

/* What may be written or run can be read: the processor knows no less. */
static unsigned
entry_prot(const struct vm_area *area, bool writable)
{
	unsigned prot = area->prot;

	if (!prot)
		return 0;
	if (!writable)
		prot &= ~(unsigned)ARCH_WRITE;
	return prot | ARCH_READ | ARCH_USER;
}

/* Tables are missing rarely, and then mostly one: given only when asked for. */
static int
map_run(struct vm *vm, uint64_t address, const uint64_t *phys, unsigned n,
	unsigned prot)
{
	uint64_t spares[ARCH_MAP_SPARES] = {0};
	struct page *table;
	int error;

	while ((error = arch_map_run(&vm->space, address, phys, n, prot,
				     spares)) == -ENOMEM) {
		table = page_alloc_zero(PAGE_TABLE);
		if (!table)
			return -ENOMEM;
		spares[0] = page_phys(table);
	}
	return error;
}

static int
map(struct vm *vm, uint64_t address, const struct page *page, unsigned prot)
{
	uint64_t phys = page_phys(page);

	return map_run(vm, address, &phys, 1, prot);
}

/* A copy of the first n bytes, zeroes behind them. */
static struct page *
copy_of(const struct page *page, size_t n)
{
	struct page *copy = page_alloc(0, PAGE_ANONYMOUS);
	char *bytes;

	if (!copy)
		return NULL;
	bytes = page_address(copy);
	memcpy(bytes, page_address(page), n);
	memset(bytes + n, 0, PAGE_SIZE - n);
	return copy;
}

/* How many bytes of the page at address come from the area's object. */
static size_t
object_bytes(const struct vm_area *area, uint64_t address)
{
	uint64_t at = address - area->start;

	if (!area->object || at >= area->file_bytes)
		return 0;
	if (area->file_bytes - at < PAGE_SIZE)
		return (size_t)(area->file_bytes - at);
	return PAGE_SIZE;
}

static int
object_page(const struct vm_area *area, uint64_t address, struct page **page)
{
	uint64_t at = area->offset + (address - area->start);

	return area->object->ops->page(area->object, at >> PAGE_SHIFT, page);
}

/* The page that belongs at address, with a reference; own: nobody else sees
 * it. */
static int
fetch(const struct vm_area *area, uint64_t address, bool own_wanted,
      struct page **page, bool *own)
{
	size_t n = object_bytes(area, address);
	struct page *copy;
	int error;

	*own = !n || own_wanted || n < PAGE_SIZE;
	if (!n) {
		*page = page_alloc_zero(PAGE_ANONYMOUS);
		return *page ? 0 : -ENOMEM;
	}
	error = object_page(area, address, page);
	if (error || !*own)
		return error;
	copy = copy_of(*page, n);
	page_put(*page);
	*page = copy;
	return copy ? 0 : -ENOMEM;
}

static int
bring_in(struct vm *vm, const struct vm_area *area, uint64_t address,
	 bool write, struct page **page)
{
	bool shared = area->flags & VM_SHARED, own;
	int error = fetch(area, address, write && !shared, page, &own);

	if (error)
		return error;
	error = map(vm, address, *page, entry_prot(area, own || shared));
	if (error) {
		page_put(*page);
		return error;
	}
	vm->pages++;
	return 0;
}

static void
put_all(const uint64_t *pages, unsigned n)
{
	while (n)
		page_put(page_of_phys(pages[--n]));
}

/* Maps whole pages of the object from at on; false: not all could be had. */
static bool
bring_run(struct vm *vm, const struct vm_area *area, uint64_t at, uint64_t end)
{
	bool shared = area->flags & VM_SHARED;
	uint64_t pages[AROUND];
	struct page *page;
	unsigned n = 0;

	for (uint64_t next = at; next < end; next += PAGE_SIZE) {
		if (object_bytes(area, next) < PAGE_SIZE ||
		    object_page(area, next, &page))
			break;
		pages[n++] = page_phys(page);
	}
	if (map_run(vm, at, pages, n, entry_prot(area, shared))) {
		put_all(pages, n);
		return false;
	}
	vm->pages += n;
	return at + n * PAGE_SIZE == end;
}

/*
 * Maps the object's pages around one that was touched, since they will
 * probably be next; gives up at the first that cannot be had.
 */
static void
bring_around(struct vm *vm, const struct vm_area *area, uint64_t address)
{
	uint64_t at = address & ~((uint64_t)AROUND * PAGE_SIZE - 1);
	uint64_t end = at + (uint64_t)AROUND * PAGE_SIZE;

	if (at < area->start)
		at = area->start;
	if (end > area->end)
		end = area->end;
	while (at < end) {
		uint64_t there = arch_next_present(&vm->space, at, end);

		if (!bring_run(vm, area, at, there))
			return;
		at = there + PAGE_SIZE;
	}
}

/* A write to a private page whose entry does not let it. */
static int
make_own(struct vm *vm, const struct vm_area *area, uint64_t address,
	 struct page **page)
{
	unsigned prot = entry_prot(area, true);
	struct page *old = *page, *copy;
	int error;

	if (!page_shared(old)) {
		if (prot & ARCH_WRITE)
			arch_protect(&vm->space, address, prot);
		return 0;
	}
	copy = copy_of(old, PAGE_SIZE);
	if (!copy)
		return -ENOMEM;
	error = map(vm, address, copy, prot);
	if (error) {
		page_put(copy);
		return error;
	}
	arch_space_flush(&vm->space, address, address + PAGE_SIZE);
	page_put(old);
	*page = copy;
	return 0;
}

int
vm_page_in(struct vm *vm, const struct vm_area *area, uint64_t address,
	   bool write, struct page **page)
{
	uint64_t phys;
	unsigned prot;
	int error;

	if (arch_lookup(&vm->space, address, &phys, &prot)) {
		*page = page_of_phys(phys);
		if (!write || (area->flags & VM_SHARED) || (prot & ARCH_WRITE))
			return 0;
		return make_own(vm, area, address, page);
	}
	error = bring_in(vm, area, address, write, page);
	if (!error && !write && area->object)
		bring_around(vm, area, address);
	return error;
}

int
vm_page_look(struct vm *vm, const struct vm_area *area, uint64_t address,
	     struct page **page)
{
	uint64_t phys;
	unsigned prot;

	if (!object_bytes(area, address)) {
		*page = arch_lookup(&vm->space, address, &phys, &prot)
				? page_of_phys(phys)
				: NULL;
		return 0;
	}
	return vm_page_in(vm, area, address, false, page);
}

void
vm_page_drop(struct vm *vm, uint64_t start, uint64_t end)
{
	uint64_t pages[BATCH];
	unsigned n;

	while ((n = arch_unmap_run(&vm->space, &start, end, pages, BATCH))) {
		if (!vm->dead)
			arch_space_flush(&vm->space, start,
					 start + n * PAGE_SIZE);
		start += n * PAGE_SIZE;
		vm->pages -= n;
		put_all(pages, n);
	}
}

static void
protect_area(struct vm *vm, const struct vm_area *area, uint64_t at,
	     uint64_t end)
{
	uint64_t phys;
	unsigned prot;

	while ((at = arch_next_present(&vm->space, at, end)) < end) {
		bool writable = area->flags & VM_SHARED;

		if (arch_lookup(&vm->space, at, &phys, &prot)) {
			writable |= !page_shared(page_of_phys(phys));
			arch_protect(&vm->space, at,
				     entry_prot(area, writable));
		}
		at += PAGE_SIZE;
	}
}

void
vm_page_protect(struct vm *vm, uint64_t start, uint64_t end)
{
	const struct vm_area *area = vm_tree_from(&vm->areas, start);

	for (; area && area->start < end; area = vm_tree_next(&vm->areas, area))
		protect_area(vm, area,
			     area->start > start ? area->start : start,
			     area->end < end ? area->end : end);
	arch_space_flush(&vm->space, start, end);
}

static int
share_run(struct vm *to, uint64_t address, const uint64_t *pages, unsigned n,
	  unsigned prot)
{
	int error;

	for (unsigned i = 0; i < n; i++)
		page_get(page_of_phys(pages[i]));
	error = map_run(to, address, pages, n, prot);
	if (error)
		put_all(pages, n);
	else
		to->pages += n;
	return error;
}

int
vm_page_share(struct vm *from, struct vm *to, const struct vm_area *area)
{
	unsigned shown = entry_prot(area, false), n;
	uint64_t at = area->start, pages[BATCH];
	int error = 0;

	while (!error && (n = arch_protect_run(&from->space, &at, area->end,
					       shown, pages, BATCH))) {
		error = share_run(to, at, pages, n, shown);
		at += n * PAGE_SIZE;
	}
	return error;
}
