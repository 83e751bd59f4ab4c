/*
 * sys:/locks, in the checked kernel: a line for each rank of lockrank.def: its
 * name, how often locks of that rank were taken, how often somebody had to
 * wait, the longest that one was held in nanoseconds.
 *
 * Called by sys.c when it is read.
 */
#include "sys.h"

#include "lock.h"

#ifdef CHECKED
void
locks_text(struct text_buffer *text)
{
	for (unsigned rank = 0; rank < RANK_COUNT; rank++) {
		struct lock_stats stats;

		lock_stats(rank, &stats);
		text_printf(text, "%s %lu %lu %lu\n", lock_rank_name(rank),
			    stats.taken, stats.contended, stats.longest_ns);
	}
}
#endif
