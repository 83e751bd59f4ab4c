/* Namespaces: a process gives up a scheme (syscalls(2)). */
#ifndef _SYS_NAMESPACE_H
#define _SYS_NAMESPACE_H

#ifdef __cplusplus
extern "C" {
#endif

/* The scheme's name, without ':'; `count` descriptors of it that stay open. */
int nsdrop(const char *, const int *, int);

#ifdef __cplusplus
}
#endif

#endif
