/*
 * The end of a process.  Its last thread comes here, whatever ends it: the
 * call, a signal, an exception.
 *
 *	trace_end	everything is still there; may be held
 *	ENDING		descriptors, directory, space go
 *	trace_gone	no event of it comes any more
 *	ZOMBIE		children to init, groups that nobody guards any more
 *			are continued, the parent hears
 *	sched_exit
 *
 * How it ended is decided once, under the PROCESS lock: by the first that ends
 * it, or by the first SIGKILL (signal.c), whichever comes first.
 */
#include "abi/signal.h"
#include "file.h"
#include "group.h"
#include "heap.h"
#include "life.h"
#include "print.h"
#include "process.h"
#include "process_program.h"
#include "process_usage.h"
#include "trace/trace.h"
#include "vm.h"

#define GIVEN_AT_ONCE 64 /* children, with interrupts off */

static uint32_t
exit_decide(struct process *process, uint32_t wait_status)
{
	spin_lock(&process->lock);
	if (!process->ending_set) {
		process->ending_set = true;
		process->end_status = wait_status;
	}
	wait_status = process->end_status;
	spin_unlock(&process->lock);
	return wait_status;
}

/* The space and what describes it.  ran: the thread is the running one. */
static void
exit_drop_image(struct process *process, struct thread *thread, bool ran)
{
	struct vm *vm;
	struct program *program;

	mutex_lock(&process->exec_lock);
	spin_lock(&process->lock);
	vm = process->vm;
	program = process->program;
	process->vm = NULL;
	process->program = NULL;
	spin_unlock(&process->lock);
	if (ran)
		arch_user_unload(&thread->arch);
	thread->arch.space = NULL;
	mutex_unlock(&process->exec_lock);
	vm_leave(vm);
	vm_put(vm);
	program_put(program);
}

static void
exit_drop_files(struct process *process)
{
	struct file *cwd;

	fd_table_close_all(process->files, false);
	spin_lock(&process->lock);
	cwd = process->cwd;
	process->cwd = NULL;
	spin_unlock(&process->lock);
	if (cwd)
		file_put(cwd);
}

/* All children to init, some at a time.  The process makes no more. */
static void
exit_give_children(struct process *process, struct list *orphans)
{
	bool more;

	do {
		spin_lock(&process_table_lock);
		more = process_give_children(process, GIVEN_AT_ONCE, orphans);
		spin_unlock(&process_table_lock);
	} while (more);
}

/* PROCESS_TABLE lock.  The thread leaves the process, which is still to let go
 * of it. */
static void
exit_become_zombie(struct process *process, struct thread *thread)
{
	spin_lock(&process->lock);
	list_remove(&thread->siblings);
	process->live--;
	process_usage_end(process, thread);
	process->stop_report = 0;
	atomic_store(&process->state, PROCESS_ZOMBIE);
	spin_unlock(&process->lock);
}

static void
exit_begin(struct process *process, struct list *orphans)
{
	spin_lock(&process_table_lock);
	group_part(process, orphans);
	spin_lock(&process->lock);
	atomic_store(&process->state, PROCESS_ENDING);
	spin_unlock(&process->lock);
	spin_unlock(&process_table_lock);
}

static void
exit_take_apart(struct process *process, struct thread *thread, bool ran)
{
	struct list orphans = LIST_INIT(orphans);

	exit_begin(process, &orphans);
	signal_gone(process);
	exit_drop_files(process);
	exit_drop_image(process, thread, ran);
	trace_gone(process);
	group_leader_ends(process);
	exit_give_children(process, &orphans);
	signal_orphans(&orphans);
}

void
exit_self(struct thread *self, uint32_t wait_status)
{
	struct process *process = self->process;
	uint32_t status = exit_decide(process, wait_status);
	bool reaped;

	if (process == process_one)
		panic("init has ended: wait status 0x%x", status);
	trace_end(self, status, status == WAIT_SIGNALED(KSIGKILL));
	exit_take_apart(process, self, true);
	sched_leaves_soon(self);
	spin_lock(&process_table_lock);
	exit_become_zombie(process, self);
	process_has_news(process);
	reaped = signal_child_ended(process);
	if (reaped)
		process_reap(process);
	spin_unlock(&process_table_lock);
	if (reaped)
		process_put(process);
	thread_put(self); /* the scheduler has a reference of its own */
	sched_exit(self);
}

void
exit_unstarted(struct process *process, struct thread *thread)
{
	exit_decide(process, WAIT_SIGNALED(KSIGKILL));
	exit_take_apart(process, thread, false);
	spin_lock(&process_table_lock);
	exit_become_zombie(process, thread);
	process_reap(process);
	spin_unlock(&process_table_lock);
	thread_put(thread);
	process_put(process);
}
