/*
 * A process becomes a session's target, and stops being one.  Called when a
 * session is opened, by `new`, fork, close, when a process starts another
 * program and when it is gone.
 *
 * Both ends of a target are taken apart under the TARGETS and SESSION locks,
 * whoever begins; what is left is freed with its last reference.
 */
#include "trace/edges.h"
#include "trace/hold.h"
#include "trace/trace.h"
#include "abi/errno.h"
#include "heap.h"

static void
target_free(struct target *target)
{
	list_for_each_safe(pos, &target->holds)
		heap_free(container_of(pos, struct hold, by_target));
	process_put(target->process);
	heap_free(target);
}

static struct hold *
hold_create(struct target *target, struct thread *thread)
{
	struct hold *hold = heap_zalloc(sizeof(*hold));

	if (!hold)
		return NULL;
	hold->refs = 1;
	hold->target = target;
	hold->session = target->session;
	hold->thread = thread;
	hold->node.kind = NODE_HOLD;
	hold->node.hold = hold;
	hold->end.kind = NODE_END;
	hold->end.hold = hold;
	list_init(&hold->by_thread);
	list_init(&hold->delivered);
	list_add_tail(&target->holds, &hold->by_target);
	return hold;
}

/* A target with a hold for the process's thread, linked to nothing yet. */
static struct target *
target_create(struct session *session, struct process *process,
	      struct thread *thread)
{
	struct target *target = heap_zalloc(sizeof(*target));

	if (!target)
		return NULL;
	target->session = session;
	target->process = process;
	process_get(process);
	list_init(&target->by_session);
	list_init(&target->by_process);
	list_init(&target->holds);
	if (!hold_create(target, thread)) {
		target_free(target);
		return NULL;
	}
	return target;
}

static enum right
target_right(const struct session *session)
{
	return session->controller ? RIGHT_CONTROL : RIGHT_OBSERVE;
}

/* EDGES, PROCESS and TARGETS lock.  May this session have this process? */
static int
join_check(const struct session *session, const struct trace_process *trace)
{
	int error = -ESRCH;

	if (!trace->gone)
		error = rights_ask_locked(&session->asker, trace->process,
					  target_right(session));

	if (error)
		return error;
	list_for_each(pos, &trace->targets) if (container_of(pos, struct target,
							     by_process)
							->session ==
						session) return -EEXIST;
	if (session->controller && trace->exclusive)
		return -EBUSY;
	if (session->controller && session->exclusive && trace->controllers)
		return -EEXIST;
	if (trace->sessions == SESSIONS_MAX)
		return -ENOSPC;
	return edges_cycle(session->opener, trace->process) ? -EDEADLK : 0;
}

/* A child that was not started is held at `start` before it exists for anybody
 * else. */
static void
hold_born(struct hold *hold)
{
	struct record record;

	event_begin(&record, TRACE_EV_start, hold->thread);
	atomic_fetch_add(&hold->thread->trace->holds, 1);
	thread_flag(hold->thread, THREAD_HOLD);
	hold_queue(hold, &hold->node, &record);
	hold->born_held = true;
}

/* EDGES and TARGETS lock. */
static void
target_link(struct target *target, bool born, bool first)
{
	struct session *session = target->session;
	struct trace_process *trace = target->process->trace;

	spin_lock(&session->lock);
	list_add_tail(&trace->targets, &target->by_process);
	list_add_tail(&session->targets, &target->by_session);
	session->target_count++;
	trace->sessions++;
	trace->controllers += session->controller;
	if (session->exclusive)
		trace->exclusive = true;
	if (first) {
		process_get(target->process);
		session->first = target->process;
	}
	list_for_each(pos, &target->holds)
	{
		struct hold *hold = container_of(pos, struct hold, by_target);

		list_add_tail(&hold->thread->trace->holds_list,
			      &hold->by_thread);
		if (born)
			hold_born(hold);
	}
	session_wake(session, NULL);
	spin_unlock(&session->lock);
}

int
session_join(struct session *session, struct process *process, bool born,
	     bool first)
{
	struct thread *thread = process_thread(process, 0);
	struct target *target = NULL;
	int error;

	if (!thread)
		return -ESRCH;
	if (!session->counting || !counts_create(process))
		target = target_create(session, process, thread);
	if (!target) {
		thread_put(thread);
		return -ENOMEM;
	}
	edges_lock();
	spin_lock(&process->lock);
	spin_lock(&process->trace->lock);
	error = thread->trace->ended ? -ESRCH
				     : join_check(session, process->trace);
	if (!error)
		target_link(target, born, first);
	spin_unlock(&process->trace->lock);
	spin_unlock(&process->lock);
	edges_unlock();
	if (error) {
		target_free(target);
		thread_put(thread);
		return error;
	}
	rule_masks_update(process);
	return 0;
}

