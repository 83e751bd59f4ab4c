/*
 * Real, effective and saved ids: every call that sets them, from every state,
 * against the rule that POSIX and Linux have.
 *
 * The states need root: as anybody else nothing is shown.
 *
 * holds on Linux
 */
#include "boot/children.h"

TEST_SECONDS(300);

#define LEAVE UINT32_MAX

enum { REAL, EFFECTIVE, SAVED };
enum call { SET, SET_EFFECTIVE, SET_BOTH, SET_ALL };

struct kind {
	int (*set)(unsigned);
	int (*set_effective)(unsigned);
	int (*set_both)(unsigned, unsigned);
	int (*set_all)(unsigned, unsigned, unsigned);
	int (*get_all)(unsigned *, unsigned *, unsigned *);
};

static const struct kind user = {setuid, seteuid, setreuid, setresuid,
				 getresuid};
static const struct kind group = {setgid, setegid, setregid, setresgid,
				  getresgid};

static const unsigned states[] = {0, 1000, 1001};
static const unsigned arguments[] = {LEAVE, 0, 1000, 1001};

/* One of 27: real, effective, saved. */
static void
choose_state(unsigned number, unsigned have[3])
{
	for (int i = 0; i < 3; i++, number /= 3)
		have[i] = states[number % 3];
}

static int
is_one_of(unsigned id, const unsigned *have, int count)
{
	for (int i = 0; i < count; i++)
		if (have[i] == id)
			return 1;
	return 0;
}

/* ---- the rule: what have becomes, 0 or an errno ---- */

static int
rule_set(int root, unsigned id, unsigned have[3])
{
	if (id == LEAVE)
		return EINVAL;
	if (!root && id != have[REAL] && id != have[SAVED])
		return EPERM;
	have[EFFECTIVE] = id;
	if (root)
		have[REAL] = have[SAVED] = id;
	return 0;
}

static int
rule_set_effective(int root, unsigned id, unsigned have[3])
{
	if (id == LEAVE)
		return EINVAL;
	if (!root && !is_one_of(id, have, 3))
		return EPERM;
	have[EFFECTIVE] = id;
	return 0;
}

static int
rule_set_both(int root, const unsigned *id, unsigned have[3])
{
	int saved = id[REAL] != LEAVE ||
		    (id[EFFECTIVE] != LEAVE && id[EFFECTIVE] != have[REAL]);

	if (!root && id[REAL] != LEAVE && !is_one_of(id[REAL], have, 2))
		return EPERM;
	if (!root && id[EFFECTIVE] != LEAVE &&
	    !is_one_of(id[EFFECTIVE], have, 3))
		return EPERM;
	if (id[REAL] != LEAVE)
		have[REAL] = id[REAL];
	if (id[EFFECTIVE] != LEAVE)
		have[EFFECTIVE] = id[EFFECTIVE];
	if (saved)
		have[SAVED] = have[EFFECTIVE];
	return 0;
}

static int
rule_set_all(int root, const unsigned *id, unsigned have[3])
{
	for (int i = 0; i < 3; i++)
		if (!root && id[i] != LEAVE && !is_one_of(id[i], have, 3))
			return EPERM;
	for (int i = 0; i < 3; i++)
		if (id[i] != LEAVE)
			have[i] = id[i];
	return 0;
}

static int
rule(enum call call, int root, const unsigned *id, unsigned have[3])
{
	switch (call) {
	case SET:
		return rule_set(root, id[0], have);
	case SET_EFFECTIVE:
		return rule_set_effective(root, id[0], have);
	case SET_BOTH:
		return rule_set_both(root, id, have);
	case SET_ALL:
		break;
	}
	return rule_set_all(root, id, have);
}

/* ---- the call ---- */

static int
really(const struct kind *kind, enum call call, const unsigned *id)
{
	int result = -1;

	switch (call) {
	case SET:
		result = kind->set(id[0]);
		break;
	case SET_EFFECTIVE:
		result = kind->set_effective(id[0]);
		break;
	case SET_BOTH:
		result = kind->set_both(id[0], id[1]);
		break;
	case SET_ALL:
		result = kind->set_all(id[0], id[1], id[2]);
		break;
	}
	return result < 0 ? errno : result;
}

/* In a child.  root: the effective user of one that sets groups. */
static void
one_case(const struct kind *kind, int root, const unsigned *start,
	 enum call call, const unsigned *id)
{
	unsigned want[3] = {start[0], start[1], start[2]}, have[3];
	int error;

