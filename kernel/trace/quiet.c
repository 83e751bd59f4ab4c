/*
 * What rules do without an event: return, signal, kill, delay, count.  Called
 * by emit.c.
 *
 *	judged		noted in the emission, for there may be other sessions
 *	all judged	return and signal: edits, made before anybody reads
 *	locks let go	kill
 *	no hold left	delays, one after another, then the verdict
 *
 * Of two sessions that both give a result, or a signal, the one that joined
 * last counts.
 */
#include "trace/emit.h"
#include "trace/trace.h"
#include "abi/signal.h"

int (*trace_post)(struct process *process, int signal);

void
quiet_note(struct emission *emission, struct hold *hold,
	   const struct decision *decision)
{
	uint64_t value = hold->session->rules[decision->rule - 1].value;

	switch (decision->action) {
	case ACTION_RETURN:
		emission->rest |= REST_RETURN;
		emission->result = value;
		break;
	case ACTION_SIGNAL:
		emission->rest |= REST_SIGNAL;
		emission->signal = (int)value;
		break;
	case ACTION_KILL:
		emission->rest |= REST_KILL;
		break;
	case ACTION_DELAY:
		emission->rest |= REST_DELAY;
		hold->delay_ns = value;
		break;
	default: /* it counts: done already */
		break;
	}
}

void
trace_give(struct thread *thread, bool entering, uint64_t value)
{
	if (entering) {
		thread->trace->given = true;
		thread->trace->value = (int64_t)value;
	} else {
		thread_frame(thread)->rax = value;
		thread->signal.restart = false;
	}
}

void
quiet_edit(struct emission *emission)
{
	struct record *record = &emission->record;

	if (emission->rest & REST_RETURN) {
		trace_give(record->thread, record->type == TRACE_EV_enter,
			   emission->result);
		if (record->type == TRACE_EV_leave) {
			record->result = emission->result;
			record->flags &= (uint16_t)~TRACE_EF_RESTART;
		}
	}
	if (emission->rest & REST_SIGNAL)
		record->thread->trace->signal = emission->signal;
	if (emission->rest & REST_KILL)
		record->thread->trace->signal = 0;
	emission->rest &= (uint16_t) ~(REST_RETURN | REST_SIGNAL);
}

void
quiet_kill(struct emission *emission)
{
	if (emission->rest & REST_KILL)
		(void)trace_post(emission->record.thread->process, KSIGKILL);
}

/* ---- delays ---- */

/* The next session, referenced, that wants one of the thread; NULL: none. */
static struct session *
delay_next(struct thread *self, uint64_t *ns)
{
	struct trace_process *targets = self->process->trace;
	struct session *session = NULL;

	spin_lock(&targets->lock);
	list_for_each(pos, &self->trace->holds_list)
	{
		struct hold *hold = container_of(pos, struct hold, by_thread);

		if (session || !hold->delay_ns)
			continue;
		*ns = hold->delay_ns;
		hold->delay_ns = 0;
		session = hold->session;
		atomic_fetch_add(&session->refs, 1);
	}
	spin_unlock(&targets->lock);
	return session;
}

/* The session is closed, or has lost the process. */
static bool
delay_is_void(struct thread *self, const struct session *session)
{
	struct trace_process *targets = self->process->trace;
	bool there = false;

	spin_lock(&targets->lock);
	list_for_each(pos, &self->trace->holds_list) there |=
		container_of(pos, struct hold, by_thread)->session == session;
	spin_unlock(&targets->lock);
	return !there || session->dead;
}

static void
delay(struct thread *self, struct session *session, uint64_t ns)
{
	uint64_t now = arch_time_ns();
	uint64_t until = ns < DEADLINE_NONE - now ? now + ns : DEADLINE_NONE;

	atomic_store(&self->trace->kept_by, session->opener->pid);
	(void)WAIT_FOR(&session->room, self, SLEEP_KILLABLE, "a rule's delay",
		       until, delay_is_void(self, session));
	atomic_store(&self->trace->kept_by, 0);
}

uint64_t
quiet_delay(struct emission *emission, uint64_t now)
{
	struct thread *self = emission->record.thread;
	struct session *session;
	uint64_t ns;

	if (!(emission->rest & REST_DELAY))
		return now;
	while (!(thread_flags(self) & THREAD_KILLED) &&
	       (session = delay_next(self, &ns))) {
		delay(self, session, ns);
		session_put(session);
		trace_park(self); /* a stop has landed meanwhile */
	}
	return arch_time_ns();
}
