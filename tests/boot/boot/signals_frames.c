/*
 * A handler changes nothing of what it interrupted: registers, flags, the red
 * zone, the FPU; and what it finds in its context.
 *
 * holds on Linux
 */
#include <cpuid.h>
#include "boot/signals.h"

#define ROUNDS 50

static volatile int done;

/* Spoils what a handler may. */
__attribute__((noinline)) static void
spoil(void)
{
	__asm__ volatile(
		"movq $-1, %%rax\n\tmovq %%rax, %%rcx\n\tmovq %%rax, %%rdx\n\t"
		"movq %%rax, %%rsi\n\tmovq %%rax, %%rdi\n\tmovq %%rax, %%r8\n\t"
		"movq %%rax, %%r9\n\tmovq %%rax, %%r10\n\tmovq %%rax, %%r11\n\t"
		"pcmpeqd %%xmm0, %%xmm0\n\tpcmpeqd %%xmm1, %%xmm1\n\t"
		"pcmpeqd %%xmm7, %%xmm7\n\tpcmpeqd %%xmm15, %%xmm15\n\t"
		"fninit\n\tfldpi\n\tfldpi\n\tstc"
		:
		:
		: "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11",
		  "memory", "cc");
}

static void
spoil_once(int sig)
{
	char much[4096];

	(void)sig;
	memset(much, 0x5a, sizeof much);
	__asm__ volatile("" : : "r"(much) : "memory");
	spoil();
	done = 1;
}

static void
soon(void)
{
	struct itimerval value = {.it_value = {0, 1000}};

	done = 0;
	CHECK_EQ(setitimer(ITIMER_REAL, &value, NULL), 0);
}

/* Sixteen registers and flags as they were set, all but rsp and the three that
 * the loop needs; and 128 bytes below rsp. */
static int
registers_stand(void)
{
	int bad;

	__asm__ volatile(
		"movq $0x1111, %%rbx\n\tmovq $0x2222, %%rsi\n\t"
		"movq $0x3333, %%rdi\n\tmovq $0x4444, %%r8\n\t"
		"movq $0x5555, %%r9\n\tmovq $0x6666, %%r10\n\t"
		"movq $0x7777, %%r11\n\tmovq $0x8888, %%r12\n\t"
		"movq $0x9999, %%r13\n\tmovq $0xaaaa, %%r14\n\t"
		"movq $0xbbbb, %%r15\n\tmovq $0xcccc, %%rcx\n\t"
		"movq $0xdddd, %%rdx\n\t"
		"movq $0x1234, -8(%%rsp)\n\tmovq $0x5678, -64(%%rsp)\n\t"
		"movq $0x9abc, -128(%%rsp)\n\t"
		"std\n"
		"1:\tmovl %1, %%eax\n\ttestl %%eax, %%eax\n\tjz 1b\n\t"
		"pushfq\n\tpopq %%rax\n\tcld\n\t"
		"andq $0x400, %%rax\n\txorq $0x400, %%rax\n\t"
		"xorq $0x1111, %%rbx\n\torq %%rbx, %%rax\n\t"
		"xorq $0x2222, %%rsi\n\torq %%rsi, %%rax\n\t"
		"xorq $0x3333, %%rdi\n\torq %%rdi, %%rax\n\t"
		"xorq $0x4444, %%r8\n\torq %%r8, %%rax\n\t"
		"xorq $0x5555, %%r9\n\torq %%r9, %%rax\n\t"
		"xorq $0x6666, %%r10\n\torq %%r10, %%rax\n\t"
		"xorq $0x7777, %%r11\n\torq %%r11, %%rax\n\t"
		"xorq $0x8888, %%r12\n\torq %%r12, %%rax\n\t"
		"xorq $0x9999, %%r13\n\torq %%r13, %%rax\n\t"
		"xorq $0xaaaa, %%r14\n\torq %%r14, %%rax\n\t"
		"xorq $0xbbbb, %%r15\n\torq %%r15, %%rax\n\t"
		"xorq $0xcccc, %%rcx\n\torq %%rcx, %%rax\n\t"
		"xorq $0xdddd, %%rdx\n\torq %%rdx, %%rax\n\t"
		"movq -64(%%rsp), %%rbx\n\txorq $0x5678, %%rbx\n\t"
		"orq %%rbx, %%rax\n\t"
		"movq -128(%%rsp), %%rbx\n\txorq $0x9abc, %%rbx\n\t"
		"orq %%rbx, %%rax"
		: "=&a"(bad)
		: "m"(done)
		: "rbx", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11",
		  "r12", "r13", "r14", "r15", "memory", "cc");
	return !bad;
}

