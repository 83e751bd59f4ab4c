/*
 * Random bytes.
 */
#include <sys/random.h>
#include <unistd.h>

#include "glue.h"

ssize_t
getrandom(void *buffer, size_t size, unsigned flags)
{
	return __result(__sys_getrandom(buffer, size, flags));
}

/* All or nothing, at most 256 bytes. */
int
getentropy(void *buffer, size_t size)
{
	ssize_t got;

	if (size > 256)
		return (int)__result(-EIO);
	got = getrandom(buffer, size, 0);
	if (got < 0)
		return -1;
	return (size_t)got == size ? 0 : (int)__result(-EIO);
}
