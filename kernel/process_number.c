/*
 * Numbers and what they stand for.  Called by process*.c, which make and unmake
 * processes, by group.c, and by everybody who looks a process up.
 *
 * A number is looked up once; after that there is a reference.  What a lookup
 * finds is kept by the table's own reference while the PROCESS_TABLE lock is
 * held, so that taking another is safe.
 */
#include "process_numbers.h"

#include "abi/errno.h"
#include "heap.h"
#include "process.h"
#include "process_table.h"

struct spinlock process_table_lock = SPINLOCK_INIT(RANK_PROCESS_TABLE);
static struct process_table table;
static uint32_t published;
static uint64_t made; /* that ever were published */
static uint32_t limit = PROCESS_LIMIT;

void
process_set_limit(uint32_t below)
{
	spin_lock(&process_table_lock);
	limit = below;
	spin_unlock(&process_table_lock);
}

int
process_number_take(struct process *process)
{
	struct process_number *number = heap_zalloc(sizeof(*number));
	int32_t free = number ? process_table_take(&table, limit) : -ENOMEM;

	if (free < 0) {
		heap_free(number);
		return free;
	}
	process_table_set(&table, (uint32_t)free, number);
	number->number = process->pid = (uint32_t)free;
	number->uses = 1;
	return 0;
}

void
process_number_publish(struct process *process)
{
	process_number_find(process->pid)->process = process;
	published++;
	made++;
}

void
process_number_drop(struct process *process)
{
	struct process_number *number;

	if (!process->pid)
		return;
	number = process_number_find(process->pid);
	if (number->process)
		published--;
	number->process = NULL;
	process_number_let_go(number);
}

struct process_number *
process_number_find(uint32_t number)
{
	return process_table_find(&table, number);
}

void
process_number_keep(struct process_number *number)
{
	number->uses++;
}

void
process_number_let_go(struct process_number *number)
{
	if (--number->uses)
		return;
	process_table_drop(&table, number->number);
	heap_free(number);
}

static struct process *
process_number_first(uint32_t from)
{
	const struct process_number *number;

	do {
		number = process_table_from(&table, from);
		from = number ? number->number + 1 : 0;
	} while (number && !number->process);
	return number ? number->process : NULL;
}

struct process *
process_find(uint32_t pid)
{
	struct process_number *number;
	struct process *process;

	spin_lock(&process_table_lock);
	number = process_number_find(pid);
	process = number ? number->process : NULL;
	if (process)
		process_get(process);
	spin_unlock(&process_table_lock);
	return process;
}

struct process *
process_next(uint32_t pid)
{
	struct process *process;

	if (pid >= PROCESS_LIMIT)
		return NULL;
	spin_lock(&process_table_lock);
	process = process_number_first(pid + 1);
	if (process)
		process_get(process);
	spin_unlock(&process_table_lock);
	return process;
}

uint32_t
process_count(void)
{
	uint32_t count;

	spin_lock(&process_table_lock);
	count = published;
	spin_unlock(&process_table_lock);
	return count;
}

uint64_t
process_made(void)
{
	uint64_t count;

	spin_lock(&process_table_lock);
	count = made;
	spin_unlock(&process_table_lock);
	return count;
}

struct process *
process_child(struct process *process, uint32_t pid)
{
	struct process_number *number = process_number_find(pid);
	struct process *child = number ? number->process : NULL;

	return child && child->parent == process ? child : NULL;
}