struct process *
session_target_after(struct session *session, uint32_t pid)
{
	struct process *best = NULL;

	spin_lock(&session->lock);
	list_for_each(pos, &session->targets)
	{
		struct process *process =
			container_of(pos, struct target, by_session)->process;

		if (process->pid > pid && (!best || process->pid < best->pid))
			best = process;
	}
	if (best)
		process_get(best);
	spin_unlock(&session->lock);
	return best;
}

/* `keep`: the hold stays on its thread without an owner.  TARGETS and SESSION
 * lock. */
static void
hold_keep(struct hold *hold)
{
	struct trace_thread *trace = hold->thread->trace;

	if (hold->state == HOLD_NONE)
		return;
	ctl_by(trace, &hold->session->asker);
	if (trace->ctl_held)
		return;
	trace->ctl_wanted = false;
	atomic_fetch_add(&trace->holds, 1);
	trace->ctl_held = true;
}

/* TARGETS and SESSION lock: this session holds and wants nothing of the thread
 * any more. */
static void
hold_unlink(struct hold *hold)
{
	hold->stop_wanted = false;
	if (hold->target->session->dead && hold->session->close == CLOSE_KEEP)
		hold_keep(hold);
	if (hold->state != HOLD_NONE)
		hold_end(hold, NULL);
	list_remove(&hold->by_thread);
	hold->target = NULL;
}

/* EDGES, TARGETS and SESSION lock. */
static void
target_unlink(struct target *target)
{
	struct session *session = target->session;
	struct trace_process *trace = target->process->trace;

	list_remove(&target->by_session);
	list_remove(&target->by_process);
	session->target_count--;
	trace->sessions--;
	trace->controllers -= session->controller;
	if (session->exclusive)
		trace->exclusive = false;
	list_for_each(pos, &target->holds)
		hold_unlink(container_of(pos, struct hold, by_target));
	session_wake(session, NULL);
}

/* What is left of an unlinked target: no lock held. */
static void
target_end(struct target *target)
{
	struct session *session = target->session;

	list_for_each_safe(pos, &target->holds)
	{
		struct hold *hold = container_of(pos, struct hold, by_target);

		thread_put(hold->thread);
		list_remove(&hold->by_target);
		spin_lock(&session->lock);
		hold->thread = NULL;
		hold_put(session, hold);
		spin_unlock(&session->lock);
	}
	process_put(target->process);
	heap_free(target);
}

/* Takes this session's target on the process apart, if it still has one. */
void
target_remove(struct session *session, struct process *process)
{
	struct trace_process *trace = process->trace;
	struct target *found = NULL;

	edges_lock();
	spin_lock(&trace->lock);
	spin_lock(&session->lock);
	list_for_each(pos, &trace->targets)
	{
		struct target *target =
			container_of(pos, struct target, by_process);

		if (target->session == session)
			found = target;
	}
	if (found)
		target_unlink(found);
	spin_unlock(&session->lock);
	spin_unlock(&trace->lock);
	edges_unlock();
	if (found)
		target_end(found);
}

/* EDGES, PROCESS and TARGETS lock. */
static struct target *
target_refused(struct process *process)
{
	list_for_each(pos, &process->trace->targets)
	{
		struct target *target =
			container_of(pos, struct target, by_process);

		if (rights_ask_again(&target->session->asker, process,
				     target_right(target->session)))
			return target;
	}
	return NULL;
}

/* `revoked` has the place that the thread's `end` would have had.  EDGES and
 * TARGETS lock. */
static void
target_revoke(struct target *target, struct thread *self)
{
	struct session *session = target->session;
	struct hold *hold =
		container_of(target->holds.next, struct hold, by_target);
	struct record record;

	event_begin(&record, TRACE_EV_revoked, self);
	spin_lock(&session->lock);
	atomic_fetch_add(&session->refs, 1);
	if (!session->dead)
		event_queue(session, &hold->end, &record, 0);
	target_unlink(target);
	spin_unlock(&session->lock);
}

void
targets_ask_again(struct thread *self)
{
	struct process *process = self->process;
	struct target *target;

	for (;;) {
		struct session *session;

		edges_lock();
		spin_lock(&process->lock);
		spin_lock(&process->trace->lock);
		target = target_refused(process);
		if (target)
			target_revoke(target, self);
		spin_unlock(&process->trace->lock);
		spin_unlock(&process->lock);
		edges_unlock();
		if (!target)
			return;
		session = target->session;
		target_end(target);
		session_put(session);
		rule_masks_update(process);
	}
}

void
trace_gone(struct process *process)
{
	struct trace_process *trace = process->trace;
	struct session *session;

	if (!trace)
		return;
	spin_lock(&trace->lock);
	trace->gone = true;
	spin_unlock(&trace->lock);
	for (;;) {
		session = NULL;
		spin_lock(&trace->lock);
		if (!list_empty(&trace->targets)) {
			session = container_of(trace->targets.next,
					       struct target, by_process)
					  ->session;
			atomic_fetch_add(&session->refs, 1);
		}
		spin_unlock(&trace->lock);
		if (!session)
			break;
		target_remove(session, process);
		session_put(session);
	}
	waitq_wake(&trace->parked);
}
