/*
 * Spinlocks for tests on the host, where one thread runs: none is taken twice
 * or given back twice.  A test includes the sources that lock after this, so
 * that they take the checked kernel's locks, which are functions.
 */
#pragma once

#define CHECKED 1
#include "lock.h"
#include "test.h"

void
lock_assert_none(void)
{
}

void
spin_lock(struct spinlock *lock)
{
	CHECK_EQ(lock->taken, 0);
	lock->taken = 1;
}

void
spin_unlock(struct spinlock *lock)
{
	CHECK_EQ(lock->taken, 1);
	lock->taken = 0;
}
