/*
 * What a process has used: the sum of what its living threads have, read from
 * each as it goes on (sched_account.c), and of what was kept of those that have
 * ended.  Called by schemes/proc, by wait4 and getrusage, and by the end of a
 * thread.
 *
 * The rule: a thread is counted once, as living or as ended; the PROCESS lock
 * decides.
 */
#include "process_usage.h"
#include "abi/trace.h"
#include "process.h"
#include "text.h"

/* As far as it was sampled. */
static void
usage_of_thread(const struct thread *thread, struct trace_usage *usage)
{
	*usage = (struct trace_usage){
		.user_ns = __atomic_load_n(&thread->sampled[true],
					   __ATOMIC_RELAXED),
		.system_ns = __atomic_load_n(&thread->sampled[false],
					     __ATOMIC_RELAXED),
		.run_ns = sched_spent(thread, DOING_RUN),
		.ready_ns = sched_spent(thread, DOING_READY),
		.waiting_ns = sched_spent(thread, DOING_WAIT),
		.held_ns = sched_spent(thread, DOING_HELD),
		.stopped_ns = sched_spent(thread, DOING_STOP),
		.calls = sched_calls(thread),
		.faults = __atomic_load_n(&thread->faults, __ATOMIC_RELAXED),
	};
	usage->switches = sched_switches(thread, &usage->preemptions) -
			  usage->preemptions;
}

void
process_usage_add(struct trace_usage *to, const struct trace_usage *from)
{
#define USAGE(member, word) to->member += from->member;
#include "abi/usage.def"
#undef USAGE
}

void
process_usage(struct process *process, struct trace_usage *usage)
{
	struct trace_usage one;

	spin_lock(&process->lock);
	*usage = process->ended;
	list_for_each(link, &process->threads)
	{
		usage_of_thread(container_of(link, struct thread, siblings),
				&one);
		process_usage_add(usage, &one);
	}
	spin_unlock(&process->lock);
	usage->size = sizeof(*usage);
	usage->pid = process->pid;
}

/* What was never sampled goes where most samples found it. */
void
process_usage_end(struct process *process, struct thread *thread)
{
	struct trace_usage usage;

	usage_of_thread(thread, &usage);
	if (usage.system_ns > usage.user_ns)
		usage.system_ns = usage.run_ns - usage.user_ns;
	else
		usage.user_ns = usage.run_ns - usage.system_ns;
	process_usage_add(&process->ended, &usage);
}
