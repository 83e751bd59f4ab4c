/*
 * Long random histories of several address spaces against a model
 * (vm_model.h).
 */
/* clang-format off */
/* with: kernel/vm.c kernel/vm_map.c kernel/vm_tree.c kernel/vm_edit.c kernel/vm_page.c kernel/vm_copy.c */
/* clang-format on */
#include "vm_model.h"

TEST_SECONDS(120);

/* 0: it happened; else nothing may have changed. */
static bool
happened(int64_t result, bool failing)
{
	CHECK(result >= 0 || (result == -ENOMEM && failing));
	return result >= 0;
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
