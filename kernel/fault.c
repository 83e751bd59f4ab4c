/*
 * Processor exceptions of user programs.  A page fault is the address space's
 * affair first; what nobody can mend becomes a signal, by the table below.
 * Called by arch/ through arch_entries.
 */
#include "fault.h"
#include "abi/errno.h"
#include "abi/signal.h"
#include "life.h"
#include "process.h"
#include "vm.h"

static const uint8_t signals[32] = {
	[0] = SIGFPE,	[1] = SIGTRAP, [3] = SIGTRAP, [4] = SIGSEGV,
	[5] = SIGSEGV,	[6] = SIGILL,  [7] = SIGFPE,  [8] = SIGSEGV,
	[10] = SIGSEGV, [11] = SIGBUS, [12] = SIGBUS, [13] = SIGSEGV,
	[14] = SIGSEGV, [16] = SIGFPE, [17] = SIGBUS, [19] = SIGFPE,
};

int
fault_page(struct thread *thread, uint64_t address, enum arch_fault_kind kind)
{
	if (!thread->process)
		return -EFAULT;
	return vm_fault(thread->process->vm, address, kind);
}

void
fault_exception(struct thread *thread, struct frame *frame, unsigned vector,
		uint64_t error, uint64_t address)
{
	int signal = vector < 32 ? signals[vector] : 0;

	(void)error;
	(void)address;
	signal_fault(thread, frame, signal ? signal : SIGSEGV);
}
