/* with: kernel/lockrank.c */
/* The order of locks: what may follow what. */
#include "lock.h"
#include "test.h"

struct cpu cpus[CPU_MAX];
unsigned cpu_count;

TEST(lock_ranks_must_rise)
{
	CHECK(lock_rank_allows(RANK_WAITQ, RANK_RUN_QUEUE));
	CHECK(!lock_rank_allows(RANK_RUN_QUEUE, RANK_WAITQ));
	CHECK(!lock_rank_allows(RANK_RUN_QUEUE, RANK_RUN_QUEUE));
}

TEST(lock_ranks_have_names)
{
	CHECK_STR(lock_rank_name(RANK_PAGE), "PAGE");
	CHECK_STR(lock_rank_name(RANK_COUNT), "?");
}

/* A mutex is never taken inside of a spinlock, so all of them come first. */
TEST(lock_ranks_of_mutexes_come_before_those_of_spinlocks)
{
	enum { SLEEPS, SPINS };
	static const int kinds[] = {
#define RANK(name, kind) kind,
#include "lockrank.def"
#undef RANK
	};

	for (unsigned i = 1; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		CHECK(kinds[i - 1] <= kinds[i]);
}
