/*
 * Who may: asked at every open in proc:, for every process that joins a
 * session, for every line of sys: about one, and again when a process starts
 * another program; nowhere decided twice.
 *
 * observe: each uid and gid of the target, real, effective and saved, equals
 * the asker's effective one, and its program has raised none, whatever it gave
 * up since; or the asker's effective uid is 0; and the target is not private.
 * Everything that is not granted is refused.
 */
#include "trace/rights.h"
#include "abi/errno.h"
#include "process.h"
#include "trace/session.h"
#include "trace/trace.h"

#define ASK_MOST 64 /* grants, while two locks are held */

struct asker
rights_asker(struct thread *thread)
{
	return (struct asker){thread->process, process_cred(thread->process)};
}

bool
rights_by_ids(const struct cred *mine, const struct cred *theirs)
{
	if (mine->euid == 0)
		return true;
	return theirs->ruid == mine->euid && theirs->euid == mine->euid &&
	       theirs->suid == mine->euid && theirs->rgid == mine->egid &&
	       theirs->egid == mine->egid && theirs->sgid == mine->egid;
}

static int
observe(const struct asker *asker, const struct process *target, bool private)
{
	if (private && target != asker->process)
		return -EACCES;
	if (asker->cred.euid == 0)
		return 0;
	if (target->risen && target != asker->process)
		return -EACCES;
	return rights_by_ids(&asker->cred, &target->cred) ? 0 : -EACCES;
}

static int
control(const struct asker *asker, const struct process *target, bool private)
{
	int error = observe(asker, target, private);

	if (error)
		return error;
	if (target == process_one)
		return -EACCES;
	return target == asker->process ? -EDEADLK : 0;
}

/* PROCESS lock. */
static int
decide(const struct asker *asker, const struct process *target,
       enum right right, bool private)
{
	switch (right) {
	case RIGHT_PUBLIC:
		return 0;
	case RIGHT_OBSERVE:
		return observe(asker, target, private);
	case RIGHT_CONTROL:
		return control(asker, target, private);
	case RIGHT_CTL:
		return target == asker->process
			       ? 0
			       : control(asker, target, private);
	case RIGHT_NOBODY:
		break;
	}
	return -EACCES;
}

int
rights_ask_locked(const struct asker *asker, const struct process *target,
		  enum right right)
{
	return decide(asker, target, right, target->no_tracers);
}

int
rights_ask_again(const struct asker *asker, const struct process *target,
		 enum right right)
{
	/* whoever writes to what it was handed has not asked for it */
	if (right == RIGHT_CTL && target == asker->process)
		right = RIGHT_OBSERVE;
	return decide(asker, target, right, false);
}

int
rights_ask(const struct asker *asker, struct process *target, enum right right)
{
	int error;

	if (right == RIGHT_PUBLIC)
		return 0;
	spin_lock(&target->lock);
	error = rights_ask_locked(asker, target, right);
	spin_unlock(&target->lock);
	return error;
}

/* ---- grants ---- */

/* PROCESS lock. */
static int
grant_ask(const struct grant *grant)
{
	int error =
		rights_ask_locked(&grant->asker, grant->process, grant->reads);

	if (error)
		return error;
	return rights_ask_locked(&grant->asker, grant->process, grant->writes);
}

/* PROCESS lock. */
static int
grant_ask_again(const struct grant *grant)
{
	int error =
		rights_ask_again(&grant->asker, grant->process, grant->reads);

	if (error)
		return error;
	return rights_ask_again(&grant->asker, grant->process, grant->writes);
}

int
grant_open(struct grant *grant, const struct asker *asker,
	   struct process *process, enum right reads, enum right writes)
{
	int error;

	*grant = (struct grant){.process = process,
				.asker = *asker,
				.reads = reads,
				.writes = writes};
	list_init(&grant->link);
	if (reads == RIGHT_PUBLIC && writes == RIGHT_PUBLIC)
		return 0;
	/* asked and entered in one: whoever changes the ids comes before, or
	 * finds it */
	spin_lock(&process->lock);
	error = grant_ask(grant);
	if (!error) {
		spin_lock(&process->trace->lock);
		grant->asked = process->trace->asks;
		list_add_tail(&process->trace->grants, &grant->link);
		spin_unlock(&process->trace->lock);
	}
	spin_unlock(&process->lock);
	return error;
}

void
grant_close(struct grant *grant)
{
	if (!grant->process)
		return;
	spin_lock(&grant->process->trace->lock);
	list_remove(&grant->link);
	spin_unlock(&grant->process->trace->lock);
}

/* Those that were not asked this time, at most ASK_MOST of them.  true: there
 * may be more.  PROCESS and TARGETS lock. */
static bool
ask_some(struct trace_process *trace)
{
	for (unsigned i = 0; i < ASK_MOST; i++) {
		struct grant *grant =
			container_of(trace->grants.next, struct grant, link);

		if (list_empty(&trace->grants) || grant->asked == trace->asks)
			return false;
		list_remove(&grant->link);
		grant->asked = trace->asks;
		if (grant_ask_again(grant))
			atomic_store(&grant->revoked, true);
		else
			list_add_tail(&trace->grants, &grant->link);
	}
	return true;
}

void
trace_ask_again(struct thread *self)
{
	struct process *process = self->process;
	struct trace_process *trace = process->trace;
	bool first = true, more;

	do {
		spin_lock(&process->lock);
		spin_lock(&trace->lock);
		trace->asks += first;
		first = false;
		more = ask_some(trace);
		spin_unlock(&trace->lock);
		spin_unlock(&process->lock);
	} while (more);
	ctl_ask_again(self);
	targets_ask_again(self);
}
