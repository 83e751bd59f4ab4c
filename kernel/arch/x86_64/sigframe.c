/*
 * The frame of a signal handler on the user's stack: made when the handler is
 * entered, taken back by sigreturn.  Called by signal_handle.c and syssignal.c,
 * in the running thread.
 *
 *	sp ------>  (the red zone, or the top of the signal stack)
 *		    FPU area, 64-byte aligned
 *		    siginfo, ucontext
 *	rsp ----->  the restorer's address: what the handler returns to
 *
 * Nothing in a frame is trusted when it comes back: registers pass the policy
 * table of regs.c, the FPU area is checked in the kernel's own memory.
 */
#include "local.h"
#include "../../abi/errno.h"

#define RED_ZONE    128
#define OLD_AREA    512 /* FXSAVE's, and XSAVE's first part */
#define MARKS_AT    464 /* in it: bytes that are the system's */
#define MARK_BEGIN  0x46505853u
#define MARK_END    0x46505845u
#define FPU_AT_BITS 6

struct sigframe {
	uint64_t restorer;
	struct abi_ucontext context;
	struct abi_siginfo info;
};

/* Says that an XSAVE area follows the old one, as on Linux. */
struct marks {
	uint32_t begin, whole_size;
	uint64_t parts;
	uint32_t size, reserved[7];
};
_Static_assert(sizeof(struct marks) == OLD_AREA - MARKS_AT, "marks");

static bool
in_user(uint64_t address, size_t n)
{
	return n <= USER_END && address <= USER_END - n;
}

static bool
put(uint64_t to, const void *from, size_t n)
{
	return in_user(to, n) && !arch_copy_to_user(to, from, n);
}

static bool
get(void *to, uint64_t from, size_t n)
{
	return in_user(from, n) && !arch_copy_from_user(to, from, n);
}

/* ---- the FPU's part ---- */

static size_t
fpu_frame_size(void)
{
	return fpu_parts() ? arch_fpu_size() + sizeof(uint32_t) : OLD_AREA;
}

static bool
fpu_put(const struct arch_thread *thread, uint64_t to)
{
	const uint32_t end = MARK_END;
	size_t size = arch_fpu_size();
	struct marks marks = {0};
	const char *area = thread->fpu;

	if (fpu_parts())
		marks = (struct marks){
			.begin = MARK_BEGIN,
			.whole_size = (uint32_t)fpu_frame_size(),
			.parts = fpu_parts(),
			.size = (uint32_t)size,
		};
	if (!put(to, area, MARKS_AT) ||
	    !put(to + MARKS_AT, &marks, sizeof(marks)))
		return false;
	if (!fpu_parts())
		return true;
	return put(to + OLD_AREA, area + OLD_AREA, size - OLD_AREA) &&
	       put(to + size, &end, sizeof(end));
}

/* Is the old area in `area` followed by what marks say?  They are taken out:
 * the processor does not look at them. */
static bool
fpu_marked(char *area, uint64_t from)
{
	struct marks marks;
	uint32_t end;

	__builtin_memcpy(&marks, area + MARKS_AT, sizeof(marks));
	__builtin_memset(area + MARKS_AT, 0, sizeof(marks));
	return fpu_parts() && marks.begin == MARK_BEGIN &&
	       marks.size == arch_fpu_size() &&
	       get(&end, from + marks.size, sizeof(end)) && end == MARK_END;
}

/* An old area alone: the x87 and SSE parts are there, the rest is clean. */
static void
fpu_only_old(char *area)
{
	const uint64_t parts = 3;

	if (!fpu_parts())
		return;
	__builtin_memset(area + OLD_AREA, 0, arch_fpu_size() - OLD_AREA);
	__builtin_memcpy(area + OLD_AREA, &parts, sizeof(parts));
}

static bool
fpu_get(struct arch_thread *thread, uint64_t from)
{
	char *area = thread->fpu;

	if (!from) {
		fpu_clean(area);
		return true;
	}
	if (!get(area, from, OLD_AREA))
		return false;
	if (!fpu_marked(area, from))
		fpu_only_old(area);
	else if (!get(area + OLD_AREA, from + OLD_AREA,
		      arch_fpu_size() - OLD_AREA))
		return false;
	return fpu_check(area);
}

/* ---- in ---- */

uint64_t
arch_signal_sp(const struct arch_thread *running)
{
	const struct frame *frame =
		(const void *)(running->stack_top - sizeof(struct frame));

	return frame->rsp - RED_ZONE;
}

static struct abi_mcontext
mcontext_of(const struct frame *frame, const struct arch_signal *signal)
{
	return (struct abi_mcontext){
		.r8 = frame->r8,
		.r9 = frame->r9,
		.r10 = frame->r10,
		.r11 = frame->r11,
		.r12 = frame->r12,
		.r13 = frame->r13,
		.r14 = frame->r14,
		.r15 = frame->r15,
		.rdi = frame->rdi,
		.rsi = frame->rsi,
		.rbp = frame->rbp,
		.rbx = frame->rbx,
		.rdx = frame->rdx,
		.rax = frame->rax,
		.rcx = frame->rcx,
		.rsp = frame->rsp,
		.rip = frame->rip,
		.rflags = frame->rflags & ~(uint64_t)RFLAGS_TF,
		.cs = (uint16_t)frame->cs,
		.ss = (uint16_t)frame->ss,
		.error = signal->error,
		.vector = signal->vector,
		.oldmask = signal->mask,
		.address = signal->address,
	};
}

