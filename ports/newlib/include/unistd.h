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
#if __GNU_VISIBLE
/* -1 leaves an id as it is. */
int setresuid(uid_t, uid_t, uid_t);
int setresgid(gid_t, gid_t, gid_t);
int getresuid(uid_t *, uid_t *, uid_t *);
int getresgid(gid_t *, gid_t *, gid_t *);
#endif

#ifdef __cplusplus
}
#endif

#endif