TEST(registers_flags_and_red_zone_stand_while_a_handler_runs)
{
	handle(SIGALRM, spoil_once, 0);
	for (int i = 0; i < ROUNDS; i++) {
		soon();
		CHECK(registers_stand());
	}
}

static int
fpu_stands(void)
{
	static const double one = 1.5, two = 2.25;
	uint32_t mxcsr = 0x1f80 | 0x6000, mxcsr_now; /* rounds to zero */
	uint16_t control = 0x77f, control_now;	     /* rounds down */
	double a, b, c, d;

	__asm__ volatile(
		"ldmxcsr %6\n\tfninit\n\tfldcw %7\n\tfldl %9\n\t"
		"fldl %8\n\tmovsd %8, %%xmm0\n\tmovsd %9, %%xmm15\n"
		"1:\tmovl %10, %%eax\n\ttestl %%eax, %%eax\n\tjz 1b\n\t"
		"fstpl %0\n\tfstpl %1\n\tmovsd %%xmm0, %2\n\t"
		"movsd %%xmm15, %3\n\tstmxcsr %4\n\tfnstcw %5\n\tfninit"
		: "=m"(a), "=m"(b), "=m"(c), "=m"(d), "=m"(mxcsr_now),
		  "=m"(control_now)
		: "m"(mxcsr), "m"(control), "m"(one), "m"(two), "m"(done)
		: "rax", "xmm0", "xmm15", "st", "st(1)", "memory", "cc");
	return a == one && b == two && c == one && d == two &&
	       mxcsr_now == mxcsr && control_now == control;
}

TEST(fpu_state_stands_while_a_handler_runs)
{
	handle(SIGALRM, spoil_once, 0);
	for (int i = 0; i < ROUNDS; i++) {
		soon();
		CHECK(fpu_stands());
	}
}

static int
avx_is_there(void)
{
	unsigned a, b, c, d;

	return __get_cpuid(1, &a, &b, &c, &d) && (c & (1u << 28)) &&
	       (c & (1u << 27));
}

__attribute__((target("avx"))) static void
spoil_avx(int sig)
{
	(void)sig;
	__asm__ volatile("vxorps %%ymm3, %%ymm3, %%ymm3" : : : "xmm3");
	done = 1;
}

__attribute__((target("avx"))) static int
avx_stands(void)
{
	static const uint64_t in[4] = {1, 2, 3, 4};
	uint64_t out[4];

	__asm__ volatile("vmovups %1, %%ymm3\n"
			 "1:\tmovl %2, %%eax\n\ttestl %%eax, %%eax\n\tjz 1b\n\t"
			 "vmovups %%ymm3, %0\n\tvzeroupper"
			 : "=m"(out)
			 : "m"(in), "m"(done)
			 : "rax", "xmm3", "memory", "cc");
	return memcmp(in, out, sizeof in) == 0;
}

TEST(upper_halves_of_ymm_stand_while_a_handler_runs)
{
	if (!avx_is_there())
		return;
	handle(SIGALRM, spoil_avx, 0);
	for (int i = 0; i < ROUNDS; i++) {
		soon();
		CHECK(avx_stands());
	}
}

static volatile uint32_t handler_mxcsr;
static volatile uint16_t handler_control;
static volatile uint64_t handler_flags, handler_stack;

static void
look_around(int sig)
{
	uint32_t mxcsr;
	uint16_t control;

	(void)sig;
	__asm__ volatile("stmxcsr %0\n\tfnstcw %1"
			 : "=m"(mxcsr), "=m"(control));
	handler_mxcsr = mxcsr;
	handler_control = control;
	handler_flags = __builtin_ia32_readeflags_u64();
	handler_stack = (uint64_t)(uintptr_t)__builtin_frame_address(0);
	done = 1;
}

