/*
 * A handler's frame comes from the program: whatever it says, sigreturn loads
 * nothing that a user program may not have, and the kernel stands.
 */
#include <cpuid.h>
#include "boot/signals.h"

#define BIT(n) (1ull << (n))

/* What is done to the context before the handler returns. */
static void (*spoil)(ucontext_t *u, uint64_t value);
static uint64_t with;

static void
spoiling(int sig, siginfo_t *info, void *context)
{
	(void)sig, (void)info;
	spoil(context, with);
}

static void
return_spoilt(void)
{
	handle_info(SIGUSR1, spoiling, 0);
	raise(SIGUSR1);
	_exit(7);
}

static int
end_of(void (*how)(ucontext_t *, uint64_t), uint64_t value)
{
	spoil = how;
	with = value;
	return in_child(return_spoilt);
}

/* ---- registers ---- */

static const uint64_t not_the_users[] = {
	0x00007ffffffff000, 0x0000800000000000, 0x0001000000000000,
	0x8000000000000000, 0xffff7fffffffffff, 0xffff800000000000,
	0xffffffff80000000, 0xffffffffffffffff,
};
#define BAD (sizeof(not_the_users) / sizeof(not_the_users[0]))

static void
set_rip(ucontext_t *u, uint64_t value)
{
	u->uc_mcontext.gregs[REG_RIP] = (greg_t)value;
}

static void
set_rsp(ucontext_t *u, uint64_t value)
{
	u->uc_mcontext.gregs[REG_RSP] = (greg_t)value;
}

TEST(sigreturn_to_an_address_that_is_not_the_users_is_SIGSEGV)
{
	for (size_t i = 0; i < BAD; i++) {
		CHECK_EQ(end_of(set_rip, not_the_users[i]), 128 + SIGSEGV);
		CHECK_EQ(end_of(set_rsp, not_the_users[i]), 128 + SIGSEGV);
	}
	CHECK_EQ(end_of(set_rip, 0), 128 + SIGSEGV);
	CHECK_EQ(end_of(set_rsp, 0), 128 + SIGSEGV);
}

/* cs, gs, fs, ss: 16 bits each. */
static void
set_selectors(ucontext_t *u, uint64_t value)
{
	u->uc_mcontext.gregs[REG_CSGSFS] = (greg_t)value;
}

TEST(sigreturn_with_other_selectors_is_SIGSEGV)
{
	static const uint16_t selectors[] = {0x00, 0x08, 0x10, 0x18, 0x20,
					     0x23, 0x28, 0x2b, 0x30, 0x33,
					     0x38, 0x3b, 0x40, 0x43, 0xffff};
	const uint64_t good = 0x002b000000000033;

	CHECK_EQ(end_of(set_selectors, good), 7);
	for (size_t i = 0; i < sizeof(selectors) / sizeof(selectors[0]); i++) {
		uint64_t s = selectors[i];

		if (s != 0x33)
			CHECK_EQ(end_of(set_selectors, (good & ~0xffffull) | s),
				 128 + SIGSEGV);
		if (s != 0x2b)
			CHECK_EQ(end_of(set_selectors,
					(good & 0xffffffffffff) | s << 48),
				 128 + SIGSEGV);
		if (s)
			CHECK_EQ(end_of(set_selectors, good | s << 16),
				 128 + SIGSEGV);
		if (s)
			CHECK_EQ(end_of(set_selectors, good | s << 32),
				 128 + SIGSEGV);
	}
}

static volatile uint64_t flags_after;

static void
set_flags(ucontext_t *u, uint64_t value)
{
	u->uc_mcontext.gregs[REG_EFL] = (greg_t)value;
}

