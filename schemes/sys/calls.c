/*
 * sys:/calls: the call that each thread is inside of: one line a thread, fields
 * split by tabs: pid/tid, name, call, its number, six arguments.
 *
 * Called by sys.c when it is read.  The rule: numbers only, nothing behind a
 * pointer is looked at.  Number and arguments are of one call, for the thread
 * is kept asleep meanwhile; of one that runs nothing is said but that.
 */
#include "process.h"
#include "sys.h"
#include "trace/session.h"
#include "trace/show.h"

/* An argument that the call does not have is `-`. */
static void
put_words(struct text_buffer *text, const struct thread_call *call)
{
	unsigned count = call->inside ? trace_call_arguments(call->number) : 0;
	unsigned i;

	for (i = 0; i < SYSCALL_MAX_ARGS; i++)
		if (i < count)
			text_printf(text, "\t0x%lx", call->words[i]);
		else
			text_printf(text, "\t-");
}

/* PROCESS lock. */
static void
calls_line(struct text_buffer *text, struct process *process,
	   struct thread *thread)
{
	struct thread_call call;

	thread_call(thread, &call);
	sys_put_who(text, process->pid, thread->tid);
	text_append(text, "\t", 1);
	text_word(text, process->name);
	text_append(text, "\t", 1);
	if (!call.still)
		text_printf(text, "running\t-");
	else if (!call.inside)
		text_printf(text, "-\t-");
	else if (trace_call_name(call.number))
		text_printf(text, "%s\t0x%lx", trace_call_name(call.number),
			    call.number);
	else
		text_printf(text, "#%lu\t0x%lx", call.number, call.number);
	put_words(text, &call);
	text_append(text, "\n", 1);
}

void
calls_text(struct text_buffer *text, const struct asker *asker)
{
	sys_each_thread(text, asker, calls_line);
}
