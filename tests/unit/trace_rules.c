/*
 * Rules against a model that knows no tables: the newest rule that matches
 * decides.  Also the bits that the untraced path reads, and the graph of
 * tracers.
 *
 * with: kernel/trace/names.c kernel/trace/count.c
 */
#include "trace_fake.h"
#include "kernel/trace/hold.h"
#include "kernel/trace/rule.c" /* with our locks */

/* ---- what rule.c calls ---- */

int
event_pool_create(struct session *session)
{
	void *pool;

	if (session->pool)
		return 0;
	pool = heap_alloc(1);
	if (!pool)
		return -ENOMEM;
	session->pool = pool;
	return 0;
}

static struct process process;
static struct trace_process trace_of;
static struct thread thread;
static struct target target;

void
process_get(struct process *p)
{
	p->refs++;
}

void
process_put(struct process *p)
{
	CHECK(p->refs > 0);
	p->refs--;
}

struct process *
session_target_after(struct session *session, uint32_t pid)
{
	(void)session;
	if (pid >= process.pid)
		return NULL;
	process_get(&process);
	return &process;
}

void
thread_flag(struct thread *t, uint32_t flags)
{
	atomic_fetch_or(&t->arch.flags, flags);
}

/* ---- a session on a process of one thread ---- */

static struct session session;

static void
begin(bool controller)
{
	session = (struct session){.controller = controller};
	list_init(&session.targets);
	process.pid = 7;
	process.trace = &trace_of;
	list_init(&process.threads);
	list_add_tail(&process.threads, &thread.siblings);
	thread.process = &process;
	list_init(&trace_of.targets);
	target.session = &session;
	target.process = &process;
	list_add_tail(&trace_of.targets, &target.by_process);
	list_add_tail(&session.targets, &target.by_session);
}

/* What the process would free. */
static void
end_counts(void)
{
	heap_free(trace_of.counts);
	trace_of.counts = NULL;
}

static enum trace_action
judged(enum trace_event_type event, uint64_t number)
{
	struct record record = {.type = (uint16_t)event, .number = number};

	return (enum trace_action)rule_judge(&session, &record).action;
}

/* ---- the model ---- */

static struct rule model[1024];
static int model_count;

static void
model_add(const struct rule *rule)
{
	model[model_count++] = *rule;
}

static bool
model_names(const struct rule *rule, uint64_t number)
{
	unsigned slot = call_slot(number);

	if (rule->set.all)
		return true;
	if (slot < SYSCALL_COUNT)
		return rule->set.bits[slot / 64] >> (slot % 64) & 1;
	for (uint32_t i = 0; i < rule->set.others; i++)
		if (rule->set.other[i] == number)
			return true;
	return false;
}

static enum trace_action
model_judge(enum trace_event_type event, uint64_t number)
{
	for (int i = model_count; i-- > 0;)
		if (model[i].event == event && model_names(&model[i], number))
			return model[i].action;
	return ACTION_OFF;
}

static uint32_t
random_next(uint32_t below)
{
	static uint32_t state = 4711;

	state = state * 1664525 + 1013904223;
	return (state >> 8) % below;
}

static struct rule
random_rule(void)
{
	static const enum trace_event_type events[] = {
		TRACE_EV_enter, TRACE_EV_leave, TRACE_EV_start, TRACE_EV_exec,
		TRACE_EV_end};
	struct rule rule;

	memset(&rule, 0, sizeof rule);
	rule.event = events[random_next(5)];
	rule.action = (enum trace_action)random_next(ACTION_END_OF_ACTIONS);
	if (!is_call_event(rule.event) || random_next(6) == 0) {
		rule.set.all = true;
		return rule;
	}
	for (uint32_t n = random_next(4); n > 0; n--) {
		uint32_t slot = random_next(SYSCALL_COUNT);

		rule.set.bits[slot / 64] |= 1ull << (slot % 64);
	}
	rule.set.others = random_next(3);
	for (uint32_t i = 0; i < rule.set.others; i++)
		rule.set.other[i] = random_next(4) * 1000 + i;
	return rule;
}

static void
agree(enum trace_event_type event, uint64_t number)
{
	CHECK_EQ(judged(event, number), model_judge(event, number));
}

static void
all_agree(void)
{
	for (uint64_t n = SYSCALL_FIRST - 2; n < SYSCALL_END + 2; n++) {
		agree(TRACE_EV_enter, n);
		agree(TRACE_EV_leave, n);
	}
	for (uint64_t n = 0; n < 4002; n += n % 1000 == 1 ? 999 : 1) {
		agree(TRACE_EV_enter, n);
		agree(TRACE_EV_leave, n);
	}
	agree(TRACE_EV_start, 0);
	agree(TRACE_EV_exec, 0);
	agree(TRACE_EV_end, 0);
}

