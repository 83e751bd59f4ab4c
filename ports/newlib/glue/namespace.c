/*
 * Which schemes the process may name.
 */
#include <sys/namespace.h>

#include "glue.h"

int
nsdrop(const char *scheme, const int *keep, int count)
{
	return (int)__result(__sys_nsdrop(scheme, keep, count));
}
