/*
 * setitimer's clock of real time: SIGALRM when it runs out.  A thread of the
 * kernel's sleeps until the earliest of all; called by syssignal.c and, when a
 * process is taken apart, by signal_action.c.
 *
 * The rule: a process with a clock in the queue is not taken apart, so the
 * thread finds it alive under the lock, and posts with a reference.
 */
#include "signal.h"

#include "print.h"

#define SOONEST_NS 100000u /* between two of one clock's */

static struct spinlock alarm_lock = SPINLOCK_INIT(RANK_ALARM);
static struct timerq alarms;
static struct waitq alarm_wait = {
	.lock = SPINLOCK_INIT(RANK_WAITQ),
	.waiters = LIST_INIT(alarm_wait.waiters),
};

/* ---- ALARM lock ---- */

static struct process *
alarm_owner(struct timerq_node *node)
{
	return container_of(node, struct process, signal.alarm);
}

static void
alarm_stop(struct process *process)
{
	if (process->signal.alarm.deadline)
		timerq_remove(&alarms, &process->signal.alarm);
	process->signal.alarm.deadline = 0;
}

static void
alarm_start(struct process *process, uint64_t deadline)
{
	process->signal.alarm.deadline = deadline;
	timerq_add(&alarms, &process->signal.alarm);
}

/* Turns that were missed are not made up for. */
static void
alarm_again(struct process *process, uint64_t now)
{
	uint64_t interval = process->signal.alarm_interval;
	uint64_t due = process->signal.alarm.deadline;

	alarm_stop(process);
	if (!interval)
		return;
	if (interval < SOONEST_NS)
		interval = SOONEST_NS;
	due += ((now - due) / interval + 1) * interval;
	alarm_start(process, due);
}

/* ---- no lock ---- */

static uint64_t
alarm_first(void)
{
	uint64_t first;

	spin_lock(&alarm_lock);
	first = alarms.top ? alarms.top->deadline : DEADLINE_NONE;
	spin_unlock(&alarm_lock);
	return first;
}

/* One that is due, with a reference; NULL. */
static struct process *
alarm_take(void)
{
	struct process *process = NULL;
	uint64_t now = arch_time_ns();

	spin_lock(&alarm_lock);
	if (alarms.top && alarms.top->deadline <= now) {
		process = alarm_owner(alarms.top);
		process_get(process);
		alarm_again(process, now);
	}
	spin_unlock(&alarm_lock);
	return process;
}

static void
alarm_run(void *arg)
{
	struct thread *self = thread_self();

	(void)arg;
	for (;;) {
		uint64_t first = alarm_first();
		struct process *process;

		WAIT_FOR(&alarm_wait, self, SLEEP_SHORT, "alarms", first,
			 alarm_first() != first || first <= arch_time_ns());
		while ((process = alarm_take())) {
			signal_post(process, KSIGALRM);
			process_put(process);
			if (thread_flags(self) & THREAD_RESCHED)
				sched_yield(self);
		}
	}
}

void
signal_alarm_init(void)
{
	struct thread *thread = thread_create_kernel("alarm", alarm_run, NULL);

	if (!thread)
		panic("no memory for the alarm thread");
	sched_start(thread);
	thread_put(thread);
}

/* ---- the calls ---- */

static struct signal_alarm
alarm_read(const struct process *process)
{
	uint64_t due = process->signal.alarm.deadline, now = arch_time_ns();

	if (!due)
		return (struct signal_alarm){0};
	return (struct signal_alarm){
		.left_ns = due > now ? due - now : 1,
		.interval_ns = process->signal.alarm_interval,
	};
}

struct signal_alarm
signal_alarm_get(struct process *process)
{
	struct signal_alarm now;

	spin_lock(&alarm_lock);
	now = alarm_read(process);
	spin_unlock(&alarm_lock);
	return now;
}

struct signal_alarm
signal_alarm_set(struct process *process, const struct signal_alarm *alarm)
{
	struct signal_alarm before;

	spin_lock(&alarm_lock);
	before = alarm_read(process);
	alarm_stop(process);
	process->signal.alarm_interval = alarm->interval_ns;
	if (alarm->left_ns)
		alarm_start(process, arch_time_ns() + alarm->left_ns);
	spin_unlock(&alarm_lock);
	if (alarm->left_ns)
		waitq_wake(&alarm_wait);
	return before;
}
