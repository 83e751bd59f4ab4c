/*
 * The tables that each CPU has for itself: segments, the task segment with its
 * exception stacks, gs, and the system-call registers.  boot.c and smp.c call
 * cpu_setup on the CPU that it is about.
 */
#include "local.h"

static struct cpu_local locals[CPU_MAX];

/*
 * A CPU's stack area, each stack with an unmapped page below:
 * 1 idle, 4 pages | 6 double fault, 2 | 9 NMI, 2 | 12 machine check, 1 | 14
 * debug, 2
 */
static const struct {
	uint8_t page, pages;
} stacks[STACK_KINDS] = {
	[STACK_IDLE] = {1, 4}, [STACK_DF] = {6, 2},  [STACK_NMI] = {9, 2},
	[STACK_MC] = {12, 1},  [STACK_DB] = {14, 2},
};

uint64_t
cpu_stack_top(unsigned id, enum cpu_stack kind)
{
	uint64_t end = stacks[kind].page + stacks[kind].pages;

	return CPU_STACKS_BASE + (uint64_t)id * CPU_STACKS_SIZE + end * 4096;
}

bool
cpu_stack_page(uint64_t offset)
{
	for (unsigned kind = 0; kind < STACK_KINDS; kind++) {
		uint64_t page = offset / 4096 - stacks[kind].page;

		if (page < stacks[kind].pages)
			return true;
	}
	return false;
}

static void
tss_fill(struct tss *tss, unsigned id)
{
	tss->rsp[0] = cpu_stack_top(id, STACK_IDLE);
	for (unsigned kind = STACK_DF; kind < STACK_KINDS; kind++)
		tss->ist[kind - 1] = cpu_stack_top(id, kind);
	tss->io_map = sizeof(*tss); /* none: no port is the user's */
}

static void
gdt_fill(uint64_t gdt[10], const struct tss *tss)
{
	uint64_t base = (uint64_t)tss;

	gdt[KERNEL_CS / 8] = 0x00af9b000000ffff;
	gdt[KERNEL_SS / 8] = 0x00cf93000000ffff;
	gdt[USER_SS / 8] = 0x00cff3000000ffff;
	gdt[USER_CS / 8] = 0x00affb000000ffff;
	gdt[TSS_SEL / 8] = (sizeof(*tss) - 1) | (base & 0xffffff) << 16 |
			   0x89ull << 40 | (base >> 24 & 0xff) << 56;
	gdt[TSS_SEL / 8 + 1] = base >> 32;
}

static void
gdt_load(const uint64_t gdt[10])
{
	const struct {
		uint16_t limit;
		uint64_t base;
	} __attribute__((packed)) gdtr = {10 * 8 - 1, (uint64_t)gdt};

	__asm__ volatile("lgdt %0\n\t"
			 "pushq %1\n\t"
			 "leaq 1f(%%rip), %%rax\n\t"
			 "pushq %%rax\n\t"
			 "lretq\n"
			 "1:\tmovl %2, %%ss\n\t"
			 "xorl %%eax, %%eax\n\t"
			 "movl %%eax, %%ds\n\t"
			 "movl %%eax, %%es\n\t"
			 "movl %%eax, %%fs\n\t"
			 "movl %%eax, %%gs\n\t"
			 "ltr %w3" ::"m"(gdtr),
			 "i"(KERNEL_CS), "r"(KERNEL_SS), "r"(TSS_SEL)
			 : "rax", "memory");
}

/* SYSCALL and SYSRET: where to, with which segments, and which flags the kernel
 * does not want. */
static void
syscall_registers(void)
{
	uint64_t star =
		(uint64_t)((USER_SS - 8) | 3) << 48 | (uint64_t)KERNEL_CS << 32;

	msr_write(MSR_STAR, star);
	msr_write(MSR_LSTAR, (uint64_t)entry_syscall);
	msr_write(MSR_CSTAR, (uint64_t)entry_syscall_32);
	msr_write(MSR_SFMASK, RFLAGS_TF | RFLAGS_IF | RFLAGS_DF | RFLAGS_IOPL |
				      RFLAGS_NT | RFLAGS_RF | RFLAGS_AC);
}

void
cpu_setup(unsigned id)
{
	struct cpu *cpu = &cpus[id];
	struct cpu_local *local = &locals[id];

	cpu->self = cpu;
	cpu->id = id;
	cpu->arch = local;
	tss_fill(&local->tss, id);
	gdt_fill(local->gdt, &local->tss);
	gdt_load(local->gdt);
	idt_load();
	msr_write(MSR_GS_BASE, (uint64_t)cpu);
	msr_write(MSR_KERNEL_GS_BASE, 0);
	msr_write(MSR_FS_BASE, 0);
	syscall_registers();
}

static void
words_to_text(char *text, const uint32_t *words, unsigned n)
{
	__builtin_memcpy(text, words, n * 4ul);
	text[n * 4] = '\0';
}

void
arch_cpu_info(unsigned cpu_id, struct arch_cpu_info *info)
{
	struct cpuid zero = cpuid(0, 0);
	uint32_t name[12] = {0};

	for (uint32_t i = 0; i < 3 && cpuid(0x80000000, 0).a >= 0x80000004;
	     i++) {
		struct cpuid part = cpuid(0x80000002 + i, 0);

		__builtin_memcpy(&name[i * 4], &part, sizeof(part));
	}
	words_to_text(info->vendor, (const uint32_t[3]){zero.b, zero.d, zero.c},
		      3);
	words_to_text(info->brand, name, 12);
	info->apic_id = cpus[cpu_id].apic_id;
	info->hz = clock_tsc_hz;
}