TEST(handler_begins_with_a_clean_fpu_and_an_aligned_stack)
{
	uint32_t mxcsr = 0x1f80 | 0x6000, clean = 0x1f80;

	handle(SIGUSR1, look_around, 0);
	for (size_t i = 1; i <= 16; i++) {
		volatile char *space = __builtin_alloca(i);

		space[0] = 0;
		__asm__ volatile("ldmxcsr %0" : : "m"(mxcsr));
		raise(SIGUSR1);
		__asm__ volatile("ldmxcsr %0" : : "m"(clean));
		CHECK_EQ(handler_mxcsr, 0x1f80);
		CHECK_EQ(handler_control, 0x37f);
		CHECK_EQ(handler_flags & 0x500, 0); /* TF, DF */
		CHECK_EQ(handler_stack % 16, 0);
		CHECK_EQ(space[0], 0);
	}
}

/* ---- the context ---- */

static void
skip_ud2(int sig, siginfo_t *info, void *context)
{
	ucontext_t *u = context;

	(void)sig;
	CHECK_EQ((uint64_t)(uintptr_t)info->si_addr,
		 (uint64_t)u->uc_mcontext.gregs[REG_RIP]);
	CHECK_EQ(u->uc_mcontext.gregs[REG_RBX], 0x1234567);
	CHECK_EQ(u->uc_mcontext.gregs[REG_TRAPNO], 6);
	CHECK_EQ(u->uc_mcontext.gregs[REG_CSGSFS] & 0xffff, 0x33);
	u->uc_mcontext.gregs[REG_RIP] += 2;
	u->uc_mcontext.gregs[REG_RBX] = 0x7654321;
	u->uc_mcontext.gregs[REG_EFL] |= 1;
}

TEST(handler_edits_the_registers_that_it_returns_to)
{
	uint64_t rbx = 0x1234567;
	char carry;

	handle_info(SIGILL, skip_ud2, 0);
	__asm__ volatile("clc\n\tud2\n\tsetc %1"
			 : "+b"(rbx), "=r"(carry)
			 :
			 : "cc");
	CHECK_EQ(rbx, 0x7654321);
	CHECK_EQ(carry, 1);
}

static void
edit_xmm(int sig, siginfo_t *info, void *context)
{
	ucontext_t *u = context;

	(void)sig, (void)info;
	CHECK(u->uc_mcontext.fpregs != NULL);
	CHECK_EQ(u->uc_mcontext.fpregs->_xmm[5].element[0], 11);
	u->uc_mcontext.fpregs->_xmm[5].element[0] = 22;
	u->uc_mcontext.gregs[REG_RIP] += 2;
}

TEST(handler_edits_the_fpu_that_it_returns_to)
{
	uint32_t in = 11, out;

	handle_info(SIGILL, edit_xmm, 0);
	__asm__ volatile("movd %1, %%xmm5\n\tud2\n\tmovd %%xmm5, %0"
			 : "=r"(out)
			 : "r"(in)
			 : "xmm5");
	CHECK_EQ(out, 22);
}

static void
edit_mask(int sig, siginfo_t *info, void *context)
{
	ucontext_t *u = context;

	(void)sig, (void)info;
	CHECK_EQ(sigismember((sigset_t *)&u->uc_sigmask, SIGUSR1), 0);
	sigaddset((sigset_t *)&u->uc_sigmask, SIGUSR2);
	sigaddset((sigset_t *)&u->uc_sigmask, SIGKILL);
}

TEST(handler_edits_the_mask_that_it_returns_to)
{
	handle_info(SIGUSR1, edit_mask, 0);
	raise(SIGUSR1);
	CHECK(is_blocked(SIGUSR2));
	CHECK(!is_blocked(SIGUSR1));
	CHECK(!is_blocked(SIGKILL));
}

/* ---- many handlers in each other ---- */

static volatile int levels;

static void
go_deeper(int sig)
{
	volatile double x = levels * 1.5;
	int here = levels++;

	if (levels < 100)
		raise(sig);
	CHECK(x == here * 1.5);
}

TEST(hundred_handlers_in_each_other_all_return)
{
	handle(SIGUSR1, go_deeper, SA_NODEFER);
	raise(SIGUSR1);
	CHECK_EQ(levels, 100);
}
