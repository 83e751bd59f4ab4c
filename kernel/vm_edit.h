/* Changes to the areas of one space: cut, join, add, remove, protect. */
#pragma once

#include "list.h"
#include "vm.h"

/*
 * One change, so that it cannot fail half-way: areas that its cuts need are
 * made first; areas that it took out wait in `gone` until the VM mutex has been
 * let go, as dropping an object may take locks.
 */
struct vm_edit {
	struct vm_areas *areas;
	struct list spare, gone;
};

void vm_edit_init(struct vm_edit *edit, struct vm_areas *areas);
/* Makes what a cut at start and at end needs, if there may be `added` areas
 * more then.  0 or -ENOMEM. */
int vm_edit_prepare(struct vm_edit *edit, uint64_t start, uint64_t end,
		    unsigned added);
/* With no lock held that an object's put may want. */
void vm_edit_end(struct vm_edit *edit);

/* An area that zeroes fill; NULL: no memory. */
struct vm_area *vm_edit_area(uint64_t start, uint64_t end, unsigned prot,
			     unsigned flags);
void vm_edit_object(struct vm_area *area, struct vm_object *object,
		    uint64_t offset, uint64_t file_bytes);
/* A copy with its own reference of the object; NULL: no memory. */
struct vm_area *vm_edit_copy(const struct vm_area *area);
/* One that is in no tree. */
void vm_edit_free(struct vm_area *area);

/* All of a list; as vm_edit_end. */
void vm_edit_free_all(struct list *gone);
/* Moves every area to a list: afterwards there is none. */
void vm_edit_take_all(struct vm_areas *areas, struct list *gone);

/* Takes out what lies in start ... end; whoever calls it frees the pages. */
void vm_edit_remove(struct vm_edit *edit, uint64_t start, uint64_t end);
/* Puts an area that overlaps none in, and joins it with its neighbours; it may
 * be in `gone` afterwards. */
void vm_edit_add(struct vm_edit *edit, struct vm_area *area);
/* 0, -ENOMEM (a hole), -EACCES: may start ... end get this protection? */
int vm_edit_may_protect(const struct vm_areas *areas, uint64_t start,
			uint64_t end, unsigned prot);
void vm_edit_protect(struct vm_edit *edit, uint64_t start, uint64_t end,
		     unsigned prot);
