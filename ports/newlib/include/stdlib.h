/* newlib's <stdlib.h>, and clearenv. */
#ifndef _PROCTOR_STDLIB_H
#define _PROCTOR_STDLIB_H

#include_next <stdlib.h>

#if __MISC_VISIBLE
#ifdef __cplusplus
extern "C" {
#endif
int clearenv(void);
#ifdef __cplusplus
}
#endif
#endif

#endif
