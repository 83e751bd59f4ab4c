/*
 * Memory from the system: the break, on which malloc stands, and mappings.
 */
#include <malloc.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "glue.h"

/* malloc calls this with its lock held; a program that calls it itself sees to
 * that too. */
void *
sbrk(ptrdiff_t grow)
{
	static unsigned long end;
	unsigned long wanted;
	long result;

	if (!end)
		end = (unsigned long)__sys_brk(0);
	wanted = end + (unsigned long)grow;
	if (grow < 0 ? wanted > end : wanted < end)
		return (void *)__result(-ENOMEM);
	if (grow) {
		result = __sys_brk(wanted);
		if (result < 0)
			return (void *)__result(result);
	}
	end = wanted;
	return (void *)(end - (unsigned long)grow);
}

void *
mmap(void *address, size_t length, int protection, int flags, int fd,
     off_t offset)
{
	return (void *)__result(__sys_mmap((unsigned long)address, length,
					   protection, flags, fd, offset));
}

int
munmap(void *address, size_t length)
{
	return (int)__result(__sys_munmap((unsigned long)address, length));
}

int
mprotect(void *address, size_t length, int protection)
{
	return (int)__result(
		__sys_mprotect((unsigned long)address, length, protection));
}

int
posix_memalign(void **memory, size_t alignment, size_t size)
{
	int before = errno;

	if (alignment % sizeof(void *) || !alignment ||
	    alignment & (alignment - 1))
		return EINVAL;
	*memory = memalign(alignment, size);
	errno = before;
	return *memory ? 0 : ENOMEM;
}
