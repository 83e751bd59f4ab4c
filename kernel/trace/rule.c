/*
 * Rules: which events a session wants, and what is to be done.  The newest rule
 * that matches decides alone, so a rule that is written is also compiled into
 * tables by call and by event: judging is one look.  Only numbers that no call
 * has are searched for.
 *
 * The OR of what all sessions of a process name is two bit tables in the
 * process: a bit lies in one word, so the untraced path reads it without a
 * lock.  When a rule has been written, every call entered afterwards is judged
 * by it.
 */
#include "trace/session.h"
#include "abi/errno.h"
#include "heap.h"
#include "text.h"

static bool
set_has(const struct call_set *set, uint64_t number)
{
	unsigned slot = call_slot(number);

	if (set->all)
		return true;
	if (slot < SYSCALL_COUNT)
		return set->bits[slot / 64] >> (slot % 64) & 1;
	for (uint32_t i = 0; i < set->others; i++)
		if (set->other[i] == number)
			return true;
	return false;
}

/* The newest rule for a number that no call has. */
static enum trace_action
judge_other(const struct session *session, unsigned type, uint64_t number)
{
	for (uint32_t i = session->rule_count; i-- > 0;)
		if (session->rules[i].event == type &&
		    set_has(&session->rules[i].set, number))
			return session->rules[i].action;
	return ACTION_OFF;
}

static enum trace_action
judge_few(const struct few_actions *actions, uint64_t bit)
{
	if (actions->hold & bit)
		return ACTION_HOLD;
	return actions->log & bit ? ACTION_LOG : ACTION_OFF;
}

enum trace_action
rule_judge_rest(const struct session *session, const struct record *record)
{
	if (!session->controller) {
		if (record->type == TRACE_EV_enter || !session->observing)
			return record->type == TRACE_EV_end ? ACTION_LOG
							    : ACTION_OFF;
		return ACTION_LOG;
	}
	if (is_call_event(record->type))
		return judge_other(session, record->type, record->number);
	if (record->type == TRACE_EV_signal)
		return judge_few(&session->signals,
				 1ull << (record->number - 1));
	if (record->type == TRACE_EV_fault)
		return judge_few(&session->faults, 1ull << record->number);
	return session->event_action[record->type];
}

static void
mask_set(uint64_t *mask, unsigned slot)
{
	mask[slot / 64] |= 1ull << (slot % 64);
}

/* What sessions name. */
struct masks {
	uint64_t enter[CALL_WORDS], leave[CALL_WORDS];
	uint64_t signals, faults;
};

static void
session_names_calls(const struct session *session, struct masks *masks)
{
	for (unsigned slot = 0; slot < SYSCALL_COUNT; slot++) {
		if (session->enter_action[slot] != ACTION_OFF)
			mask_set(masks->enter, slot);
		if (session->leave_action[slot] != ACTION_OFF)
			mask_set(masks->leave, slot);
	}
	for (uint32_t i = 0; i < session->rule_count; i++) {
		const struct rule *rule = &session->rules[i];

		if (!rule->set.all && !rule->set.others)
			continue;
		if (rule->event == TRACE_EV_enter)
			mask_set(masks->enter, SYSCALL_COUNT);
		else if (rule->event == TRACE_EV_leave)
			mask_set(masks->leave, SYSCALL_COUNT);
	}
}

/* What a session adds to the masks of its targets. */
static void
session_names(const struct session *session, struct masks *masks)
{
	session_names_calls(session, masks);
	masks->signals |= session->signals.hold | session->signals.log;
	masks->faults |= session->faults.hold | session->faults.log;
	if (session->observing) {
		memset(masks->leave, 0xff, sizeof(masks->leave));
		masks->signals = UINT64_MAX;
		masks->faults = UINT64_MAX;
	}
}

/* PROCESS lock.  A thread inside of a call looks at the masks when it leaves.
 */
static void
threads_tell(struct process *process, bool rules)
{
	list_for_each(pos, &process->threads)
	{
		struct thread *thread =
			container_of(pos, struct thread, siblings);

		if (rules)
			thread_flag(thread, THREAD_RULES | THREAD_LEAVE);
		else
			thread_unflag(thread, THREAD_RULES);
	}
}

