/* What the files of this folder share.  errno is made here and nowhere else. */
#pragma once

#include <errno.h>
#include <proctor/calls.h>

/* Sets errno; -1. */
long __result_error(long error);

/* Returns the system's result, or -1 with errno set. */
static inline long
__result(long result)
{
	if (result >= 0 || result < -4095)
		return result;
	return __result_error(result);
}

/* Takes the stack that the kernel left: the auxiliary vector, for getauxval. */
void __auxv_start(const unsigned long *auxv);
