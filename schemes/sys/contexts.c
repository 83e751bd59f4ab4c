/*
 * sys:/contexts: one line a thread, fields split by tabs: pid/tid, parent's
 * pid, state, threads of the process, name, who holds it.  A process without a
 * thread has one line, with `-` for the tid.
 *
 * Called by sys.c when it is read.  The rule: only what status in proc: tells
 * everybody.  The lines of one process are true of one moment, those of two are
 * not of one and the same.
 */
#include "process.h"
#include "sys.h"
#include "trace/show.h"

/* R runs or waits for a CPU, S sleeps, H is held, T is stopped. */
static char
state_of(const struct process *process, const struct thread *thread,
	 const struct thread_held *held)
{
	struct sched_sleep sleep;

	if (held->held)
		return 'H';
	if (process->stopped)
		return 'T';
	return sched_look(thread, &sleep) ? 'S' : 'R';
}

/* PROCESS lock. */
static void
put_line(struct text_buffer *text, struct process *process, uint32_t parent,
	 struct thread *thread)
{
	struct thread_held held = {0};

	if (thread)
		thread_held(thread, &held);
	sys_put_who(text, process->pid, thread ? thread->tid : 0);
	text_printf(text, "\t%u\t%c%s\t%u\t", parent,
		    thread ? state_of(process, thread, &held) : 'Z',
		    held.traced ? "t" : "", process->live);
	text_word(text, process->name);
	text_append(text, "\t", 1);
	sys_put_holders(text, &held);
	text_append(text, "\n", 1);
}

static uint32_t
parent_of(struct process *process)
{
	struct process *parent = process_parent(process);
	uint32_t pid = parent ? parent->pid : 0;

	if (parent)
		process_put(parent);
	return pid;
}

static void
process_lines(struct text_buffer *text, struct process *process,
	      const void *arg)
{
	uint32_t parent = parent_of(process);

	(void)arg;
	spin_lock(&process->lock);
	list_for_each(at, &process->threads)
		put_line(text, process, parent,
			 container_of(at, struct thread, siblings));
	if (list_empty(&process->threads) &&
	    atomic_load(&process->state) != PROCESS_REAPED)
		put_line(text, process, parent, NULL);
	spin_unlock(&process->lock);
}

void
contexts_text(struct text_buffer *text)
{
	sys_each_process(text, process_lines, NULL);
}
