/* newlib's <sys/select.h> with room for Linux's number of descriptors in a set.
 */
#ifndef _PROCTOR_SYS_SELECT_H
#define _PROCTOR_SYS_SELECT_H

#ifndef FD_SETSIZE
#define FD_SETSIZE 1024
#endif

#include_next <sys/select.h>

/* newlib's shift a signed 1, of which careful compilers warn. */
#undef FD_SET
#undef FD_CLR
#undef FD_ISSET
#define __FD_WORD(fd, set) ((set)->fds_bits[(unsigned)(fd) / NFDBITS])
#define __FD_BIT(fd)	   (1UL << (unsigned)(fd) % NFDBITS)
#define FD_SET(fd, set)	   ((void)(__FD_WORD(fd, set) |= __FD_BIT(fd)))
#define FD_CLR(fd, set)	   ((void)(__FD_WORD(fd, set) &= ~__FD_BIT(fd)))
#define FD_ISSET(fd, set)  ((__FD_WORD(fd, set) & __FD_BIT(fd)) != 0)

#endif
