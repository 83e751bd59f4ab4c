/*
 * The verb `kill`: whom it is about.  The signal is posted with no lock held.
 */
#include "trace/hold.h"
#include "trace/trace.h"
#include "abi/errno.h"

/* The delivered hold whose event has this seq; NULL. */
static const struct hold *
hold_by_seq(const struct session *session, uint64_t seq)
{
	list_for_each(pos, &session->delivered)
	{
		const struct hold *hold =
			container_of(pos, struct hold, delivered);

		if (hold->held_by->event.seq == seq)
			return hold;
	}
	return NULL;
}

/* The process that an event stands for: the current one, that of a seq, or,
 * before the first, the one that the session was opened on. */
static int
kill_event(const struct session *session, const struct who *who,
	   const struct process **process)
{
	const struct hold *hold = session->current;

	if (who->kind == WHO_SEQ && who->number != session->delivered_seq) {
		hold = hold_by_seq(session, who->number);
		if (!hold)
			return list_empty(&session->targets) ? -ESRCH : -ESTALE;
	} else if (who->kind == WHO_CURRENT && !session->delivered_seq) {
		*process = session->first;
		return *process ? 0 : -ESRCH;
	}
	if (!hold || !hold->target)
		return -ESRCH;
	*process = hold->target->process;
	return 0;
}

/* event: the process, if it is no number that names it. */
static bool
target_has(const struct target *target, const struct who *who,
	   const struct process *event)
{
	if (event)
		return target->process == event;
	if (who->kind == WHO_PID)
		return target->process->pid == who->number;
	list_for_each(pos, &target->holds) if (container_of(pos, struct hold,
							    by_target)
						       ->thread->tid ==
					       who->number) return true;
	return false;
}

/* Whom a kill is about; referenced.  TID and PID name a target's. */
static int
kill_find(struct session *session, const struct who *who,
	  struct process **process)
{
	const struct process *event = NULL;
	int error = 0;

	if (who->kind == WHO_CURRENT || who->kind == WHO_SEQ)
		error = kill_event(session, who, &event);
	if (error)
		return error;
	list_for_each(t, &session->targets)
	{
		struct target *target =
			container_of(t, struct target, by_session);

		if (target_has(target, who, event)) {
			*process = target->process;
			process_get(*process);
			return 0;
		}
	}
	return -ESRCH;
}

static int
kill_all(struct session *session, int (*post)(struct process *, int),
	 int signal)
{
	struct process *process;
	uint32_t pid = 0;

	while ((process = session_target_after(session, pid))) {
		pid = process->pid;
		(void)post(process, signal);
		process_put(process);
	}
	return 0;
}

int
session_kill(struct session *session, struct who who,
	     int (*post)(struct process *, int), int signal)
{
	struct process *process = NULL;
	int error;

	if (who.kind == WHO_ALL)
		return kill_all(session, post, signal);
	spin_lock(&session->lock);
	session_take_back(session);
	error = kill_find(session, &who, &process);
	spin_unlock(&session->lock);
	if (error)
		return error;
	error = post(process, signal);
	process_put(process);
	return error;
}
