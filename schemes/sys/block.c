/*
 * sys:/block: who waits for what, and for how long: one line for each thread
 * that sleeps, fields split by tabs: pid/tid, name, call, what it waits for,
 * nanoseconds since it last got a CPU.
 *
 * Called by sys.c when it is read: the first thing to look at when something
 * hangs.
 */
#include "process.h"
#include "sys.h"
#include "trace/session.h"

static void
block_line(struct text_buffer *text, struct process *process,
	   struct thread *thread)
{
	const char *call = trace_call_name(thread->call);
	const char *waits = atomic_load(&thread->sched.waits_for);
	uint64_t now = arch_time_ns(),
		 since = atomic_load(&thread->sched.started_ns);

	if (!waits)
		return;
	text_printf(text, "%u/%u\t", process->pid, thread->tid);
	text_word(text, process->name);
	text_printf(text, "\t%s\t%s\t%lu\n", call ? call : "-", waits,
		    now > since ? now - since : 0);
}

void
block_text(struct text_buffer *text)
{
	struct process *process;
	uint32_t pid = 0;

	while ((process = process_next(pid))) {
		pid = process->pid;
		spin_lock(&process->lock);
		list_for_each(at, &process->threads)
			block_line(text, process,
				   container_of(at, struct thread, siblings));
		spin_unlock(&process->lock);
		process_put(process);
	}
}
