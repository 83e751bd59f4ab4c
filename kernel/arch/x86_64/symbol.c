/*
 * Names for addresses, for panics: the table that symbols.sh makes from the
 * first link and the second link takes in, and the walk along frame pointers.
 */
#include "local.h"

struct symbol {
	uint32_t address; /* minus KERNEL_BASE; sorted */
	uint32_t name;	  /* offset in symbol_names */
};

extern const struct symbol symbols[];
extern const uint32_t symbol_count;
extern const char symbol_names[];

const char *
arch_symbol(uint64_t address, uint64_t *offset)
{
	uint64_t wanted = address - KERNEL_BASE;
	uint32_t low = 0;
	uint32_t high = symbol_count;

	if (address < (uint64_t)kernel_text ||
	    address >= (uint64_t)kernel_text_end)
		return NULL;
	while (low < high) { /* the first one above it */
		uint32_t middle = low + (high - low) / 2;

		if (symbols[middle].address <= wanted)
			low = middle + 1;
		else
			high = middle;
	}
	if (low == 0)
		return NULL;
	if (offset)
		*offset = wanted - symbols[low - 1].address;
	return symbol_names + symbols[low - 1].name;
}

/* Any frame pointer may be rubbish: each is looked up before it is followed. */
void
arch_backtrace(void (*visit)(uint64_t address), unsigned max)
{
	const uint64_t *frame = __builtin_frame_address(0);

	for (unsigned n = 0; n < max; n++) {
		uint64_t at = (uint64_t)frame;

		if (at % 8 || !kernel_present(at) || !kernel_present(at + 8))
			return;
		if (frame[1] < (uint64_t)kernel_text ||
		    frame[1] >= (uint64_t)kernel_text_end)
			return;
		visit(frame[1]);
		frame = (const uint64_t *)frame[0];
	}
}
