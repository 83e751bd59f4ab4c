/*
 * What the files about processes share.  Called by their makers.
 *
 * The rule of all of them: fields are split by tabs, every name is %-escaped
 * (text_word), and `-` stands where there is nothing to say, so no process can
 * make a line or a field by what it is called.
 */
#include "process.h"
#include "sys.h"
#include "trace/session.h"
#include "trace/show.h"

void
sys_each_process(struct text_buffer *text,
		 void (*line)(struct text_buffer *text, struct process *process,
			      const void *arg),
		 const void *arg)
{
	struct process *process;
	uint32_t pid = 0;

	while (!text->error && (process = process_next(pid))) {
		pid = process->pid;
		line(text, process, arg);
		process_put(process);
	}
}

struct observed {
	const struct asker *asker;
	void (*line)(struct text_buffer *text, struct process *process,
		     struct thread *thread);
};

static void
thread_lines(struct text_buffer *text, struct process *process, const void *arg)
{
	const struct observed *observed = arg;

	spin_lock(&process->lock);
	if (!rights_ask_locked(observed->asker, process, RIGHT_OBSERVE))
		list_for_each(at, &process->threads) observed->line(
			text, process,
			container_of(at, struct thread, siblings));
	spin_unlock(&process->lock);
}

void
sys_each_thread(struct text_buffer *text, const struct asker *asker,
		void (*line)(struct text_buffer *text, struct process *process,
			     struct thread *thread))
{
	struct observed observed = {asker, line};

	sys_each_process(text, thread_lines, &observed);
}

void
sys_put_who(struct text_buffer *text, uint32_t pid, uint32_t tid)
{
	if (tid)
		text_printf(text, "%u/%u", pid, tid);
	else
		text_printf(text, "%u/-", pid);
}

void
sys_put_call(struct text_buffer *text, uint64_t number)
{
	const char *name = trace_call_name(number);

	if (name || !number)
		text_printf(text, "%s", name ? name : "-");
	else
		text_printf(text, "#%lu", number);
}

void
sys_put_holders(struct text_buffer *text, const struct thread_held *held)
{
	uint32_t i;

	for (i = 0; i < held->count; i++)
		text_printf(text, "%s%u", i ? "," : "", held->openers[i]);
	if (held->by_ctl)
		text_printf(text, "%sctl", held->count ? "," : "");
	else if (!held->count)
		text_append(text, "-", 1);
}
