/*
 * Stopped and continued.  A thread that acts on a signal that stops does so for
 * its process: all threads are flagged and park on their way to user mode, or
 * where this one slept.  Called by signal_take.c; SIGCONT by signal.c.
 *
 * The rule: a stop that was chosen before a SIGCONT came is none any more.
 */
#include "group.h"
#include "signal.h"

#define REPORT_STOPPED(sig) (((uint32_t)(sig) << 8) | 0x7f)
#define REPORT_CONTINUED    0xffffu

/* PROCESS lock. */
static bool
signal_stop_begin(struct process *process, int sig, uint32_t continues)
{
	if (process->stopped || process->signal.continues != continues ||
	    atomic_load(&process->state) != PROCESS_ALIVE)
		return false;
	process->stopped = true;
	process->stop_report = REPORT_STOPPED(sig);
	signal_flag_all(process, THREAD_STOPPED);
	return true;
}

/* The stops of terminals are for those whom somebody can continue. */
static bool
signal_stop_is_for(const struct process *process, int sig)
{
	return sig == KSIGSTOP || !group_is_orphaned(process);
}

/* Parks if it is stopped then. */
void
signal_stop(struct thread *self, int sig, uint32_t continues)
{
	struct process *process = self->process;
	bool begun;

	spin_lock(&process_table_lock);
	spin_lock(&process->lock);
	begun = signal_stop_is_for(process, sig) &&
		signal_stop_begin(process, sig, continues);
	spin_unlock(&process->lock);
	if (begun)
		signal_child_changed(process, KCLD_STOPPED, sig);
	spin_unlock(&process_table_lock);
	signal_park(self);
}

void
signal_park(struct thread *self)
{
	WAIT_FOR(&self->process->stop_wait, self, SLEEP_KILLABLE, "SIGCONT",
		 DEADLINE_NONE, !(thread_flags(self) & THREAD_STOPPED));
}

/* true: it was stopped, and the parent is to hear of it. */
bool
signal_continue(struct process *process)
{
	process->signal.continues++;
	signal_discard(process, SIGNALS_STOP);
	if (!process->stopped)
		return false;
	process->stopped = false;
	process->stop_report = REPORT_CONTINUED;
	list_for_each(link, &process->threads) thread_unflag(
		container_of(link, struct thread, siblings), THREAD_STOPPED);
	waitq_wake(&process->stop_wait);
	return true;
}
