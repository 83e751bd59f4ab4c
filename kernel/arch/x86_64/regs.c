/*
 * A thread's registers as tracers see and write them: one policy a register,
 * from abi/regs.def.  Called by proc:'s regs and by the trace verbs, for a
 * thread that does not run.
 *
 * A write is checked whole before any of it takes effect, so that nothing which
 * a return to user mode might fault on ever reaches a frame.  No machine here:
 * the unit test runs it on the host.
 */
#include "arch.h"
#include "../../abi/errno.h"

#define FLAGS_TF 0x100u

static int
policy_FREE(uint64_t old, uint64_t new, enum arch_regs_at at)
{
	(void)old;
	(void)new;
	(void)at;
	return 0;
}

static int
policy_USER(uint64_t old, uint64_t new, enum arch_regs_at at)
{
	(void)at;
	return new < USER_END || new == old ? 0 : -ERANGE;
}

static int
policy_FLAGS(uint64_t old, uint64_t new, enum arch_regs_at at)
{
	(void)at;
	return (old ^ new) & ~(uint64_t)RFLAGS_USER ? -ERANGE : 0;
}

static int
policy_FIXED(uint64_t old, uint64_t new, enum arch_regs_at at)
{
	(void)at;
	return old == new ? 0 : -ERANGE;
}

/* rax: in an unfinished call it has no meaning yet. */
static int
policy_RESULT(uint64_t old, uint64_t new, enum arch_regs_at at)
{
	return old != new && (at == REGS_IN_CALL || at == REGS_AT_ENTER)
		       ? -EBUSY
		       : 0;
}

static int
policy_NUMBER(uint64_t old, uint64_t new, enum arch_regs_at at)
{
	return old == new || at == REGS_AT_ENTER ? 0 : -ERANGE;
}

struct policy {
	size_t offset;
	int (*check)(uint64_t old, uint64_t new, enum arch_regs_at at);
};

static const struct policy policies[] = {
#define REG(name, policy) {offsetof(struct trace_regs, name), policy_##policy},
#include "../../abi/regs.def"
#undef REG
};

static uint64_t
reg_at(const struct trace_regs *regs, size_t offset)
{
	return *(const uint64_t *)(const void *)((const char *)regs + offset);
}

/* 0, -ERANGE or -EBUSY: the first register's, in regs.def's order, whose policy
 * refuses. */
int
arch_regs_check(const struct trace_regs *old, const struct trace_regs *regs,
		enum arch_regs_at at)
{
	for (size_t i = 0; i < sizeof(policies) / sizeof(policies[0]); i++) {
		size_t offset = policies[i].offset;
		int error = policies[i].check(reg_at(old, offset),
					      reg_at(regs, offset), at);

		if (error)
			return error;
	}
	return 0;
}

/* The frame is trace_regs' beginning; the bases lie in the thread; the data
 * selectors are always 0. */
_Static_assert(offsetof(struct trace_regs, fs_base) == sizeof(struct frame),
	       "regs.def begins with the frame");

void
arch_regs_get(struct arch_thread *thread, struct trace_regs *regs)
{
	*regs = (struct trace_regs){0};
	__builtin_memcpy(regs, arch_frame(thread), sizeof(struct frame));
	regs->rflags &= ~(uint64_t)FLAGS_TF;
	regs->fs_base = thread->fs_base;
	regs->gs_base = thread->gs_base;
}

void
arch_regs_set(struct arch_thread *thread, const struct trace_regs *regs)
{
	struct frame *frame = arch_frame(thread);
	uint64_t flags = (frame->rflags & ~(uint64_t)RFLAGS_USER) |
			 (regs->rflags & RFLAGS_USER);

	__builtin_memcpy(frame, regs, sizeof(*frame));
	frame->rflags = flags;
	thread->fs_base = regs->fs_base;
	thread->gs_base = regs->gs_base;
	thread->loaded_cpu = 0; /* no CPU holds its bases */
	atomic_fetch_or(&thread->flags, ARCH_FLAG_TOUCHED);
}
