/*
 * newlib's feature macros, and what this system adds to them.  Every header of
 * newlib's comes through here first, so this is also the place for the choices
 * that programs and library must share: reentrancy by a call (a thread finds
 * its own errno), and POSIX types for read and write.
 */
#ifndef _PROCTOR_SYS_FEATURES_H
#define _PROCTOR_SYS_FEATURES_H

#define __DYNAMIC_REENT__	 1
#define _READ_WRITE_RETURN_TYPE	 _ssize_t
#define _READ_WRITE_BUFSIZE_TYPE size_t

#include_next <sys/features.h>

#define _POSIX_TIMERS		 200809L
#define _POSIX_MONOTONIC_CLOCK	 200809L
#define _POSIX_MAPPED_FILES	 200809L
#define _POSIX_MEMORY_PROTECTION 200809L
#define _POSIX_VERSION		 200809L

#endif
