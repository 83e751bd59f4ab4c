/*
 * Looking at what is a process's: threads, ids, space.  Everybody calls these.
 *
 * What they give is a copy, or has a reference of its own.
 */
#include "process.h"

#include "vm.h"

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
