/*
 * A thread's floating-point registers as tracers see and write them: one policy
 * a register, from abi/fpregs.def.  Called for a thread that does not run.
 *
 * The processor leaves out of an area what is in its first state; here a part
 * that was left out has the values of that state.  A write is checked whole
 * before any of it takes effect; the area's header is never the tracer's.
 */
#include "local.h"

#include "../../abi/errno.h"

#define OLD_SIZE   416 /* of FXSAVE's area: control words, st, xmm */
#define ST_AT	   32
#define XMM_AT	   160
#define HEADER_AT  512
#define UPPER_AT   576
#define PART_X87   1u
#define PART_SSE   2u
#define PART_AVX   4u
#define FCW_CLEAN  0x37f
#define FCW_BITS   0x1f7fu
#define OPCODE_MAX 0x7ffu

_Static_assert(offsetof(struct trace_fpregs, ymmh) -
			       offsetof(struct trace_fpregs, fcw) ==
		       OLD_SIZE,
	       "the beginning of FXSAVE's area");

static bool
has_upper(void)
{
	return fpu_parts() & PART_AVX;
}

/* Parts that the area holds; the others are in their first state. */
static uint64_t
parts_in(const char *area)
{
	uint64_t parts = PART_X87 | PART_SSE;

	if (fpu_parts())
		__builtin_memcpy(&parts, area + HEADER_AT, sizeof(parts));
	return parts;
}

static void
first_x87(struct trace_fpregs *regs)
{
	regs->fcw = FCW_CLEAN;
	regs->fsw = 0;
	regs->ftw = 0;
	regs->fop = 0;
	regs->fip = 0;
	regs->fdp = 0;
	__builtin_memset(regs->st, 0, sizeof(regs->st));
}

void
arch_fpregs_get(const struct arch_thread *thread, struct trace_fpregs *regs)
{
	const char *area = thread->fpu;
	uint64_t parts = parts_in(area);

	__builtin_memset(regs, 0, sizeof(*regs));
	regs->size = sizeof(*regs);
	regs->parts = has_upper() ? TRACE_FPREGS_AVX : 0;
	__builtin_memcpy(&regs->fcw, area, OLD_SIZE);
	regs->zero = 0;
	regs->mxcsr_mask = fpu_mxcsr_bits();
	for (unsigned i = 0; i < 8; i++)
		__builtin_memset(regs->st[i] + 10, 0, 6);
	if (!(parts & PART_X87))
		first_x87(regs);
	if (!(parts & PART_SSE))
		__builtin_memset(regs->xmm, 0, sizeof(regs->xmm));
	if (has_upper() && (parts & PART_AVX))
		__builtin_memcpy(regs->ymmh, area + UPPER_AT,
				 sizeof(regs->ymmh));
}

enum policy { FREE, CONTROL, OPCODE, MXCSR, FIXED, UPPER };

static uint64_t
value_at(const struct trace_fpregs *regs, size_t offset, size_t bytes)
{
	uint64_t value = 0;

	__builtin_memcpy(&value, (const char *)regs + offset,
			 bytes < sizeof(value) ? bytes : sizeof(value));
	return value;
}

static bool
policy_allows(enum policy policy, uint64_t value)
{
	switch (policy) {
	case FREE:
		return true;
	case CONTROL:
		return !(value & ~(uint64_t)FCW_BITS);
	case OPCODE:
		return value <= OPCODE_MAX;
	case MXCSR:
		return !(value & ~(uint64_t)fpu_mxcsr_bits());
	case UPPER:
		return has_upper();
	case FIXED:
		break;
	}
	return false;
}

/* What is not changed needs no leave. */
int
arch_fpregs_check(const struct trace_fpregs *old,
		  const struct trace_fpregs *regs)
{
	static const struct {
		uint16_t offset, bytes;
		enum policy policy;
	} rows[] = {
#define FPREG(name, member, bytes, policy)                                     \
	{offsetof(struct trace_fpregs, member), (bytes), policy},
#include "../../abi/fpregs.def"
#undef FPREG
	};

	for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		size_t at = rows[i].offset, bytes = rows[i].bytes;

		if (__builtin_memcmp((const char *)old + at,
				     (const char *)regs + at, bytes) &&
		    !policy_allows(rows[i].policy, value_at(regs, at, bytes)))
			return -ERANGE;
	}
	return 0;
}

void
arch_fpregs_set(struct arch_thread *thread, const struct trace_fpregs *regs)
{
	const uint64_t parts = fpu_parts();
	char *area = thread->fpu;
	uint32_t mask;

	__builtin_memcpy(&mask, area + 28, sizeof(mask));
	__builtin_memcpy(area, &regs->fcw, OLD_SIZE);
	__builtin_memcpy(area + 28, &mask, sizeof(mask));
	area[5] = 0;
	for (unsigned i = 0; i < 8; i++)
		__builtin_memset(area + ST_AT + 16 * i + 10, 0, 6);
	if (has_upper())
		__builtin_memcpy(area + UPPER_AT, regs->ymmh,
				 sizeof(regs->ymmh));
	if (parts)
		__builtin_memcpy(area + HEADER_AT, &parts, sizeof(parts));
	thread->loaded_cpu = 0; /* no CPU holds them */
}
