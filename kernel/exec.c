/*
 * A new image in the place of the running one.  Called by sys_execve.
 *
 *	exec_load		everything that can fail, beside the old image
 *	---------------------	the point of no return
 *	descriptors that are close-on-exec go
 *	exec_rise		the ids that the program's file gives: under
 *				EXEC and PROCESS
 *	trace_ask_again		who has no right to the new one loses it
 *	exec_image_swap		space, names, words: under EXEC and PROCESS
 *	the old space goes, trace_exec tells
 *
 * Whoever looks at a process's image holds its EXEC mutex if it must stand
 * still, or its PROCESS lock for one look; so neither sees half of each.
 */
#include "exec.h"

#include "file.h"
#include "process.h"
#include "process_program.h"
#include "text.h"
#include "trace/trace.h"
#include "vm.h"

void
exec_rise(struct process *process, const struct exec_image *image)
{
	spin_lock(&process->lock);
	process->cred = image->cred;
	process->risen |= image->raises;
	spin_unlock(&process->lock);
}

void
exec_image_swap(struct process *process, struct thread *thread,
		struct exec_image *image)
{
	struct vm *old = process->vm;
	struct program *old_program = process->program;

	spin_lock(&process->lock);
	process->vm = image->vm;
	process->program = image->program;
	text_copy(process->name, image->name, sizeof(process->name));
	text_copy(thread->name, image->name, sizeof(thread->name));
	process->no_tracers = false;
	process->risen = image->raises;
	spin_unlock(&process->lock);
	image->vm = old;
	image->program = old_program;
}

/* The running thread leaves its registers and its space for clean ones. */
static void
exec_enter(struct thread *self, const struct exec_image *image)
{
	struct frame *frame = thread_frame(self);
	uint64_t number = frame->orig_rax;

	arch_user_unload(&self->arch);
	self->arch.space = &self->process->vm->space;
	arch_user_init(&self->arch, image->entry, image->sp);
	frame->orig_rax = number; /* it is still inside of execve */
}

int
exec_self(struct thread *self, const char *path,
	  const struct exec_strings *strings)
{
	struct process *process = self->process;
	struct cred cred = process_cred(process);
	struct exec_image image;
	int error = exec_load(self, path, strings, &cred, &image);

	if (error)
		return error;
	fd_table_close_all(process->files, true);
	mutex_lock(&process->exec_lock);
	exec_rise(process, &image);
	trace_ask_again(self);
	exec_image_swap(process, self, &image);
	exec_enter(self, &image);
	signal_exec(process, self);
	atomic_store(&process->execed, true);
	mutex_unlock(&process->exec_lock);
	exec_image_free(&image);
	trace_exec(self, process->program->exe);
	return 0;
}
