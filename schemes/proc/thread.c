/*
 * proc:/<pid>/thread/<tid>/status, status.bin and name: what one thread does,
 * in the words of the process's status.
 */
#include "proc.h"
#include "status.h"
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "text.h"
#include "trace/session.h"

_Static_assert(sizeof(((struct trace_thread_status *)0)->held_by) ==
		       SESSIONS_MAX * sizeof(uint32_t),
	       "a place for each");

/* What stands under the PROCESS lock.  -ESRCH: it is none of its threads any
 * more. */
static int
fill_own(struct thread *thread, struct trace_thread_status *status,
	 bool *stopped)
{
	struct process *process = thread->process;
	bool lives;

	spin_lock(&process->lock);
	lives = !list_empty(&thread->siblings);
	*stopped = process->stopped;
	text_copy(status->name, thread->name, sizeof(status->name));
	spin_unlock(&process->lock);
	return lives ? 0 : -ESRCH;
}

static enum trace_state
state_of(struct thread *thread, const struct trace_thread_status *status,
	 bool stopped)
{
	if (status->holds)
		return TRACE_STATE_HELD;
	if (stopped)
		return TRACE_STATE_STOPPED;
	return sched_is_asleep(thread) ? TRACE_STATE_ASLEEP
				       : TRACE_STATE_RUNNING;
}

static int
fill(struct thread *thread, struct trace_thread_status *status)
{
	const char *waits = atomic_load(&thread->sched.waits_for);
	bool stopped;

	memset(status, 0, sizeof(*status));
	status->size = sizeof(*status);
	status->pid = thread->process->pid;
	status->tid = thread->tid;
	status->why_held =
		trace_thread_held(thread, &status->holds, status->held_by);
	status->call = __atomic_load_n(&thread->call, __ATOMIC_RELAXED);
	status->run_ns = sched_spent(thread, DOING_RUN);
	if (waits)
		text_copy(status->waits, waits, sizeof(status->waits));
	if (fill_own(thread, status, &stopped))
		return -ESRCH;
	status->state = state_of(thread, status, stopped);
	return 0;
}

static void
put_call(struct text_buffer *buffer, uint64_t number)
{
	const char *name = trace_call_name(number);

	if (number && !name)
		text_printf(buffer, "call #%lu\n", number);
	else
		text_printf(buffer, "call %s\n", name ? name : "-");
}

static int
make_text(struct text_buffer *buffer, void *arg)
{
	struct trace_thread_status status;
	int error = fill(((struct handle *)arg)->spot.thread, &status);
	uint32_t count = 0;

	if (error)
		return error;
	while (count < SESSIONS_MAX && status.held_by[count])
		count++;
	text_printf(buffer, "tid %u\nstate %s\n", status.tid,
		    status_state_name(status.state));
	put_call(buffer, status.call);
	text_printf(buffer, "waits ");
	text_word(buffer, status.waits);
	text_printf(buffer, "\n");
	status_put_held(buffer, status.why_held, status.held_by, count);
	text_printf(buffer, "run-ns %lu\n", status.run_ns);
	return 0;
}

static int
make_bin(struct text_buffer *buffer, void *arg)
{
	struct trace_thread_status status;
	int error = fill(((struct handle *)arg)->spot.thread, &status);

	if (!error)
		text_append(buffer, (const char *)&status, sizeof(status));
	return error;
}

static int
make_name(struct text_buffer *buffer, void *arg)
{
	struct trace_thread_status status = {0};
	bool stopped;
	int error = fill_own(((struct handle *)arg)->spot.thread, &status,
			     &stopped);

	if (error)
		return error;
	text_word(buffer, status.name);
	text_printf(buffer, "\n");
	return 0;
}

const struct proc_row thread_status_row = {
	.name = "status",
	.in = IN_THREAD,
	.mode = KS_IFREG | 0444,
	.reads = RIGHT_PUBLIC,
	.make = make_text,
};

const struct proc_row thread_status_bin_row = {
	.name = "status.bin",
	.in = IN_THREAD,
	.mode = KS_IFREG | 0444,
	.reads = RIGHT_PUBLIC,
	.make = make_bin,
};

const struct proc_row thread_name_row = {
	.name = "name",
	.in = IN_THREAD,
	.mode = KS_IFREG | 0400,
	.reads = RIGHT_OBSERVE,
	.make = make_name,
};
