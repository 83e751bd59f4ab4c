/*
 * The auxiliary vector: pairs of a type and a value that the kernel left behind
 * the environment.
 */
#include <sys/auxv.h>

#include "glue.h"

static const unsigned long *auxv;

void
__auxv_start(const unsigned long *start)
{
	auxv = start;
}

unsigned long
getauxval(unsigned long type)
{
	const unsigned long *pair;

	for (pair = auxv; pair[0] != AT_NULL; pair += 2)
		if (pair[0] == type)
			return pair[1];
	errno = ENOENT;
	return 0;
}
