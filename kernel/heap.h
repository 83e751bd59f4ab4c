/* The kernel's heap: size classes over pages, larger ones straight from the
 * page allocator.  Nothing sleeps; may fail. */
#pragma once

#include <stddef.h>
#include <stdint.h>

void heap_init(void);
void *heap_alloc(size_t size);	/* NULL: no memory; 16-byte aligned; 64-byte
				   aligned from 64 bytes on */
void *heap_zalloc(size_t size); /* zeroed */
void heap_free(void *p);	/* NULL is allowed */
char *heap_copy_text(const char *s);

struct heap_stats {
	uint64_t bytes_used; /* handed out, rounded to size classes */
	uint64_t objects;
};
void heap_stats(struct heap_stats *stats);
