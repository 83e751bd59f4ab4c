/*
 * The kernel's heap.  Small objects come from slabs, one cache a size class
 * under a HEAP lock, through a short list for each CPU that needs no lock;
 * larger ones are blocks of pages.  Called by everybody.  Rule: what an object
 * is stands in its page's struct, so heap_free needs nothing but the address;
 * in the checked kernel a free object is full of poison and marked, so that a
 * second free and a late write are found.
 */
#include "heap.h"
#include "arch/x86_64/arch.h"
#include "lock.h"
#include "page.h"
#include "print.h"
#include "slab.h"
#include "text.h"

/* From 64 bytes on multiples of 64, for alignment. */
static const uint16_t class_size[] = {16,  32,	48,  64,   128, 192,
				      256, 384, 512, 1024, 2048};

#define CLASSES	  (sizeof(class_size) / sizeof(class_size[0]))
#define SMALL_MAX 2048u
#define GRAIN	  16u

struct heap_class {
	struct spinlock lock;
	struct slab_cache cache;
	uint32_t batch; /* objects moved between slabs and a CPU's list */
};

/* Its own CPU's only, with interrupts off. */
struct heap_cpu {
	struct {
		void **first; /* linked through the first word */
		uint32_t count;
	} list[CLASSES];
	int64_t bytes, objects; /* handed out here less taken back here */
} __attribute__((aligned(64)));

static struct heap_class classes[CLASSES];

_Static_assert(PAGE_SLAB + CLASSES <= PAGE_STATES, "a state for each class");
static struct heap_cpu heap_cpus[CPU_MAX];
static uint8_t class_of[SMALL_MAX / GRAIN + 1]; /* by size in grains */

#ifdef CHECKED
#define POISON UINT64_C(0xdddddddddddddddd)
#define FRESH  0xa5
#define MARK   UINT64_C(0xf7eef7eef7eef7ee)

/* The first word is the list's. */
static void
heap_mark_free(void *object, uint32_t size)
{
	uint64_t *word = object;

	for (uint32_t i = 2; i < size / sizeof(*word); i++)
		word[i] = POISON;
	word[1] = MARK ^ (uintptr_t)object;
}

static void
heap_check_free(const void *object, uint32_t size)
{
	const uint64_t *word = object;
	bool good = word[1] == (MARK ^ (uintptr_t)object);

	for (uint32_t i = 2; i < size / sizeof(*word); i++)
		good &= word[i] == POISON;
	if (!good)
		panic("heap object %p (%u bytes) written after it was freed",
		      object, size);
}

static void
heap_check_used(const void *object, uint32_t size)
{
	const uint64_t *word = object;

	if ((uintptr_t)object % PAGE_SIZE % size)
		panic("heap_free of %p, inside of an object", object);
	if (word[1] == (MARK ^ (uintptr_t)object))
		panic("heap object %p freed twice", object);
}

static void
heap_mark_used(void *object, uint32_t size)
{
	heap_check_free(object, size);
	memset(object, FRESH, size);
}

static void
heap_mark_page(void *memory, uint32_t size)
{
	for (uint32_t at = 0; at + size <= PAGE_SIZE; at += size)
		heap_mark_free((char *)memory + at, size);
}
#else
static inline void
heap_mark_free(void *object, uint32_t size)
{
	(void)object, (void)size;
}

static inline void
heap_check_used(const void *object, uint32_t size)
{
	(void)object, (void)size;
}

static inline void
heap_mark_used(void *object, uint32_t size)
{
	(void)object, (void)size;
}

static inline void
heap_mark_page(void *memory, uint32_t size)
{
	(void)memory, (void)size;
}
#endif

/* Boot CPU, once, after page_init. */
void
heap_init(void)
{
	unsigned class = 0;

	for (unsigned i = 0; i < CLASSES; i++) {
		uint32_t fits = PAGE_SIZE / class_size[i];

		spin_init(&classes[i].lock, RANK_HEAP);
		classes[i].cache.size = class_size[i];
		classes[i].batch = fits < 16 ? fits : 16;
	}
	for (unsigned grains = 0; grains <= SMALL_MAX / GRAIN; grains++) {
		if (grains * GRAIN > class_size[class])
			class ++;
		class_of[grains] = (uint8_t) class;
	}
}

/* ---- small objects ---- */

/* HEAP lock held. */
static bool
heap_add_page(struct heap_class *class)
{
	struct page *page =
		page_alloc(0, (unsigned)(PAGE_SLAB + (class - classes)));

	if (!page)
		return false;
	slab_add(&class->cache, page, page_address(page));
	heap_mark_page(page_address(page), class->cache.size);
	return true;
}

