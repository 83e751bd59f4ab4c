/*
 * Address spaces on a machine of paper (vm_fake.h): single sentences, and long
 * random histories of several spaces against a model that knows nothing of
 * areas, tables or sharing.
 */
/* clang-format off */
/* with: kernel/vm.c kernel/vm_map.c kernel/vm_tree.c kernel/vm_edit.c kernel/vm_page.c kernel/vm_copy.c */
/* clang-format on */
#include "vm_fake.h"
#include "vm_anon.c" /* with our locks */
#include "thread.h"

TEST_SECONDS(120);

#define P     ((uint64_t)PAGE_SIZE)
#define NONE  0u
#define R     ((unsigned)ARCH_READ)
#define RW    ((unsigned)(ARCH_READ | ARCH_WRITE))
#define WHOLE UINT64_MAX

static struct thread self;

/* ---- a file of FILE_PAGES pages ---- */

enum { FILE_PAGES = 16 };

struct file_object {
	struct vm_object object;
	struct page *page[FILE_PAGES];
	int refs;
};

static int
file_page(struct vm_object *object, uint64_t index, struct page **page)
{
	struct file_object *file = (struct file_object *)object;

	CHECK_EQ(fake_mutexes, 1);
	if (index >= FILE_PAGES)
		return -EFAULT;
	if (fake_fails())
		return -ENOMEM;
	*page = file->page[index];
	page_get(*page);
	return 0;
}

static void
file_get(struct vm_object *object)
{
	((struct file_object *)object)->refs++;
}

static void
file_put(struct vm_object *object)
{
	CHECK_EQ(fake_mutexes, 0);
	((struct file_object *)object)->refs--;
}

static const struct vm_object_ops file_ops = {
	.page = file_page,
	.get = file_get,
	.put = file_put,
};

static void
file_make(struct file_object *file, unsigned char seed)
{
	file->object.ops = &file_ops;
	file->refs = 0;
	for (unsigned i = 0; i < FILE_PAGES; i++) {
		file->page[i] = page_alloc(0);
		memset(page_address(file->page[i]), (int)(seed + i), PAGE_SIZE);
	}
}

static void
file_free(struct file_object *file)
{
	CHECK_EQ(file->refs, 0);
	for (unsigned i = 0; i < FILE_PAGES; i++) {
		CHECK_EQ(file->page[i]->refs, 1);
		page_put(file->page[i]);
	}
}

/* ---- short words ---- */

#define A ((uint64_t)0x400000) /* somewhere */

/* One byte as the program itself reads or writes it: 0 or the fault's error. */
static int
user_byte(struct vm *vm, uint64_t address, bool write, unsigned char *byte)
{
	for (int tries = 0; tries < 4; tries++) {
		unsigned char *at = fake_user(&vm->space, address, write);
		int error;

		if (at) {
			if (write)
				*at = *byte;
			else
				*byte = *at;
			return 0;
		}
		error = vm_fault(vm, address, write ? FAULT_WRITE : FAULT_READ);
		if (error)
			return error;
	}
	test_fail(__FILE__, __LINE__, "a fault that does not end");
}

static void
put(struct vm *vm, uint64_t address, unsigned char byte)
{
	CHECK_EQ(user_byte(vm, address, true, &byte), 0);
}

static unsigned
get(struct vm *vm, uint64_t address)
{
	unsigned char byte = 0;

	CHECK_EQ(user_byte(vm, address, false, &byte), 0);
	return byte;
}

static void
map_zeroes(struct vm *vm, uint64_t address, uint64_t pages, unsigned prot)
{
	CHECK_EQ(vm_map(vm, address, pages * P, prot, 0, true, NULL, 0, WHOLE),
		 address);
}

static void
end(struct vm *vm)
{
	vm_leave(vm);
	vm_put(vm);
}

static void
check_nothing_left(void)
{
	CHECK_EQ(fake_live, 0);
	CHECK_EQ(fake_mutexes, 0);
	CHECK_EQ(fake_spins, 0);
}

/* ---- sentences ---- */

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

/* ---- random histories against a model ---- */

enum { WINDOW = 64, BLOCKED = 224, SPACES = 4, OBJECTS = 4096, CELLS = 2 };

/* The window straddles a boundary of page tables; what lies above it is taken.
 */
#define BASE	   (VM_MAP_TOP - (BLOCKED + WINDOW) * P)
#define HEAP_START (BASE + 8 * P + 0x123)

static const unsigned cell_at[CELLS] = {5, 4000};

struct model_object {
	unsigned char (*cell)[CELLS];
	struct vm_object *real;
	unsigned pages;
};

struct model_page {
	bool mapped, own;
	unsigned prot, flags;
	unsigned object; /* 0: none */
	unsigned index;
	unsigned limit; /* bytes of the page that are the object's */
	unsigned char cell[CELLS];
};

