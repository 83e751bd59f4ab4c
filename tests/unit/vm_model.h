/*
 * A model of address spaces that knows nothing of areas, tables or sharing:
 * pages of a window, each with what it is mapped to and two bytes of what is in
 * it.  compare() says whether a real space is as the model is.
 */
#pragma once

#include "vm_space.h"

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
