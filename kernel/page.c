/*
 * Physical pages: the buddy allocator under the PAGE lock, and before it a
 * store of single pages for each CPU, filled and emptied by the batch, so that
 * most single pages cost no lock.  Called by heap, vm, thread and the RAM file
 * system.  Rule: a page that is free has refs 0 and belongs to nobody; in the
 * checked kernel it is also full of poison, checked when it is handed out.
 */
#include "page.h"
#include "arch/x86_64/arch.h"
#include "buddy.h"
#include "lock.h"
#include "print.h"
#include "text.h"

#define STORE_BATCH 16
#define STORE_MAX   64

/* Its own CPU's only, with interrupts off. */
struct page_store {
	struct page *first;
	uint32_t count;
	int64_t used[PAGE_STATES]; /* pages that this CPU handed out, less those
				      that it took back */
} __attribute__((aligned(64)));

static struct spinlock lock = SPINLOCK_INIT(RANK_PAGE);
static struct buddy buddy;
static struct page_store stores[CPU_MAX];
static _Atomic uint64_t fail_countdown;

#ifdef CHECKED
#define POISON UINT64_C(0xdbdbdbdbdbdbdbdb)
#define WORDS  (PAGE_SIZE / sizeof(uint64_t))

static void
page_poison_block(struct page *block, unsigned order)
{
	for (struct page *page = block; page < block + (1u << order); page++) {
		memset(page_address(page), (int)(POISON & 0xff), PAGE_SIZE);
		page->used = 1;
	}
}

static void
page_check_page(const struct page *page)
{
	const uint64_t *word = page_address(page);

	for (unsigned i = 0; i < WORDS; i++)
		if (word[i] != POISON)
			panic("page %lx written after it was freed, at %u: %lx",
			      (unsigned long)page_phys(page), i * 8,
			      (unsigned long)word[i]);
}

static void
page_unpoison_block(struct page *block, unsigned order)
{
	for (struct page *page = block; page < block + (1u << order); page++) {
		if (page->used)
			page_check_page(page);
		else
			page_poison_block(page, 0);
		page->used = 0;
	}
}
#else
static inline void
page_poison_block(struct page *block, unsigned order)
{
	(void)block, (void)order;
}

static inline void
page_unpoison_block(struct page *block, unsigned order)
{
	(void)block, (void)order;
}
#endif

/* ---- boot ---- */

static const struct boot_region *
page_region_for(const struct boot_info *boot, uint64_t size)
{
	for (unsigned i = boot->regions; i > 0; i--) {
		const struct boot_region *region = &boot->region[i - 1];

		if (region->end - region->start > size + PAGE_SIZE)
			return region;
	}
	panic("no room for the table of pages (%lu bytes)",
	      (unsigned long)size);
}

/* Boot CPU, once.  Physical page 0 is never used: 0 means none. */
void
page_init(const struct boot_info *boot)
{
	uint64_t frames = boot->memory_end >> PAGE_SHIFT;
	uint64_t size =
		(frames * sizeof(struct page) + PAGE_SIZE - 1) & PAGE_MASK;
	const struct boot_region *home = page_region_for(boot, size);
	struct page *pages = arch_direct(home->end - size);

	memset(pages, 0, size);
	buddy_init(&buddy, pages, frames);
	for (unsigned i = 0; i < boot->regions; i++) {
		const struct boot_region *region = &boot->region[i];
		uint64_t start = region->start >> PAGE_SHIFT;
		uint64_t end = region->end >> PAGE_SHIFT;

		if (start == 0)
			start = 1;
		if (region == home)
			end -= size >> PAGE_SHIFT;
		if (start < end)
			buddy_add(&buddy, start, end);
	}
}

/* ---- a CPU's store ---- */

static void
page_store_push(struct page_store *store, struct page *page)
{
	page->state = PAGE_STORED;
	page->next = store->first;
	store->first = page;
	store->count++;
}

static struct page *
page_store_pop(struct page_store *store)
{
	struct page *page = store->first;

	store->first = page->next;
	store->count--;
	return page;
}

static void
page_store_fill(struct page_store *store)
{
	spin_lock(&lock);
	while (store->count < STORE_BATCH) {
		struct page *page = buddy_alloc(&buddy, 0);

		if (!page)
			break;
		page_store_push(store, page);
	}
	spin_unlock(&lock);
}

static void
page_store_drain(struct page_store *store)
{
	spin_lock(&lock);
	while (store->count > STORE_MAX - STORE_BATCH)
		buddy_free(&buddy, page_store_pop(store), 0);
	spin_unlock(&lock);
}

/* Interrupts off. */
static inline void
page_count(struct page_store *store, unsigned state, int64_t pages)
{
	store->used[state] += pages;
}

