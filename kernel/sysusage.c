/*
 * The call about what processes have used.  Dispatched by syscall.c.
 */
#include "sysusage.h"
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "abi/types.h"
#include "process.h"
#include "process_usage.h"
#include "syscall.h"
#include "usercopy.h"

static void
sysusage_time(int64_t time[2], uint64_t ns)
{
	time[0] = (int64_t)(ns / 1000000000);
	time[1] = (int64_t)(ns % 1000000000 / 1000);
}

int
sysusage_put(uint64_t to, const struct trace_usage *usage)
{
	struct abi_rusage rusage = {
		.ru_minflt = (int64_t)usage->faults,
		.ru_nvcsw = (int64_t)usage->switches,
		.ru_nivcsw = (int64_t)usage->preemptions,
	};

	sysusage_time(rusage.ru_utime, usage->user_ns);
	sysusage_time(rusage.ru_stime, usage->system_ns);
	return copy_to_user(to, &rusage, sizeof(rusage));
}

int64_t
sys_getrusage(struct thread *self, int who, uint64_t rusage)
{
	struct process *process = self->process;
	struct trace_usage usage;

	switch (who) {
	case KRUSAGE_SELF:
		process_usage(process, &usage);
		break;
	case KRUSAGE_CHILDREN:
		spin_lock(&process_table_lock);
		usage = process->waited;
		spin_unlock(&process_table_lock);
		break;
	default:
		return -EINVAL;
	}
	return sysusage_put(rusage, &usage);
}
