/*
 * Looking at processes: by number, one after another, and at what is theirs.
 * Everybody calls these.
 *
 * A number is looked up once; after that there is a reference.  What a lookup
 * finds is kept by the table's own reference while the PROCESS_TABLE lock is
 * held, so that taking another is safe.
 */
#include "process.h"

#include "abi/errno.h"
#include "process_numbers.h"
#include "process_table.h"
#include "vm.h"

struct spinlock process_table_lock = SPINLOCK_INIT(RANK_PROCESS_TABLE);
static struct process_table table;
static uint32_t published;
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
	int32_t number = process_table_take(&table, limit);

	if (number < 0)
		return number;
	process->pid = (uint32_t)number;
	return 0;
}

void
process_number_publish(struct process *process)
{
	process_table_set(&table, process->pid, process);
	published++;
}

void
process_number_drop(struct process *process)
{
	if (!process->pid)
		return;
	if (process_table_find(&table, process->pid))
		published--;
	process_table_drop(&table, process->pid);
}

struct process *
process_find(uint32_t pid)
{
	struct process *process;

	spin_lock(&process_table_lock);
	process = process_table_find(&table, pid);
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
	process = process_table_from(&table, pid + 1);
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

int
process_none(void)
{
	bool full;

	spin_lock(&process_table_lock);
	full = published + 1 >= limit;
	spin_unlock(&process_table_lock);
	return full ? -EAGAIN : -ENOMEM;
}

static struct thread *
process_pick(struct process *process, uint32_t tid)
{
	uint32_t wanted = tid ? tid : process->pid;

	list_for_each(link, &process->threads)
	{
		struct thread *thread =
			container_of(link, struct thread, siblings);

		if (thread->tid == wanted)
			return thread;
	}
	if (tid || list_empty(&process->threads))
		return NULL;
	return container_of(process->threads.next, struct thread, siblings);
}

struct thread *
process_thread(struct process *process, uint32_t tid)
{
	struct thread *thread;

	spin_lock(&process->lock);
	thread = process_pick(process, tid);
	if (thread)
		thread_get(thread);
	spin_unlock(&process->lock);
	return thread;
}

struct cred
process_cred(struct process *process)
{
	struct cred cred;

	spin_lock(&process->lock);
	cred = process->cred;
	spin_unlock(&process->lock);
	return cred;
}

struct vm *
process_vm(struct process *process)
{
	struct vm *vm;

	spin_lock(&process->lock);
	vm = process->vm;
	if (vm)
		vm_get(vm);
	spin_unlock(&process->lock);
	return vm;
}

struct process *
process_child(struct process *process, uint32_t pid)
{
	struct process *child = process_table_find(&table, pid);

	return child && child->parent == process ? child : NULL;
}
