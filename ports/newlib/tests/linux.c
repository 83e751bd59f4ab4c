/*
 * linux.def as a table of values; the check compiles it once for the host
 * (TABLE=host_linux) and once for the guest, and compares.  It is data only, so
 * the guest's object links on the host.
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/ucontext.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* glibc keeps these to itself. */
#ifndef IOV_MAX
#define IOV_MAX 1024
#endif
#ifndef SI_KERNEL
#define SI_KERNEL 128
#endif

#define LIST "linux.def"
#include "table.c"
