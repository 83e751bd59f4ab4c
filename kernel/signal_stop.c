/*
 * Stopped and continued.  A thread that acts on a signal that stops does so for
 * its process: all threads are flagged and park on their way to user mode, or
 * where this one slept.  The last one that parks tells the parent, who then
 * finds it standing still.  Called by signal_take.c; SIGCONT by signal.c.
 *
 * The rule: a stop that was chosen before a SIGCONT came is none any more.
 */
#include "group.h"
#include "signal.h"

/* PROCESS lock. */
static void
signal_stop_begin(struct process *process, int sig, uint32_t continues)
{
	if (process->stopped || process->signal.continues != continues ||
	    atomic_load(&process->state) != PROCESS_ALIVE)
		return;
	process->stopped = true;
	process->stop_signal = sig;
	signal_flag_all(process, THREAD_STOPPED);
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

	spin_lock(&process_table_lock);
	spin_lock(&process->lock);
	if (signal_stop_is_for(process, sig))
		signal_stop_begin(process, sig, continues);
	spin_unlock(&process->lock);
	spin_unlock(&process_table_lock);
	signal_park(self);
}

/* PROCESS lock.  Each thread says that it sleeps, then looks. */
static bool
signal_stands_still(const struct process *process)
{
	list_for_each(link, &process->threads)
	{
		const struct thread *thread =
			container_of(link, struct thread, siblings);

		if (!sched_is_asleep(thread))
			return false;
	}
	return true;
}

/* The stop that is to be told of, or 0; PROCESS_TABLE lock. */
static int
signal_stop_take(struct process *process)
{
	int sig = 0;

	spin_lock(&process->lock);
	if (signal_stands_still(process)) {
		sig = process->stop_signal;
		process->stop_signal = 0;
	}
	if (sig)
		process->stop_report = WAIT_STOPPED(sig);
	spin_unlock(&process->lock);
	return sig;
}

/* The thread has said that it sleeps: is it to?  Then its parent may be to hear
 * of the stop. */
static bool
signal_stays(struct thread *self)
{
	int sig;

	if (!(thread_flags(self) & THREAD_STOPPED))
		return false;
	spin_lock(&process_table_lock);
	sig = signal_stop_take(self->process);
	if (sig)
		signal_child_changed(self->process, KCLD_STOPPED, sig);
	spin_unlock(&process_table_lock);
	return thread_flags(self) & THREAD_STOPPED;
}

void
signal_park(struct thread *self)
{
	self->sched.next = DOING_STOP;
	WAIT_FOR(&self->process->stop_wait, self, SLEEP_KILLABLE, "SIGCONT",
		 DEADLINE_NONE, !signal_stays(self));
	self->sched.next = DOING_WAIT;
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
	process->stop_signal = 0;
	process->stop_report = WAIT_CONTINUED;
	list_for_each(link, &process->threads) thread_unflag(
		container_of(link, struct thread, siblings), THREAD_STOPPED);
	waitq_wake(&process->stop_wait);
	return true;
}
