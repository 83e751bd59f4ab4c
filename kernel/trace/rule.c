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

static struct decision
decision_of(const struct rule *rule, uint8_t place)
{
	return (struct decision){(uint8_t)rule->action, (uint8_t)(place + 1)};
}

/* The newest rule for a number that no call has. */
static struct decision
judge_other(const struct session *session, unsigned type, uint64_t number)
{
	for (uint32_t i = session->rule_count; i-- > 0;) {
		uint8_t place = session->rule_order[i];
		const struct rule *rule = &session->rules[place];

		if (rule->event == type && set_has(&rule->set, number))
			return decision_of(rule, place);
	}
	return (struct decision){ACTION_OFF, 0};
}

static struct decision
judge_observed(const struct session *session, const struct record *record)
{
	bool logs = record->type == TRACE_EV_end ||
		    (session->observing && record->type != TRACE_EV_enter);

	return (struct decision){logs ? ACTION_LOG : ACTION_OFF, 0};
}

struct decision
rule_judge_rest(const struct session *session, const struct record *record)
{
	if (!session->controller)
		return judge_observed(session, record);
	if (is_call_event(record->type))
		return judge_other(session, record->type, record->number);
	if (record->type == TRACE_EV_signal)
		return session->signal[record->number - 1];
	if (record->type == TRACE_EV_fault)
		return session->fault[record->number];
	return session->event[record->type];
}

static bool
session_counts_other(struct session *session, uint64_t number)
{
	bool counts;

	spin_lock(&session->lock);
	counts = !session->dead &&
		 (judge_other(session, TRACE_EV_enter, number).action ==
			  ACTION_COUNT ||
		  judge_other(session, TRACE_EV_leave, number).action ==
			  ACTION_COUNT);
	spin_unlock(&session->lock);
	return counts;
}

bool
rule_counts_other(struct process *process, uint64_t number)
{
	struct trace_process *trace = process->trace;
	bool counts = false;

	spin_lock(&trace->lock);
	list_for_each(pos, &trace->targets) counts |= session_counts_other(
		container_of(pos, struct target, by_process)->session, number);
	spin_unlock(&trace->lock);
	return counts;
}

static void
mask_set(uint64_t *mask, unsigned slot)
{
	mask[slot / 64] |= 1ull << (slot % 64);
}

/* What sessions name. */
struct masks {
	uint64_t enter[CALL_WORDS], leave[CALL_WORDS], count[CALL_WORDS];
	uint64_t signals, faults;
};

/* One that is only counted makes no event and changes none. */
static void
names_call(struct masks *masks, uint64_t *mask, unsigned slot, unsigned action)
{
	mask_set(action == ACTION_COUNT ? masks->count : mask, slot);
}

static void
session_names_calls(const struct session *session, struct masks *masks)
{
	for (unsigned slot = 0; slot < SYSCALL_COUNT; slot++) {
		if (session->enter[slot].action != ACTION_OFF)
			names_call(masks, masks->enter, slot,
				   session->enter[slot].action);
		if (session->leave[slot].action != ACTION_OFF)
			names_call(masks, masks->leave, slot,
				   session->leave[slot].action);
	}
	for (uint32_t i = 0; i < session->rule_count; i++) {
		const struct rule *rule = &session->rules[i];

		if (is_call_event(rule->event) &&
		    (rule->set.all || rule->set.others))
			names_call(masks,
				   rule->event == TRACE_EV_enter ? masks->enter
								 : masks->leave,
				   SYSCALL_COUNT, rule->action);
	}
}

static uint64_t
few_named(const struct decision decisions[64])
{
	uint64_t named = 0;

	for (unsigned i = 0; i < 64; i++)
		if (decisions[i].action != ACTION_OFF)
			named |= 1ull << i;
	return named;
}

