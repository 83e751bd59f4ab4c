/*
 * The table of CPUs.  arch/ fills in a CPU's identity before it runs C, the
 * scheduler its threads.  Rule: only a CPU itself writes its entry, but for
 * what is _Atomic.
 */
#include "cpu.h"

struct cpu cpus[CPU_MAX];
unsigned cpu_count = 1;
