/*
 * Where errno is made: every function that wraps a system call passes its
 * result through __result, which comes here with an error.
 */
#include "glue.h"

long
__result_error(long error)
{
	errno = (int)-error;
	return -1;
}
