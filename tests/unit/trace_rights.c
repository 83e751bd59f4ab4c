/*
 * Who may, by brute force over ids: one function, judged against what the
 * manual says, for every combination of six target ids and two of the asker's.
 */
#include "trace_fake.h"
#include "kernel/trace/rights.c" /* with our locks */

struct process *process_one;

struct cred
process_cred(struct process *process)
{
	return process->cred;
}

static struct process asker_process, target, first;
static struct asker asker = {.process = &asker_process};

static const enum right all[] = {RIGHT_NOBODY, RIGHT_PUBLIC, RIGHT_OBSERVE,
				 RIGHT_CONTROL, RIGHT_CTL};

static int
ask(struct process *to, enum right right)
{
	asker.cred = asker_process.cred;
	return rights_ask(&asker, to, right);
}

void
ctl_ask_again(struct thread *self)
{
	(void)self;
}

void
targets_ask_again(struct thread *self)
{
	(void)self;
}

/* What is to come of it, in the words of the manual. */
static int
model(const struct process *to, enum right right)
{
	const struct cred *a = &asker_process.cred, *t = &to->cred;
	int self = to == &asker_process;
	int all_equal = t->ruid == a->euid && t->euid == a->euid &&
			t->suid == a->euid && t->rgid == a->egid &&
			t->egid == a->egid && t->sgid == a->egid;
	int by_ids = a->euid == 0 || (all_equal && (!to->risen || self));
	int sees = by_ids && (!to->no_tracers || self);

	if (right == RIGHT_NOBODY)
		return -EACCES;
	if (right == RIGHT_PUBLIC || (right == RIGHT_CTL && self))
		return 0;
	if (!sees)
		return -EACCES;
	if (right == RIGHT_OBSERVE)
		return 0;
	if (to == process_one)
		return -EACCES;
	return self ? -EDEADLK : 0;
}

static void
set_ids(struct cred *cred, unsigned bits)
{
	cred->ruid = bits & 1 ? 1001 : 0;
	cred->euid = bits & 2 ? 1001 : 0;
	cred->suid = bits & 4 ? 1001 : 0;
	cred->rgid = bits & 8 ? 2001 : 0;
	cred->egid = bits & 16 ? 2001 : 0;
	cred->sgid = bits & 32 ? 2001 : 0;
}

static void
agree(struct process *to)
{
	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		CHECK_EQ(ask(to, all[i]), model(to, all[i]));
}

TEST(rights_are_as_the_manual_says_for_every_combination_of_ids)
{
	process_one = &first;
	for (unsigned mine = 0; mine < 64; mine++)
		for (unsigned theirs = 0; theirs < 256; theirs++) {
			set_ids(&asker_process.cred, mine);
			set_ids(&target.cred, theirs);
			set_ids(&first.cred, theirs);
			target.no_tracers = first.no_tracers = theirs >> 6 & 1;
			asker_process.no_tracers = theirs >> 6 & 1;
			target.risen = first.risen = theirs >> 7;
			asker_process.risen = theirs >> 7;
			agree(&target);
			agree(&first);
			agree(&asker_process);
		}
}

TEST(group_0_alone_is_no_right)
{
	process_one = &first;
	asker_process.cred = (struct cred){5, 5, 5, 0, 0, 0};
	target.cred = (struct cred){6, 6, 6, 0, 0, 0};
	CHECK_EQ(ask(&target, RIGHT_OBSERVE), -EACCES);
	target.cred = (struct cred){5, 5, 5, 7, 7, 7};
	CHECK_EQ(ask(&target, RIGHT_OBSERVE), -EACCES);
	target.cred = (struct cred){5, 5, 0, 0, 0, 0};
	CHECK_EQ(ask(&target, RIGHT_OBSERVE), -EACCES);
}

TEST(right_that_has_no_rule_is_nobodys)
{
	process_one = &first;
	asker_process.cred = (struct cred){0};
	target.cred = (struct cred){0};
	for (int right = 5; right < 100; right++)
		CHECK_EQ(ask(&target, (enum right)right), -EACCES);
}
