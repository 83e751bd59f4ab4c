/*
 * Signals and tracers: asked by signal*.c before a signal is dropped and before
 * one is acted on.  The mask in trace_process says whether any session has a
 * rule for it.
 */
#include "trace/session.h"
#include "trace/trace.h"

bool
trace_wants_signal(struct process *process, int sig)
{
	return atomic_load_explicit(&process->trace->signal_mask,
				    memory_order_acquire) >>
		       (sig - 1) &
	       1;
}

/* No rule can name a signal yet: it is acted on as it is. */
int
trace_signal(struct thread *self, struct signal_info *info)
{
	(void)self;
	return info->signo;
}
