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
#include "process_program.h"
#include "text.h"
#include "trace/trace.h"
#include "vm.h"

static struct thread *
fork_thread(const struct process *child)
{
	return container_of(child->threads.next, struct thread, siblings);
}

/* Gives the child what makes it a copy.  vm is taken over. */
static bool
fork_fill(struct thread *self, struct process *child, struct vm *vm)
{
	struct thread *thread = fork_thread(child);

	child->vm = vm;
	child->program = self->process->program;
	program_get(child->program);
	text_copy(child->name, self->process->name, sizeof(child->name));
	text_copy(thread->name, self->name, sizeof(thread->name));
	arch_user_copy(&thread->arch, &self->arch);
	thread->arch.space = &vm->space;
	return !signal_inherit(self, child, thread);
}

/* A child with these parts, which are its own only if there is one. */
static int
fork_assemble(struct thread *self, struct fd_table *files, struct vm *vm,
	      struct process **made)
{
	struct process *child;
	int error = process_create(self->process, files, &child);

	if (error)
		return error;
	if (fork_fill(self, child, vm)) {
		*made = child;
		return 0;
	}
	child->vm = NULL;
	child->files = NULL;
	process_discard(child);
	return -ENOMEM;
}

/* Not yet published.  What asks whether there is enough memory comes first. */
static int
fork_make(struct thread *self, struct process **child)
{
	struct process *parent = self->process;
	struct vm *vm = vm_fork(parent->vm);
	struct fd_table *files = vm ? fd_table_copy(parent->files) : NULL;
	int error = -ENOMEM;

	if (files)
		error = fork_assemble(self, files, vm, child);
	if (!error)
		return 0;
	if (files) {
		fd_table_close_all(files, false);
		fd_table_free(files);
	}
	if (vm) {
		vm_leave(vm);
		vm_put(vm);
	}
	return error;
}

int64_t
fork_self(struct thread *self)
{
	uint32_t walks = process_walks(self->process);
	struct process *child;
	int64_t pid;
	int error;

	if (signal_pending(self))
		return signal_again(self);
	error = fork_make(self, &child);
	if (error)
		return error;
	error = process_publish(child, self, walks);
	if (error) {
		process_discard(child);
		return signal_again(self);
	}
	pid = child->pid;
	trace_fork(self, child);
	sched_start(fork_thread(child));
	process_put(child);
	return pid;
}
