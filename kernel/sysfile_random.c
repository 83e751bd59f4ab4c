/*
 * getrandom.
 *
 * The rule: it never waits, as the generator is ready from the first request.
 */
#include "abi/errno.h"
#include "rand.h"
#include "sysfile.h"
#include "syscall.h"
#include "usercopy.h"

#define FLAGS 7u /* Linux's GRND_NONBLOCK, GRND_RANDOM, GRND_INSECURE */
#define BOTH  6u /* of which the last two exclude each other */
#define PART  256u

int64_t
sys_getrandom(struct thread *self, uint64_t buf, uint64_t count, uint32_t flags)
{
	unsigned char part[PART];
	uint64_t left = count < COUNT_MAX ? count : COUNT_MAX, done = 0;

	if ((flags & ~FLAGS) || (flags & BOTH) == BOTH)
		return -EINVAL;
	while (left > 0) {
		size_t n = left < PART ? left : PART;

		rand_bytes(part, n);
		if (copy_to_user(buf + done, part, n))
			return done > 0 ? (int64_t)done : -EFAULT;
		done += n;
		left -= n;
		if (scheme_pause(self))
			break;
	}
	return (int64_t)done;
}
