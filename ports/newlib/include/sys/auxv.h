/* What the kernel left on the stack behind the environment: Linux's numbers. */
#ifndef _SYS_AUXV_H
#define _SYS_AUXV_H

#ifdef __cplusplus
extern "C" {
#endif

#define AT_NULL	  0
#define AT_PAGESZ 6
#define AT_ENTRY  9
#define AT_UID	  11
#define AT_EUID	  12
#define AT_GID	  13
#define AT_EGID	  14
#define AT_SECURE 23
#define AT_RANDOM 25
#define AT_EXECFN 31

/* Returns the value, or 0 with errno ENOENT. */
unsigned long getauxval(unsigned long);

#ifdef __cplusplus
}
#endif

#endif
