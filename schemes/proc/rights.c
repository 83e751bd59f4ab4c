/*
 * Who may: asked at every open in proc: and for every process that joins a
 * session, and nowhere decided twice.
 *
 * observe: each uid and gid of the target, real, effective and saved, equals
 * the asker's effective one, or the asker's effective uid is 0; and the target
 * is not private.  Everything that is not granted is refused.
 */
#include "rights.h"
#include "abi/errno.h"
#include "process.h"

static bool
ids_match(const struct cred *mine, const struct cred *theirs)
{
	return theirs->ruid == mine->euid && theirs->euid == mine->euid &&
	       theirs->suid == mine->euid && theirs->rgid == mine->egid &&
	       theirs->egid == mine->egid && theirs->sgid == mine->egid;
}

static int
observe(struct thread *asker, struct process *target)
{
	struct cred mine = process_cred(asker->process);
	struct cred theirs;
	bool private;

	spin_lock(&target->lock);
	theirs = target->cred;
	private = target->no_tracers;
	spin_unlock(&target->lock);
	if (private && target != asker->process)
		return -EACCES;
	return mine.euid == 0 || ids_match(&mine, &theirs) ? 0 : -EACCES;
}

static int
control(struct thread *asker, struct process *target)
{
	int error = observe(asker, target);

	if (error)
		return error;
	if (target == process_one)
		return -EACCES;
	return target == asker->process ? -EDEADLK : 0;
}

int
rights_ask(struct thread *asker, struct process *target, enum right right)
{
	switch (right) {
	case RIGHT_PUBLIC:
		return 0;
	case RIGHT_OBSERVE:
		return observe(asker, target);
	case RIGHT_CONTROL:
		return control(asker, target);
	case RIGHT_CTL:
		return target == asker->process ? 0 : control(asker, target);
	case RIGHT_NOBODY:
		break;
	}
	return -EACCES;
}
