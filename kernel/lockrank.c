/*
 * The names of the ranks of locks: lockrank.def made into a table.  lock.c asks
 * it for spinlocks, mutex.c for sleeping locks.  Rule: no rank is named here.
 */
#include "lock.h"

static const char *const names[] = {
#define RANK(name, kind) #name,
#include "lockrank.def"
#undef RANK
};

/* The name of a rank, "?" if there is none. */
const char *
lock_rank_name(unsigned rank)
{
	return rank < RANK_COUNT ? names[rank] : "?";
}