/* Not the program's: TF, IF, IOPL, NT, RF, VM and what is above. */
TEST(sigreturn_takes_only_the_users_flags)
{
	const uint64_t users =
		BIT(0) | BIT(2) | BIT(4) | BIT(6) | BIT(7) | BIT(11);

	spoil = set_flags;
	handle_info(SIGUSR1, spoiling, 0);
	for (int bit = 0; bit < 64; bit++) {
		with = BIT(bit) & ~BIT(10) & ~BIT(18);
		raise(SIGUSR1);
		flags_after = __builtin_ia32_readeflags_u64();
		CHECK_EQ(flags_after & ~users, 0x202);
	}
	with = UINT64_MAX & ~BIT(10) & ~BIT(18);
	raise(SIGUSR1);
	flags_after = __builtin_ia32_readeflags_u64();
	CHECK_EQ(flags_after & ~users, 0x202);
}

/* ---- the FPU ---- */

static void
set_mxcsr(ucontext_t *u, uint64_t value)
{
	u->uc_mcontext.fpregs->mxcsr = (unsigned)value;
}

TEST(sigreturn_with_reserved_bits_of_mxcsr_is_SIGSEGV)
{
	CHECK_EQ(end_of(set_mxcsr, 0x1f80), 7);
	CHECK_EQ(end_of(set_mxcsr, 0x7f80), 7);
	for (int bit = 16; bit < 32; bit++)
		CHECK_EQ(end_of(set_mxcsr, 0x1f80 | BIT(bit)), 128 + SIGSEGV);
	CHECK_EQ(end_of(set_mxcsr, UINT32_MAX), 128 + SIGSEGV);
}

static void
set_fpu_address(ucontext_t *u, uint64_t value)
{
	memcpy(&u->uc_mcontext.fpregs, &value, sizeof value);
}

TEST(sigreturn_with_a_bad_address_of_the_fpu_is_SIGSEGV)
{
	char *page = lone_page();
	uint64_t end = (uint64_t)(uintptr_t)page + 4096;

	CHECK_EQ(end_of(set_fpu_address, 0), 7);
	CHECK_EQ(end_of(set_fpu_address, 8), 128 + SIGSEGV);
	CHECK_EQ(end_of(set_fpu_address, end - 256), 128 + SIGSEGV);
	CHECK_EQ(end_of(set_fpu_address, 0x7fffffffef00), 128 + SIGSEGV);
	for (size_t i = 0; i < BAD; i++)
		CHECK_EQ(end_of(set_fpu_address, not_the_users[i]),
			 128 + SIGSEGV);
}

/* A word of the 64 bytes behind the old area: XSAVE's header. */
static int header_word;

static void
set_header(ucontext_t *u, uint64_t value)
{
	uint64_t *header = (uint64_t *)((char *)u->uc_mcontext.fpregs + 512);

	header[header_word] = value;
}

static int
xsave_is_there(void)
{
	unsigned a, b, c, d;

	return __get_cpuid(1, &a, &b, &c, &d) && (c & (1u << 27));
}

TEST(sigreturn_with_a_header_that_xrstor_refuses_is_SIGSEGV)
{
	if (!xsave_is_there())
		return;
	CHECK_EQ(end_of(set_header, 3), 7);
	CHECK_EQ(end_of(set_header, 0), 7);
	for (int bit = 3; bit < 64; bit++)
		CHECK_EQ(end_of(set_header, BIT(bit)), 128 + SIGSEGV);
	for (header_word = 1; header_word < 8; header_word++) {
		CHECK_EQ(end_of(set_header, 1), 128 + SIGSEGV);
		CHECK_EQ(end_of(set_header, BIT(63)), 128 + SIGSEGV);
	}
}

/* The marks that say that an XSAVE area follows. */
static void
set_marks(ucontext_t *u, uint64_t value)
{
	unsigned *marks = (unsigned *)((char *)u->uc_mcontext.fpregs + 464);

	for (int i = 0; i < 12; i++)
		marks[i] = (unsigned)value;
}

