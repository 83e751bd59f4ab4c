/*
 * Signal stacks, and stacks on which no frame can be put.
 *
 * holds on Linux
 */
#include <setjmp.h>
#include "boot/signals.h"

#define SIZE (64 * 1024)

static char *alt;
static volatile int flags_inside, on_alt;

static void
use_alt(void)
{
	stack_t stack = {.ss_size = SIZE};

	alt = mmap(NULL, SIZE, PROT_READ | PROT_WRITE,
		   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	CHECK(alt != MAP_FAILED);
	stack.ss_sp = alt;
	CHECK_EQ(sigaltstack(&stack, NULL), 0);
}

static int
is_in_alt(const void *address)
{
	return (const char *)address >= alt &&
	       (const char *)address < alt + SIZE;
}

static void
look(int sig, siginfo_t *info, void *context)
{
	const ucontext_t *u = context;
	stack_t stack;
	char here;

	(void)sig;
	CHECK_EQ(sigaltstack(NULL, &stack), 0);
	flags_inside = stack.ss_flags;
	on_alt = is_in_alt(&here);
	CHECK_EQ(is_in_alt(info), on_alt);
	CHECK_EQ(u->uc_stack.ss_size, SIZE);
	CHECK(u->uc_stack.ss_sp == alt);
	caught++;
}

TEST(handler_with_SA_ONSTACK_runs_on_the_signal_stack)
{
	stack_t stack;

	CHECK_EQ(sigaltstack(NULL, &stack), 0);
	CHECK_EQ(stack.ss_flags, SS_DISABLE);
	use_alt();
	handle_info(SIGUSR1, look, SA_ONSTACK);
	handle_info(SIGUSR2, look, 0);
	raise(SIGUSR1);
	CHECK_EQ(on_alt, 1);
	CHECK_EQ(flags_inside, SS_ONSTACK);
	raise(SIGUSR2);
	CHECK_EQ(on_alt, 0);
	CHECK_EQ(flags_inside, 0);
	CHECK_EQ(caught, 2);
	CHECK_EQ(sigaltstack(NULL, &stack), 0);
	CHECK_EQ(stack.ss_flags, 0);
	CHECK(stack.ss_sp == alt);
}

static void
raise_other(int sig)
{
	char here;

	(void)sig;
	CHECK(is_in_alt(&here));
	raise(SIGUSR2);
}

TEST(handler_within_a_handler_stays_on_the_signal_stack)
{
	use_alt();
	handle(SIGUSR1, raise_other, SA_ONSTACK);
	handle_info(SIGUSR2, look, SA_ONSTACK);
	raise(SIGUSR1);
	CHECK_EQ(caught, 1);
	CHECK_EQ(on_alt, 1);
}

static void
change_inside(int sig)
{
	stack_t off = {.ss_flags = SS_DISABLE};

	(void)sig;
	CHECK_ERRNO(sigaltstack(&off, NULL), EPERM);
	caught++;
}

TEST(signal_stack_is_not_changed_while_it_is_used)
{
	stack_t off = {.ss_flags = SS_DISABLE}, old;

	use_alt();
	handle(SIGUSR1, change_inside, SA_ONSTACK);
	raise(SIGUSR1);
	CHECK_EQ(caught, 1);
	CHECK_EQ(sigaltstack(&off, &old), 0);
	CHECK(old.ss_sp == alt);
	CHECK_EQ(sigaltstack(NULL, &old), 0);
	CHECK_EQ(old.ss_flags, SS_DISABLE);
}

TEST(sigaltstack_refuses_what_is_too_small_or_has_no_meaning)
{
	stack_t stack = {.ss_sp = &stack, .ss_size = 1024};

	CHECK_ERRNO(sigaltstack(&stack, NULL), ENOMEM);
	stack = (stack_t){.ss_sp = &stack, .ss_size = SIZE, .ss_flags = 64};
	CHECK_ERRNO(sigaltstack(&stack, NULL), EINVAL);
}

static void
look_at_inherited(void)
{
	raise(SIGUSR1);
	CHECK_EQ(on_alt, 1);
}

TEST(child_has_its_parents_signal_stack)
{
	use_alt();
	handle_info(SIGUSR1, look, SA_ONSTACK);
	CHECK_EQ(in_child(look_at_inherited), 0);
}

/* ---- no room ---- */

static void
recurse(volatile char *before)
{
	volatile char page[4096];

	page[0] = before ? before[0] : 1;
	if (page[0])
		recurse(page);
	CHECK_EQ(page[0], 1);
}

static void
over(int sig)
{
	_exit(sig == SIGSEGV ? 42 : 1);
}

static void
overflow_on_alt(void)
{
	use_alt();
	handle(SIGSEGV, over, SA_ONSTACK);
	recurse(NULL);
}

static void
overflow_without(void)
{
	handle(SIGSEGV, over, 0);
	recurse(NULL);
}

TEST(overflow_of_the_stack_is_handled_on_the_signal_stack_only)
{
	CHECK_EQ(in_child(overflow_on_alt), 42);
	CHECK_EQ(in_child(overflow_without), 128 + SIGSEGV);
}

/* rsp, then a signal. */
static void
raise_at(uint64_t sp)
{
	pid_t pid = getpid();

	__asm__ volatile("movq %3, %%rsp\n\tsyscall\n\tud2"
			 :
#ifdef __linux__
			 : "a"(62L),
#else
			 : "a"((long)SYS_kill),
#endif
			   "D"((long)pid), "S"((long)SIGUSR1), "r"(sp)
			 : "memory");
}

static void
raise_at_guard(void)
{
	handle(SIGUSR1, catch, 0);
	handle(SIGSEGV, over, 0);
	raise_at((uint64_t)(uintptr_t)lone_page() + 64);
}

static void
raise_at_zero(void)
{
	handle(SIGUSR1, catch, 0);
	raise_at(0);
}

static void
raise_at_the_end(void)
{
	handle(SIGUSR1, catch, 0);
	raise_at(0xfffffffffffffff8);
}

static void
raise_in_the_kernel(void)
{
	handle(SIGUSR1, catch, 0);
	raise_at(0xffffffff80200000);
}

static void
raise_between(void)
{
	handle(SIGUSR1, catch, 0);
	raise_at(0x8000000000000000);
}

static void
raise_at_guard_with_alt(void)
{
	use_alt();
	handle(SIGUSR1, catch, 0);
	handle(SIGSEGV, over, SA_ONSTACK);
	raise_at((uint64_t)(uintptr_t)lone_page() + 64);
}

TEST(frame_that_cannot_be_written_is_SIGSEGV)
{
	CHECK_EQ(in_child(raise_at_guard), 128 + SIGSEGV);
	CHECK_EQ(in_child(raise_at_zero), 128 + SIGSEGV);
	CHECK_EQ(in_child(raise_at_the_end), 128 + SIGSEGV);
	CHECK_EQ(in_child(raise_in_the_kernel), 128 + SIGSEGV);
	CHECK_EQ(in_child(raise_between), 128 + SIGSEGV);
	CHECK_EQ(in_child(raise_at_guard_with_alt), 42);
}

static void
alt_without_memory(void)
{
	stack_t stack = {.ss_sp = (void *)(uintptr_t)0x20000, .ss_size = SIZE};

	CHECK_EQ(sigaltstack(&stack, NULL), 0);
	handle(SIGUSR1, catch, SA_ONSTACK);
	raise(SIGUSR1);
}

static void
alt_in_the_kernel(void)
{
	stack_t stack = {.ss_sp = (void *)(uintptr_t)0xffffffff80000000,
			 .ss_size = SIZE};

	CHECK_EQ(sigaltstack(&stack, NULL), 0);
	handle(SIGUSR1, catch, SA_ONSTACK);
	raise(SIGUSR1);
}

static void
use_all_of_it(int sig)
{
	volatile char much[2048];

	much[0] = (char)sig;
	raise(SIGUSR1);
	CHECK_EQ(much[0], (char)sig);
}

static void
alt_that_is_full(void)
{
	use_alt();
	handle(SIGUSR1, use_all_of_it, SA_ONSTACK | SA_NODEFER);
	raise(SIGUSR1);
}

TEST(signal_stack_that_does_not_hold_the_frame_is_SIGSEGV)
{
	CHECK_EQ(in_child(alt_without_memory), 128 + SIGSEGV);
	CHECK_EQ(in_child(alt_in_the_kernel), 128 + SIGSEGV);
	CHECK_EQ(in_child(alt_that_is_full), 128 + SIGSEGV);
}

/* Storm into a stack that grows until it is full. */
static void
grow_for_ever(int sig)
{
	volatile char much[65536];

	much[0] = (char)sig;
	raise(sig);
	CHECK_EQ(much[0], (char)sig);
}

static void
grow(void)
{
	handle(SIGUSR1, grow_for_ever, SA_NODEFER);
	raise(SIGUSR1);
}

TEST(handlers_that_fill_the_stack_end_in_SIGSEGV)
{
	CHECK_EQ(in_child(grow), 128 + SIGSEGV);
}