TEST(newest_rule_that_matches_decides_whatever_the_rules)
{
	for (int round = 0; round < 300; round++) {
		begin(true);
		model_count = 0;
		for (uint32_t n = random_next(RULES_MAX); n > 0; n--) {
			struct rule rule = random_rule();

			CHECK_EQ(session_rule(&session, &rule), 0);
			model_add(&rule);
		}
		all_agree();
		heap_free(session.rules);
		heap_free(session.pool);
		end_counts();
	}
	CHECK_EQ(fake_blocks, 0);
	CHECK_EQ(process.refs, 0);
}

static struct rule
rule_on(enum trace_event_type event, uint64_t number, enum trace_action action)
{
	struct rule rule;

	memset(&rule, 0, sizeof rule);
	rule.event = event;
	rule.action = action;
	rule.set.others = 1;
	rule.set.other[0] = number;
	return rule;
}

TEST(same_rule_replaces_and_sixty_five_are_ENOSPC)
{
	struct rule rule;

	begin(true);
	for (uint64_t i = 0; i < RULES_MAX; i++) {
		rule = rule_on(TRACE_EV_enter, i, ACTION_HOLD);
		CHECK_EQ(session_rule(&session, &rule), 0);
		CHECK_EQ(session_rule(&session, &rule), 0);
		CHECK_EQ(session.rule_count, i + 1);
	}
	rule = rule_on(TRACE_EV_enter, RULES_MAX, ACTION_HOLD);
	CHECK_EQ(session_rule(&session, &rule), -ENOSPC);
	CHECK_EQ(judged(TRACE_EV_enter, RULES_MAX), ACTION_OFF);
	rule = rule_on(TRACE_EV_enter, 5, ACTION_LOG);
	CHECK_EQ(session_rule(&session, &rule), 0);
	CHECK_EQ(session.rule_count, RULES_MAX);
	CHECK_EQ(judged(TRACE_EV_enter, 5), ACTION_LOG);
	CHECK_EQ(judged(TRACE_EV_enter, 6), ACTION_HOLD);
}

TEST(rule_without_memory_is_ENOMEM_and_changes_nothing)
{
	struct rule rule = rule_on(TRACE_EV_enter, 1, ACTION_LOG);

	begin(true);
	for (long n = 1; n <= 2; n++) {
		fake_fail = n;
		CHECK_EQ(session_rule(&session, &rule), -ENOMEM);
		CHECK_EQ(judged(TRACE_EV_enter, 1), ACTION_OFF);
		CHECK_EQ(session.rule_count, 0);
	}
	fake_fail = 0;
	CHECK_EQ(session_rule(&session, &rule), 0);
	CHECK_EQ(judged(TRACE_EV_enter, 1), ACTION_LOG);
}

TEST(rule_that_counts_calls_without_memory_is_ENOMEM_and_changes_nothing)
{
	struct rule rule = rule_on(TRACE_EV_enter, 1, ACTION_COUNT);

	begin(true);
	for (long n = 1; n <= 2; n++) {
		fake_fail = n;
		CHECK_EQ(session_rule(&session, &rule), -ENOMEM);
		CHECK_EQ(session.rule_count, 0);
	}
	fake_fail = 0;
	CHECK_EQ(session_rule(&session, &rule), 0);
	CHECK(trace_of.counts != NULL);
	CHECK(rule_counts_other(&process, 1));
	CHECK(!rule_counts_other(&process, 2));
	end_counts();
}

/* ---- hits ---- */

static uint64_t
hits_of(uint32_t i, enum trace_action action)
{
	struct rule rule;
	uint64_t hits;

	CHECK(session_rule_at(&session, i, &rule, &hits));
	CHECK_EQ(rule.action, action);
	return hits;
}

static void
add_rule(enum trace_event_type event, enum trace_action action)
{
	struct rule rule;

	memset(&rule, 0, sizeof rule);
	rule.event = event;
	rule.action = action;
	rule.set.all = true;
	CHECK_EQ(session_rule(&session, &rule), 0);
}

