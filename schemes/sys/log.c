/*
 * sys:/log: what the kernel has printed, as far back as its ring reaches.
 *
 * Called by sys.c when it is read.
 */
#include "print.h"
#include "sys.h"

void
log_text(struct text_buffer *text)
{
	char part[512];
	uint64_t at = 0;
	size_t n;

	while ((n = print_log_read(&at, part, sizeof(part))) > 0)
		text_append(text, part, n);
}
