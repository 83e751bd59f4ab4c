/*
 * Processes made and unmade: fork.c and exec_spawn.c make them, exit.c and
 * exit_wait.c let them go.
 *
 * Who holds references: the table, from process_publish until the process is
 * reaped; each of its threads, until the thread is freed; and whoever looks at
 * it.  A process holds one reference of each thread in its list.  So a zombie's
 * structure outlives its reaping while somebody still reads it, and no handle
 * ever reaches the next process of that number.
 */
#include "process.h"
#include "process_program.h"

#include "abi/errno.h"

#include "file.h"
#include "heap.h"
#include "print.h"
#include "process_numbers.h"
#include "text.h"
#include "vm.h"

struct process *process_one;

static const struct process_hooks *hooks;

void
process_hook(const struct process_hooks *above)
{
	hooks = above;
}

/* thread_on_free: the last reference of a thread is gone. */
static void
process_thread_freed(struct thread *thread)
{
	if (!thread->process)
		return;
	if (thread->trace)
		hooks->thread_free(thread);
	process_put(thread->process);
}

void
process_init(void)
{
	thread_on_free = process_thread_freed;
}

static struct process *
process_alloc(void)
{
	struct process *process = heap_zalloc(sizeof(*process));

	if (!process)
		return NULL;
	atomic_init(&process->refs, 1);
	atomic_init(&process->state, PROCESS_NEW);
	spin_init(&process->lock, RANK_PROCESS);
	mutex_init(&process->exec_lock, RANK_EXEC);
	list_init(&process->threads);
	list_init(&process->children);
	list_init(&process->news);
	list_init(&process->sibling);
	list_init(&process->group_link);
	waitq_init(&process->child_wait);
	waitq_init(&process->stop_wait);
	list_init(&process->signal.pending.entries);
	process->started_ns = arch_time_ns();
	return process;
}

/* Its first thread, whose number is the process's.  On failure what there is
 * hangs on the process. */
static int
process_add_thread(struct process *process)
{
	struct thread *thread = thread_create(process->name, true);

	if (!thread)
		return -ENOMEM;
	thread->tid = process->pid;
	thread->process = process;
	process_get(process);
	list_init(&thread->siblings);
	list_add_tail(&process->threads, &thread->siblings);
	process->live = 1;
	return hooks->thread_init(thread);
}

static void
process_inherit(struct process *process, struct process *parent)
{
	if (!parent)
		return;
	spin_lock(&parent->lock);
	process->parent = parent;
	process->cred = parent->cred;
	process->umask = parent->umask;
	process->no_tracers = parent->no_tracers;
	process->risen = parent->risen;
	process->cwd = parent->cwd;
	if (process->cwd)
		file_get(process->cwd);
	spin_unlock(&parent->lock);
}

static int
process_take_number(struct process *process)
{
	int error;

	spin_lock(&process_table_lock);
	error = process_number_take(process);
	spin_unlock(&process_table_lock);
	return error;
}

int
process_create(struct process *parent, struct fd_table *files,
	       struct process **created)
{
	struct process *process = process_alloc();
	int error;

	if (!process)
		return -ENOMEM;
	process_inherit(process, parent);
	error = process_take_number(process);
	if (!error)
		error = hooks->process_init(process);
	if (!error)
		error = process_add_thread(process);
	if (error) {
		process_discard(process);
		return error;
	}
	process->files = files;
	*created = process;
	return 0;
}

void
process_discard(struct process *process)
{
	if (process->files)
		fd_table_close_all(process->files, false);
	if (process->cwd)
		file_put(process->cwd);
	if (process->vm) {
		vm_leave(process->vm);
		vm_put(process->vm);
	}
	process->cwd = NULL;
	process->vm = NULL;
	list_for_each_safe(link, &process->threads)
	{
		list_remove(link);
		thread_put(container_of(link, struct thread, siblings));
	}
	spin_lock(&process_table_lock);
	process_number_drop(process);
	spin_unlock(&process_table_lock);
	process_put(process);
}

void
process_get(struct process *process)
{
	atomic_fetch_add_explicit(&process->refs, 1, memory_order_relaxed);
}

static void
process_free(struct process *process)
{
	assert(!process->vm && !process->cwd && list_empty(&process->threads));
	if (process->trace)
		hooks->process_free(process);
	if (process->files)
		fd_table_free(process->files);
	heap_free(process->signal.actions);
	program_put(process->program);
	heap_free(process);
}

void
process_put(struct process *process)
{
	if (atomic_fetch_sub_explicit(&process->refs, 1,
				      memory_order_acq_rel) == 1)
		process_free(process);
}