/* Where frame and FPU area lie below sp.  false: there is no such place. */
static bool
find_places(const struct arch_signal *signal, uint64_t *frame, uint64_t *fpu)
{
	const size_t most = sizeof(struct sigframe) + fpu_frame_size() +
			    2 * (1 << FPU_AT_BITS);

	if (signal->sp > USER_END || signal->sp < most)
		return false;
	*fpu = (signal->sp - fpu_frame_size()) >> FPU_AT_BITS << FPU_AT_BITS;
	/* as behind a call: 8 bytes below a multiple of 16 */
	*frame = ((*fpu - sizeof(struct sigframe)) & ~(uint64_t)15) - 8;
	return *frame >= signal->least;
}

static bool
frame_put(struct arch_thread *thread, const struct arch_signal *signal,
	  uint64_t to, uint64_t fpu)
{
	struct sigframe frame = {
		.restorer = signal->restorer,
		.context.flags = fpu_parts() ? 1 : 0,
		.context.stack = signal->stack,
		.context.mcontext = mcontext_of(arch_frame(thread), signal),
		.context.mask = signal->mask,
		.info = *signal->info,
	};

	frame.context.mcontext.fpstate = fpu;
	return put(to, &frame, sizeof(frame));
}

static void
enter(struct arch_thread *thread, const struct arch_signal *signal, uint64_t sp)
{
	struct frame *frame = arch_frame(thread);

	frame->rip = signal->handler;
	frame->rsp = sp;
	frame->rdi = (uint64_t)(uint32_t)signal->info->signo;
	frame->rsi = sp + offsetof(struct sigframe, info);
	frame->rdx = sp + offsetof(struct sigframe, context);
	frame->rax = 0;
	frame->rflags &= ~(uint64_t)(RFLAGS_DF | RFLAGS_TF | RFLAGS_RF);
	fpu_clean(thread->fpu);
	atomic_fetch_or(&thread->flags, ARCH_FLAG_TOUCHED);
}

int
arch_signal_enter(struct arch_thread *running, const struct arch_signal *signal)
{
	uint64_t at, fpu;

	if (signal->handler >= USER_END || !find_places(signal, &at, &fpu))
		return -EFAULT;
	user_sync(running);
	if (!fpu_put(running, fpu) || !frame_put(running, signal, at, fpu))
		return -EFAULT;
	enter(running, signal, at);
	return 0;
}

/* ---- out ---- */

static void
regs_take(struct trace_regs *regs, const struct abi_mcontext *from)
{
	regs->r15 = from->r15;
	regs->r14 = from->r14;
	regs->r13 = from->r13;
	regs->r12 = from->r12;
	regs->rbp = from->rbp;
	regs->rbx = from->rbx;
	regs->r11 = from->r11;
	regs->r10 = from->r10;
	regs->r9 = from->r9;
	regs->r8 = from->r8;
	regs->rax = from->rax;
	regs->rcx = from->rcx;
	regs->rdx = from->rdx;
	regs->rsi = from->rsi;
	regs->rdi = from->rdi;
	regs->rip = from->rip;
	regs->rsp = from->rsp;
	regs->cs = from->cs;
	regs->ss = from->ss;
	regs->fs = from->fs;
	regs->gs = from->gs;
	regs->rflags = (regs->rflags & ~(uint64_t)RFLAGS_USER) |
		       (from->rflags & RFLAGS_USER);
}

int
arch_signal_return(struct arch_thread *running, uint64_t *mask,
		   struct abi_stack *stack)
{
	uint64_t at = arch_frame(running)->rsp - sizeof(uint64_t);
	struct abi_ucontext context;
	struct trace_regs old, regs;

	if (!get(&context, at + offsetof(struct sigframe, context),
		 sizeof(context)))
		return -EFAULT;
	user_sync(running);
	arch_regs_get(running, &old);
	regs = old;
	regs_take(&regs, &context.mcontext);
	if (arch_regs_check(&old, &regs, REGS_OUTSIDE))
		return -EFAULT;
	if (!fpu_get(running, context.mcontext.fpstate)) {
		fpu_clean(running->fpu);
		return -EFAULT;
	}
	arch_regs_set(running, &regs);
	*mask = context.mask;
	*stack = context.stack;
	return 0;
}

/* ---- floating-point exceptions ---- */

/* By bit of the status: invalid, denormal, divide, overflow, underflow, inexact
 */
int
arch_fpu_fault(struct arch_thread *running, bool simd)
{
	static const uint8_t codes[] = {KFPE_FLTINV, KFPE_FLTUND, KFPE_FLTDIV,
					KFPE_FLTOVF, KFPE_FLTUND, KFPE_FLTRES};
	uint16_t control, status;
	uint32_t mxcsr, raised;

	user_sync(running);
	__builtin_memcpy(&control, running->fpu, sizeof(control));
	__builtin_memcpy(&status, (const char *)running->fpu + 2,
			 sizeof(status));
	__builtin_memcpy(&mxcsr, (const char *)running->fpu + 24,
			 sizeof(mxcsr));
	raised = simd ? mxcsr & ~(mxcsr >> 7) : (uint32_t)(status & ~control);
	for (unsigned i = 0; i < sizeof(codes); i++)
		if (raised >> i & 1)
			return codes[i];
	return 0;
}