struct model {
	struct vm *vm;
	struct model_page page[WINDOW];
	uint64_t brk;
};

static struct model model[SPACES];
static struct model_object object[OBJECTS];
static struct file_object files[2];
static unsigned objects;

static unsigned
pick(unsigned n)
{
	return (unsigned)rand() % n;
}

static bool
is_past_end(const struct model_page *page)
{
	return page->limit && page->index >= object[page->object].pages;
}

static unsigned char
model_cell(const struct model_page *page, unsigned c)
{
	if (page->own)
		return page->cell[c];
	if (page->limit <= cell_at[c])
		return 0;
	return object[page->object].cell[page->index][c];
}

static void
model_touch(struct model_page *page, bool write)
{
	bool part = page->limit && page->limit < PAGE_SIZE;

	if (page->own || (page->flags & VM_SHARED) || !(write || part))
		return;
	for (unsigned c = 0; c < CELLS; c++)
		page->cell[c] = model_cell(page, c);
	page->own = true;
}

static void
model_store(struct model_page *page, unsigned c, unsigned char byte)
{
	if (page->flags & VM_SHARED)
		object[page->object].cell[page->index][c] = byte;
	else
		page->cell[c] = byte;
}

static void
object_add(struct vm_object *real, unsigned pages)
{
	object[objects].real = real;
	object[objects].pages = pages;
	object[objects].cell = calloc(pages, sizeof(*object[0].cell));
	objects++;
}

static void
model_begin(void)
{
	struct vm *vm = vm_create();

	memset(model, 0, sizeof(model));
	objects = 1;
	for (unsigned f = 0; f < 2; f++) {
		file_make(&files[f], (unsigned char)(100 * (f + 1)));
		object_add(&files[f].object, FILE_PAGES);
		for (unsigned i = 0; i < FILE_PAGES; i++)
			memset(object[f + 1].cell[i], (int)(100 * (f + 1) + i),
			       CELLS);
	}
	map_zeroes(vm, BASE + WINDOW * P, BLOCKED, NONE);
	vm_brk_set(vm, HEAP_START);
	model[0].vm = vm;
	model[0].brk = HEAP_START;
}

static void
model_end(void)
{
	for (unsigned s = 0; s < SPACES; s++)
		if (model[s].vm)
			end(model[s].vm);
	for (unsigned i = 1; i < objects; i++)
		free(object[i].cell);
	file_free(&files[0]);
	file_free(&files[1]);
	check_nothing_left();
}

/* ---- the comparison ---- */

struct look {
	const struct model *model;
	uint64_t end;
	bool seen[WINDOW];
	struct vm_area last;
};

static void
look_page(const struct model_page *page, const struct vm_area *area,
	  uint64_t address)
{
	uint64_t at = address - area->start;
	uint64_t left = area->file_bytes > at ? area->file_bytes - at : 0;

	CHECK(page->mapped);
	CHECK_EQ(area->prot, page->prot);
	CHECK_EQ(area->flags, page->flags);
	if (!page->object) {
		CHECK(!area->object);
		return;
	}
	CHECK(area->object == object[page->object].real);
	CHECK_EQ((area->offset + at) / P, page->index);
	CHECK_EQ(left < P ? left : P, page->limit);
}

static void
look_area(const struct vm_area *area, void *arg)
{
	struct look *look = arg;

	CHECK(area->start < area->end && area->start >= look->end);
	if (area->start == look->end && !area->object && !look->last.object)
		CHECK(area->prot != look->last.prot ||
		      area->flags != look->last.flags);
	look->end = area->end;
	look->last = *area;
	for (uint64_t at = area->start; at < area->end; at += P) {
		uint64_t i = (at - BASE) / P;

		if (i >= WINDOW)
			break;
		look_page(&look->model->page[i], area, at);
		look->seen[i] = true;
	}
}

static void
compare(const struct model *m)
{
	struct look look = {.model = m};
	uint64_t present = 0, at = USER_MIN;

	vm_for_each(m->vm, look_area, &look);
	for (unsigned i = 0; i < WINDOW; i++)
		CHECK_EQ(look.seen[i], m->page[i].mapped);
	while ((at = arch_next_present(&m->vm->space, at, USER_END)) <
	       USER_END) {
		present++;
		at += P;
	}
	CHECK_EQ(m->vm->pages, present);
	CHECK_EQ(m->vm->brk, m->brk);
	fake_check_tlb(&m->vm->space);
	CHECK_EQ(fake_mutexes, 0);
}

/* ---- the steps ---- */