TEST(rules_are_told_oldest_first_and_a_new_one_has_no_hits)
{
	struct rule rule;
	uint64_t hits;

	begin(true);
	add_rule(TRACE_EV_start, ACTION_HOLD);
	add_rule(TRACE_EV_exec, ACTION_COUNT);
	add_rule(TRACE_EV_enter, ACTION_COUNT);
	add_rule(TRACE_EV_leave, ACTION_OFF);
	for (int i = 0; i <= RULES_MAX; i++)
		session.hits[i] = 5;
	add_rule(TRACE_EV_start, ACTION_KILL);
	CHECK_EQ(hits_of(0, ACTION_COUNT), 5);
	CHECK_EQ(hits_of(1, ACTION_COUNT), HITS_NONE);
	CHECK_EQ(hits_of(2, ACTION_OFF), HITS_NONE);
	CHECK_EQ(hits_of(3, ACTION_KILL), 0);
	CHECK(!session_rule_at(&session, 4, &rule, &hits));
	heap_free(session.rules);
	end_counts();
}

/* ---- observers ---- */

TEST(observer_logs_everything_but_enter_once_it_reads)
{
	begin(false);
	CHECK_EQ(judged(TRACE_EV_leave, SYS_read), ACTION_OFF);
	CHECK_EQ(judged(TRACE_EV_end, 0), ACTION_LOG);
	CHECK_EQ(session_observe(&session), 0);
	CHECK_EQ(judged(TRACE_EV_enter, SYS_read), ACTION_OFF);
	CHECK_EQ(judged(TRACE_EV_leave, SYS_read), ACTION_LOG);
	CHECK_EQ(judged(TRACE_EV_leave, 3), ACTION_LOG);
	CHECK_EQ(judged(TRACE_EV_fork, 0), ACTION_LOG);
	CHECK_EQ(judged(TRACE_EV_exec, 0), ACTION_LOG);
	CHECK_EQ(judged(TRACE_EV_end, 0), ACTION_LOG);
}

/* ---- the bits that the untraced path reads ---- */

static bool
bit(const _Atomic uint64_t *mask, uint64_t number)
{
	unsigned slot = call_slot(number);

	return atomic_load(&mask[slot / 64]) >> (slot % 64) & 1;
}

static bool
acts(enum trace_action action)
{
	return action != ACTION_OFF && action != ACTION_COUNT;
}

TEST(masks_are_what_some_rule_wants_and_threads_are_told)
{
	for (int round = 0; round < 100; round++) {
		bool any = false;

		begin(true);
		model_count = 0;
		for (uint32_t n = random_next(10); n > 0; n--) {
			struct rule rule = random_rule();

			rule.set.others = 0;
			memset(rule.set.other, 0, sizeof rule.set.other);
			CHECK_EQ(session_rule(&session, &rule), 0);
			model_add(&rule);
		}
		rule_masks_update(&process);
		for (uint64_t n = SYSCALL_FIRST; n < SYSCALL_END; n++) {
			enum trace_action enter =
				model_judge(TRACE_EV_enter, n);
			enum trace_action leave =
				model_judge(TRACE_EV_leave, n);
			bool counts =
				enter == ACTION_COUNT || leave == ACTION_COUNT;

			CHECK_EQ(bit(trace_of.enter_mask, n), acts(enter));
			CHECK_EQ(bit(trace_of.leave_mask, n), acts(leave));
			CHECK_EQ(bit(trace_of.count_mask, n), counts);
			CHECK_EQ(bit(trace_of.after_mask, n),
				 acts(leave) || counts);
			any |= enter || leave;
		}
		if (any)
			CHECK(atomic_load(&thread.arch.flags) & THREAD_RULES);
		session.dead = true;
		rule_masks_update(&process);
		for (uint64_t n = SYSCALL_FIRST; n <= SYSCALL_END; n++)
			CHECK(!bit(trace_of.enter_mask, n) &&
			      !bit(trace_of.after_mask, n));
		CHECK_EQ(atomic_load(&thread.arch.flags) & THREAD_RULES, 0);
		atomic_store(&thread.arch.flags, 0);
		heap_free(session.rules);
		heap_free(session.pool);
	}
}

TEST(number_that_no_call_has_shares_one_bit)
{
	struct rule rule = rule_on(TRACE_EV_enter, 500, ACTION_HOLD);

	begin(true);
	CHECK_EQ(session_rule(&session, &rule), 0);
	CHECK(bit(trace_of.enter_mask, 500));
	CHECK(bit(trace_of.enter_mask, UINT64_MAX));
	CHECK(!bit(trace_of.enter_mask, SYS_read));
	CHECK(!bit(trace_of.leave_mask, 500));
	CHECK_EQ(judged(TRACE_EV_enter, 501), ACTION_OFF);
}