/* What a session adds to the masks of its targets. */
static void
session_names(const struct session *session, struct masks *masks)
{
	session_names_calls(session, masks);
	masks->signals |= few_named(session->signal);
	masks->faults |= few_named(session->fault);
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
		atomic_store(&trace->count_mask[i], masks->count[i]);
		atomic_store(&trace->after_mask[i],
			     masks->leave[i] | masks->count[i]);
		any |= masks->enter[i] | masks->leave[i] | masks->count[i];
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
few_compile(struct decision decisions[64], uint64_t few,
	    struct decision decision)
{
	for (unsigned i = 0; i < 64; i++)
		if (few >> i & 1)
			decisions[i] = decision;
}

static void
rule_compile(struct session *session, const struct rule *rule, uint8_t place)
{
	struct decision decision = decision_of(rule, place);
	struct decision *decisions;

	if (rule->few) {
		few_compile(rule->event == TRACE_EV_signal ? session->signal
							   : session->fault,
			    rule->few, decision);
		return;
	}
	if (!is_call_event(rule->event)) {
		session->event[rule->event] = decision;
		return;
	}
	decisions =
		rule->event == TRACE_EV_enter ? session->enter : session->leave;
	for (unsigned slot = 0; slot < SYSCALL_COUNT; slot++)
		if (set_has(&rule->set, slot + SYSCALL_FIRST))
			decisions[slot] = decision;
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

/* One that it replaces gives it its place, but not its age: the newest decides.
 */
static int
rule_append(struct session *session, const struct rule *rule)
{
	uint32_t i = 0;
	uint8_t place;

	while (i < session->rule_count &&
	       !same_rule(&session->rules[session->rule_order[i]], rule))
		i++;
	if (i == RULES_MAX)
		return -ENOSPC;
	place = (uint8_t)i;
	if (i < session->rule_count) {
		place = session->rule_order[i];
		memmove(&session->rule_order[i], &session->rule_order[i + 1],
			session->rule_count - i - 1);
		session->rule_count--;
	}
	session->rule_order[session->rule_count++] = place;
	session->rules[place] = *rule;
	session->hits[place + 1] = 0;
	rule_compile(session, rule, place);
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

static bool
counts_calls(const struct rule *rule)
{
	return rule->action == ACTION_COUNT && is_call_event(rule->event);
}

/* Every target has a table, and whoever joins from now on gets one. */
static int
targets_count(struct session *session)
{
	struct process *process = NULL;
	uint32_t pid = 0;
	int error = 0;

	spin_lock(&session->lock);
	session->counting = true;
	spin_unlock(&session->lock);
	while (!error && (process = session_target_after(session, pid))) {
		pid = process->pid;
		error = counts_create(process);
		process_put(process);
	}
	return error;
}

/* All that may be missing, before anything changes. */
static int
rule_prepare(struct session *session, const struct rule *rule)
{
	if (!session->rules) {
		session->rules = heap_zalloc(RULES_MAX * sizeof(*rule));
		if (!session->rules)
			return -ENOMEM;
	}
	if (rule->action == ACTION_LOG)
		return event_pool_create(session);
	return counts_calls(rule) ? targets_count(session) : 0;
}

int
session_rule(struct session *session, const struct rule *rule)
{
	int error = rule_prepare(session, rule);

	if (error)
		return error;
	spin_lock(&session->lock);
	error = rule_append(session, rule);
	spin_unlock(&session->lock);
	if (!error)
		targets_update(session);
	return error;
}

bool
session_rule_at(struct session *session, uint32_t i, struct rule *rule,
		uint64_t *hits)
{
	bool found;

	spin_lock(&session->lock);
	found = i < session->rule_count;
	if (found) {
		*rule = session->rules[session->rule_order[i]];
		*hits = session->hits[session->rule_order[i] + 1];
		if (rule->action == ACTION_OFF || counts_calls(rule))
			*hits = HITS_NONE;
	}
	spin_unlock(&session->lock);
	return found;
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
