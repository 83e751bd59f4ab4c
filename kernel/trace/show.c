/*
 * What sys: shows of threads and sessions.  Called by schemes/sys.
 *
 * One rule: what is said of one thread or of one session is of one moment, and
 * the right to see it is asked in that moment.
 */
#include "trace/show.h"
#include "trace/edges.h"
#include "trace/hold.h"

void
thread_held(struct thread *thread, struct thread_held *held)
{
	struct trace_process *targets = thread->process->trace;

	*held = (struct thread_held){0};
	spin_lock(&targets->lock);
	held->traced = targets->sessions > 0;
	held->by_ctl = atomic_load(&thread->trace->ctl_held);
	held->kept_by = atomic_load(&thread->trace->kept_by);
	list_for_each(pos, &thread->trace->holds_list)
	{
		struct hold *hold = container_of(pos, struct hold, by_thread);

		spin_lock(&hold->session->lock);
		if (hold->state != HOLD_NONE && held->count < SHOWN_HOLDERS)
			held->openers[held->count++] =
				hold->session->opener->pid;
		spin_unlock(&hold->session->lock);
	}
	held->held = held->by_ctl || held->count > 0;
	spin_unlock(&targets->lock);
}

/* While it is kept asleep: what it entered the kernel with lies in its frame,
 * as a tracer has left it. */
static void
call_look(struct thread *thread, void *arg)
{
	uint32_t at = atomic_load(&thread->trace->at);
	const struct frame *frame = thread_frame(thread);
	struct thread_call *call = arg;

	call->still = true;
	call->inside = thread->call || at == AT_ENTER || at == AT_LEAVE;
	if (!call->inside)
		return;
	call->number = frame->orig_rax;
	call_arguments(frame, call->words);
}

void
thread_call(struct thread *thread, struct thread_call *call)
{
	*call = (struct thread_call){0};
	sched_if_asleep(thread, call_look, call);
}

/* EDGES lock: the targets stay. */
static bool
session_is_for(const struct asker *asker, const struct session *session)
{
	if (!rights_ask(asker, session->opener, RIGHT_OBSERVE))
		return true;
	list_for_each(pos, &session->targets)
	{
		struct target *target =
			container_of(pos, struct target, by_session);

		if (rights_ask(asker, target->process, RIGHT_OBSERVE))
			return false;
	}
	return !list_empty(&session->targets);
}

/* SESSION lock. */
static uint32_t
count_held(const struct session *session)
{
	uint32_t count = 0;

	list_for_each(t, &session->targets)
	{
		const struct target *target =
			container_of(t, struct target, by_session);

		list_for_each(pos, &target->holds) count +=
			container_of(pos, struct hold, by_target)->state !=
			HOLD_NONE;
	}
	return count;
}

/* SESSION lock. */
static uint32_t
count_queued(const struct session *session)
{
	uint32_t count = atomic_load(&session->given) ? 1 : 0;

	list_for_each(pos, &session->queue) count++;
	return count;
}

/* Its own lock is taken.  false: it is closed. */
static bool
gather(struct session *session, struct session_facts *facts)
{
	bool dead;

	spin_lock(&session->lock);
	dead = session->dead;
	*facts = (struct session_facts){
		.number = session->number,
		.opener = session->opener->pid,
		.controller = session->controller,
		.exclusive = session->exclusive,
		.rules = session->rule_count,
		.queued = count_queued(session),
		.bound = LOG_NODES - 1, /* the last is for `lost` */
		.held = count_held(session),
		.lost = session->lost_count,
	};
	spin_unlock(&session->lock);
	return !dead;
}

bool
session_facts(struct session *session, const struct asker *asker,
	      struct session_facts *facts,
	      void (*target)(uint32_t pid, void *arg), void *arg)
{
	bool shown;

	edges_lock();
	shown = session_is_for(asker, session) && gather(session, facts);
	if (shown)
		list_for_each(pos, &session->targets)
			target(container_of(pos, struct target, by_session)
				       ->process->pid,
			       arg);
	edges_unlock();
	return shown;
}
