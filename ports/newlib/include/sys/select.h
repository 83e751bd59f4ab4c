/* newlib's <sys/select.h> with room for Linux's number of descriptors in a set. */
#ifndef FD_SETSIZE
#define FD_SETSIZE 1024
#endif
#include_next <sys/select.h>
