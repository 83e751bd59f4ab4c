/*
 * Signals that wait: a bit for each, and what is known of it in an entry.
 * Called by the other signal*.c; the caller holds what guards the queue.
 *
 * The rule: a standard signal waits at most once and is never lost, for want of
 * memory only what is known of it is.  Of the real-time ones each that was sent
 * waits; one that finds no room is refused if sigqueue sent it, else it is a
 * bit like a standard one.
 */
#include "signal.h"

#include "abi/errno.h"
#include "heap.h"

struct signal_entry {
	struct list link;
	struct signal_info info;
};

static struct signal_entry *
signal_entry_of(struct list *link)
{
	return container_of(link, struct signal_entry, link);
}

static void
signal_entry_drop(struct signal_queue *queue, struct signal_entry *entry)
{
	list_remove(&entry->link);
	queue->count--;
	heap_free(entry);
}

int
signal_queue_add(struct signal_queue *queue, const struct signal_info *info)
{
	struct signal_entry *entry = NULL;
	bool standard = info->signo < SIGNAL_RT_MIN;

	if (standard && (queue->set & signal_bit(info->signo)))
		return 0;
	if (queue->count < SIGNAL_QUEUE_MAX)
		entry = heap_alloc(sizeof(*entry));
	if (!entry && !standard && info->code == KSI_QUEUE)
		return -EAGAIN;
	queue->set |= signal_bit(info->signo);
	if (!entry)
		return 0;
	entry->info = *info;
	list_add_tail(&queue->entries, &entry->link);
	queue->count++;
	return 0;
}

/* The oldest entry of this number; *more: there is another. */
static struct signal_entry *
signal_queue_find(struct signal_queue *queue, int sig, bool *more)
{
	struct signal_entry *found = NULL;

	*more = false;
	list_for_each(link, &queue->entries)
	{
		struct signal_entry *entry = signal_entry_of(link);

		if (entry->info.signo != sig)
			continue;
		if (found) {
			*more = true;
			break;
		}
		found = entry;
	}
	return found;
}

bool
signal_queue_take(struct signal_queue *queue, uint64_t of,
		  struct signal_info *info)
{
	struct signal_entry *entry;
	bool more;

	of &= queue->set;
	if (!of)
		return false;
	*info = (struct signal_info){.signo = __builtin_ctzll(of) + 1};
	entry = signal_queue_find(queue, info->signo, &more);
	if (!more)
		queue->set &= ~signal_bit(info->signo);
	if (entry) {
		*info = entry->info;
		signal_entry_drop(queue, entry);
	}
	return true;
}

unsigned
signal_queue_waiting(const struct signal_queue *queue, int sig)
{
	unsigned count = 0;

	if (!(queue->set & signal_bit(sig)))
		return 0;
	list_for_each(link, &queue->entries) count +=
		signal_entry_of(link)->info.signo == sig;
	return count ? count : 1;
}

void
signal_queue_drop(struct signal_queue *queue, uint64_t of)
{
	if (!(queue->set & of))
		return;
	queue->set &= ~of;
	list_for_each_safe(link, &queue->entries)
	{
		struct signal_entry *entry = signal_entry_of(link);

		if (of & signal_bit(entry->info.signo))
			signal_entry_drop(queue, entry);
	}
}
