/* Error numbers from kernel/abi/errno.def, and errno itself, which is each
 * thread's own. */
#ifndef _SYS_ERRNO_H_
#define _SYS_ERRNO_H_

#include <sys/reent.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef _REENT_ONLY
#define errno (*__errno())
extern int *__errno(void);
#endif

extern const char *const _sys_errlist[];
extern int _sys_nerr;

#define __errno_r(reent) ((reent)->_errno)

#include <proctor/errno.h>

#define EWOULDBLOCK EAGAIN
#define EDEADLOCK   EDEADLK
#define ENOTSUP	    EOPNOTSUPP

/* newlib's own numbers for errors that are not the system's. */
#define __ELASTERROR 2000

#ifdef __cplusplus
}
#endif

#endif