static void
heap_fill(struct heap_cpu *cpu, unsigned index)
{
	struct heap_class *class = &classes[index];

	spin_lock(&class->lock);
	while (cpu->list[index].count < class->batch) {
		void **object = slab_take(&class->cache);

		if (object) {
			*object = cpu->list[index].first;
			cpu->list[index].first = object;
			cpu->list[index].count++;
		} else if (cpu->list[index].count || !heap_add_page(class)) {
			break;
		}
	}
	spin_unlock(&class->lock);
}

static void
heap_drain(struct heap_cpu *cpu, unsigned index)
{
	struct heap_class *class = &classes[index];

	spin_lock(&class->lock);
	while (cpu->list[index].count > class->batch) {
		void **object = cpu->list[index].first;
		struct page *page = page_of_address(object);

		cpu->list[index].first = *object;
		cpu->list[index].count--;
		if (slab_give(&class->cache, page, object))
			page_put(page);
	}
	spin_unlock(&class->lock);
}

static void
heap_count(struct heap_cpu *cpu, int64_t bytes)
{
	cpu->bytes += bytes;
	cpu->objects += bytes < 0 ? -1 : 1;
}

static void *
heap_alloc_small(unsigned index)
{
	struct heap_cpu *cpu;
	void **object;

	irq_off_push();
	cpu = &heap_cpus[cpu_self()->id];
	if (!cpu->list[index].first)
		heap_fill(cpu, index);
	object = cpu->list[index].first;
	if (object) {
		cpu->list[index].first = *object;
		cpu->list[index].count--;
		heap_count(cpu, class_size[index]);
	}
	irq_off_pop();
	if (object)
		heap_mark_used(object, class_size[index]);
	return object;
}

static void
heap_free_small(void *p, unsigned index)
{
	void **object = p;
	struct heap_cpu *cpu;

	heap_check_used(p, class_size[index]);
	heap_mark_free(p, class_size[index]);
	irq_off_push();
	cpu = &heap_cpus[cpu_self()->id];
	*object = cpu->list[index].first;
	cpu->list[index].first = object;
	if (++cpu->list[index].count > 2 * classes[index].batch)
		heap_drain(cpu, index);
	heap_count(cpu, -(int64_t)class_size[index]);
	irq_off_pop();
}

/* ---- large ones ---- */

static void
heap_count_large(int64_t bytes)
{
	irq_off_push();
	heap_count(&heap_cpus[cpu_self()->id], bytes);
	irq_off_pop();
}

static void *
heap_alloc_large(size_t size)
{
	unsigned order = 0;
	struct page *page;

	while (order <= PAGE_ORDER_MAX && (size_t)PAGE_SIZE << order < size)
		order++;
	if (order > PAGE_ORDER_MAX)
		return NULL;
	page = page_alloc(order, PAGE_LARGE);
	if (!page)
		return NULL;
	heap_count_large((int64_t)PAGE_SIZE << order);
	return page_address(page);
}

/* ---- for everybody ---- */

/* NULL: no memory, or more than a block of pages holds (4 MiB).  Never
 * sleeps. */
void *
heap_alloc(size_t size)
{
	if (page_fail_now())
		return NULL;
	if (size > SMALL_MAX)
		return heap_alloc_large(size);
	return heap_alloc_small(class_of[(size + GRAIN - 1) / GRAIN]);
}

/* As heap_alloc, filled with zeroes. */
void *
heap_zalloc(size_t size)
{
	void *p = heap_alloc(size);

	if (p)
		memset(p, 0, size);
	return p;
}

/* p: from heap_alloc, or NULL.  Never sleeps. */
void
heap_free(void *p)
{
	struct page *page;

	if (!p)
		return;
	page = page_of_address(p);
	if (page && page->state >= PAGE_SLAB) {
		heap_free_small(p, page->state - PAGE_SLAB);
	} else if (page && page->state == PAGE_LARGE) {
		heap_count_large(-((int64_t)PAGE_SIZE << page->order));
		page_put(page);
	} else {
		panic("heap_free of %p, not from the heap", p);
	}
}

/* NULL: no memory.  Freed by heap_free. */
char *
heap_copy_text(const char *s)
{
	size_t size = strlen(s) + 1;
	char *copy = heap_alloc(size);

	if (copy)
		memcpy(copy, s, size);
	return copy;
}

/* A sum over CPUs as they go on. */
void
heap_stats(struct heap_stats *stats)
{
	int64_t bytes = 0, objects = 0;

	for (unsigned i = 0; i < cpu_count; i++) {
		bytes += heap_cpus[i].bytes;
		objects += heap_cpus[i].objects;
	}
	stats->bytes_used = (uint64_t)bytes;
	stats->objects = (uint64_t)objects;
}
