/*
 * The arithmetic of areas: the tree against an array, and single changes.
 *
 * with: kernel/vm_tree.c kernel/vm_edit.c
 */
#include <stdlib.h>
#include "abi/errno.h"
#include "heap_fake.h"
#include "print.h"
#include "vm_edit.h"
#include "vm_tree.h"
#include "test.h"

#define P 4096u

void
panic(const char *format, ...)
{
	test_fail(__FILE__, __LINE__, "panic: %s", format);
}

/* ---- an object that counts ---- */

static int object_refs;

static void
object_get(struct vm_object *object)
{
	(void)object;
	object_refs++;
}

static void
object_put(struct vm_object *object)
{
	(void)object;
	object_refs--;
}

static const struct vm_object_ops object_ops = {
	.get = object_get,
	.put = object_put,
};
static struct vm_object object = {&object_ops};

/* ---- short words ---- */

static void
add(struct vm_areas *areas, uint64_t start, uint64_t end, unsigned prot)
{
	struct vm_edit edit;

	vm_edit_init(&edit, areas);
	vm_edit_add(&edit, vm_edit_area(start * P, end * P, prot, 0));
	vm_edit_end(&edit);
}

static void
add_object(struct vm_areas *areas, uint64_t start, uint64_t end,
	   uint64_t offset, uint64_t bytes)
{
	struct vm_edit edit;
	struct vm_area *area = vm_edit_area(start * P, end * P, 1, 0);

	vm_edit_init(&edit, areas);
	vm_edit_object(area, &object, offset * P, bytes);
	vm_edit_add(&edit, area);
	vm_edit_end(&edit);
}

static void
take(struct vm_areas *areas, uint64_t start, uint64_t end)
{
	struct vm_edit edit;

	vm_edit_init(&edit, areas);
	CHECK_EQ(vm_edit_prepare(&edit, start * P, end * P, 0), 0);
	vm_edit_remove(&edit, start * P, end * P);
	vm_edit_end(&edit);
}

static void
protect(struct vm_areas *areas, uint64_t start, uint64_t end, unsigned prot)
{
	struct vm_edit edit;

	vm_edit_init(&edit, areas);
	CHECK_EQ(vm_edit_prepare(&edit, start * P, end * P, 0), 0);
	vm_edit_protect(&edit, start * P, end * P, prot);
	vm_edit_end(&edit);
}

static void
take_everything(struct vm_areas *areas)
{
	struct list gone;

	list_init(&gone);
	vm_edit_take_all(areas, &gone);
	vm_edit_free_all(&gone);
	CHECK_EQ(object_refs, 0);
}

static struct vm_area *
at(struct vm_areas *areas, uint64_t page)
{
	return vm_tree_at(areas, page * P);
}

static void
check_bounds(struct vm_areas *areas, uint64_t page, uint64_t start,
	     uint64_t end)
{
	CHECK(at(areas, page));
	CHECK_EQ(at(areas, page)->start, start * P);
	CHECK_EQ(at(areas, page)->end, end * P);
}

/* ---- single changes ---- */

TEST(vm_areas_of_one_kind_side_by_side_are_one)
{
	struct vm_areas areas;

	vm_tree_init(&areas);
	add(&areas, 10, 20, 3);
	add(&areas, 30, 40, 3);
	add(&areas, 20, 30, 3);
	CHECK_EQ(areas.count, 1);
	check_bounds(&areas, 25, 10, 40);
	add(&areas, 40, 50, 1);
	CHECK_EQ(areas.count, 2);
	take_everything(&areas);
}

TEST(vm_unmap_in_the_middle_leaves_two_areas)
{
	struct vm_areas areas;

	vm_tree_init(&areas);
	add(&areas, 10, 20, 3);
	take(&areas, 12, 15);
	CHECK_EQ(areas.count, 2);
	check_bounds(&areas, 11, 10, 12);
	check_bounds(&areas, 15, 15, 20);
	CHECK(!at(&areas, 12) && !at(&areas, 14));
	take(&areas, 0, 100);
	CHECK_EQ(areas.count, 0);
}

TEST(vm_object_offset_follows_a_cut_and_heals)
{
	struct vm_areas areas;

	vm_tree_init(&areas);
	add_object(&areas, 10, 20, 3, 5 * P + 7);
	protect(&areas, 14, 16, 5);
	CHECK_EQ(areas.count, 3);
	CHECK_EQ(at(&areas, 14)->offset, 7 * P);
	CHECK_EQ(at(&areas, 14)->file_bytes, P + 7);
	CHECK_EQ(at(&areas, 17)->file_bytes, 0);
	CHECK_EQ(object_refs, 3);
	protect(&areas, 14, 16, 1);
	CHECK_EQ(areas.count, 1);
	check_bounds(&areas, 14, 10, 20);
	CHECK_EQ(object_refs, 1);
	take_everything(&areas);
}

TEST(vm_object_parts_that_do_not_continue_stay_apart)
{
	struct vm_areas areas;

	vm_tree_init(&areas);
	add_object(&areas, 10, 20, 0, UINT64_MAX);
	add_object(&areas, 20, 30, 11, UINT64_MAX);
	add_object(&areas, 0, 10, 0, 10 * P);
	CHECK_EQ(areas.count, 3);
	add_object(&areas, 30, 40, 21, UINT64_MAX);
	CHECK_EQ(areas.count, 3);
	take_everything(&areas);
}

