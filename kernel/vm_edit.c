/*
 * Changes to the areas of one space.  vm.c calls these with the VM mutex held
 * (but vm_edit_end, and making and freeing areas).
 *
 * A change cuts areas at the ends of its range, then sees whole areas only, and
 * joins neighbours that could be one.  Nothing here touches pages: an area that
 * is cut or joined keeps every page where it is.  The one rule: check first
 * (vm_edit_prepare, vm_edit_may_protect), since from the first cut on nothing
 * may fail.
 */
#include "vm_edit.h"
#include "abi/errno.h"
#include "heap.h"
#include "print.h"
#include "vm_tree.h"

void
vm_edit_free_all(struct list *areas)
{
	list_for_each_safe(link, areas)
	{
		list_remove(link);
		vm_edit_free(container_of(link, struct vm_area, link));
	}
}

void
vm_edit_init(struct vm_edit *edit, struct vm_areas *areas)
{
	edit->areas = areas;
	list_init(&edit->spare);
	list_init(&edit->gone);
}

void
vm_edit_end(struct vm_edit *edit)
{
	vm_edit_free_all(&edit->spare);
	vm_edit_free_all(&edit->gone);
}

struct vm_area *
vm_edit_area(uint64_t start, uint64_t end, unsigned prot, unsigned flags)
{
	struct vm_area *area = heap_zalloc(sizeof(*area));

	if (!area)
		return NULL;
	area->start = start;
	area->end = end;
	area->prot = prot;
	area->flags = flags;
	area->file_bytes = UINT64_MAX;
	return area;
}

void
vm_edit_object(struct vm_area *area, struct vm_object *object, uint64_t offset,
	       uint64_t file_bytes)
{
	if (!object)
		return;
	object->ops->get(object);
	area->object = object;
	area->offset = offset;
	area->file_bytes = file_bytes;
}

struct vm_area *
vm_edit_copy(const struct vm_area *area)
{
	struct vm_area *copy =
		vm_edit_area(area->start, area->end, area->prot, area->flags);

	if (copy)
		vm_edit_object(copy, area->object, area->offset,
			       area->file_bytes);
	return copy;
}

void
vm_edit_free(struct vm_area *area)
{
	if (area->object)
		area->object->ops->put(area->object);
	heap_free(area);
}

void
vm_edit_take_all(struct vm_areas *areas, struct list *gone)
{
	list_for_each_safe(link, &areas->list)
	{
		list_remove(link);
		list_add_tail(gone, link);
	}
	vm_tree_init(areas);
}

/* file_bytes of what lies `distance` behind an area's start. */
static uint64_t
bytes_behind(uint64_t file_bytes, uint64_t distance)
{
	if (file_bytes == UINT64_MAX)
		return UINT64_MAX;
	return file_bytes > distance ? file_bytes - distance : 0;
}

static bool
cuts(const struct vm_areas *areas, uint64_t at)
{
	const struct vm_area *area = vm_tree_at(areas, at);

	return area && area->start < at;
}

/* Makes `at` a boundary between areas, if it lies inside of one. */
static void
cut(struct vm_edit *edit, uint64_t at)
{
	struct vm_area *area = vm_tree_at(edit->areas, at), *upper;
	uint64_t distance;

	if (!area || area->start == at)
		return;
	assert(!list_empty(&edit->spare));
	upper = container_of(edit->spare.next, struct vm_area, link);
	list_remove(&upper->link);
	distance = at - area->start;
	upper->start = at;
	upper->end = area->end;
	upper->prot = area->prot;
	upper->flags = area->flags;
	vm_edit_object(upper, area->object, area->offset + distance,
		       bytes_behind(area->file_bytes, distance));
	area->end = at;
	vm_tree_moved(edit->areas, area);
	vm_tree_insert(edit->areas, upper);
}

static bool
continues(const struct vm_area *a, const struct vm_area *b)
{
	uint64_t length = a->end - a->start;

	if (a->end != b->start || a->prot != b->prot || a->flags != b->flags ||
	    a->object != b->object)
		return false;
	return !a->object ||
	       (a->offset + length == b->offset &&
		bytes_behind(a->file_bytes, length) == b->file_bytes);
}

/* Makes an area and the one before it one, the lower one, if they can be. */
static void
join(struct vm_edit *edit, struct vm_area *area)
{
	struct vm_area *before;

	before = area ? vm_tree_prev(edit->areas, area) : NULL;
	if (!before || !continues(before, area))
		return;
	vm_tree_remove(edit->areas, area);
	before->end = area->end;
	vm_tree_moved(edit->areas, before);
	list_add_tail(&edit->gone, &area->link);
}

int
vm_edit_prepare(struct vm_edit *edit, uint64_t start, uint64_t end,
		unsigned added)
{
	unsigned spares = (unsigned)cuts(edit->areas, start) +
			  (unsigned)cuts(edit->areas, end);

	if (spares + added &&
	    edit->areas->count + spares + added > VM_AREAS_MAX)
		return -ENOMEM;
	while (spares--) {
		struct vm_area *area = vm_edit_area(0, 0, 0, 0);

		if (!area)
			return -ENOMEM;
		list_add_tail(&edit->spare, &area->link);
	}
	return 0;
}

void
vm_edit_remove(struct vm_edit *edit, uint64_t start, uint64_t end)
{
	struct vm_area *area, *next;

	cut(edit, start);
	cut(edit, end);
	for (area = vm_tree_from(edit->areas, start); area && area->end <= end;
	     area = next) {
		next = vm_tree_next(edit->areas, area);
		vm_tree_remove(edit->areas, area);
		list_add_tail(&edit->gone, &area->link);
	}
}

void
vm_edit_add(struct vm_edit *edit, struct vm_area *area)
{
	vm_tree_insert(edit->areas, area);
	join(edit, vm_tree_next(edit->areas, area));
	join(edit, area);
}

int
vm_edit_may_protect(const struct vm_areas *areas, uint64_t start, uint64_t end,
		    unsigned prot)
{
	const struct vm_area *area = vm_tree_at(areas, start);

	for (; area && area->start <= start; area = vm_tree_next(areas, area)) {
		if ((area->flags & VM_READ_ONLY) && (prot & ARCH_WRITE))
			return -EACCES;
		start = area->end;
		if (start >= end)
			return 0;
	}
	return -ENOMEM;
}

void
vm_edit_protect(struct vm_edit *edit, uint64_t start, uint64_t end,
		unsigned prot)
{
	struct vm_area *area, *next;

	cut(edit, start);
	cut(edit, end);
	for (area = vm_tree_at(edit->areas, start); area && area->end <= end;
	     area = next) {
		next = vm_tree_next(edit->areas, area);
		area->prot = prot;
		join(edit, area);
	}
	join(edit, area);
}
