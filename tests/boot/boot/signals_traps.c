/*
 * Processor exceptions as signals that can be caught: what siginfo says of
 * each, and what cannot be ignored.
 *
 * holds on Linux
 */
#include <setjmp.h>
#include "boot/signals.h"

static sigjmp_buf back;

static void
out(int sig, siginfo_t *info, void *context)
{
	catch_info(sig, info, context);
	siglongjmp(back, 1);
}

/* Does it, and sees what it was. */
#define EXPECT(sig, code, address, ...)                                        \
	do {                                                                   \
		handle_info(sig, out, 0);                                      \
		caught = 0;                                                    \
		if (sigsetjmp(back, 1) == 0) {                                 \
			__VA_ARGS__;                                           \
		}                                                              \
		CHECK_EQ(caught, 1);                                           \
		CHECK_EQ(caught_info.si_signo, sig);                           \
		CHECK_EQ(caught_info.si_code, code);                           \
		CHECK_EQ((uintptr_t)caught_info.si_addr,                       \
			 (uintptr_t)(address));                                \
	} while (0)

static void
touch(volatile char *address)
{
	__asm__ volatile("movb $1, (%0)" : : "r"(address) : "memory");
}

TEST(bad_address_is_told_with_what_is_wrong_about_it)
{
	char *page = lone_page();
	volatile char *nothing = page + 4096;
	char *kernel = (char *)(uintptr_t)0xffffffff80000000;

	EXPECT(SIGSEGV, SEGV_MAPERR, 16, touch((char *)(uintptr_t)16));
	EXPECT(SIGSEGV, SEGV_MAPERR, nothing, touch(nothing));
	EXPECT(SIGSEGV, SEGV_MAPERR, kernel, touch(kernel));
	CHECK_EQ(mprotect(page, 4096, PROT_READ), 0);
	EXPECT(SIGSEGV, SEGV_ACCERR, page + 5, touch(page + 5));
	CHECK_EQ(mprotect(page, 4096, PROT_NONE), 0);
	EXPECT(SIGSEGV, SEGV_ACCERR, page + 6, touch(page + 6));
	EXPECT(SIGSEGV, SI_KERNEL, 0,
	       touch((char *)(uintptr_t)0x8000000000000000));
}

TEST(page_behind_the_end_of_a_file_is_SIGBUS)
{
	int fd = open("/tmp/signals-traps", O_CREAT | O_RDWR | O_TRUNC, 0600);
	char *map;

	CHECK_EQ(ftruncate(fd, 100), 0);
	map = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	CHECK(map != MAP_FAILED);
	EXPECT(SIGBUS, BUS_ADRERR, map + 4096 + 7, touch(map + 4096 + 7));
	close(fd);
	unlink("/tmp/signals-traps");
}

TEST(exceptions_of_instructions_are_told_by_code_and_place)
{
	volatile int zero = 0;
	uintptr_t at;

	EXPECT(SIGFPE, FPE_INTDIV, at,
	       __asm__ volatile("leaq 1f(%%rip), %%rcx\n\tmovq %%rcx, %0\n"
				"1:\tidivl %1"
				: "=m"(at)
				: "m"(zero), "a"(1), "d"(0)
				: "rcx", "memory", "cc"));
	EXPECT(SIGILL, ILL_ILLOPN, at,
	       __asm__ volatile("leaq 1f(%%rip), %%rcx\n\tmovq %%rcx, %0\n"
				"1:\tud2"
				: "=m"(at)
				:
				: "rcx", "memory"));
	EXPECT(SIGTRAP, SI_KERNEL, 0, __asm__ volatile("int3"));
	EXPECT(SIGSEGV, SI_KERNEL, 0, __asm__ volatile("hlt"));
	EXPECT(SIGSEGV, SI_KERNEL, 0, __asm__ volatile("int $0x70"));
}

static void
sse_divide(uint32_t mxcsr, double a, double b)
{
	__asm__ volatile("ldmxcsr %0\n\tdivsd %2, %1"
			 :
			 : "m"(mxcsr), "x"(a), "x"(b));
}

static void
x87_divide(uint16_t control, double a, double b)
{
	__asm__ volatile("fninit\n\tfldcw %0\n\tfldl %1\n\tfdivl %2\n\tfwait"
			 :
			 : "m"(control), "m"(a), "m"(b));
}

/* 0: nothing came. */
static int
code_of(void (*body)(void))
{
	handle_info(SIGFPE, out, 0);
	caught = 0;
	if (sigsetjmp(back, 1) == 0)
		body();
	__asm__ volatile("fninit");
	return caught ? caught_info.si_code : 0;
}

