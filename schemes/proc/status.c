/*
 * proc:/<pid>/status and status.bin: who a process is and what it does, `key
 * value` a line.  Readable by everybody until it is reaped.
 */
#include "proc.h"
#include "status.h"
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "group.h"
#include "process_usage.h"
#include "text.h"
#include "trace/session.h"

static const char *const state_names[] = {
	[TRACE_STATE_RUNNING] = "running", [TRACE_STATE_ASLEEP] = "asleep",
	[TRACE_STATE_HELD] = "held",	   [TRACE_STATE_STOPPED] = "stopped",
	[TRACE_STATE_ZOMBIE] = "zombie",
};

const char *
status_state_name(uint32_t state)
{
	return state_names[state];
}

/* Of the whole process: what its oldest thread does. */
static enum trace_state
state_of(struct process *process, const struct trace_status *status)
{
	struct thread *thread;
	bool asleep;

	if (atomic_load(&process->state) >= PROCESS_ZOMBIE)
		return TRACE_STATE_ZOMBIE;
	if (status->holds)
		return TRACE_STATE_HELD;
	if (process->stopped)
		return TRACE_STATE_STOPPED;
	thread = process_thread(process, 0);
	if (!thread)
		return TRACE_STATE_RUNNING;
	asleep = sched_is_asleep(thread);
	thread_put(thread);
	return asleep ? TRACE_STATE_ASLEEP : TRACE_STATE_RUNNING;
}

static int
fill(struct process *process, struct trace_status *status)
{
	struct process *parent = process_parent(process);
	struct trace_usage usage;

	memset(status, 0, sizeof(*status));
	status->size = sizeof(*status);
	status->pid = process->pid;
	status->ppid = parent ? parent->pid : 0;
	if (parent)
		process_put(parent);
	status->pgid = group_pgid(process);
	status->sid = group_sid(process);
	trace_count(process, &status->tracers, &status->holds);
	spin_lock(&process->lock);
	status->uid[0] = process->cred.ruid;
	status->uid[1] = process->cred.euid;
	status->uid[2] = process->cred.suid;
	status->gid[0] = process->cred.rgid;
	status->gid[1] = process->cred.egid;
	status->gid[2] = process->cred.sgid;
	status->threads = process->live;
	text_copy(status->name, process->name, sizeof(status->name));
	status->end = process->end_status;
	spin_unlock(&process->lock);
	process_usage(process, &usage);
	status->run_ns = usage.run_ns;
	status->state = state_of(process, status);
	if (status->state != TRACE_STATE_ZOMBIE)
		status->end = 0;
	return atomic_load(&process->state) == PROCESS_REAPED ? -ESRCH : 0;
}

void
status_put_held(struct text_buffer *buffer, unsigned event,
		const uint32_t *pids, uint32_t count)
{
	text_printf(buffer, "why-held %s\n",
		    event ? trace_event_name(event) : "-");
	text_printf(buffer, "held-by");
	for (uint32_t i = 0; i < count; i++)
		text_printf(buffer, " %u", pids[i]);
	text_printf(buffer, count ? "\n" : " -\n");
}

static void
put_holders(struct text_buffer *buffer, struct process *process)
{
	uint32_t pids[SESSIONS_MAX];
	uint32_t count = trace_holders(process, pids, SESSIONS_MAX);

	status_put_held(buffer, trace_held_at(process), pids, count);
}

static int
make_text(struct text_buffer *buffer, void *arg)
{
	struct handle *handle = arg;
	struct trace_status status;
	char refused[96];
	int error = fill(handle->spot.process, &status);

	if (error)
		return error;
	trace_refused_get(handle->spot.process, refused);
	text_printf(buffer, "name ");
	text_word(buffer, status.name);
	text_printf(buffer, "\npid %u\nppid %u\n", status.pid, status.ppid);
	text_printf(buffer, "pgid %u\nsid %u\n", status.pgid, status.sid);
	text_printf(buffer, "uid %u %u %u\ngid %u %u %u\n", status.uid[0],
		    status.uid[1], status.uid[2], status.gid[0], status.gid[1],
		    status.gid[2]);
	text_printf(buffer, "state %s\nthreads %u\nrun-ns %llu\n",
		    status_state_name(status.state), status.threads,
		    (unsigned long long)status.run_ns);
	if (status.state == TRACE_STATE_ZOMBIE)
		text_printf(buffer, "end %u\n", status.end);
	put_holders(buffer, handle->spot.process);
	text_printf(buffer, "tracers %u\nholds %u\n", status.tracers,
		    status.holds);
	text_printf(buffer, "refused %s\n", refused[0] ? refused : "-");
	return 0;
}

static int
make_bin(struct text_buffer *buffer, void *arg)
{
	struct handle *handle = arg;
	struct trace_status status;
	int error = fill(handle->spot.process, &status);

	if (!error)
		text_append(buffer, (const char *)&status, sizeof(status));
	return error;
}

const struct proc_row status_row = {
	.name = "status",
	.mode = KS_IFREG | 0444,
	.reads = RIGHT_PUBLIC,
	.make = make_text,
};

const struct proc_row status_bin_row = {
	.name = "status.bin",
	.mode = KS_IFREG | 0444,
	.reads = RIGHT_PUBLIC,
	.make = make_bin,
};
