/*
 * The end of the machine: a bug was found, and going on would make it worse.
 * Called by assert and whoever finds the impossible.  Rule: it trusts nothing,
 * so the first CPU to come here stops the others and speaks; a second panic on
 * the same CPU says only its reason.
 */
#include "arch/x86_64/arch.h"
#include "print.h"

#define BACKTRACE_MAX 32

const char *(*panic_thread_name)(const struct thread *thread);

static _Atomic uint32_t speaker; /* id + 1 of the CPU that panics */
static _Atomic bool nested;

static void
panic_show_address(uint64_t address)
{
	uint64_t offset;
	const char *symbol = arch_symbol(address, &offset);

	if (symbol)
		print("  %016lx %s+0x%lx\n", (unsigned long)address, symbol,
		      (unsigned long)offset);
	else
		print("  %016lx ?\n", (unsigned long)address);
}

static void
panic_show_place(const struct cpu *cpu)
{
	const char *name = NULL;

	if (panic_thread_name && cpu->thread)
		name = panic_thread_name(cpu->thread);
	print("CPU %u, thread %s\n", cpu->id, name ? name : "none");
	arch_backtrace(panic_show_address, BACKTRACE_MAX);
}

static void
panic_show_reason(const char *format, va_list args)
{
	char reason[1024];

	format_textv(reason, sizeof(reason), format, args);
	print("\nKERNEL PANIC: %s\n", reason);
}

static _Noreturn void
panic_wait_for_the_end(void)
{
	for (;;)
		arch_pause();
}

/* Does not return.  Any context. */
void
panic(const char *format, ...)
{
	const struct cpu *cpu = cpu_self();
	uint32_t expected = 0;
	va_list args;

	arch_irq_disable();
	if (!atomic_compare_exchange_strong(&speaker, &expected, cpu->id + 1) &&
	    expected != cpu->id + 1)
		panic_wait_for_the_end();
	if (expected && atomic_exchange(&nested, true))
		arch_die();
	if (!expected)
		arch_stop_others();
	print_force();
	va_start(args, format);
	panic_show_reason(format, args);
	va_end(args);
	if (!expected)
		panic_show_place(cpu);
	arch_die();
}
