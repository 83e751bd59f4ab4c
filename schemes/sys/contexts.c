/*
 * sys:/contexts: one line a process, fields split by tabs: pid, parent's pid,
 * state, threads, name, the call it is inside of, what it waits for, pids of
 * those who hold it (by commas).  "-" where there is nothing to say.
 *
 * Called by sys.c when it is read.  The rule: a process is looked at under
 * references only, so a line is true of some moment, the lines not of one and
 * the same.
 */
#include "process.h"
#include "sys.h"
#include "text.h"
#include "trace/session.h"

#define CONTEXTS_HOLDERS 8

static const char *
contexts_thread_state(struct process *process, struct thread *thread)
{
	uint32_t sessions, holds;

	if (process->stopped)
		return "stopped";
	trace_count(process, &sessions, &holds);
	if (atomic_load(&thread->sched.waits_for))
		return holds ? "held" : "sleeping";
	return atomic_load(&thread->sched.on_cpu) ? "running" : "ready";
}

/* thread: NULL if the process has none any more. */
static const char *
contexts_state(struct process *process, struct thread *thread)
{
	static const char *const states[] = {
		[PROCESS_NEW] = "new",
		[PROCESS_ENDING] = "ending",
		[PROCESS_ZOMBIE] = "zombie",
		[PROCESS_REAPED] = "reaped",
	};
	uint32_t state = atomic_load(&process->state);

	if (state != PROCESS_ALIVE)
		return states[state];
	return thread ? contexts_thread_state(process, thread) : "ending";
}

static uint32_t
contexts_parent(struct process *process)
{
	struct process *parent = process_parent(process);
	uint32_t pid = parent ? parent->pid : 0;

	if (parent)
		process_put(parent);
	return pid;
}

static uint32_t
contexts_name(struct process *process, char name[32])
{
	uint32_t live;

	spin_lock(&process->lock);
	text_copy(name, process->name, 32);
	live = process->live;
	spin_unlock(&process->lock);
	return live;
}

static void
contexts_call(struct text_buffer *text, struct thread *thread)
{
	uint64_t number = thread ? thread->call : 0;
	const char *name = trace_call_name(number);
	const char *waits =
		thread ? atomic_load(&thread->sched.waits_for) : NULL;

	if (number && !name)
		text_printf(text, "\t#%lu", number);
	else
		text_printf(text, "\t%s", name ? name : "-");
	text_printf(text, "\t%s", waits ? waits : "-");
}

static void
contexts_holders(struct text_buffer *text, struct process *process)
{
	uint32_t pids[CONTEXTS_HOLDERS], i;
	uint32_t n = trace_holders(process, pids, CONTEXTS_HOLDERS);

	for (i = 0; i < n; i++)
		text_printf(text, "%c%u", i ? ',' : '\t', pids[i]);
	if (!n)
		text_append(text, "\t-", 2);
}

static void
contexts_line(struct text_buffer *text, struct process *process)
{
	struct thread *thread = process_thread(process, 0);
	char name[32];
	uint32_t live = contexts_name(process, name);

	text_printf(text, "%u\t%u\t%s\t%u\t", process->pid,
		    contexts_parent(process), contexts_state(process, thread),
		    live);
	text_word(text, name);
	contexts_call(text, thread);
	contexts_holders(text, process);
	text_append(text, "\n", 1);
	if (thread)
		thread_put(thread);
}

void
contexts_text(struct text_buffer *text)
{
	struct process *process;
	uint32_t pid = 0;

	while ((process = process_next(pid))) {
		pid = process->pid;
		contexts_line(text, process);
		process_put(process);
	}
}
