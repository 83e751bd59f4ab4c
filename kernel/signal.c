/*
 * Posting of signals: by kill, tty, pipe, proc:, by the kernel itself.
 *
 *	ignored			gone at once, unless a tracer wants to see it
 *	else			pending: in the queue of a process or a thread;
 *				threads that do not block it are flagged, and
 *				one that sleeps for long wakes
 *	SIGKILL			never pending: it decides how the process ends
 *				and ends every sleep but the short ones
 *	SIGCONT			continues now, whatever is done with it later;
 *				it and the signals that stop take each other
 *				back
 *
 * So whoever sleeps interruptibly has a reason to look exactly if its flag is
 * set.  What is done with a signal is done by the thread: signal_take.c.
 */
#include "signal.h"

#include "abi/errno.h"
#include "group.h"
#include "trace/trace.h"

void
signal_flag_all(struct process *process, uint32_t flag)
{
	list_for_each(link, &process->threads)
	{
		struct thread *thread =
			container_of(link, struct thread, siblings);

		thread_flag(thread, flag);
		if (flag == THREAD_KILLED)
			sched_wake_signal(thread, true);
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

/* PROCESS lock.  true: a sleep of it ended. */
static bool
signal_notify_one(struct thread *thread, uint64_t bit, bool wake)
{
	if (thread->signal.waited & bit)
		return sched_wake(thread);
	if (thread->signal.blocked & bit)
		return false;
	thread_flag(thread, THREAD_SIGNAL);
	return wake && sched_wake_signal(thread, false);
}

/* Everybody who may take it is flagged, one that sleeps is woken: who comes too
 * late finds nothing, and sleeps on. */
void
signal_notify(struct process *process, struct thread *only, int sig)
{
	uint64_t bit = signal_bit(sig);
	bool woken = false;

	list_for_each(link, &process->threads)
	{
		struct thread *thread =
			container_of(link, struct thread, siblings);

		if (!only || only == thread)
			woken |= signal_notify_one(thread, bit, !woken);
	}
}

void
signal_discard(struct process *process, uint64_t set)
{
	signal_queue_drop(&process->signal.pending, set);
	list_for_each(link, &process->threads) signal_queue_drop(
		&container_of(link, struct thread, siblings)->signal.pending,
		set);
}

void
signal_settle(struct thread *self)
{
	uint64_t pending =
		self->signal.pending.set | self->process->signal.pending.set;

	bool waits =
		self->signal.chosen.signo || pending & ~signal_withheld(self);

	if (!waits)
		thread_unflag(self, THREAD_SIGNAL);
	/* a tracer gives a signal, then flags, and takes no lock of this: so
	 * the look comes last */
	if (waits || trace_injects(self))
		thread_flag(self, THREAD_SIGNAL);
}

/* One that is blocked may be of interest later. */
static bool
signal_is_blocked(struct process *process, const struct thread *only,
		  uint64_t bit)
{
	list_for_each(link, &process->threads)
	{
		struct thread *thread =
			container_of(link, struct thread, siblings);

		if ((!only || only == thread) &&
		    !(signal_withheld(thread) & bit))
			return false;
	}
	return true;
}

static bool
signal_is_wanted(struct process *process, struct thread *only, int sig)
{
	enum signal_action action = signal_action_of(process, sig);

	if (process == process_one)
		return action == HANDLE;
	if (action != IGNORE && action != CONTINUE)
		return true;
	return signal_is_blocked(process, only, signal_bit(sig)) ||
	       trace_wants_signal(process, sig);
}

/* PROCESS lock. */
static int
signal_add(struct process *process, struct thread *thread,
	   const struct signal_info *info)
{
	int error;

	if (!signal_is_wanted(process, thread, info->signo))
		return 0;
	error = signal_queue_add(thread ? &thread->signal.pending
					: &process->signal.pending,
				 info);
	if (!error)
		signal_notify(process, thread, info->signo);
	return error;
}

/* PROCESS lock; the process is alive.  *continued: its parent is to hear of it.
 */
static int
signal_act(struct process *process, struct thread *thread,
	   const struct signal_info *info, bool *continued)
{
	int sig = info->signo;

	if (sig == KSIGKILL) {
		if (process != process_one)
			signal_kill(process);
		return 0;
	}
	if (sig == KSIGCONT)
		*continued = signal_continue(process);
	else if (signal_bit(sig) & SIGNALS_STOP)
		signal_discard(process, signal_bit(KSIGCONT));
	return signal_add(process, thread, info);
}

/* PROCESS_TABLE lock, if it is SIGCONT.  walk: it goes to many. */
static int
signal_post_counted(struct process *process, struct thread *thread,
		    const struct signal_info *info, bool walk)
{
	bool continued = false;
	int sig = info->signo, error = 0;
	uint32_t state;

	spin_lock(&process->lock);
	process->signal.walks += walk;
	state = atomic_load(&process->state);
	if (sig && state == PROCESS_ALIVE)
		error = signal_act(process, thread, info, &continued);
	else if (sig == KSIGKILL && state == PROCESS_ENDING)
		signal_flag_all(process, THREAD_KILLED);
	else if (state == PROCESS_REAPED)
		error = -ESRCH;
	spin_unlock(&process->lock);
	if (continued)
		signal_child_changed(process, KCLD_CONTINUED, KSIGCONT);
	return error;
}

int
signal_post_locked(struct process *process, struct thread *thread,
		   const struct signal_info *info)
{
	return signal_post_counted(process, thread, info, false);
}

static int
signal_post_any(struct process *process, struct thread *thread,
		const struct signal_info *info, bool walk)
{
	bool table = info->signo == KSIGCONT;
	int error;

	if (table)
		spin_lock(&process_table_lock);
	error = signal_post_counted(process, thread, info, walk);
	if (table)
		spin_unlock(&process_table_lock);
	return error;
}

int
signal_post_info(struct process *process, struct thread *thread,
		 const struct signal_info *info)
{
	return signal_post_any(process, thread, info, false);
}

int
signal_post_walk(struct process *process, const struct signal_info *info)
{
	return signal_post_any(process, NULL, info, true);
}

int
signal_post(struct process *process, int sig)
{
	struct signal_info info = {.signo = sig, .code = KSI_KERNEL};

	return signal_post_info(process, NULL, &info);
}

void
signal_raise(struct thread *self, int sig)
{
	struct signal_info info = {.signo = sig};

	signal_info_sender(&info, self->process, KSI_USER);
	if (self->process)
		signal_post_info(self->process, self, &info);
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
signal_allows(struct process *from, struct process *to, int sig)
{
	return signal_allowed(from, to) ||
	       (sig == KSIGCONT && group_same_session(from, to));
}

bool
signal_pending(struct thread *self)
{
	return thread_flags(self) & (THREAD_KILLED | THREAD_SIGNAL);
}

/* ---- what is known of a signal ---- */

void
signal_info_sender(struct signal_info *info, struct process *sender, int code)
{
	uint64_t uid = sender ? process_cred(sender).ruid : 0;

	info->code = code;
	info->words[0] = (sender ? sender->pid : 0) | uid << 32;
}

struct abi_siginfo
signal_info_abi(const struct signal_info *info)
{
	return (struct abi_siginfo){
		.signo = info->signo,
		.code = info->code,
		.words = {info->words[0], info->words[1]},
	};
}
