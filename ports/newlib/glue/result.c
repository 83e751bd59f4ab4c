/*
 * Where errno is made: every function that wraps a system call passes its
 * result through here.
 */
#include "glue.h"

long
__result(long result)
{
	if (result >= 0 || result < -4095)
		return result;
	errno = (int)-result;
	return -1;
}
