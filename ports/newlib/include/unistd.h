/* newlib's <unistd.h>, and what Linux programs expect of it besides. */
#ifndef _PROCTOR_UNISTD_H
#define _PROCTOR_UNISTD_H

#include_next <unistd.h>

#ifdef __cplusplus
extern "C" {
#endif

#if __BSD_VISIBLE
pid_t gettid(void);
int brk(void *);
#endif
/* Without _GNU_SOURCE too: there is no other way to a close-on-exec pipe. */
int pipe2(int[2], int);
int dup3(int, int, int);

#ifdef __cplusplus
}
#endif

#endif