static void
sse_by_zero(void)
{
	sse_divide(0x1f80 & ~0x200, 1, 0);
}

static void
sse_invalid(void)
{
	sse_divide(0x1f80 & ~0x80, 0, 0);
}

static void
sse_overflow(void)
{
	sse_divide(0x1f80 & ~0x400, 1e300, 1e-300);
}

static void
x87_by_zero(void)
{
	x87_divide(0x37f & ~4, 1, 0);
}

static void
x87_invalid(void)
{
	x87_divide(0x37f & ~1, 0, 0);
}

TEST(exceptions_of_the_x87_are_told_apart)
{
	CHECK_EQ(code_of(x87_by_zero), FPE_FLTDIV);
	CHECK_EQ(code_of(x87_invalid), FPE_FLTINV);
}

/* QEMU's own code never raises them. */
TEST(exceptions_of_sse_are_told_apart_where_the_machine_has_them)
{
	if (!code_of(sse_by_zero))
		return;
	CHECK_EQ(code_of(sse_by_zero), FPE_FLTDIV);
	CHECK_EQ(code_of(sse_invalid), FPE_FLTINV);
	CHECK_EQ(code_of(sse_overflow), FPE_FLTOVF);
}

static void
segv_ignored(void)
{
	handle(SIGSEGV, SIG_IGN, 0);
	touch((char *)(uintptr_t)16);
}

static void
segv_blocked(void)
{
	handle(SIGSEGV, catch, 0);
	block(SIGSEGV);
	touch((char *)(uintptr_t)16);
}

static void
segv_again(int sig)
{
	(void)sig;
	touch((char *)(uintptr_t)16);
}

static void
segv_in_its_handler(void)
{
	handle(SIGSEGV, segv_again, 0);
	touch((char *)(uintptr_t)16);
}

static void
trap_ignored(void)
{
	handle(SIGTRAP, SIG_IGN, 0);
	__asm__ volatile("int3");
}

TEST(exception_that_is_ignored_or_blocked_ends_the_process)
{
	CHECK_EQ(in_child(segv_ignored), 128 + SIGSEGV);
	CHECK_EQ(in_child(segv_blocked), 128 + SIGSEGV);
	CHECK_EQ(in_child(segv_in_its_handler), 128 + SIGSEGV);
	CHECK_EQ(in_child(trap_ignored), 128 + SIGTRAP);
}

TEST(same_signals_sent_by_kill_can_be_blocked_and_ignored)
{
	handle(SIGSEGV, SIG_IGN, 0);
	raise(SIGSEGV);
	handle(SIGSEGV, catch, 0);
	block(SIGSEGV);
	raise(SIGSEGV);
	CHECK_EQ(caught, 0);
	unblock(SIGSEGV);
	CHECK_EQ(caught, 1);
}

static volatile int repairs;
static char *repaired;

static void
repair(int sig, siginfo_t *info, void *context)
{
	(void)sig, (void)context;
	CHECK_EQ((uintptr_t)info->si_addr, (uintptr_t)repaired);
	CHECK_EQ(mprotect(repaired, 4096, PROT_READ | PROT_WRITE), 0);
	repairs++;
}

TEST(instruction_is_run_again_when_its_handler_returns)
{
	repaired = lone_page();
	handle_info(SIGSEGV, repair, 0);
	for (int i = 0; i < 100; i++) {
		CHECK_EQ(mprotect(repaired, 4096, PROT_READ), 0);
		touch(repaired);
	}
	CHECK_EQ(repairs, 100);
	CHECK_EQ(repaired[0], 1);
}

static void
jump_nowhere(void)
{
	handle(SIGUSR1, (void (*)(int))(uintptr_t)0x10, 0);
	raise(SIGUSR1);
}

static void
jump_into_the_kernel(void)
{
	handle(SIGUSR1, (void (*)(int))(uintptr_t)0xffffffff80000000, 0);
	raise(SIGUSR1);
}

static void
jump_between(void)
{
	handle(SIGUSR1, (void (*)(int))(uintptr_t)0x1000000000000000, 0);
	raise(SIGUSR1);
}

TEST(handler_at_a_bad_address_is_SIGSEGV)
{
	CHECK_EQ(in_child(jump_nowhere), 128 + SIGSEGV);
	CHECK_EQ(in_child(jump_into_the_kernel), 128 + SIGSEGV);
	CHECK_EQ(in_child(jump_between), 128 + SIGSEGV);
}
