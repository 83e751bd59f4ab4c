/*
 * The kernel's own exceptions, which end it: the reason and the registers,
 * through panic.  A double fault at the guard page of a kernel stack is what an
 * overflow of that stack looks like.
 */
#include "local.h"

static const char *const names[VECTOR_EXCEPTIONS] = {
	"divide error",
	"debug",
	"NMI",
	"breakpoint",
	"overflow",
	"bound range",
	"invalid opcode",
	"no FPU",
	"double fault",
	"coprocessor overrun",
	"invalid TSS",
	"segment not present",
	"stack fault",
	"general protection",
	"page fault",
	"exception 15",
	"x87 error",
	"alignment check",
	"machine check",
	"SIMD error",
};

static bool
is_guard_page(uint64_t address)
{
	bool cpu_stack = address >= CPU_STACKS_BASE &&
			 address < CPU_STACKS_BASE + CPU_MAX * CPU_STACKS_SIZE;
	bool thread_stack =
		address >= ARCH_STACKS_BASE && address < ARCH_STACKS_END;

	return (cpu_stack || thread_stack) && !kernel_present(address);
}

static const char *
reason(unsigned vector, uint64_t address)
{
	if (vector == VECTOR_DF && is_guard_page(address))
		return "kernel stack overflow";
	if (vector < VECTOR_EXCEPTIONS && names[vector])
		return names[vector];
	return "exception";
}

_Noreturn void
fatal_trap(const struct frame *f, unsigned vector, uint64_t error,
	   uint64_t address)
{
	uint64_t offset = 0;
	const char *symbol = arch_symbol(f->rip, &offset);

	panic("%s (vector %u, error %lx, address %016lx) in %s+%lx\n"
	      "rip %016lx cs %lx rflags %lx rsp %016lx ss %lx\n"
	      "rax %016lx rbx %016lx rcx %016lx rdx %016lx\n"
	      "rsi %016lx rdi %016lx rbp %016lx r8  %016lx\n"
	      "r9  %016lx r10 %016lx r11 %016lx r12 %016lx\n"
	      "r13 %016lx r14 %016lx r15 %016lx cr3 %lx",
	      reason(vector, address), vector, error, address,
	      symbol ? symbol : "?", offset, f->rip, f->cs, f->rflags, f->rsp,
	      f->ss, f->rax, f->rbx, f->rcx, f->rdx, f->rsi, f->rdi, f->rbp,
	      f->r8, f->r9, f->r10, f->r11, f->r12, f->r13, f->r14, f->r15,
	      cr3_read());
}
