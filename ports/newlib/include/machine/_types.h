/*
 * Widths of the types that cross the system-call boundary, Linux x86-64's.
 * newlib's defaults are 16 bits for most of them, so these must be in force
 * when newlib itself is built.
 */
#ifndef _MACHINE__TYPES_H
#define _MACHINE__TYPES_H

#include <machine/_default_types.h>

#define __machine_dev_t_defined
typedef unsigned long __dev_t;

#define __machine_ino_t_defined
typedef unsigned long __ino_t;

#define __machine_uid_t_defined
typedef unsigned int __uid_t;

#define __machine_gid_t_defined
typedef unsigned int __gid_t;

#define __machine_mode_t_defined
typedef unsigned int __mode_t;

#define __machine_clock_t_defined
#define _CLOCK_T_ long

#define __machine_clockid_t_defined
#define _CLOCKID_T_ int

/* newlib's __nlink_t has no such guard; its user's name has. */
#define _NLINK_T_DECLARED
typedef unsigned long nlink_t;

#endif
