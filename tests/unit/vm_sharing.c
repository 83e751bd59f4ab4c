/*
 * Pages that several have: a file and who maps it, a parent and its child.
 */
/* clang-format off */
/* with: kernel/vm.c kernel/vm_map.c kernel/vm_tree.c kernel/vm_edit.c kernel/vm_page.c kernel/vm_copy.c */
/* clang-format on */
#include "vm_space.h"

TEST(vm_fork_shares_until_one_writes)
{
	struct vm *parent = vm_create(), *child;
	uint64_t before;

	map_zeroes(parent, A, 4, RW);
	put(parent, A, 1);
	put(parent, A + P, 2);
	child = vm_fork(parent);
	before = fake_live;
	CHECK_EQ(get(child, A), 1);
	CHECK_EQ(fake_live, before);
	put(parent, A, 10);
	put(child, A + P, 20);
	CHECK_EQ(fake_live, before + 2);
	CHECK_EQ(get(child, A), 1);
	CHECK_EQ(get(parent, A + P), 2);
	put(child, A, 11);
	put(parent, A + P, 21);
	CHECK_EQ(fake_live, before + 2);
	CHECK_EQ(get(parent, A), 10);
	CHECK_EQ(get(child, A + P), 20);
	end(parent);
	end(child);
	check_nothing_left();
}

TEST(vm_segment_tail_behind_the_file_is_zero)
{
	struct file_object file;
	struct vm *vm = vm_create();

	file_make(&file, 40);
	CHECK_EQ(
		vm_map(vm, A, 4 * P, RW, 0, true, &file.object, 2 * P, P + 100),
		A);
	CHECK_EQ(get(vm, A), 42);
	CHECK_EQ(get(vm, A + P + 99), 43);
	CHECK_EQ(get(vm, A + P + 100), 0);
	CHECK_EQ(get(vm, A + 3 * P), 0);
	put(vm, A + P + 99, 7);
	CHECK_EQ(*(unsigned char *)page_address(file.page[3]), 43);
	end(vm);
	file_free(&file);
	check_nothing_left();
}

TEST(vm_private_write_does_not_reach_the_file_and_shared_does)
{
	struct file_object file;
	struct vm *vm = vm_create();
	unsigned char *bytes;

	file_make(&file, 40);
	bytes = page_address(file.page[0]);
	vm_map(vm, A, P, RW, 0, true, &file.object, 0, WHOLE);
	vm_map(vm, A + P, P, RW, VM_SHARED, true, &file.object, 0, WHOLE);
	put(vm, A, 1);
	CHECK_EQ(bytes[0], 40);
	put(vm, A + P, 2);
	CHECK_EQ(bytes[0], 2);
	CHECK_EQ(get(vm, A), 1);
	end(vm);
	file_free(&file);
	check_nothing_left();
}

TEST(vm_mapping_past_the_end_of_a_file_faults)
{
	struct file_object file;
	struct vm *vm = vm_create();
	unsigned char byte;

	file_make(&file, 40);
	vm_map(vm, A, 20 * P, R, 0, true, &file.object, 0, WHOLE);
	CHECK_EQ(user_byte(vm, A + 15 * P, false, &byte), 0);
	CHECK_EQ(user_byte(vm, A + 16 * P, false, &byte), -EFAULT);
	end(vm);
	file_free(&file);
	check_nothing_left();
}

TEST(vm_shared_zeroes_are_seen_by_both_after_fork)
{
	struct vm_object *object = vm_anon_create(1000);
	struct vm *parent = vm_create(), *child;

	CHECK_EQ(vm_map(parent, A, 1000 * P, RW, VM_SHARED, true, object, 0,
			WHOLE),
		 A);
	object->ops->put(object);
	put(parent, A + 999 * P, 1);
	child = vm_fork(parent);
	put(child, A + 999 * P, 2);
	put(child, A + 700 * P, 3);
	put(child, A + (999 - 512) * P, 4);
	CHECK_EQ(get(parent, A + 999 * P), 2);
	CHECK_EQ(get(parent, A + 700 * P), 3);
	end(parent);
	CHECK_EQ(get(child, A + 700 * P), 3);
	end(child);
	check_nothing_left();
}

TEST(vm_write_to_a_read_only_page_copies_it_and_keeps_it_read_only)
{
	struct file_object file;
	struct vm *vm = vm_create(), *child;
	unsigned char byte = 9;

	file_make(&file, 40);
	vm_map(vm, A, P, R, 0, true, &file.object, 0, WHOLE);
	CHECK_EQ(get(vm, A), 40);
	CHECK_EQ(vm_write(&self, vm, A + 3, &byte, 1), 1);
	CHECK_EQ(get(vm, A), 40);
	CHECK_EQ(get(vm, A + 3), 9);
	CHECK_EQ(((unsigned char *)page_address(file.page[0]))[3], 40);
	CHECK_EQ(user_byte(vm, A + 3, true, &byte), -EFAULT);
	child = vm_fork(vm);
	byte = 10;
	CHECK_EQ(vm_write(&self, child, A + 3, &byte, 1), 1);
	CHECK_EQ(get(vm, A + 3), 9);
	CHECK_EQ(get(child, A + 3), 10);
	end(child);
	end(vm);
	file_free(&file);
	check_nothing_left();
}

TEST(vm_write_to_a_shared_read_only_page_is_refused)
{
	struct file_object file;
	struct vm *vm = vm_create();
	unsigned char byte = 9;

	file_make(&file, 40);
	vm_map(vm, A, P, R, VM_SHARED | VM_READ_ONLY, true, &file.object, 0,
	       WHOLE);
	CHECK_EQ(vm_write(&self, vm, A, &byte, 1), -EACCES);
	CHECK_EQ(vm_protect(vm, A, P, RW), -EACCES);
	CHECK_EQ(get(vm, A), 40);
	end(vm);
	file_free(&file);
	check_nothing_left();
}

TEST(vm_fork_until_memory_is_gone_frees_everything)
{
	struct vm *vm[FAKE_SPACES];
	int n = 1;

	vm[0] = vm_create();
	map_zeroes(vm[0], A, 64, RW);
	for (unsigned i = 0; i < 64; i++)
		put(vm[0], A + i * P, 1);
	fake_free = fake_live + 30 + FAKE_PAGES / 64;
	while ((vm[n] = vm_fork(vm[n - 1])))
		n++;
	CHECK(n > 1);
	put(vm[0], A, 2);
	while (n--)
		end(vm[n]);
	check_nothing_left();
}

/* false: the nth allocation did not come. */
static bool
fork_with_failure(struct vm *vm, long nth)
{
	uint64_t before = fake_live;
	struct vm *child;
	bool came;

	fake_fail = nth;
	child = vm_fork(vm);
	came = !fake_fail;
	fake_fail = 0;
	CHECK(child || came);
	if (child)
		end(child);
	CHECK_EQ(fake_live, before);
	put(vm, A, 1);
	CHECK_EQ(fake_live, before);
	return came;
}

TEST(vm_fork_with_any_allocation_failing_leaves_nothing)
{
	struct vm *vm = vm_create();
	long nth = 1;

	for (unsigned i = 0; i < 20; i++) {
		map_zeroes(vm, A + i * 300 * P, 3, RW);
		put(vm, A + i * 300 * P, 1);
	}
	while (fork_with_failure(vm, nth))
		nth++;
	CHECK(nth > 20);
	end(vm);
	check_nothing_left();
}