static struct page *
page_take_single(enum page_state as)
{
	struct page *page = NULL;
	struct page_store *store;

	irq_off_push();
	store = &stores[cpu_self()->id];
	if (!store->first)
		page_store_fill(store);
	if (store->first) {
		page = page_store_pop(store);
		page_count(store, as, 1);
	}
	irq_off_pop();
	return page;
}

static void
page_give_single(struct page *page)
{
	struct page_store *store;

	irq_off_push();
	store = &stores[cpu_self()->id];
	page_count(store, page->state, -1);
	page_store_push(store, page);
	if (store->count > STORE_MAX)
		page_store_drain(store);
	irq_off_pop();
}

static struct page *
page_take_block(unsigned order, enum page_state as)
{
	struct page *block;

	spin_lock(&lock);
	block = buddy_alloc(&buddy, order);
	if (block)
		page_count(&stores[cpu_self()->id], as, INT64_C(1) << order);
	spin_unlock(&lock);
	return block;
}

static void
page_give_block(struct page *block, unsigned order)
{
	spin_lock(&lock);
	page_count(&stores[cpu_self()->id], block->state,
		   -(INT64_C(1) << order));
	buddy_free(&buddy, block, order);
	spin_unlock(&lock);
}

/* ---- for everybody ---- */

/* 2^order pages, aligned to that, refs 1; NULL: no memory.  Never sleeps. */
struct page *
page_alloc(unsigned order, enum page_state as)
{
	struct page *page;

	if (page_fail_now())
		return NULL;
	page = order ? page_take_block(order, as) : page_take_single(as);
	if (!page)
		return NULL;
	page->state = (uint8_t)as;
	page->order = (uint8_t)order;
	atomic_store_explicit(&page->refs, 1, memory_order_relaxed);
	page_unpoison_block(page, order);
	return page;
}

/* One page of zeroes, refs 1; NULL: no memory.  Never sleeps. */
struct page *
page_alloc_zero(enum page_state as)
{
	struct page *page = page_alloc(0, as);

	if (page)
		memset(page_address(page), 0, PAGE_SIZE);
	return page;
}

/* One more reference to a page that has one. */
void
page_get(struct page *page)
{
	uint32_t refs =
		atomic_fetch_add_explicit(&page->refs, 1, memory_order_relaxed);

	assert(refs > 0);
}

/* One reference less; the last frees the block.  Never sleeps. */
void
page_put(struct page *page)
{
	uint32_t refs =
		atomic_fetch_sub_explicit(&page->refs, 1, memory_order_acq_rel);
	unsigned order = page->order;

	assert(refs > 0);
	if (refs > 1)
		return;
	page_poison_block(page, order);
	if (order)
		page_give_block(page, order);
	else
		page_give_single(page);
}

/* Has it more than one reference? */
bool
page_shared(const struct page *page)
{
	return atomic_load_explicit(&page->refs, memory_order_acquire) > 1;
}

/* Its bytes, in the direct map. */
void *
page_address(const struct page *page)
{
	return arch_direct(page_phys(page));
}

uint64_t
page_phys(const struct page *page)
{
	return (uint64_t)(page - buddy.pages) << PAGE_SHIFT;
}

/* NULL: not RAM that this allocator owns. */
struct page *
page_of_phys(uint64_t phys)
{
	uint64_t frame = phys >> PAGE_SHIFT;

	if (frame >= buddy.frames || buddy.pages[frame].state == PAGE_RESERVED)
		return NULL;
	return &buddy.pages[frame];
}

/* The page that holds an address of the direct map. */
struct page *
page_of_address(const void *address)
{
	return page_of_phys(arch_phys(address));
}

static void
page_stats_add(struct page_stats *stats, const struct page_store *store)
{
	stats->free += store->count;
	for (unsigned state = 0; state < PAGE_STATES; state++)
		stats->used[state] += (uint64_t)store->used[state];
}

/* Takes the PAGE lock for a moment; the stores of other CPUs are read as they
 * change. */
void
page_stats(struct page_stats *stats)
{
	*stats = (struct page_stats){0};
	spin_lock(&lock);
	stats->total = buddy.total;
	stats->free = buddy.free;
	spin_unlock(&lock);
	for (unsigned i = 0; i < cpu_count; i++)
		page_stats_add(stats, &stores[i]);
}

/* The n-th allocation from now fails; 0: none does. */
void
page_fail_after(uint64_t n)
{
	atomic_store(&fail_countdown, n);
}

/* Counts one allocation; true: it is to fail. */
bool
page_fail_now(void)
{
	uint64_t left =
		atomic_load_explicit(&fail_countdown, memory_order_relaxed);

	while (left &&
	       !atomic_compare_exchange_weak(&fail_countdown, &left, left - 1))
		;
	return left == 1;
}
