/*
 * An object of zeroed pages: memory that processes share without a file.
 * sysmem.c makes one for each MAP_SHARED | MAP_ANONYMOUS; areas hold it.
 *
 * A radix tree of table pages, as deep as the object's size asks for; a page
 * is made when it is first touched and lives as long as the object.  The one
 * rule: the lock is a spinlock, as page() is called with a VM mutex held.
 */
#include <stdatomic.h>
#include "abi/errno.h"
#include "heap.h"
#include "lock.h"
#include "page.h"
#include "text.h"
#include "vm.h"

#define SLOT_BITS 9
#define SLOTS	  (1u << SLOT_BITS)

struct anon {
	struct vm_object object;
	_Atomic uint32_t refs;
	uint64_t pages;
	unsigned levels; /* of tables; 0: root is the only page */

	/* OBJECT lock must be held when using these: */
	struct spinlock lock;
	struct page *root; /* a table, or the page; NULL: not made yet */
};

static struct anon *
anon_of(struct vm_object *object)
{
	return container_of(object, struct anon, object);
}

static struct page **
slot_of(const struct page *table, uint64_t index, unsigned level)
{
	struct page **slots = page_address(table);

	return &slots[index >> (SLOT_BITS * (level - 1)) & (SLOTS - 1)];
}

/* Goes down from the root, making what is missing; NULL: no memory. */
static struct page *
find_or_make(struct anon *anon, uint64_t index)
{
	struct page **slot = &anon->root;

	for (unsigned level = anon->levels;; level--) {
		if (!*slot)
			*slot = page_alloc_zero(PAGE_SHARED);
		if (!*slot || !level)
			return *slot;
		slot = slot_of(*slot, index, level);
	}
}

static int
anon_page(struct vm_object *object, uint64_t index, struct page **page)
{
	struct anon *anon = anon_of(object);

	if (index >= anon->pages)
		return -EFAULT;
	spin_lock(&anon->lock);
	*page = find_or_make(anon, index);
	if (*page)
		page_get(*page);
	spin_unlock(&anon->lock);
	return *page ? 0 : -ENOMEM;
}

static void
anon_get(struct vm_object *object)
{
	atomic_fetch_add(&anon_of(object)->refs, 1);
}

static void
free_below(struct page *page, unsigned level)
{
	if (!page)
		return;
	for (unsigned i = 0; level && i < SLOTS; i++)
		free_below(((struct page **)page_address(page))[i], level - 1);
	page_put(page);
}

static void
anon_put(struct vm_object *object)
{
	struct anon *anon = anon_of(object);

	if (atomic_fetch_sub(&anon->refs, 1) != 1)
		return;
	free_below(anon->root, anon->levels);
	heap_free(anon);
}

static void
anon_name(struct vm_object *object, char *buf, size_t size)
{
	(void)object;
	text_copy(buf, "[shared]", size);
}

static const struct vm_object_ops anon_ops = {
	.page = anon_page,
	.get = anon_get,
	.put = anon_put,
	.name = anon_name,
};

struct vm_object *
vm_anon_create(uint64_t pages)
{
	struct anon *anon = heap_zalloc(sizeof(*anon));

	if (!anon)
		return NULL;
	anon->object.ops = &anon_ops;
	atomic_store(&anon->refs, 1);
	anon->pages = pages;
	while (pages > 1) {
		anon->levels++;
		pages = (pages + SLOTS - 1) >> SLOT_BITS;
	}
	spin_init(&anon->lock, RANK_OBJECT);
	return &anon->object;
}
