/*
 * sys:/block: who waits for what, and for how long: one line for each thread
 * that sleeps, fields split by tabs: pid/tid, name, call, what it waits for,
 * nanoseconds since it fell asleep, who holds it, or keeps it waiting.
 *
 * Called by sys.c when it is read: the first thing to look at when something
 * hangs.  So it looks only, and waits for no mutex.
 */
#include "process.h"
#include "sys.h"
#include "trace/show.h"

/* PROCESS lock. */
static void
block_line(struct text_buffer *text, struct process *process,
	   struct thread *thread)
{
	struct thread_held held;
	struct sched_sleep sleep;

	if (!sched_look(thread, &sleep))
		return;
	thread_held(thread, &held);
	sys_put_who(text, process->pid, thread->tid);
	text_append(text, "\t", 1);
	text_word(text, process->name);
	text_append(text, "\t", 1);
	sys_put_call(text, sleep.call);
	text_printf(text, "\t%s\t%lu\t", sleep.waits_for, sleep.ns);
	if (held.kept_by && !held.held)
		text_printf(text, "%u", held.kept_by);
	else
		sys_put_holders(text, &held);
	text_append(text, "\n", 1);
}

void
block_text(struct text_buffer *text, const struct asker *asker)
{
	sys_each_thread(text, asker, block_line);
}
