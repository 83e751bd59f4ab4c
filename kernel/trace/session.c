/*
 * Sessions: made by an open of a trace file, joined to processes, closed by the
 * last descriptor.
 *
 * Called by schemes/proc, and by trace_gone when a process has ended.  One
 * rule: whatever takes a target apart does so through target_unlink, with both
 * locks held, so that death, last close and a plain end leave the same clean
 * thread.
 */
#include "trace/hold.h"
#include "trace/edges.h"
#include "trace/trace.h"
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "heap.h"
#include "text.h"

struct session *
session_create(struct process *opener, bool controller, bool exclusive)
{
	struct session *session = heap_zalloc(sizeof(*session));

	if (!session)
		return NULL;
	session->refs = 1;
	session->controller = controller;
	session->exclusive = exclusive;
	session->drop = !controller;
	process_get(opener);
	session->opener = opener;
	list_init(&session->by_opener);
	mutex_init(&session->write_lock, RANK_TRACE_WRITE);
	spin_init(&session->lock, RANK_SESSION);
	list_init(&session->targets);
	list_init(&session->queue);
	list_init(&session->delivered);
	list_init(&session->pool_free);
	session->lost.kind = NODE_LOST;
	waitq_init(&session->readers);
	waitq_init(&session->room);
	edges_opened(session);
	return session;
}

void
session_put(struct session *session)
{
	if (atomic_fetch_sub(&session->refs, 1) != 1)
		return;
	edges_closed(session);
	process_put(session->opener);
	if (session->first)
		process_put(session->first);
	heap_free(session->rules);
	heap_free(session->pool);
	heap_free(session);
}

/* ---- targets ---- */

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

