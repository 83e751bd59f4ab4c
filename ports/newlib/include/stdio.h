/* newlib's <stdio.h>, and POSIX's line functions, which it has under other
 * names. */
#ifndef _PROCTOR_STDIO_H
#define _PROCTOR_STDIO_H

#include_next <stdio.h>

#if __POSIX_VISIBLE >= 200809
#ifdef __cplusplus
extern "C" {
#endif
_ssize_t getdelim(char **__restrict, size_t *__restrict, int, FILE *__restrict);
_ssize_t getline(char **__restrict, size_t *__restrict, FILE *__restrict);
#ifdef __cplusplus
}
#endif
#endif

#endif
