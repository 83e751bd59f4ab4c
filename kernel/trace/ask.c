/*
 * What others may know of who traces a process: for status and sys:, and the
 * two facts that a process keeps of its own (private, refused).
 */
#include "trace/hold.h"
#include "trace/trace.h"
#include "abi/errno.h"
#include "text.h"

void
trace_count(struct process *process, uint32_t *sessions, uint32_t *holds)
{
	struct trace_process *trace = process->trace;

	*holds = 0;
	spin_lock(&process->lock);
	spin_lock(&trace->lock);
	*sessions = trace->sessions;
	list_for_each(pos, &process->threads) *holds += atomic_load(
		&container_of(pos, struct thread, siblings)->trace->holds);
	spin_unlock(&trace->lock);
	spin_unlock(&process->lock);
}

static bool
target_holds(const struct target *target)
{
	list_for_each(
		pos,
		&target->holds) if (container_of(pos, struct hold, by_target)
					    ->state != HOLD_NONE) return true;
	return false;
}

uint32_t
trace_holders(struct process *process, uint32_t *pids, uint32_t max)
{
	struct trace_process *trace = process->trace;
	uint32_t count = 0;

	spin_lock(&trace->lock);
	list_for_each(pos, &trace->targets)
	{
		struct target *target =
			container_of(pos, struct target, by_process);

		spin_lock(&target->session->lock);
		if (target_holds(target) && count < max)
			pids[count++] = target->session->opener->pid;
		spin_unlock(&target->session->lock);
	}
	spin_unlock(&trace->lock);
	return count;
}

unsigned
trace_held_at(struct process *process)
{
	struct trace_process *trace = process->trace;
	unsigned type = 0;

	spin_lock(&trace->lock);
	list_for_each(t, &trace->targets)
	{
		struct target *target =
			container_of(t, struct target, by_process);

		spin_lock(&target->session->lock);
		list_for_each(pos, &target->holds)
		{
			struct hold *hold =
				container_of(pos, struct hold, by_target);

			if (hold->state != HOLD_NONE && !type)
				type = hold->held_by->event.type;
		}
		spin_unlock(&target->session->lock);
	}
	spin_unlock(&trace->lock);
	return type;
}

unsigned
trace_thread_held(struct thread *thread, uint32_t *holds, uint32_t *pids)
{
	struct trace_process *trace = thread->process->trace;
	unsigned type = 0;
	uint32_t count = 0;

	memset(pids, 0, SESSIONS_MAX * sizeof(*pids));
	spin_lock(&trace->lock);
	*holds = atomic_load(&thread->trace->holds);
	list_for_each(pos, &thread->trace->holds_list)
	{
		struct hold *hold = container_of(pos, struct hold, by_thread);

		spin_lock(&hold->session->lock);
		if (hold->state != HOLD_NONE) {
			pids[count++] = hold->session->opener->pid;
			if (!type)
				type = hold->held_by->event.type;
		}
		spin_unlock(&hold->session->lock);
	}
	spin_unlock(&trace->lock);
	return type;
}

int
trace_set_private(struct process *process)
{
	int error = 0;

	spin_lock(&process->lock);
	spin_lock(&process->trace->lock);
	if (process->trace->controllers)
		error = -EBUSY;
	else
		process->no_tracers = true;
	spin_unlock(&process->trace->lock);
	spin_unlock(&process->lock);
	return error;
}

void
trace_refused_set(struct process *writer, const char *text)
{
	spin_lock(&writer->trace->lock);
	text_copy(writer->trace->refused, text, sizeof(writer->trace->refused));
	spin_unlock(&writer->trace->lock);
}

void
trace_refused_get(struct process *process, char buf[96])
{
	spin_lock(&process->trace->lock);
	memcpy(buf, process->trace->refused, 96);
	spin_unlock(&process->trace->lock);
}
