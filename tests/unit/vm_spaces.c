/*
 * Address spaces: mappings and their bounds, the break, copies into and out of
 * them, what is left of a dead one.
 */
/* clang-format off */
/* with: kernel/vm.c kernel/vm_map.c kernel/vm_tree.c kernel/vm_edit.c kernel/vm_page.c kernel/vm_copy.c */
/* clang-format on */
#include "vm_space.h"

TEST(vm_zeroes_come_at_first_touch)
{
	struct vm *vm = vm_create();

	map_zeroes(vm, A, 1000, RW);
	CHECK_EQ(vm->pages, 0);
	CHECK_EQ(get(vm, A + 5 * P + 9), 0);
	put(vm, A + 7 * P, 1);
	CHECK_EQ(vm->pages, 2);
	end(vm);
	check_nothing_left();
}

TEST(vm_copies_end_at_a_hole_and_fault_at_the_first_byte)
{
	static char buf[64 * PAGE_SIZE];
	struct vm *vm = vm_create();

	map_zeroes(vm, A, 40, NONE);
	CHECK_EQ(vm_read(&self, vm, A + 5, buf, sizeof(buf)), 40 * P - 5);
	CHECK_EQ(vm->pages, 0);
	CHECK_EQ(vm_write(&self, vm, A + 5, buf, sizeof(buf)), 40 * P - 5);
	CHECK_EQ(vm->pages, 40);
	CHECK_EQ(vm_read(&self, vm, A - 1, buf, 8), -EFAULT);
	CHECK_EQ(vm_read(&self, vm, 0, buf, 8), -EFAULT);
	CHECK_EQ(vm_read(&self, vm, USER_END, buf, 8), -EFAULT);
	CHECK_EQ(vm_read(&self, vm, (1ull << 47) - 1, buf, 8), -EFAULT);
	CHECK_EQ(vm_read(&self, vm, 1ull << 63, buf, 8), -EFAULT);
	CHECK_EQ(vm_read(&self, vm, UINT64_MAX, buf, 8), -EFAULT);
	CHECK_EQ(vm_read(&self, vm, A, buf, 0), 0);
	map_zeroes(vm, USER_END - P, 1, RW);
	CHECK_EQ(vm_read(&self, vm, USER_END - 8, buf, sizeof(buf)), 8);
	end(vm);
	check_nothing_left();
}

TEST(vm_dead_space_reads_nothing_and_is_stale_to_writers)
{
	struct vm *vm = vm_create();
	char byte = 0;

	map_zeroes(vm, A, 4, RW);
	put(vm, A, 1);
	vm_get(vm);
	end(vm);
	check_nothing_left();
	CHECK_EQ(vm_read(&self, vm, A, &byte, 1), 0);
	CHECK_EQ(vm_read(&self, vm, UINT64_MAX, &byte, 1), 0);
	CHECK_EQ(vm_write(&self, vm, A, &byte, 1), -ESTALE);
	CHECK_EQ(vm_fault(vm, A, FAULT_READ), -EFAULT);
	CHECK_EQ(vm_map(vm, A, P, RW, 0, true, NULL, 0, WHOLE), -ENOMEM);
	vm_put(vm);
}

TEST(vm_killed_copier_stops)
{
	struct vm *vm = vm_create();
	char byte;

	map_zeroes(vm, A, 4, RW);
	self.arch.flags = THREAD_KILLED;
	CHECK_EQ(vm_read(&self, vm, A, &byte, 1), -EINTR);
	self.arch.flags = 0;
	end(vm);
}

TEST(vm_mappings_outside_of_the_users_half_are_refused)
{
	struct vm *vm = vm_create();

	CHECK_EQ(vm_map(vm, 0, P, RW, 0, true, NULL, 0, WHOLE), -EPERM);
	CHECK_EQ(vm_map(vm, USER_MIN - P, 2 * P, RW, 0, true, NULL, 0, WHOLE),
		 -EPERM);
	CHECK_EQ(vm_map(vm, USER_END, P, RW, 0, true, NULL, 0, WHOLE), -ENOMEM);
	CHECK_EQ(vm_map(vm, USER_END - P, P + 1, RW, 0, true, NULL, 0, WHOLE),
		 -ENOMEM);
	CHECK_EQ(vm_map(vm, A, UINT64_MAX, RW, 0, true, NULL, 0, WHOLE),
		 -ENOMEM);
	CHECK_EQ(vm_map(vm, A, UINT64_MAX - A, NONE, 0, false, NULL, 0, WHOLE),
		 -ENOMEM);
	CHECK_EQ(vm_map(vm, UINT64_MAX - P + 1, P, RW, 0, true, NULL, 0, WHOLE),
		 -ENOMEM);
	CHECK_EQ(vm_map(vm, A + 1, P, RW, 0, true, NULL, 0, WHOLE), -EINVAL);
	CHECK_EQ(vm_map(vm, A, 0, RW, 0, true, NULL, 0, WHOLE), -EINVAL);
	CHECK_EQ(vm_unmap(vm, USER_END, P), -EINVAL);
	CHECK_EQ(vm_unmap(vm, A, UINT64_MAX), -EINVAL);
	CHECK_EQ(vm_protect(vm, A, UINT64_MAX, R), -ENOMEM);
	CHECK_EQ(vm_unmap(vm, A, P), 0);
	CHECK_EQ(vm->areas.count, 0);
	end(vm);
}

TEST(vm_break_grows_shrinks_and_stops_at_a_mapping)
{
	struct vm *vm = vm_create();

	CHECK_EQ(vm_brk(vm, A), -ENOMEM);
	vm_brk_set(vm, A + 10);
	CHECK_EQ(vm_brk(vm, 0), A + 10);
	CHECK_EQ(vm_brk(vm, A + P), A + P);
	CHECK_EQ(vm->areas.count, 0);
	CHECK_EQ(vm_brk(vm, A + 3 * P + 1), A + 3 * P + 1);
	put(vm, A + 3 * P, 7);
	CHECK_EQ(vm_brk(vm, A + 3 * P), A + 3 * P);
	CHECK_EQ(vm_brk(vm, A + 9 * P), A + 9 * P);
	CHECK_EQ(get(vm, A + 3 * P), 0);
	CHECK_EQ(vm->areas.count, 1);
	map_zeroes(vm, A + 12 * P, 1, RW);
	CHECK_EQ(vm_brk(vm, A + 12 * P), A + 12 * P);
	CHECK_EQ(vm_brk(vm, A + 12 * P + 1), -ENOMEM);
	CHECK_EQ(vm_brk(vm, A + 9), -ENOMEM);
	CHECK_EQ(vm_brk(vm, UINT64_MAX), -ENOMEM);
	CHECK_EQ(vm_brk(vm, 0), A + 12 * P);
	end(vm);
	check_nothing_left();
}

TEST(vm_more_than_is_free_is_refused)
{
	struct vm *vm = vm_create();

	CHECK_EQ(vm_map(vm, A, FAKE_PAGES * P, RW, 0, true, NULL, 0, WHOLE),
		 -ENOMEM);
	vm_brk_set(vm, A);
	CHECK_EQ(vm_brk(vm, A + FAKE_PAGES * P), -ENOMEM);
	CHECK_EQ(vm_map(vm, A, FAKE_PAGES * P, NONE, 0, true, NULL, 0, WHOLE),
		 A);
	CHECK_EQ(vm_map(vm, A, FAKE_PAGES * P, RW, VM_NORESERVE, true, NULL, 0,
			WHOLE),
		 A);
	end(vm);
	check_nothing_left();
}
