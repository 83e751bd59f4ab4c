/* Error numbers (Linux x86-64's), from errno.def; the kernel and libtrace
 * return them negated. */
#pragma once

enum errno_number {
#define ERRNO(name, number) name = (number),
#include "errno.def"
#undef ERRNO
	ERRNO_MAX = 4095
};
