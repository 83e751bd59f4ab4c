/*
 * Processes that begin with a program of their own: init at boot, and what
 * proc:'s `new` makes.
 *
 * The image is loaded before the process exists, so that a failure leaves
 * nothing.  What spawn_create gives has not run: its thread is started by the
 * caller, or it is ended by spawn_cancel.
 */
#include "exec.h"

#include "abi/errno.h"
#include "file.h"
#include "path.h"
#include "print.h"
#include "process.h"
#include "trace/trace.h"
#include "vm.h"

#define FIRST_UMASK 022

static const struct process_hooks spawn_hooks = {
	.process_init = trace_process_init,
	.process_free = trace_process_free,
	.thread_init = trace_thread_init,
	.thread_free = trace_thread_free,
};

static struct thread *
spawn_thread(struct process *process)
{
	return container_of(process->threads.next, struct thread, siblings);
}

/* As after fork and exec; not yet published.  self NULL: init. */
static int
spawn_bare(struct thread *self, struct fd_table *files, struct process **made)
{
	struct process *process;
	int error =
		process_create(self ? self->process : NULL, files, &process);

	if (error)
		return error;
	*made = process;
	if (!self)
		return 0;
	error = signal_inherit(self, process, spawn_thread(process));
	if (error) {
		process->files = NULL;
		process_discard(process);
		return error;
	}
	signal_exec(process, spawn_thread(process));
	atomic_store(&process->execed, true);
	return 0;
}

/* A process of the image, which is taken over; not yet published. */
static int
spawn_process(struct thread *self, struct fd_table *files,
	      struct exec_image *image, struct process **made)
{
	int error = spawn_bare(self, files, made);
	struct thread *thread;

	if (error)
		return error;
	thread = spawn_thread(*made);
	exec_rise(*made, image);
	exec_image_swap(*made, thread, image);
	thread->arch.space = &(*made)->vm->space;
	arch_user_init(&thread->arch, image->entry, image->sp);
	return 0;
}

static struct fd_table *
spawn_files(struct process *parent)
{
	struct fd_table *files = fd_table_copy(parent->files);

	if (files)
		fd_table_close_all(files, true);
	return files;
}

static void
spawn_drop_files(struct fd_table *files)
{
	fd_table_close_all(files, false);
	fd_table_free(files);
}

/* As for execve, but for a program that raises ids: its maker, who holds it
 * before its first instruction, would have what only the program is to have. */
static int
spawn_load(struct thread *self, const char *path,
	   const struct exec_strings *strings, const struct cred *cred,
	   struct exec_image *image)
{
	int error = exec_load(self, path, strings, cred, image);

	if (error || !image->raises)
		return error;
	exec_image_free(image);
	return -ERAISES;
}

int
spawn_create(struct thread *self, const char *path,
	     const struct exec_strings *strings, struct process **child,
	     struct thread **thread)
{
	uint32_t walks = process_walks(self->process);
	struct cred cred = process_cred(self->process);
	struct fd_table *files;
	struct exec_image image;
	int error = spawn_load(self, path, strings, &cred, &image);

	if (error)
		return error;
	files = spawn_files(self->process);
	error = files ? spawn_process(self, files, &image, child) : -ENOMEM;
	exec_image_free(&image);
	if (error) {
		if (files)
			spawn_drop_files(files);
		return error;
	}
	error = process_publish(*child, self, walks);
	if (error) {
		process_discard(*child);
		return signal_again(self);
	}
	*thread = spawn_thread(*child);
	thread_get(*thread);
	return 0;
}

void
spawn_cancel(struct process *child, struct thread *thread)
{
	exit_unstarted(child, thread);
	thread_put(thread);
	process_put(child);
}

/* Sets the first process off.  0, or why it cannot be. */
static int
spawn_first(struct thread *self, struct exec_image *image)
{
	struct fd_table *files = fd_table_create();
	struct process *process;
	int error =
		files ? spawn_process(NULL, files, image, &process) : -ENOMEM;

	if (error)
		return error;
	error = path_open(self, KAT_FDCWD, "/", KO_RDONLY | KO_DIRECTORY, 0,
			  &process->cwd);
	if (error)
		return error;
	process->umask = FIRST_UMASK;
	error = process_publish(process, NULL, 0);
	if (error)
		return error;
	sched_start(spawn_thread(process));
	process_put(process);
	return 0;
}

void
spawn_init(const char *path, const struct exec_strings *strings)
{
	const struct cred root = {0};
	struct thread *self = thread_self();
	struct exec_image image;
	int error = exec_load(self, path, strings, &root, &image);

	process_hook(&spawn_hooks);
	if (!error)
		error = spawn_first(self, &image);
	if (error)
		panic("%s cannot be started: error %d", path, -error);
}
