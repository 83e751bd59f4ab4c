/* The pages of one space.  All of these with the VM mutex held. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct page;
struct vm;
struct vm_area;

/*
 * Makes the page at address (of a page, in the area) present, and for a write
 * the space's own if the area is private, whatever the area's protection: the
 * caller asks whether it may.  *page is that page, without a reference.  0,
 * -ENOMEM, -EFAULT (past the end of the object).
 */
int vm_page_in(struct vm *vm, const struct vm_area *area, uint64_t address,
	       bool write, struct page **page);
/* The same for a look only: *page NULL: zeroes, and none was made. */
int vm_page_look(struct vm *vm, const struct vm_area *area, uint64_t address,
		 struct page **page);
/* Takes every page between start and end out. */
void vm_page_drop(struct vm *vm, uint64_t start, uint64_t end);
/* Gives the pages between start and end, all inside of areas, the protection
 * of their areas. */
void vm_page_protect(struct vm *vm, uint64_t start, uint64_t end);
/*
 * fork: maps the private pages of an area into `to` as well, read-only in
 * both; the caller flushes `from`, also after -ENOMEM.
 */
int vm_page_share(struct vm *from, struct vm *to, const struct vm_area *area);