TEST(vm_protect_over_a_hole_is_refused)
{
	struct vm_areas areas;

	vm_tree_init(&areas);
	add(&areas, 10, 20, 3);
	add(&areas, 21, 30, 3);
	CHECK_EQ(vm_edit_may_protect(&areas, 10 * P, 20 * P, 1), 0);
	CHECK_EQ(vm_edit_may_protect(&areas, 10 * P, 21 * P, 1), -ENOMEM);
	CHECK_EQ(vm_edit_may_protect(&areas, 9 * P, 12 * P, 1), -ENOMEM);
	CHECK_EQ(vm_edit_may_protect(&areas, 28 * P, 31 * P, 1), -ENOMEM);
	take_everything(&areas);
}

TEST(vm_shared_read_only_never_becomes_writable)
{
	struct vm_areas areas;

	vm_tree_init(&areas);
	add(&areas, 10, 20, 1);
	at(&areas, 10)->flags = VM_SHARED | VM_READ_ONLY;
	CHECK_EQ(vm_edit_may_protect(&areas, 10 * P, 20 * P, 5), 0);
	CHECK_EQ(vm_edit_may_protect(&areas, 10 * P, 20 * P, 3), -EACCES);
	take_everything(&areas);
}

/* ---- the tree ---- */

static void
check_bounds_kept(const struct vm_area *tree)
{
	const struct vm_area *left = tree->left, *right = tree->right;
	uint64_t hole = left ? left->hole : 0;

	if (left && tree->start - left->high > hole)
		hole = tree->start - left->high;
	if (right && right->hole > hole)
		hole = right->hole;
	if (right && right->low - tree->end > hole)
		hole = right->low - tree->end;
	CHECK_EQ(tree->hole, hole);
	CHECK_EQ(tree->low, left ? left->low : tree->start);
	CHECK_EQ(tree->high, right ? right->high : tree->end);
}

static void
check_tree(const struct vm_area *tree)
{
	uint32_t left, right;

	if (!tree)
		return;
	check_bounds_kept(tree);
	left = tree->left ? tree->left->height : 0;
	right = tree->right ? tree->right->height : 0;
	CHECK(left <= right + 1 && right <= left + 1);
	CHECK_EQ(tree->height, 1 + (left > right ? left : right));
	check_tree(tree->left);
	check_tree(tree->right);
}

enum { TREE_PAGES = 256 };

static uint64_t
slow_hole(const bool *used, uint64_t length, uint64_t low, uint64_t high)
{
	for (uint64_t start = high - length; start >= low; start--) {
		uint64_t i = 0;

		while (i < length && !used[start + i])
			i++;
		if (i == length)
			return start;
	}
	return 0;
}

static void
compare_tree(struct vm_areas *areas, const bool *used)
{
	uint64_t length = 1 + (uint64_t)rand() % 40;
	uint64_t high = length + 1 + (uint64_t)rand() % (TREE_PAGES - length);
	uint64_t low = 1 + (uint64_t)rand() % (high - length);
	struct list *link = areas->list.next;

	check_tree(areas->root);
	for (uint64_t i = 0; i < TREE_PAGES; i++)
		CHECK_EQ(!!at(areas, i), used[i]);
	CHECK_EQ(vm_tree_hole(areas, length * P, low * P, high * P),
		 slow_hole(used, length, low, high) * P);
	for (uint64_t end = 0; link != &areas->list; link = link->next) {
		struct vm_area *area = container_of(link, struct vm_area, link);

		CHECK(area->start >= end && area->end > area->start);
		end = area->end;
	}
}

TEST(vm_tree_agrees_with_an_array_of_pages)
{
	bool used[TREE_PAGES] = {false};
	struct vm_areas areas;

	vm_tree_init(&areas);
	srand(1);
	for (long i = 0; i < test_size(20000, 400000); i++) {
		uint64_t start = 1 + (uint64_t)rand() % (TREE_PAGES - 1);
		uint64_t end = start + 1 + (uint64_t)rand() % 12;

		if (end > TREE_PAGES)
			end = TREE_PAGES;
		if (vm_tree_free(&areas, start * P, end * P)) {
			add(&areas, start, end, (unsigned)rand() % 3);
			memset(used + start, true, end - start);
		} else {
			take(&areas, start, end);
			memset(used + start, false, end - start);
		}
		compare_tree(&areas, used);
	}
	take_everything(&areas);
}

TEST(vm_tree_stays_shallow_with_all_the_areas_there_may_be)
{
	struct vm_areas areas;
	struct vm_edit edit;

	vm_tree_init(&areas);
	for (uint64_t i = 0; i < VM_AREAS_MAX; i++)
		add(&areas, 16 + 4 * i, 18 + 4 * i, 3);
	CHECK_EQ(areas.count, VM_AREAS_MAX);
	CHECK(areas.root->height <= 23);
	check_tree(areas.root);
	CHECK_EQ(vm_tree_hole(&areas, 3 * P, USER_MIN,
			      (16 + 4 * (uint64_t)VM_AREAS_MAX) * P),
		 0);

	vm_edit_init(&edit, &areas);
	CHECK_EQ(vm_edit_prepare(&edit, 0, P, 1), -ENOMEM);
	CHECK_EQ(vm_edit_prepare(&edit, 17 * P, 18 * P, 0), -ENOMEM);
	CHECK_EQ(vm_edit_prepare(&edit, 16 * P, 18 * P, 0), 0);
	vm_edit_end(&edit);
	take_everything(&areas);
}
