/*
 * Threads as the machine sees them: switching between their kernel stacks, and
 * what must be in the processor before one runs in user mode.
 *
 * A switch (switch.h) saves the FPU and the bases if they are live and loads
 * nothing.  Address space, FPU, bases and the stack for the next entry are
 * loaded on the way to user mode (entry.asm calls user_prepare), and only if
 * another thread's are there: cpu->loaded names the thread whose all four this
 * CPU holds, thread->loaded_cpu the CPU that loaded it last.  A kernel-only
 * excursion costs no load at all.
 */
#include "local.h"

_Noreturn void thread_begin(void (*entry)(void *), void *arg);

static unsigned
selectors_used(void)
{
	unsigned used = 0;
	unsigned one;

#define SELECTOR(name)                                                         \
	__asm__ volatile("movl %%" #name ", %0" : "=r"(one));                  \
	used |= one;
	SELECTOR(ds)
	SELECTOR(es)
	SELECTOR(fs)
	SELECTOR(gs)
#undef SELECTOR
	return used;
}

/* A user program can set its bases to 0 behind our back, by loading a selector,
 * and nothing else. */
void
arch_user_save(struct arch_thread *thread)
{
	fpu_save(thread->fpu);
	if (thread->fs_base | thread->gs_base) {
		thread->fs_base = msr_read(MSR_FS_BASE);
		thread->gs_base = msr_read(MSR_KERNEL_GS_BASE);
	}
}

static __attribute__((noinline)) void
bases_write(struct cpu_local *local, const struct arch_thread *thread,
	    bool wanted)
{
	msr_write(MSR_FS_BASE, thread->fs_base);
	msr_write(MSR_KERNEL_GS_BASE, thread->gs_base);
	local->bases_set = wanted;
}

static void
user_load(struct cpu *cpu, struct thread *thread)
{
	struct arch_thread *self = thread_arch(thread);
	struct cpu_local *local = cpu_local(cpu);
	bool wanted = self->fs_base | self->gs_base;

	cpu->kernel_rsp = self->stack_top;
	local->tss.rsp[0] = self->stack_top;
	space_use(cpu, self->space);
	fpu_restore(self->fpu);
	self->loaded_cpu = cpu->id + 1;
	cpu->loaded = thread;
	if (selectors_used())
		selectors_clear();
	if (wanted || local->bases_set)
		bases_write(local, self, wanted);
}

/* A flag is set: until none is that keeps the thread in the kernel. */
static __attribute__((noinline)) bool
user_flagged(struct thread *thread, struct frame *frame)
{
	struct arch_thread *self = thread_arch(thread);
	uint32_t flags;

	while ((flags = atomic_load(&self->flags)) & ARCH_FLAGS_RETURN) {
		arch_irq_enable();
		entries.user_return(thread, frame);
		arch_irq_disable();
	}
	if (flags & ARCH_FLAG_TOUCHED)
		atomic_fetch_and(&self->flags, ~ARCH_FLAG_TOUCHED);
	if (cpu_self()->loaded != thread)
		user_load(cpu_self(), thread);
	return flags & ARCH_FLAG_TOUCHED;
}

/* On the way to user mode, interrupts off, when a flag is set or the thread is
 * not loaded; returns with interrupts off: was the frame touched? */
bool
user_prepare(struct thread *thread, struct frame *frame)
{
	if (atomic_load(&thread_arch(thread)->flags) &
	    (ARCH_FLAGS_RETURN | ARCH_FLAG_TOUCHED))
		return user_flagged(thread, frame);
	if (cpu_self()->loaded != thread)
		user_load(cpu_self(), thread);
	return false;
}

/* The first C function of every thread but the idle ones: switch.asm. */
_Noreturn void
thread_begin(void (*entry)(void *), void *arg)
{
	struct thread *self = thread_self();

	entries.thread_first(self);
	if (entry) {
		arch_irq_enable();
		entry(arg);
		panic("a kernel thread returned");
	}
	arch_user_enter(self);
}

void
arch_thread_init(struct arch_thread *thread, void *stack_top,
		 void (*entry)(void *), void *arg)
{
	/* what arch_switch and switch_first pop */
	const uint64_t first[4] = {(uint64_t)switch_first, 0, (uint64_t)entry,
				   (uint64_t)arg};

	thread->stack_top = (uint64_t)stack_top;
	thread->switch_rsp =
		thread->stack_top - sizeof(struct frame) - 8 - sizeof(first);
	thread->loaded_cpu = 0;
	thread->fs_base = 0;
	thread->gs_base = 0;
	__builtin_memcpy((void *)thread->switch_rsp, first, sizeof(first));
	__builtin_memset(arch_frame(thread), 0, sizeof(struct frame));
}

/* What this CPU holds of a thread's registers is no longer the truth. */
static void
forget(struct arch_thread *thread)
{
	uint64_t flags = irq_save();
	struct cpu *cpu = cpu_self();

	if (cpu->loaded && thread_arch(cpu->loaded) == thread)
		cpu->loaded = NULL;
	thread->loaded_cpu = 0;
	irq_restore(flags);
}

void
user_sync(struct arch_thread *running)
{
	uint64_t flags = irq_save();
	struct cpu *cpu = cpu_self();

	if (cpu->loaded && thread_arch(cpu->loaded) == running)
		arch_user_save(running);
	irq_restore(flags);
	forget(running);
}

void
arch_user_init(struct arch_thread *thread, uint64_t rip, uint64_t rsp)
{
	struct frame *frame = arch_frame(thread);

	forget(thread);
	*frame = (struct frame){
		.orig_rax = UINT64_MAX,
		.rip = rip,
		.cs = USER_CS,
		.rflags = RFLAGS_IF | RFLAGS_ONE,
		.rsp = rsp,
		.ss = USER_SS,
	};
	thread->fs_base = 0;
	thread->gs_base = 0;
	if (thread->fpu)
		fpu_clean(thread->fpu);
	atomic_fetch_or(&thread->flags, ARCH_FLAG_TOUCHED);
}

void
arch_user_copy(struct arch_thread *child, struct arch_thread *running)
{
	uint64_t flags = irq_save();
	struct cpu *cpu = cpu_self();

	if (cpu->loaded && thread_arch(cpu->loaded) == running)
		arch_user_save(running);
	irq_restore(flags);
	*arch_frame(child) = *arch_frame(running);
	arch_frame(child)->rax = 0;
	arch_frame(child)->orig_rax = UINT64_MAX;
	__builtin_memcpy(child->fpu, running->fpu, arch_fpu_size());
	child->fs_base = running->fs_base;
	child->gs_base = running->gs_base;
	child->loaded_cpu = 0;
}

void
arch_user_unload(struct arch_thread *running)
{
	uint64_t flags;

	forget(running);
	flags = irq_save();
	space_use(cpu_self(), NULL);
	irq_restore(flags);
}

void
arch_call_set(struct frame *frame, uint64_t number, const uint64_t arguments[6])
{
	frame->orig_rax = number;
	frame->rdi = arguments[0];
	frame->rsi = arguments[1];
	frame->rdx = arguments[2];
	frame->r10 = arguments[3];
	frame->r8 = arguments[4];
	frame->r9 = arguments[5];
}
