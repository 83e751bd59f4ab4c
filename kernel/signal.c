/*
 * Signals with their default actions.  Posted by kill, by tty and pipe, by
 * proc:; acted on by the thread itself on its way to user mode.
 *
 *	post:	IGNORE	nothing		TERMINATE  pending, and threads wake
 *		STOP	threads flagged	CONTINUE   flag taken back, they go on
 *	SIGKILL is not pending: it decides how the process ends, flags its
 *	threads and ends every sleep of theirs but the short ones.
 *
 * So what is pending will end the process, and whoever sleeps interruptibly
 * has a reason to give up exactly if something is.  A stop disturbs no sleep:
 * the thread parks when its call is over.
 */
#include "abi/errno.h"
#include "abi/signal.h"
#include "life.h"
#include "process.h"

#define REPORT_STOPPED(sig) (((uint32_t)(sig) << 8) | 0x7f)
#define REPORT_CONTINUED    0xffffu

enum signal_action { TERMINATE, IGNORE, STOP, CONTINUE };

/* Signals that have no row end a process. */
static const uint8_t actions[SIGNAL_MAX + 1] = {
#define SIGNAL(name, number, action) [number] = (action),
#include "abi/signals.def"
#undef SIGNAL
};

static uint64_t
signal_bit(int sig)
{
	return (uint64_t)1 << (sig - 1);
}

/* PROCESS lock.  Flags every thread and ends the sleeps that this ends. */
static void
signal_flag_all(struct process *process, uint32_t flag)
{
	list_for_each(link, &process->threads)
	{
		struct thread *thread =
			container_of(link, struct thread, siblings);

		thread_flag(thread, flag);
		if (flag != THREAD_STOPPED)
			sched_wake_signal(thread, flag == THREAD_KILLED);
	}
}

static void
signal_kill(struct process *process)
{
	if (!process->ending_set) {
		process->ending_set = true;
		process->end_status = WAIT_SIGNALED(KSIGKILL);
	}
	signal_flag_all(process, THREAD_KILLED);
}

static void
signal_terminate(struct process *process, int sig)
{
	if (sig == KSIGKILL) {
		signal_kill(process);
		return;
	}
	process->pending |= signal_bit(sig);
	signal_flag_all(process, THREAD_SIGNAL);
}

static void
signal_stop(struct process *process, int sig)
{
	if (process->stopped)
		return;
	process->stopped = true;
	process->stop_report = REPORT_STOPPED(sig);
	signal_flag_all(process, THREAD_STOPPED);
	process_has_news(process);
}

static void
signal_continue(struct process *process)
{
	if (!process->stopped)
		return;
	process->stopped = false;
	process->stop_report = REPORT_CONTINUED;
	list_for_each(link, &process->threads) thread_unflag(
		container_of(link, struct thread, siblings), THREAD_STOPPED);
	waitq_wake(&process->stop_wait);
	process_has_news(process);
}

/* PROCESS lock; the process is alive.  Of STOP and CONTINUE the parent hears:
 * PROCESS_TABLE lock too. */
static void
signal_act(struct process *process, int sig)
{
	switch (actions[sig]) {
	case TERMINATE:
		signal_terminate(process, sig);
		break;
	case STOP:
		signal_stop(process, sig);
		break;
	case CONTINUE:
		signal_continue(process);
		break;
	default:
		break;
	}
}

static int
signal_post_locked(struct process *process, int sig)
{
	uint32_t state;

	spin_lock(&process->lock);
	state = atomic_load(&process->state);
	if (sig && process != process_one && state == PROCESS_ALIVE)
		signal_act(process, sig);
	else if (sig == KSIGKILL && state == PROCESS_ENDING)
		signal_flag_all(process, THREAD_KILLED);
	spin_unlock(&process->lock);
	return state == PROCESS_REAPED ? -ESRCH : 0;
}

int
signal_post(struct process *process, int sig)
{
	bool told = actions[sig] == STOP || actions[sig] == CONTINUE;
	int error;

	if (told)
		spin_lock(&process_table_lock);
	error = signal_post_locked(process, sig);
	if (told)
		spin_unlock(&process_table_lock);
	return error;
}

bool
signal_allowed(struct process *from, struct process *to)
{
	struct cred mine = process_cred(from), theirs = process_cred(to);

	return from == to || !mine.euid || mine.euid == theirs.ruid ||
	       mine.euid == theirs.suid || mine.ruid == theirs.ruid ||
	       mine.ruid == theirs.suid;
}

bool
signal_pending(struct thread *self)
{
	return thread_flags(self) & (THREAD_KILLED | THREAD_SIGNAL);
}

void
signal_fault(struct thread *self, struct frame *frame, int sig)
{
	(void)frame;
	exit_self(self, WAIT_SIGNALED(sig));
}

/* Until SIGCONT or SIGKILL. */
static void
signal_park(struct thread *self)
{
	WAIT_FOR(&self->process->stop_wait, self, SLEEP_KILLABLE, "SIGCONT",
		 DEADLINE_NONE, !(thread_flags(self) & THREAD_STOPPED));
}

/* The lowest pending signal; 0: none. */
static int
signal_take(struct thread *self)
{
	struct process *process = self->process;
	int sig;

	spin_lock(&process->lock);
	sig = process->pending ? __builtin_ctzll(process->pending) + 1 : 0;
	if (sig)
		process->pending &= ~signal_bit(sig);
	if (!process->pending)
		thread_unflag(self, THREAD_SIGNAL);
	spin_unlock(&process->lock);
	return sig;
}

void
signal_deliver(struct thread *self)
{
	for (;;) {
		uint32_t flags = thread_flags(self);
		int sig;

		if (flags & THREAD_KILLED)
			exit_self(self, WAIT_SIGNALED(KSIGKILL));
		if (flags & THREAD_STOPPED) {
			signal_park(self);
			continue;
		}
		sig = flags & THREAD_SIGNAL ? signal_take(self) : 0;
		if (!sig)
			return;
		exit_self(self, WAIT_SIGNALED(sig));
	}
}
