/*
 * A process becomes two.  Called by sys_fork.
 *
 * Everything is made first: what fails leaves nothing behind.  Then the child
 * is published, trace/ hears of it (so that an event of the parent comes before
 * any of the child), and only then does it run.
 */
#include "life.h"

#include "abi/errno.h"
#include "file.h"
#include "heap.h"
#include "process.h"
#include "text.h"
#include "trace/trace.h"
#include "vm.h"

/* Names and words; the parent's own thread is the only one that changes them,
 * and it is here. */
static bool
fork_texts(struct process *child, const struct process *parent)
{
	text_copy(child->name, parent->name, sizeof(child->name));
	child->exe = heap_copy_text(parent->exe);
	child->args = heap_alloc(parent->args_size);
	if (!child->exe || !child->args)
		return false;
	memcpy(child->args, parent->args, parent->args_size);
	child->args_size = parent->args_size;
	return true;
}

static bool
fork_thread(struct thread *self, struct process *child, struct thread *thread)
{
	child->vm = vm_fork(self->process->vm);
	if (!child->vm)
		return false;
	text_copy(thread->name, self->name, sizeof(thread->name));
	arch_user_copy(&thread->arch, &self->arch);
	thread->arch.space = &child->vm->space;
	return true;
}

/* Not yet published; NULL: no memory. */
static struct process *
fork_make(struct thread *self)
{
	struct process *parent = self->process, *child;
	struct fd_table *files = fd_table_copy(parent->files);

	if (!files)
		return NULL;
	child = process_create(parent, files);
	if (!child) {
		fd_table_close_all(files, false);
		fd_table_free(files);
		return NULL;
	}
	if (fork_texts(child, parent) &&
	    fork_thread(
		    self, child,
		    container_of(child->threads.next, struct thread, siblings)))
		return child;
	process_discard(child);
	return NULL;
}

int64_t
fork_self(struct thread *self)
{
	struct process *child;
	struct thread *thread;
	int64_t pid;

	if (thread_flags(self) & THREAD_KILLED)
		return -EINTR;
	child = fork_make(self);
	if (!child)
		return -ENOMEM;
	pid = child->pid;
	thread = container_of(child->threads.next, struct thread, siblings);
	process_publish(child);
	trace_fork(self, child);
	sched_start(thread);
	process_put(child);
	return pid;
}