/* EDGES and TARGETS lock.  May this session have this process? */
static int
join_check(const struct session *session, const struct trace_process *trace)
{
	if (trace->gone)
		return -ESRCH;
	if (trace->process->no_tracers)
		return -EACCES;
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
	struct target *target;
	int error;

	if (!thread)
		return -ESRCH;
	target = target_create(session, process, thread);
	if (!target) {
		thread_put(thread);
		return -ENOMEM;
	}
	edges_lock();
	spin_lock(&process->trace->lock);
	error = thread->trace->ended ? -ESRCH
				     : join_check(session, process->trace);
	if (!error)
		target_link(target, born, first);
	spin_unlock(&process->trace->lock);
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

	if (hold->state == HOLD_NONE || trace->ctl_held)
		return;
	trace->ctl_wanted = false;
	trace->ctl_held = true;
	atomic_fetch_add(&trace->holds, 1);
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
static void
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

/* Does closing kill it: by policy, or because it was born held and never
 * advanced? */
static bool
close_kills(struct session *session, struct process *process)
{
	bool kills = session->close == CLOSE_KILL;

	spin_lock(&session->lock);
	list_for_each(t, &session->targets)
	{
		struct target *target =
			container_of(t, struct target, by_session);

		if (target->process != process)
			continue;
		list_for_each(pos, &target->holds) kills |=
			container_of(pos, struct hold, by_target)->born_held;
	}
	spin_unlock(&session->lock);
	return kills;
}

/* Of a dead session: by its close, or, if a reader is at the head still, by the
 * reader's end. */
void
session_queue_empty(struct session *session)
{
	spin_lock(&session->lock);
	if (session->reading) {
		spin_unlock(&session->lock);
		return;
	}
	if (session->before && session->before != session->current)
		hold_put(session, session->before);
	if (session->current)
		hold_put(session, session->current);
	session->current = NULL;
	session->before = NULL;
	while (!list_empty(&session->queue))
		event_unqueue(session, container_of(session->queue.next,
						    struct event_node, link));
	spin_unlock(&session->lock);
}

void
session_close(struct session *session, void (*kill)(struct process *))
{
	struct process *process;

	spin_lock(&session->lock);
	session->dead = true;
	session_wake(session, NULL);
	spin_unlock(&session->lock);
	waitq_wake(&session->room);
	while ((process = session_target_after(session, 0))) {
		if (close_kills(session, process))
			kill(process);
		target_remove(session, process);
		rule_masks_update(process);
		process_put(process);
	}
	session_queue_empty(session);
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

void
session_write_begin(struct session *session)
{
	mutex_lock(&session->write_lock);
}

void
session_write_end(struct session *session)
{
	mutex_unlock(&session->write_lock);
}

void
session_set_close(struct session *session, enum close_policy policy)
{
	spin_lock(&session->lock);
	session->close = policy;
	spin_unlock(&session->lock);
}

void
session_set_by_verb(struct session *session, bool by_verb)
{
	spin_lock(&session->lock);
	session->by_verb = by_verb;
	spin_unlock(&session->lock);
}

/* The delivered hold whose event has this seq; NULL. */
static const struct hold *
hold_by_seq(struct session *session, uint64_t seq)
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

/* The pid that an event stands for: the current one, that of a seq, or, before
 * the first, of the process that the session was opened on. */
static int
kill_pid(struct session *session, const struct who *who, uint64_t *pid)
{
	const struct hold *hold = session->current;

	if (who->kind == WHO_SEQ && who->number != session->delivered_seq) {
		hold = hold_by_seq(session, who->number);
		if (!hold)
			return list_empty(&session->targets) ? -ESRCH : -ESTALE;
	} else if (who->kind == WHO_CURRENT && !session->delivered_seq) {
		if (!session->first)
			return -ESRCH;
		*pid = session->first->pid;
		return 0;
	}
	if (!hold || !hold->target)
		return -ESRCH;
	*pid = hold->target->process->pid;
	return 0;
}

static bool
target_has(const struct target *target, const struct who *who, uint64_t pid)
{
	if (who->kind != WHO_TID)
		return target->process->pid == pid;
	list_for_each(
		pos,
		&target->holds) if (container_of(pos, struct hold, by_target)
					    ->thread->tid == pid) return true;
	return false;
}

/* Whom a kill is about; referenced.  TID and PID name a target's. */
static int
kill_find(struct session *session, const struct who *who,
	  struct process **process)
{
	uint64_t pid = who->number;
	int error = 0;

	if (who->kind == WHO_CURRENT || who->kind == WHO_SEQ)
		error = kill_pid(session, who, &pid);
	if (error)
		return error;
	list_for_each(t, &session->targets)
	{
		struct target *target =
			container_of(t, struct target, by_session);

		if (target_has(target, who, pid)) {
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
	error = kill_find(session, &who, &process);
	spin_unlock(&session->lock);
	if (error)
		return error;
	error = post(process, signal);
	process_put(process);
	return error;
}

void
trace_count(struct process *process, uint32_t *sessions, uint32_t *holds)
{
	struct trace_process *trace = process->trace;

	*holds = 0;
	spin_lock(&process->lock);
	spin_lock(&trace->lock);
	*sessions = trace->sessions;
	list_for_each(pos, &process->threads) *holds += atomic_load(
		&container_of(pos, struct thread, siblings)->trace->holds);
	spin_unlock(&trace->lock);
	spin_unlock(&process->lock);
}

static bool
target_holds(const struct target *target)
{
	list_for_each(
		pos,
		&target->holds) if (container_of(pos, struct hold, by_target)
					    ->state != HOLD_NONE) return true;
	return false;
}

uint32_t
trace_holders(struct process *process, uint32_t *pids, uint32_t max)
{
	struct trace_process *trace = process->trace;
	uint32_t count = 0;

	spin_lock(&trace->lock);
	list_for_each(pos, &trace->targets)
	{
		struct target *target =
			container_of(pos, struct target, by_process);

		spin_lock(&target->session->lock);
		if (target_holds(target) && count < max)
			pids[count++] = target->session->opener->pid;
		spin_unlock(&target->session->lock);
	}
	spin_unlock(&trace->lock);
	return count;
}

unsigned
trace_held_at(struct process *process)
{
	struct trace_process *trace = process->trace;
	unsigned type = 0;

	spin_lock(&trace->lock);
	list_for_each(t, &trace->targets)
	{
		struct target *target =
			container_of(t, struct target, by_process);

		spin_lock(&target->session->lock);
		list_for_each(pos, &target->holds)
		{
			struct hold *hold =
				container_of(pos, struct hold, by_target);

			if (hold->state != HOLD_NONE && !type)
				type = hold->held_by->event.type;
		}
		spin_unlock(&target->session->lock);
	}
	spin_unlock(&trace->lock);
	return type;
}

int
trace_set_private(struct process *process)
{
	int error = 0;

	spin_lock(&process->lock);
	spin_lock(&process->trace->lock);
	if (process->trace->controllers)
		error = -EBUSY;
	else
		process->no_tracers = true;
	spin_unlock(&process->trace->lock);
	spin_unlock(&process->lock);
	return error;
}

void
trace_refused_set(struct process *writer, const char *text)
{
	spin_lock(&writer->trace->lock);
	text_copy(writer->trace->refused, text, sizeof(writer->trace->refused));
	spin_unlock(&writer->trace->lock);
}

void
trace_refused_get(struct process *process, char buf[96])
{
	spin_lock(&process->trace->lock);
	memcpy(buf, process->trace->refused, 96);
	spin_unlock(&process->trace->lock);
}
