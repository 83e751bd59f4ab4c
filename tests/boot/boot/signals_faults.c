/* What a program may not do: each fault is its signal, and only its own. */
#include "boot/children.h"

static void
touch(uint64_t address)
{
	__asm__ volatile("movb $1, (%0)" : : "r"(address) : "memory");
}

static void
write_low(void)
{
	touch(8);
}

static void
write_kernel(void)
{
	touch(0xffffffff80000000);
}

static void
write_noncanonical(void)
{
	touch(0x8000000000000000);
}

static void
write_last_page(void)
{
	touch(0x7ffffffff000);
}

static void
write_text(void)
{
	touch((uint64_t)(uintptr_t)&write_text);
}

static const char constant[] = "constant";

static void
write_constant(void)
{
	touch((uint64_t)(uintptr_t)constant);
}

static void
read_kernel(void)
{
	__asm__ volatile("movb (%0), %%al"
			 :
			 : "r"(UINT64_C(0xffff800000000000))
			 : "rax", "memory");
}

static void
run(const void *address)
{
	void (*function)(void);

	memcpy(&function, &address, sizeof address);
	function();
}

static void
run_stack(void)
{
	char code[] = "\xc3";

	run(code);
}

static void
run_data(void)
{
	static char code[] = "\xc3";

	run(code);
}

static void
run_heap(void)
{
	char *code = malloc(16);

	code[0] = (char)0xc3;
	run(code);
}

static void
run_kernel(void)
{
	run((void *)(uintptr_t)0xffffffff80100000);
}

TEST(writes_outside_of_the_programs_memory_are_SIGSEGV)
{
	CHECK_EQ(in_child(write_low), 128 + SIGSEGV);
	CHECK_EQ(in_child(write_kernel), 128 + SIGSEGV);
	CHECK_EQ(in_child(write_noncanonical), 128 + SIGSEGV);
	CHECK_EQ(in_child(write_last_page), 128 + SIGSEGV);
	CHECK_EQ(in_child(read_kernel), 128 + SIGSEGV);
}

TEST(writes_to_text_and_constants_are_SIGSEGV)
{
	CHECK_EQ(in_child(write_text), 128 + SIGSEGV);
	CHECK_EQ(in_child(write_constant), 128 + SIGSEGV);
}

TEST(running_stack_data_or_heap_is_SIGSEGV)
{
	CHECK_EQ(in_child(run_stack), 128 + SIGSEGV);
	CHECK_EQ(in_child(run_data), 128 + SIGSEGV);
	CHECK_EQ(in_child(run_heap), 128 + SIGSEGV);
	CHECK_EQ(in_child(run_kernel), 128 + SIGSEGV);
}

static void
divide(void)
{
	volatile int zero = 0;

	__asm__ volatile("idivl %0" : : "m"(zero), "a"(1), "d"(0));
}

static void
undefined(void)
{
	__asm__ volatile("ud2");
}

static void
breakpoint(void)
{
	__asm__ volatile("int3");
}

static void
halt(void)
{
	__asm__ volatile("hlt");
}

static void
interrupts_off(void)
{
	__asm__ volatile("cli");
}

static void
port(void)
{
	__asm__ volatile("outb %%al, $0x80" : : "a"(0));
}

static void
noncanonical_stack(void)
{
	__asm__ volatile("movq %0, %%rsp\n\tpushq %%rax"
			 :
			 : "r"(UINT64_C(0x8000000000000000)));
}

TEST(exceptions_are_the_signals_that_they_are_on_linux)
{
	CHECK_EQ(in_child(divide), 128 + SIGFPE);
	CHECK_EQ(in_child(undefined), 128 + SIGILL);
	CHECK_EQ(in_child(breakpoint), 128 + SIGTRAP);
}

TEST(instructions_of_the_kernel_are_SIGSEGV)
{
	CHECK_EQ(in_child(halt), 128 + SIGSEGV);
	CHECK_EQ(in_child(interrupts_off), 128 + SIGSEGV);
	CHECK_EQ(in_child(port), 128 + SIGSEGV);
}

TEST(stack_pointer_that_is_no_address_kills_only_the_program)
{
	int status = in_child(noncanonical_stack);

	CHECK(status == 128 + SIGSEGV || status == 128 + SIGBUS);
}

static void
write_ever_deeper(void)
{
	volatile char here = 0;

	for (uint64_t at = (uint64_t)(uintptr_t)&here;; at -= 4096)
		touch(at);
}

TEST(stack_that_grows_without_end_is_SIGSEGV)
{
	CHECK_EQ(in_child(write_ever_deeper), 128 + SIGSEGV);
}

TEST(stack_grows_to_seven_mebibytes)
{
	volatile char here = 0;

	touch((uint64_t)(uintptr_t)&here - (7u << 20));
}
