/* The areas of one space by address: a balanced tree beside the list. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct vm_area;
struct vm_areas;

void vm_tree_init(struct vm_areas *areas);
/* Puts an area that overlaps none into tree and list. */
void vm_tree_insert(struct vm_areas *areas, struct vm_area *area);
void vm_tree_remove(struct vm_areas *areas, struct vm_area *area);
/* The bounds of an area in the tree have moved, its neighbours have not been
 * passed. */
void vm_tree_moved(struct vm_areas *areas, struct vm_area *area);

/* The first area that ends past address; NULL: none. */
struct vm_area *vm_tree_from(const struct vm_areas *areas, uint64_t address);
/* The area that holds address; NULL: none. */
struct vm_area *vm_tree_at(const struct vm_areas *areas, uint64_t address);
bool vm_tree_free(const struct vm_areas *areas, uint64_t start, uint64_t end);
/* The highest place for length bytes in low ... high; 0: none. */
uint64_t vm_tree_hole(const struct vm_areas *areas, uint64_t length,
		      uint64_t low, uint64_t high);
/* The neighbours in the list; NULL: none. */
struct vm_area *vm_tree_next(const struct vm_areas *areas,
			     const struct vm_area *area);
struct vm_area *vm_tree_prev(const struct vm_areas *areas,
			     const struct vm_area *area);
