/*
 * sys:/memory: whose the pages are, in bytes, and what of the heap's is handed
 * out.  Called by sys.c when it is read.  The counters are exact: each CPU
 * writes its own; the sum is of CPUs as they go on.
 */
#include "sys.h"

#include "heap.h"
#include "page.h"

static const struct {
	const char *word;
	enum page_state state;
} memory_rows[] = {
	{"kernel", PAGE_KERNEL},       {"tables", PAGE_TABLE},
	{"anonymous", PAGE_ANONYMOUS}, {"shared", PAGE_SHARED},
	{"files", PAGE_FILE},	       {"pipes", PAGE_PIPE},
};

/* The heap's: the last states. */
static uint64_t
memory_heap(const struct page_stats *pages)
{
	uint64_t sum = 0;

	for (unsigned state = PAGE_LARGE; state < PAGE_STATES; state++)
		sum += pages->used[state];
	return sum * PAGE_SIZE;
}

void
memory_text(struct text_buffer *text)
{
	struct page_stats pages;
	struct heap_stats heap;

	page_stats(&pages);
	heap_stats(&heap);
	text_printf(text, "total %lu\n", pages.total * PAGE_SIZE);
	text_printf(text, "free %lu\n", pages.free * PAGE_SIZE);
	text_printf(text, "heap %lu\n", heap.bytes_used);
	text_printf(text, "objects %lu\n", heap.objects);
	text_printf(text, "heap-pages %lu\n", memory_heap(&pages));
	for (size_t i = 0; i < sizeof(memory_rows) / sizeof(*memory_rows); i++)
		text_printf(text, "%s %lu\n", memory_rows[i].word,
			    pages.used[memory_rows[i].state] * PAGE_SIZE);
}