/* 0: it happened; else nothing may have changed. */
static bool
happened(int64_t result, bool failing)
{
	CHECK(result >= 0 || (result == -ENOMEM && failing));
	return result >= 0;
}

static void
model_fill(struct model *m, unsigned first, unsigned n,
	   const struct model_page *like, uint64_t bytes)
{
	for (unsigned i = 0; i < n; i++) {
		struct model_page *page = &m->page[first + i];
		uint64_t left = bytes > i * P ? bytes - i * P : 0;

		*page = *like;
		page->mapped = true;
		page->index = like->index + i;
		page->limit =
			!like->object ? 0 : (unsigned)(left < P ? left : P);
	}
}

static bool
is_free(const struct model *m, unsigned first, unsigned n)
{
	for (unsigned i = 0; i < n; i++)
		if (m->page[first + i].mapped)
			return false;
	return true;
}

/* Where an unfixed mapping must go, WINDOW: below the window. */
static unsigned
model_place(const struct model *m, unsigned n)
{
	for (unsigned first = WINDOW - n + 1; first-- > 0;)
		if (is_free(m, first, n))
			return first;
	return WINDOW;
}

/* With a reference. */
static struct vm_object *
choose_object(struct model_page *like, unsigned n, uint64_t *bytes)
{
	struct vm_object *real = NULL;

	*bytes = WHOLE;
	switch (pick(4)) {
	case 0:
		break;
	case 1:
		like->object = 1 + pick(2);
		like->index = pick(FILE_PAGES);
		*bytes = pick(2) ? WHOLE : pick(n * PAGE_SIZE + 1);
		real = object[like->object].real;
		real->ops->get(real);
		break;
	case 2:
		like->object = 1 + pick(2);
		like->index = pick(FILE_PAGES);
		like->flags = VM_SHARED;
		real = object[like->object].real;
		real->ops->get(real);
		break;
	default:
		like->flags = VM_SHARED;
		real = objects < OBJECTS ? vm_anon_create(n) : NULL;
		if (!real) {
			like->flags = 0;
			break;
		}
		like->object = objects;
		object_add(real, n);
	}
	return real;
}

static void
step_map(struct model *m, bool failing)
{
	struct model_page like = {.prot = pick(4)};
	unsigned n = 1 + pick(12), first = pick(WINDOW - n + 1), to = first;
	bool fixed = pick(3), hint = pick(2);
	uint64_t bytes;
	struct vm_object *real = choose_object(&like, n, &bytes);
	int64_t result;

	if (!fixed && !(hint && is_free(m, first, n)))
		to = model_place(m, n);
	if (to < WINDOW) {
		result = vm_map(m->vm, fixed || hint ? BASE + first * P : 0,
				n * P - pick(PAGE_SIZE), like.prot, like.flags,
				fixed, real, like.index * P, bytes);
		if (happened(result, failing)) {
			CHECK_EQ(result, BASE + to * P);
			model_fill(m, to, n, &like, bytes);
		}
	}
	if (real)
		real->ops->put(real);
}

static void
step_unmap(struct model *m, bool failing)
{
	unsigned n = 1 + pick(12), first = pick(WINDOW - n + 1);

	if (happened(vm_unmap(m->vm, BASE + first * P, n * P), failing))
		memset(&m->page[first], 0, n * sizeof(m->page[0]));
}

static void
step_protect(struct model *m, bool failing)
{
	unsigned n = 1 + pick(8), first = pick(WINDOW - n + 1), prot = pick(4);
	bool whole = true;
	int result = vm_protect(m->vm, BASE + first * P, n * P, prot);

	for (unsigned i = 0; i < n; i++)
		whole &= m->page[first + i].mapped;
	if (!whole)
		CHECK_EQ(result, -ENOMEM);
	else if (happened(result, failing))
		for (unsigned i = 0; i < n; i++)
			m->page[first + i].prot = prot;
}

static unsigned
brk_page(uint64_t brk)
{
	return (unsigned)((brk - BASE + P - 1) / P);
}

static void
step_brk(struct model *m, bool failing)
{
	struct model_page like = {.prot = RW, .flags = VM_HEAP};
	uint64_t wanted = HEAP_START + pick(20 * PAGE_SIZE);
	unsigned old = brk_page(m->brk), new = brk_page(wanted);
	int64_t result = vm_brk(m->vm, wanted);

	if (new > old && !is_free(m, old, new - old)) {
		CHECK_EQ(result, -ENOMEM);
	} else if (happened(result, failing)) {
		CHECK_EQ(result, wanted);
		m->brk = wanted;
		if (new > old)
			model_fill(m, old, new - old, &like, WHOLE);
		else
			memset(&m->page[new], 0,
			       (old - new) * sizeof(m->page[0]));
	}
}

