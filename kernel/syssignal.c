/*
 * Calls that send signals: kill, tgkill, sigqueue.  Dispatched by syscall.c.
 *
 * The rule for many: it is done if one got it; else the error is -EPERM if
 * there was somebody, -ESRCH if there was nobody.
 */
#include "abi/errno.h"
#include "abi/signal.h"
#include "group.h"
#include "life.h"
#include "process.h"
#include "syscall.h"

static bool
signal_is_number(int sig)
{
	return sig >= 0 && sig <= SIGNAL_MAX;
}

static int
signal_send(struct thread *self, struct process *to,
	    const struct signal_info *info)
{
	if (!signal_allows(self->process, to, info->signo))
		return -EPERM;
	return signal_post_info(to, NULL, info);
}

/* To one of many. */
static int
signal_send_walk(struct thread *self, struct process *to,
		 const struct signal_info *info)
{
	if (!signal_allows(self->process, to, info->signo))
		return -EPERM;
	return signal_post_walk(to, info);
}

static int
signal_send_one(struct thread *self, uint32_t pid,
		const struct signal_info *info)
{
	struct process *to = process_find(pid);
	int error;

	if (!to)
		return -ESRCH;
	error = signal_send(self, to, info);
	process_put(to);
	return error;
}

/* The result of several: what came before, then this. */
static int
signal_join(int result, int error)
{
	return !error || (result && error == -EPERM) ? error : result;
}

/* Everybody but init and the sender. */
static int
signal_send_pass(struct thread *self, const struct signal_info *info)
{
	struct process *to;
	uint32_t pid = 1;
	int result = -ESRCH;

	while ((to = process_next(pid))) {
		int error = -ESRCH;

		pid = to->pid;
		if (to != self->process)
			error = signal_send_walk(self, to, info);
		process_put(to);
		result = signal_join(result, error);
	}
	return result;
}

/* A child has a higher number than its parent and so comes later in the pass,
 * unless the numbers began again: the second pass is for those. */
static int
signal_send_all(struct thread *self, const struct signal_info *info)
{
	int result = signal_send_pass(self, info);

	if (!result && info->signo == KSIGKILL)
		signal_send_pass(self, info);
	return result;
}

static int
signal_send_members(struct thread *self, struct group *group,
		    const struct signal_info *info)
{
	struct group_walk walk = {.group = group};
	struct process *to;
	int result = -ESRCH;

	while ((to = group_next(&walk)))
		result = signal_join(result, signal_send_walk(self, to, info));
	return result;
}

/* pgid 0: the sender's own. */
static int
signal_send_group(struct thread *self, uint32_t pgid,
		  const struct signal_info *info)
{
	struct group *group =
		pgid ? group_lookup(pgid) : group_of(self->process);
	int result;

	if (!group)
		return -ESRCH;
	result = signal_send_members(self, group, info);
	group_drop(group);
	return result;
}

int64_t
sys_kill(struct thread *self, int32_t pid, int sig)
{
	struct signal_info info = {.signo = sig};

	if (!signal_is_number(sig))
		return -EINVAL;
	signal_info_sender(&info, self->process, KSI_USER);
	if (pid > 0)
		return signal_send_one(self, (uint32_t)pid, &info);
	if (pid == -1)
		return signal_send_all(self, &info);
	return signal_send_group(self, -(uint32_t)pid, &info);
}

int64_t
sys_sigqueue(struct thread *self, int32_t pid, int sig, int64_t value)
{
	struct signal_info info = {.signo = sig};

	if (!signal_is_number(sig))
		return -EINVAL;
	if (pid <= 0)
		return -ESRCH;
	signal_info_sender(&info, self->process, KSI_QUEUE);
	info.words[1] = (uint64_t)value;
	return signal_send_one(self, (uint32_t)pid, &info);
}

static int
signal_send_thread(struct thread *self, struct process *to, uint32_t tid,
		   const struct signal_info *info)
{
	struct thread *thread = process_thread(to, tid);
	int error = -ESRCH;

	if (!thread)
		return error;
	error = -EPERM;
	if (signal_allows(self->process, to, info->signo))
		error = signal_post_info(to, thread, info);
	thread_put(thread);
	return error;
}

int64_t
sys_tgkill(struct thread *self, int32_t pid, int32_t tid, int sig)
{
	struct signal_info info = {.signo = sig};
	struct process *to;
	int error;

	if (!signal_is_number(sig) || pid <= 0 || tid <= 0)
		return -EINVAL;
	to = process_find((uint32_t)pid);
	if (!to)
		return -ESRCH;
	signal_info_sender(&info, self->process, KSI_TKILL);
	error = signal_send_thread(self, to, (uint32_t)tid, &info);
	process_put(to);
	return error;
}
