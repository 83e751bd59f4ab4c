/*
 * Kernel stacks.  thread.c takes and gives them.  Each lies in the upper half
 * of a slot of its own, the lower half stays unmapped.  Some that are given
 * back are kept mapped.  Rule: unmapping needs every CPU's consent
 * (arch_kernel_flush), so it is done in batches by the reaper, and a slot is
 * used again only after that.
 */
#include "stack.h"
#include "abi/errno.h"
#include "arch/x86_64/arch.h"
#include "heap.h"
#include "lock.h"
#include "page.h"
#include "print.h"
#include "text.h"

#define SLOT_SIZE (2 * STACK_SIZE)
#define PAGES	  (STACK_SIZE / PAGE_SIZE)
#define KEPT_MAX  64u
#define BATCH	  32u /* unmapped at once: bounds the time it takes */

/* A slot, for ever. */
struct stack {
	uint64_t bottom;
	struct stack *next;
};

static struct spinlock lock = SPINLOCK_INIT(RANK_STACKS);
/* The lock must be held when using these: */
static struct stack *kept; /* mapped, free */
static struct stack *bare; /* not mapped, and every CPU knows it */
static struct stack *torn; /* mapped in part: memory ran out */
static uint32_t kept_count;
static uint64_t slots_end = ARCH_STACKS_BASE;

/* Lowest usable address of its 16 KiB. */
void *
stack_bottom(const struct stack *stack)
{
	return (void *)stack->bottom;
}

static struct stack *
stack_pop(struct stack **list)
{
	struct stack *stack = *list;

	if (stack)
		*list = stack->next;
	return stack;
}

static void
stack_push(struct stack **list, struct stack *stack)
{
	stack->next = *list;
	*list = stack;
}

static struct stack *
stack_pop_kept(void)
{
	struct stack *stack;

	spin_lock(&lock);
	stack = stack_pop(&kept);
	if (stack)
		kept_count--;
	spin_unlock(&lock);
	return stack;
}

/* What stack_trim is to unmap, NULL: enough. */
static struct stack *
stack_pop_excess(void)
{
	struct stack *stack;

	spin_lock(&lock);
	stack = stack_pop(&torn);
	if (!stack && kept_count > KEPT_MAX - BATCH) {
		stack = stack_pop(&kept);
		kept_count--;
	}
	spin_unlock(&lock);
	return stack;
}

static struct stack *
stack_new_slot(void)
{
	struct stack *stack = heap_alloc(sizeof(*stack));

	if (!stack)
		return NULL;
	spin_lock(&lock);
	stack->bottom = slots_end + STACK_SIZE;
	if (slots_end < ARCH_STACKS_END)
		slots_end += SLOT_SIZE;
	else
		stack->bottom = 0;
	spin_unlock(&lock);
	if (stack->bottom)
		return stack;
	heap_free(stack);
	return NULL;
}

static struct stack *
stack_bare_slot(void)
{
	struct stack *stack;

	spin_lock(&lock);
	stack = stack_pop(&bare);
	spin_unlock(&lock);
	return stack ? stack : stack_new_slot();
}

/* ---- mapping ---- */

static bool
stack_spares_fill(uint64_t spares[ARCH_MAP_SPARES])
{
	for (unsigned i = 0; i < ARCH_MAP_SPARES; i++) {
		struct page *page = page_alloc_zero(PAGE_KERNEL);

		if (!page)
			return false;
		spares[i] = page_phys(page);
	}
	return true;
}

static void
stack_spares_drop(const uint64_t spares[ARCH_MAP_SPARES])
{
	for (unsigned i = 0; i < ARCH_MAP_SPARES; i++)
		if (spares[i])
			page_put(page_of_phys(spares[i]));
}

static int
stack_map_locked(uint64_t address, uint64_t phys,
		 uint64_t spares[ARCH_MAP_SPARES])
{
	int error;

	spin_lock(&lock);
	error = arch_kernel_map(address, phys, ARCH_READ | ARCH_WRITE, spares);
	spin_unlock(&lock);
	return error;
}

/* Page tables that are missing are rare: given only when asked for. */
static bool
stack_map_page(uint64_t address)
{
	uint64_t spares[ARCH_MAP_SPARES] = {0};
	struct page *page = page_alloc(0, PAGE_KERNEL);
	int error;

	if (!page)
		return false;
	error = stack_map_locked(address, page_phys(page), spares);
	if (error == -ENOMEM && stack_spares_fill(spares))
		error = stack_map_locked(address, page_phys(page), spares);
	stack_spares_drop(spares);
	if (error)
		page_put(page);
	return !error;
}

/* Takes the pages of a stack out of the tables, onto a list. */
static void
stack_unmap(const struct stack *stack, struct page **pages)
{
	for (unsigned i = 0; i < PAGES; i++) {
		uint64_t phys;
		bool mapped;

		spin_lock(&lock);
		mapped =
			arch_kernel_unmap(stack->bottom + i * PAGE_SIZE, &phys);
		spin_unlock(&lock);
		if (mapped) {
			struct page *page = page_of_phys(phys);

			page->next = *pages;
			*pages = page;
		}
	}
}

static bool
stack_map(const struct stack *stack)
{
	for (unsigned i = 0; i < PAGES; i++)
		if (!stack_map_page(stack->bottom + i * PAGE_SIZE))
			return false;
	return true;
}

/* ---- for thread.c ---- */

/* Contents undefined.  NULL: no memory, and stack_trim may have something to
 * do.  Never sleeps. */
struct stack *
stack_take(void)
{
	struct stack *stack = stack_pop_kept();

	if (stack)
		return stack;
	stack = stack_bare_slot();
	if (!stack || stack_map(stack))
		return stack;
	spin_lock(&lock);
	stack_push(&torn, stack);
	spin_unlock(&lock);
	return NULL;
}

/* Nobody runs on it any more.  Never sleeps. */
void
stack_give(struct stack *stack)
{
	spin_lock(&lock);
	stack_push(&kept, stack);
	kept_count++;
	spin_unlock(&lock);
}

/* Is there something for stack_trim to do? */
bool
stack_excess(void)
{
	bool excess;

	spin_lock(&lock);
	excess = torn || kept_count > KEPT_MAX;
	spin_unlock(&lock);
	return excess;
}

/* Waits for the other CPUs.  Interrupts on, no spinlock held. */
void
stack_trim(void)
{
	struct stack *stack, *gone = NULL;
	struct page *pages = NULL;

	if (!stack_excess())
		return;
	for (unsigned i = 0; i < BATCH && (stack = stack_pop_excess()); i++) {
		stack_unmap(stack, &pages);
		stack_push(&gone, stack);
	}
	arch_kernel_flush();
	while (pages) {
		struct page *page = pages;

		pages = page->next;
		page_put(page);
	}
	spin_lock(&lock);
	while ((stack = stack_pop(&gone)))
		stack_push(&bare, stack);
	spin_unlock(&lock);
}
