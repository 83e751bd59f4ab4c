/*
 * The order of locks, as data: lockrank.def made into a table.  lock.c asks it
 * for spinlocks, mutex.c for sleeping locks.  Rule: no rank is named here.
 */
#include "lock.h"

static const struct {
	const char *name;
	bool nest;
} ranks[] = {
#define RANK(name, kind, nest) {#name, nest},
#include "lockrank.def"
#undef RANK
};

/* The name of a rank, "?" if there is none. */
const char *
lock_rank_name(unsigned rank)
{
	return rank < RANK_COUNT ? ranks[rank].name : "?";
}

/* Ranks rise; within a NEST rank addresses do.  Takes no lock. */
bool
lock_rank_allows(unsigned last, uintptr_t last_address, unsigned rank,
		 uintptr_t address)
{
	if (rank != last)
		return rank > last;
	return ranks[rank].nest && address > last_address;
}