/* Is any call named? */
static bool
masks_store(struct trace_process *trace, const struct masks *masks)
{
	uint64_t any = 0;

	for (unsigned i = 0; i < CALL_WORDS; i++) {
		atomic_store(&trace->enter_mask[i], masks->enter[i]);
		atomic_store(&trace->leave_mask[i], masks->leave[i]);
		any |= masks->enter[i] | masks->leave[i];
	}
	atomic_store(&trace->signal_mask, masks->signals);
	atomic_store(&trace->fault_mask, masks->faults);
	return any != 0;
}

void
rule_masks_update(struct process *process)
{
	struct trace_process *trace = process->trace;
	struct masks masks = {0};

	spin_lock(&process->lock);
	spin_lock(&trace->lock);
	list_for_each(pos, &trace->targets)
	{
		struct session *session =
			container_of(pos, struct target, by_process)->session;

		spin_lock(&session->lock);
		if (!session->dead)
			session_names(session, &masks);
		spin_unlock(&session->lock);
	}
	threads_tell(process, masks_store(trace, &masks));
	spin_unlock(&trace->lock);
	spin_unlock(&process->lock);
}

static void
few_compile(struct few_actions *actions, const struct rule *rule)
{
	actions->hold &= ~rule->few;
	actions->log &= ~rule->few;
	if (rule->action == ACTION_HOLD)
		actions->hold |= rule->few;
	else if (rule->action == ACTION_LOG)
		actions->log |= rule->few;
}

static void
rule_compile(struct session *session, const struct rule *rule)
{
	uint8_t *actions;

	if (rule->few) {
		few_compile(rule->event == TRACE_EV_signal ? &session->signals
							   : &session->faults,
			    rule);
		return;
	}
	if (!is_call_event(rule->event)) {
		session->event_action[rule->event] = (uint8_t)rule->action;
		return;
	}
	actions = rule->event == TRACE_EV_enter ? session->enter_action
						: session->leave_action;
	for (unsigned slot = 0; slot < SYSCALL_COUNT; slot++)
		if (set_has(&rule->set, slot + SYSCALL_FIRST))
			actions[slot] = (uint8_t)rule->action;
}

static bool
same_set(const struct call_set *a, const struct call_set *b)
{
	bool same = a->all == b->all && a->others == b->others;

	for (unsigned i = 0; i < CALL_WORDS; i++)
		same &= a->bits[i] == b->bits[i];
	for (uint32_t i = 0; same && i < a->others; i++)
		same = a->other[i] == b->other[i];
	return same;
}

static bool
same_rule(const struct rule *a, const struct rule *b)
{
	return a->event == b->event && a->few == b->few &&
	       same_set(&a->set, &b->set);
}

/* The place of a new rule: that of one it replaces moves to the end, for the
 * newest decides. */
static int
rule_append(struct session *session, const struct rule *rule)
{
	uint32_t i = 0;

	while (i < session->rule_count && !same_rule(&session->rules[i], rule))
		i++;
	if (i == RULES_MAX)
		return -ENOSPC;
	if (i < session->rule_count) {
		memmove(&session->rules[i], &session->rules[i + 1],
			(session->rule_count - i - 1) * sizeof(*rule));
		session->rule_count--;
	}
	session->rules[session->rule_count++] = *rule;
	rule_compile(session, rule);
	return 0;
}

/* Tells every target; one that goes meanwhile has no masks to keep. */
static void
targets_update(struct session *session)
{
	struct process *process = NULL;
	uint32_t pid = 0;

	while ((process = session_target_after(session, pid))) {
		pid = process->pid;
		rule_masks_update(process);
		process_put(process);
	}
}

int
session_rule(struct session *session, const struct rule *rule)
{
	int error;

	if (!session->rules) {
		session->rules = heap_zalloc(RULES_MAX * sizeof(*rule));
		if (!session->rules)
			return -ENOMEM;
	}
	error = rule->action == ACTION_LOG ? event_pool_create(session) : 0;
	if (error)
		return error;
	spin_lock(&session->lock);
	error = rule_append(session, rule);
	spin_unlock(&session->lock);
	if (!error)
		targets_update(session);
	return error;
}

int
session_observe(struct session *session)
{
	int error;

	if (session->controller || session->observing)
		return 0;
	error = event_pool_create(session);
	if (error)
		return error;
	spin_lock(&session->lock);
	session->observing = true;
	spin_unlock(&session->lock);
	targets_update(session);
	return 0;
}
