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
	[0] = KSIGFPE,	 [1] = KSIGTRAP, [3] = KSIGTRAP, [4] = KSIGSEGV,
	[5] = KSIGSEGV,	 [6] = KSIGILL,	 [7] = KSIGFPE,	 [8] = KSIGSEGV,
	[10] = KSIGSEGV, [11] = KSIGBUS, [12] = KSIGBUS, [13] = KSIGSEGV,
	[14] = KSIGSEGV, [16] = KSIGFPE, [17] = KSIGBUS, [19] = KSIGFPE,
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
	signal_fault(thread, frame, signal ? signal : KSIGSEGV);
}
