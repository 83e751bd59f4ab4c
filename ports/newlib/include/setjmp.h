/*
 * newlib's <setjmp.h>, and POSIX's jumps that keep the signal mask.
 */
#ifndef _PROCTOR_SETJMP_H
#define _PROCTOR_SETJMP_H

#include_next <setjmp.h>

#if __POSIX_VISIBLE
#include <signal.h>

struct __sigjmp {
	jmp_buf __regs;
	int __saved;
	sigset_t __mask;
};
typedef struct __sigjmp sigjmp_buf[1];

#ifdef __cplusplus
extern "C" {
#endif
int __sigjmp_save(sigjmp_buf, int);
void siglongjmp(sigjmp_buf, int) __attribute__((__noreturn__));
#ifdef __cplusplus
}
#endif

/* A macro: the frame that calls setjmp must be the one that is returned to. */
#define sigsetjmp(env, save) (__sigjmp_save(env, save), setjmp((env)->__regs))
#define _setjmp(env)	     setjmp(env)
#define _longjmp(env, value) longjmp(env, value)
#endif

#endif