	CHECK_EQ(kind->set_all(start[0], start[1], start[2]), 0);
	if (kind == &group && !root)
		CHECK_EQ(setuid(1000), 0);
	error = rule(call, root, id, want);
	CHECK_EQ(really(kind, call, id), error);
	CHECK_EQ(kind->get_all(&have[0], &have[1], &have[2]), 0);
	CHECK_EQ(have[REAL], want[REAL]);
	CHECK_EQ(have[EFFECTIVE], want[EFFECTIVE]);
	CHECK_EQ(have[SAVED], want[SAVED]);
	_exit(0);
}

static void
try_all_arguments(const struct kind *kind, int root, const unsigned *start)
{
	static const int counts[] = {4, 4, 16, 64};

	for (int call = SET; call <= SET_ALL; call++)
		for (int n = 0; n < counts[call]; n++) {
			const unsigned id[3] = {arguments[n % 4],
						arguments[n / 4 % 4],
						arguments[n / 16]};
			pid_t pid = fork();

			CHECK(pid >= 0);
			if (pid == 0)
				one_case(kind, root, start, (enum call)call,
					 id);
			CHECK_EQ(child_end(pid), 0);
		}
}

TEST(user_ids_follow_the_rule_from_every_state)
{
	unsigned start[3];

	for (unsigned state = 0; state < 27 && getuid() == 0; state++) {
		choose_state(state, start);
		try_all_arguments(&user, start[EFFECTIVE] == 0, start);
	}
}

TEST(group_ids_follow_the_rule_from_every_state)
{
	unsigned start[3];

	for (unsigned state = 0; state < 27 && getuid() == 0; state++) {
		choose_state(state, start);
		try_all_arguments(&group, 1, start);
		try_all_arguments(&group, 0, start);
	}
}

TEST(ids_are_told_only_where_there_is_memory_for_them)
{
	uid_t *bad = (uid_t *)8, id[3];

	CHECK_ERRNO(getresuid(bad, &id[1], &id[2]), EFAULT);
	CHECK_ERRNO(getresuid(&id[0], bad, &id[2]), EFAULT);
	CHECK_ERRNO(getresuid(&id[0], &id[1], bad), EFAULT);
	CHECK_ERRNO(getresgid(bad, &id[1], &id[2]), EFAULT);
	CHECK_ERRNO(getresgid(&id[0], bad, &id[2]), EFAULT);
	CHECK_ERRNO(getresgid(&id[0], &id[1], bad), EFAULT);
}

/* ---- who may signal whom ---- */

/* In a child: it is there until it is killed. */
static void
be_there(const unsigned *ids, int ready)
{
	CHECK_EQ(setresuid(ids[0], ids[1], ids[2]), 0);
	CHECK_EQ(write(ready, "x", 1), 1);
	sleep_for_ever();
}

static void
signal_it(pid_t target, const unsigned *theirs, unsigned real,
	  unsigned effective)
{
	int may = effective == 0 || real == theirs[REAL] ||
		  real == theirs[SAVED] || effective == theirs[REAL] ||
		  effective == theirs[SAVED];

	CHECK_EQ(setresuid(real, effective, effective), 0);
	errno = 0;
	CHECK_EQ(kill(target, 0), may ? 0 : -1);
	CHECK_EQ(errno, may ? 0 : EPERM);
	CHECK_EQ(kill(target, SIGCONT), 0); /* of the same session */
	_exit(0);
}

static void
signal_from_all(pid_t target, const unsigned *theirs)
{
	for (int n = 0; n < 9; n++) {
		pid_t pid = fork();

		CHECK(pid >= 0);
		if (pid == 0)
			signal_it(target, theirs, states[n % 3], states[n / 3]);
		CHECK_EQ(child_end(pid), 0);
	}
}

TEST(kill_needs_a_real_or_effective_id_that_is_its_real_or_saved_one)
{
	unsigned theirs[3];
	int ends[2];
	char byte;

	CHECK_EQ(pipe2(ends, O_CLOEXEC), 0);
	for (unsigned state = 0; state < 27 && getuid() == 0; state++) {
		pid_t pid = fork();

		CHECK(pid >= 0);
		choose_state(state, theirs);
		if (pid == 0)
			be_there(theirs, ends[1]);
		CHECK_EQ(read(ends[0], &byte, 1), 1);
		signal_from_all(pid, theirs);
		child_kill(pid);
	}
}
