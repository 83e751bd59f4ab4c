/*
 * The areas of one space, by address.  vm.c and its parts look up, insert and
 * remove here, with the VM mutex held.
 *
 * An AVL tree beside the ordered list: a lookup, and the search for a hole,
 * takes a few steps with thousands of areas, and nobody who chooses addresses
 * can make it deep (VM_AREAS_MAX areas are at most 23 levels), so that it may
 * recurse.  The one rule: what is kept of a subtree (low, high, hole, height)
 * is made right again on the way up from every change.
 */
#include "vm_tree.h"
#include "vm.h"

static uint32_t
height(const struct vm_area *tree)
{
	return tree ? tree->height : 0;
}

static uint64_t
larger(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static void
update(struct vm_area *area)
{
	const struct vm_area *left = area->left, *right = area->right;

	area->height = 1 + (height(left) > height(right) ? height(left)
							 : height(right));
	area->low = left ? left->low : area->start;
	area->high = right ? right->high : area->end;
	area->hole = 0;
	if (left)
		area->hole = larger(left->hole, area->start - left->high);
	if (right)
		area->hole = larger(area->hole, larger(right->hole,
						       right->low - area->end));
}

static struct vm_area *
rotate_right(struct vm_area *tree)
{
	struct vm_area *top = tree->left;

	tree->left = top->right;
	top->right = tree;
	update(tree);
	update(top);
	return top;
}

static struct vm_area *
rotate_left(struct vm_area *tree)
{
	struct vm_area *top = tree->right;

	tree->right = top->left;
	top->left = tree;
	update(tree);
	update(top);
	return top;
}

/* Both subtrees are balanced, and differ by two levels at most. */
static struct vm_area *
balance(struct vm_area *tree)
{
	uint32_t left = height(tree->left), right = height(tree->right);

	if (left > right + 1) {
		if (height(tree->left->left) < height(tree->left->right))
			tree->left = rotate_left(tree->left);
		return rotate_right(tree);
	}
	if (right > left + 1) {
		if (height(tree->right->right) < height(tree->right->left))
			tree->right = rotate_right(tree->right);
		return rotate_left(tree);
	}
	update(tree);
	return tree;
}

static struct vm_area *
insert(struct vm_area *tree, struct vm_area *area)
{
	if (!tree) {
		area->left = area->right = NULL;
		update(area);
		return area;
	}
	if (area->start < tree->start)
		tree->left = insert(tree->left, area);
	else
		tree->right = insert(tree->right, area);
	return balance(tree);
}

static struct vm_area *
take_first(struct vm_area *tree, struct vm_area **first)
{
	if (!tree->left) {
		*first = tree;
		return tree->right;
	}
	tree->left = take_first(tree->left, first);
	return balance(tree);
}

static struct vm_area *
take_out(struct vm_area *tree, const struct vm_area *area)
{
	struct vm_area *next;

	if (tree == area) {
		if (!tree->right)
			return tree->left;
		tree->right = take_first(tree->right, &next);
		next->left = tree->left;
		next->right = tree->right;
		return balance(next);
	}
	if (area->start < tree->start)
		tree->left = take_out(tree->left, area);
	else
		tree->right = take_out(tree->right, area);
	return balance(tree);
}

static void
update_way(struct vm_area *tree, const struct vm_area *area)
{
	if (area->start < tree->start)
		update_way(tree->left, area);
	else if (tree != area)
		update_way(tree->right, area);
	update(tree);
}

static bool
fits(uint64_t low, uint64_t high, uint64_t length)
{
	return low < high && high - low >= length;
}

/* The highest hole between low and high, of which the tree's areas take some.
 */
static uint64_t
find_hole(const struct vm_area *tree, uint64_t low, uint64_t high,
	  uint64_t length)
{
	uint64_t found;

	if (!tree)
		return fits(low, high, length) ? high - length : 0;
	if (tree->hole < length && !fits(low, tree->low, length) &&
	    !fits(tree->high, high, length))
		return 0;
	found = find_hole(tree->right, larger(low, tree->end), high, length);
	if (found)
		return found;
	return find_hole(tree->left, low,
			 high < tree->start ? high : tree->start, length);
}

void
vm_tree_init(struct vm_areas *areas)
{
	list_init(&areas->list);
	areas->root = NULL;
	areas->count = 0;
}

void
vm_tree_insert(struct vm_areas *areas, struct vm_area *area)
{
	struct vm_area *next = vm_tree_from(areas, area->end);

	areas->root = insert(areas->root, area);
	list_add_tail(next ? &next->link : &areas->list, &area->link);
	areas->count++;
}

void
vm_tree_remove(struct vm_areas *areas, struct vm_area *area)
{
	areas->root = take_out(areas->root, area);
	list_remove(&area->link);
	areas->count--;
}

void
vm_tree_moved(struct vm_areas *areas, struct vm_area *area)
{
	update_way(areas->root, area);
}

struct vm_area *
vm_tree_from(const struct vm_areas *areas, uint64_t address)
{
	struct vm_area *area = areas->root, *found = NULL;

	while (area)
		if (area->end > address) {
			found = area;
			area = area->left;
		} else {
			area = area->right;
		}
	return found;
}

struct vm_area *
vm_tree_at(const struct vm_areas *areas, uint64_t address)
{
	struct vm_area *area = vm_tree_from(areas, address);

	return area && area->start <= address ? area : NULL;
}

bool
vm_tree_free(const struct vm_areas *areas, uint64_t start, uint64_t end)
{
	const struct vm_area *area = vm_tree_from(areas, start);

	return !area || area->start >= end;
}

uint64_t
vm_tree_hole(const struct vm_areas *areas, uint64_t length, uint64_t low,
	     uint64_t high)
{
	return find_hole(areas->root, low, high, length);
}

struct vm_area *
vm_tree_next(const struct vm_areas *areas, const struct vm_area *area)
{
	if (area->link.next == &areas->list)
		return NULL;
	return container_of(area->link.next, struct vm_area, link);
}

struct vm_area *
vm_tree_prev(const struct vm_areas *areas, const struct vm_area *area)
{
	if (area->link.prev == &areas->list)
		return NULL;
	return container_of(area->link.prev, struct vm_area, link);
}
