/*
 * newlib's locks, and whose state a thread uses.  A lock is a word taken by an
 * atomic exchange; who finds it taken gives the processor away.  A thread is
 * known by its struct _reent: today there is one in a process, so no lock is
 * ever found taken, and __getreent is the only place to change when there are
 * more.
 */
#include <reent.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/lock.h>

struct __lock {
	struct _reent *owner; /* of a recursive lock that is held */
	unsigned depth;
	char taken;
};

struct __lock __lock___sinit_recursive_mutex;
struct __lock __lock___sfp_recursive_mutex;
struct __lock __lock___atexit_recursive_mutex;
struct __lock __lock___at_quick_exit_mutex;
struct __lock __lock___malloc_recursive_mutex;
struct __lock __lock___env_recursive_mutex;
struct __lock __lock___tz_mutex;
struct __lock __lock___dd_hash_mutex;
struct __lock __lock___arc4random_mutex;

struct _reent *
__getreent(void)
{
	return _global_impure_ptr;
}

/* FILEs have locks of their own.  stdio cannot say that there was no memory for
 * one; those FILEs share this one, which is as safe and less parallel. */
static struct __lock shared;

void
__retarget_lock_init(_LOCK_T *lock)
{
	*lock = calloc(1, sizeof(**lock));
	if (!*lock)
		*lock = &shared;
}

void
__retarget_lock_init_recursive(_LOCK_T *lock)
{
	__retarget_lock_init(lock);
}

void
__retarget_lock_close(_LOCK_T lock)
{
	if (lock != &shared)
		free(lock);
}

void
__retarget_lock_close_recursive(_LOCK_T lock)
{
	__retarget_lock_close(lock);
}

int
__retarget_lock_try_acquire(_LOCK_T lock)
{
	return !__atomic_test_and_set(&lock->taken, __ATOMIC_ACQUIRE);
}

void
__retarget_lock_acquire(_LOCK_T lock)
{
	while (!__retarget_lock_try_acquire(lock))
		sched_yield();
}

void
__retarget_lock_release(_LOCK_T lock)
{
	__atomic_clear(&lock->taken, __ATOMIC_RELEASE);
}

int
__retarget_lock_try_acquire_recursive(_LOCK_T lock)
{
	struct _reent *self = __getreent();

	/* Only its owner can find itself here, so nobody changes it meanwhile.
	 */
	if (__atomic_load_n(&lock->owner, __ATOMIC_RELAXED) != self) {
		if (!__retarget_lock_try_acquire(lock))
			return 0;
		__atomic_store_n(&lock->owner, self, __ATOMIC_RELAXED);
	}
	lock->depth++;
	return 1;
}

void
__retarget_lock_acquire_recursive(_LOCK_T lock)
{
	while (!__retarget_lock_try_acquire_recursive(lock))
		sched_yield();
}

void
__retarget_lock_release_recursive(_LOCK_T lock)
{
	if (--lock->depth)
		return;
	__atomic_store_n(&lock->owner, (struct _reent *)0, __ATOMIC_RELAXED);
	__retarget_lock_release(lock);
}

/* newlib's, which sets up the standard streams; its headers do not name it. */
void __sinit(struct _reent *reent);

/* A standard stream has no lock before the first use of stdio. */
static _LOCK_T
lock_of(FILE *file)
{
	struct _reent *self = __getreent();

	if (!self->__sdidinit)
		__sinit(self);
	return file->_lock;
}

void
flockfile(FILE *file)
{
	__retarget_lock_acquire_recursive(lock_of(file));
}

int
ftrylockfile(FILE *file)
{
	return __retarget_lock_try_acquire_recursive(lock_of(file)) ? 0 : -1;
}

void
funlockfile(FILE *file)
{
	__retarget_lock_release_recursive(lock_of(file));
}
