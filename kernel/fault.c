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
#include "trace/trace.h"
#include "vm.h"

enum {
#define FAULT(name, vector, signal, code) VECTOR_##name = (vector),
#include "abi/faults.def"
#undef FAULT
};

#define PF_WRITE 2u
#define PF_FETCH 16u
#define DB_STEP	 0x4000u /* DR6: single step */

/* What an exception was: its si_code and si_addr. */
struct fault {
	struct thread *thread;
	const struct frame *frame;
	unsigned vector;
	uint64_t error, address;
};

struct fault_row {
	uint8_t signal;
	uint8_t code; /* 0: KSI_KERNEL, and no address */
};

static void
fault_tell_page(const struct fault *fault, struct signal_info *info)
{
	struct vm *vm = fault->thread->process->vm;
	enum arch_fault_kind kind = FAULT_READ;
	int why = -EFAULT;

	if (fault->error & PF_FETCH)
		kind = FAULT_EXEC;
	else if (fault->error & PF_WRITE)
		kind = FAULT_WRITE;
	if (fault->address < USER_END)
		why = vm_allows(vm, fault->address, kind);
	info->signo = why ? KSIGSEGV : KSIGBUS;
	info->code = why == -EFAULT ? KSEGV_MAPERR : KSEGV_ACCERR;
	if (!why)
		info->code = KBUS_ADRERR;
	info->words[0] = fault->address;
}

static void
fault_tell_float(const struct fault *fault, struct signal_info *info)
{
	info->code = arch_fpu_fault(&fault->thread->arch,
				    fault->vector == VECTOR_xm);
}

static void
fault_tell_debug(const struct fault *fault, struct signal_info *info)
{
	info->code = fault->error & DB_STEP ? KTRAP_TRACE : KTRAP_HWBKPT;
}

static const struct fault_row rows[32] = {
#define FAULT(name, vector, signal, code) [vector] = {signal, code},
#include "abi/faults.def"
#undef FAULT
};

/* What depends on more than the vector. */
static void (*const tellers[32])(const struct fault *fault,
				 struct signal_info *info) = {
	[VECTOR_db] = fault_tell_debug,
	[VECTOR_pf] = fault_tell_page,
	[VECTOR_mf] = fault_tell_float,
	[VECTOR_xm] = fault_tell_float,
};

int
fault_page(struct thread *thread, uint64_t address, enum arch_fault_kind kind)
{
	if (!thread->process)
		return -EFAULT;
	thread->faults++;
	return vm_fault(thread->process->vm, address, kind);
}

static struct signal_info
fault_info(const struct fault *fault)
{
	static const struct fault_row other = {KSIGSEGV, 0};
	const struct fault_row *row = &other;
	struct signal_info info = {.code = KSI_KERNEL};

	if (fault->vector < 32 && rows[fault->vector].signal)
		row = &rows[fault->vector];
	info.signo = row->signal;
	if (row->code) {
		info.code = row->code;
		info.words[0] = fault->frame->rip;
	}
	if (fault->vector < 32 && tellers[fault->vector])
		tellers[fault->vector](fault, &info);
	return info;
}

void
fault_exception(struct thread *thread, struct frame *frame, unsigned vector,
		uint64_t error, uint64_t address)
{
	const struct fault fault = {thread, frame, vector, error, address};
	struct signal_info info = fault_info(&fault);
	int sig = trace_fault(thread, vector, error, address, info.signo);

	if (!sig)
		return;
	if (sig != info.signo) {
		signal_raise(thread, sig);
		return;
	}
	thread->signal.trap.vector = vector;
	thread->signal.trap.error = error;
	thread->signal.trap.address = address;
	signal_force(thread, &info);
}
