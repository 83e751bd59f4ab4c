/*
 * From the machine to a call and back.  arch/ calls syscall_entry with
 * interrupts on; number and arguments are in the frame, the result goes there.
 *
 * One rule: an untraced call pays one test of the thread's flag word on the way
 * in and one on the way out.  What a tracer has changed while the thread was
 * held at entry is what is run: number and arguments are read from the frame
 * after the entry event.
 */
#include "syscall.h"
#include "abi/errno.h"
#include "life.h"
#include "sched.h"
#include "thread.h"
#include "trace/trace.h"

#define A0(kind) ((KIND_##kind)frame->rdi)
#define A1(kind) ((KIND_##kind)frame->rsi)
#define A2(kind) ((KIND_##kind)frame->rdx)
#define A3(kind) ((KIND_##kind)frame->r10)
#define A4(kind) ((KIND_##kind)frame->r8)
#define A5(kind) ((KIND_##kind)frame->r9)

#define CALLED(name, arguments)                                                \
	static int64_t call_##name(struct thread *self,                        \
				   const struct frame *frame)                  \
	{                                                                      \
		(void)frame;                                                   \
		return sys_##name arguments;                                   \
	}
#define CALL0(nr, name, res)	     CALLED(name, (self))
#define CALL1(nr, name, res, k0, a0) CALLED(name, (self, A0(k0)))
#define CALL2(nr, name, res, k0, a0, k1, a1)                                   \
	CALLED(name, (self, A0(k0), A1(k1)))
#define CALL3(nr, name, res, k0, a0, k1, a1, k2, a2)                           \
	CALLED(name, (self, A0(k0), A1(k1), A2(k2)))
#define CALL4(nr, name, res, k0, a0, k1, a1, k2, a2, k3, a3)                   \
	CALLED(name, (self, A0(k0), A1(k1), A2(k2), A3(k3)))
#define CALL5(nr, name, res, k0, a0, k1, a1, k2, a2, k3, a3, k4, a4)           \
	CALLED(name, (self, A0(k0), A1(k1), A2(k2), A3(k3), A4(k4)))
#define CALL6(nr, name, res, k0, a0, k1, a1, k2, a2, k3, a3, k4, a4, k5, a5)   \
	CALLED(name, (self, A0(k0), A1(k1), A2(k2), A3(k3), A4(k4), A5(k5)))
#include "abi/syscalls.def"
#undef CALLED
#undef CALL0
#undef CALL1
#undef CALL2
#undef CALL3
#undef CALL4
#undef CALL5
#undef CALL6

static int64_t (*const calls[])(struct thread *, const struct frame *) = {
#define CALL0(nr, name, ...) [(nr)-SYSCALL_FIRST] = call_##name,
#define CALL1		     CALL0
#define CALL2		     CALL0
#define CALL3		     CALL0
#define CALL4		     CALL0
#define CALL5		     CALL0
#define CALL6		     CALL0
#include "abi/syscalls.def"
#undef CALL0
#undef CALL1
#undef CALL2
#undef CALL3
#undef CALL4
#undef CALL5
#undef CALL6
};

static int64_t
dispatch(struct thread *self, const struct frame *frame)
{
	uint64_t i = frame->orig_rax - SYSCALL_FIRST;

	if (i >= SYSCALL_COUNT)
		return -ENOSYS;
	return calls[i](self, frame);
}

/* One whose rip a tracer has changed meanwhile goes on there. */
static void
syscall_may_restart(struct thread *self)
{
	self->signal.restart &= !trace_moved(self);
}

/* `syscall` is two bytes. */
static void
syscall_restart(struct thread *self, struct frame *frame)
{
	self->signal.restart = false;
	trace_restart(self, frame);
	frame->rip -= 2;
	frame->rax = frame->orig_rax;
}

/* A signal is there.  What is decided about a restart comes before the leave,
 * which tells it. */
static __attribute__((noinline)) void
syscall_interrupted(struct thread *self, struct frame *frame)
{
	signal_call_over(self, frame->orig_rax, (int64_t)frame->rax);
	syscall_may_restart(self);
	if (thread_flags(self) & (THREAD_LEAVE | THREAD_HOLD))
		trace_leave(self, frame);
	syscall_may_restart(self);
	if (self->signal.restart)
		syscall_restart(self, frame);
	else
		trace_call_over(self);
}

static void
syscall_left(struct thread *self, struct frame *frame)
{
	trace_leave(self, frame);
	trace_call_over(self);
}

void
syscall_entry(struct thread *self, struct frame *frame)
{
	cpu_count_call();
	self->call = frame->orig_rax;
	if (!(thread_flags(self) & THREAD_ENTER_FLAGS) ||
	    trace_enter(self, frame)) {
		self->call = frame->orig_rax;
		frame->rax = (uint64_t)dispatch(self, frame);
	}
	if (thread_flags(self) & THREAD_LEAVE_FLAGS) {
		if (thread_flags(self) & THREAD_SIGNAL)
			syscall_interrupted(self, frame);
		else
			syscall_left(self, frame);
	}
	self->call = 0;
	frame->orig_rax = UINT64_MAX;
}

void
syscall_user_return(struct thread *self, struct frame *frame)
{
	uint32_t flags = thread_flags(self);

	(void)frame;
	if (flags & THREAD_HOLD)
		trace_user_return(self);
	if (flags & (THREAD_SIGNAL | THREAD_STOPPED | THREAD_KILLED))
		signal_deliver(self);
	if (flags & THREAD_RESCHED) {
		thread_unflag(self, THREAD_RESCHED);
		sched_yield(self);
	}
}