TEST(sigreturn_with_other_marks_takes_the_old_area_only)
{
	CHECK_EQ(end_of(set_marks, 0), 7);
	CHECK_EQ(end_of(set_marks, UINT32_MAX), 7);
}

/* ---- whole frames ---- */

/* sigreturn with rsp here. */
static void
return_from(uint64_t sp)
{
	__asm__ volatile("movq %1, %%rsp\n\tsyscall\n\tud2"
			 :
			 : "a"((long)SYS_sigreturn), "r"(sp)
			 : "memory");
}

static void
return_from_value(void)
{
	return_from(with);
}

static char noise[8192] __attribute__((aligned(16)));

TEST(sigreturn_without_a_frame_is_SIGSEGV)
{
	with = 0;
	CHECK_EQ(in_child(return_from_value), 128 + SIGSEGV);
	with = 8;
	CHECK_EQ(in_child(return_from_value), 128 + SIGSEGV);
	with = (uint64_t)(uintptr_t)lone_page() + 4096;
	CHECK_EQ(in_child(return_from_value), 128 + SIGSEGV);
	for (size_t i = 0; i < BAD; i++) {
		with = not_the_users[i];
		CHECK_EQ(in_child(return_from_value), 128 + SIGSEGV);
	}
	with = (uint64_t)(uintptr_t)noise + 64;
	CHECK_EQ(in_child(return_from_value), 128 + SIGSEGV);
}

/* Any bytes at all: the child may end as it likes, the kernel stands. */
TEST(sigreturn_from_noise_hurts_only_the_program)
{
	uint64_t state = 88172645463325252;

	with = (uint64_t)(uintptr_t)noise + 64;
	for (long round = 0; round < test_size(200, 20000); round++) {
		for (size_t i = 0; i < sizeof noise; i++) {
			state ^= state << 13;
			state ^= state >> 7;
			state ^= state << 17;
			noise[i] = (char)state;
		}
		CHECK(in_child(return_from_value) > 128);
	}
}

/* One byte of a good frame, each in turn. */
static void
flip(ucontext_t *u, uint64_t value)
{
	((volatile char *)u)[value] ^= (char)0xff;
}

TEST(every_byte_of_a_frame_may_be_wrong)
{
	for (uint64_t i = 0; i < sizeof(ucontext_t) + sizeof(siginfo_t); i++) {
		int end = end_of(flip, i);

		CHECK(end == 7 || end > 128);
	}
}

/* The mask cannot be made to block what must not be. */
static void
set_mask(ucontext_t *u, uint64_t value)
{
	memcpy(&u->uc_sigmask, &value, sizeof value);
}

TEST(sigreturn_never_blocks_SIGKILL_or_SIGSTOP)
{
	spoil = set_mask;
	with = UINT64_MAX;
	handle_info(SIGUSR1, spoiling, 0);
	raise(SIGUSR1);
	CHECK(!is_blocked(SIGKILL));
	CHECK(!is_blocked(SIGSTOP));
	CHECK(is_blocked(SIGTERM));
}

/* ---- siginfo shows nothing of the kernel's ---- */

static void
no_kernel_bytes(int sig, siginfo_t *info, void *context)
{
	const ucontext_t *u = context;
	const uint64_t *words = (const uint64_t *)info;

	(void)sig;
	for (size_t i = 4; i < sizeof *info / 8; i++)
		CHECK_EQ(words[i], 0);
	CHECK_EQ(info->__pad0, 0);
	for (int i = 0; i < 8; i++)
		CHECK_EQ(u->uc_mcontext.__reserved[i], 0);
	CHECK(u->uc_link == NULL);
	caught++;
}

TEST(frame_holds_no_bytes_of_the_kernels)
{
	handle_info(SIGUSR1, no_kernel_bytes, 0);
	raise(SIGUSR1);
	CHECK_EQ(queue(getpid(), SIGUSR1, 5), 0);
	CHECK_EQ(caught, 2);
}