static void
step_user(struct model *m, bool failing)
{
	unsigned i = pick(WINDOW), c = pick(CELLS);
	struct model_page *page = &m->page[i];
	bool write = pick(2);
	unsigned char byte = (unsigned char)rand();
	int result = user_byte(m->vm, BASE + i * P + cell_at[c], write, &byte);

	if (!page->mapped || !(write ? page->prot & ARCH_WRITE : page->prot) ||
	    is_past_end(page)) {
		CHECK(result == -EFAULT || (failing && result == -ENOMEM));
	} else if (happened(result, failing)) {
		model_touch(page, write);
		if (write)
			model_store(page, c, byte);
		CHECK_EQ(byte, model_cell(page, c));
	}
}

/* What a copy must say of a page: 0 or the error. */
static int
copy_error(const struct model_page *page, bool write)
{
	if (!page->mapped)
		return -EFAULT;
	if (write && (page->flags & VM_SHARED) && !(page->prot & ARCH_WRITE))
		return -EACCES;
	return is_past_end(page) ? -EFAULT : 0;
}

static void
copy_check(struct model *m, uint64_t at, uint64_t to, const unsigned char *buf,
	   bool write)
{
	for (uint64_t a = at; a < to; a = (a / P + 1) * P) {
		struct model_page *page = &m->page[(a - BASE) / P];
		uint64_t start = a / P * P;

		CHECK_EQ(copy_error(page, write), 0);
		model_touch(page, write);
		for (unsigned c = 0; c < CELLS; c++) {
			uint64_t cell = start + cell_at[c];

			if (cell < at || cell >= to)
				continue;
			if (write)
				model_store(page, c, buf[cell - at]);
			CHECK_EQ(buf[cell - at], model_cell(page, c));
		}
	}
}

static void
step_copy(struct model *m, bool failing)
{
	static unsigned char buf[20 * PAGE_SIZE];
	size_t n = 1 + pick(sizeof(buf));
	uint64_t at = BASE + pick(WINDOW * PAGE_SIZE - (unsigned)n + 1);
	bool write = pick(2);
	uint64_t to;
	int64_t done;
	int error = 0;

	for (size_t i = 0; i < n; i++)
		buf[i] = (unsigned char)rand();
	done = write ? vm_write(&self, m->vm, at, buf, n)
		     : vm_read(&self, m->vm, at, buf, n);
	to = at + (done > 0 ? (uint64_t)done : 0);
	copy_check(m, at, to, buf, write);
	if (to == at + n)
		return;
	CHECK(to == at || to % P == 0);
	if (to < BASE + WINDOW * P)
		error = copy_error(&m->page[(to - BASE) / P], write);
	CHECK(error || failing);
	if (done < 0)
		CHECK(done == error || (failing && done == -ENOMEM));
}

static void
step_fork(struct model *m, bool failing)
{
	unsigned to = 0;
	struct vm *child;

	while (to < SPACES && model[to].vm)
		to++;
	if (to == SPACES)
		return;
	child = vm_fork(m->vm);
	CHECK(child || failing);
	if (!child)
		return;
	model[to] = *m;
	model[to].vm = child;
}

static void
step_end(struct model *m, bool failing)
{
	unsigned living = 0;

	(void)failing;
	for (unsigned s = 0; s < SPACES; s++)
		living += model[s].vm != NULL;
	if (living < 2)
		return;
	end(m->vm);
	m->vm = NULL;
}

static void (*const steps[])(struct model *m, bool failing) = {
	step_map,  step_map,  step_map,	    step_unmap, step_unmap,
	step_user, step_user, step_user,    step_user,	step_user,
	step_user, step_copy, step_copy,    step_copy,	step_protect,
	step_fork, step_brk,  step_protect,
};

static void
step(bool failures)
{
	struct model *m = &model[pick(SPACES)];
	bool failing = failures && pick(2);

	if (!m->vm)
		return;
	fake_fail = failing ? 1 + pick(8) : 0;
	if (pick(40))
		steps[pick(sizeof(steps) / sizeof(steps[0]))](m, failing);
	else
		step_end(m, failing);
	fake_fail = 0;
	for (unsigned s = 0; s < SPACES; s++)
		if (model[s].vm)
			compare(&model[s]);
}

static void
history(unsigned seed, bool failures)
{
	srand(seed);
	model_begin();
	for (int i = 0; i < 3000; i++)
		step(failures);
	model_end();
}

TEST(vm_spaces_do_what_a_simple_model_says)
{
	for (long seed = 1; seed <= test_size(4, 400); seed++)
		history((unsigned)seed, false);
}

TEST(vm_spaces_keep_what_they_had_when_memory_is_out)
{
	for (long seed = 1; seed <= test_size(4, 400); seed++)
		history((unsigned)seed, true);
}
