/* What wait4 and getrusage say of a process. */
#pragma once

#include <stdint.h>

struct trace_usage;

/* As a struct abi_rusage, to the caller's memory.  0, -EFAULT. */
int sysusage_put(uint64_t to, const struct trace_usage *usage);
