/*
 * Polling: one thread in many wait queues at once.  Called by poll(2) and by
 * schemes' poll operations.  Rule: the table enters a queue before the scheme
 * looks at what the queue is about.
 */
#include "print.h"
#include "waitq.h"

/* Takes the WAITQ lock.  A table that is full is a bug of its maker's. */
void
poll_on(struct poll_table *table, struct waitq *queue)
{
	if (!table)
		return;
	assert(table->used < table->size);
	waitq_enter(queue, &table->waiters[table->used], table->self);
	table->used++;
}

/* Leaves all queues; they are all still there. */
void
poll_end(struct poll_table *table)
{
	while (table->used > 0)
		waitq_leave(&table->waiters[--table->used]);
}
