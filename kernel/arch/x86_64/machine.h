/* Single instructions, and the numbers of registers and bits that the
 * processor's manual names. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define KERNEL_BASE                                                            \
	0xffffffff80000000u /* kernel addresses minus physical ones */
#define CPU_STACKS_BASE                                                        \
	0xffffffffc0000000u  /* idle and exception stacks: cpu.c */
#define AP_BLOB_PHYS 0x8000u /* where other CPUs start: ap.asm */

/* Segments: the order that SYSCALL and SYSRET want. */
#define KERNEL_CS 0x10u
#define KERNEL_SS 0x18u
#define USER_SS	  0x2bu
#define USER_CS	  0x33u
#define TSS_SEL	  0x40u

#define RFLAGS_ONE  0x2u
#define RFLAGS_TF   0x100u
#define RFLAGS_IF   0x200u
#define RFLAGS_DF   0x400u
#define RFLAGS_IOPL 0x3000u
#define RFLAGS_NT   0x4000u
#define RFLAGS_RF   0x10000u
#define RFLAGS_AC   0x40000u

#define CR0_MP 0x2u
#define CR0_EM 0x4u
#define CR0_TS 0x8u
#define CR0_NE 0x20u
#define CR0_WP 0x10000u
#define CR0_AM 0x40000u

#define CR4_DE	       0x8u
#define CR4_PAE	       0x20u
#define CR4_MCE	       0x40u
#define CR4_PGE	       0x80u
#define CR4_OSFXSR     0x200u
#define CR4_OSXMMEXCPT 0x400u
#define CR4_UMIP       0x800u
#define CR4_OSXSAVE    0x40000u
#define CR4_SMEP       0x100000u
#define CR4_SMAP       0x200000u

#define MSR_APIC_BASE	   0x1bu
#define MSR_EFER	   0xc0000080u
#define MSR_STAR	   0xc0000081u
#define MSR_LSTAR	   0xc0000082u
#define MSR_CSTAR	   0xc0000083u
#define MSR_SFMASK	   0xc0000084u
#define MSR_FS_BASE	   0xc0000100u
#define MSR_GS_BASE	   0xc0000101u
#define MSR_KERNEL_GS_BASE 0xc0000102u
#define EFER_SCE	   0x1u
#define EFER_LME	   0x100u
#define EFER_NXE	   0x800u

enum {
	VECTOR_DB = 1,
	VECTOR_NMI = 2,
	VECTOR_DF = 8,
	VECTOR_GP = 13,
	VECTOR_PF = 14,
	VECTOR_MC = 18,
	VECTOR_EXCEPTIONS = 32, /* below: exceptions */
	VECTOR_PIC = 0x20,	/* the masked old controller's 16 */
	VECTOR_LINES = 0x30,	/* I/O APIC lines from here */
	VECTOR_LINES_END = 0xe0,
	VECTOR_TIMER = 0xf0,
	VECTOR_KICK = 0xf1,
	VECTOR_FLUSH = 0xf2,
	VECTOR_SPURIOUS = 0xff,
};

struct cpuid {
	uint32_t a, b, c, d;
};

static inline struct cpuid
cpuid(uint32_t leaf, uint32_t sub)
{
	struct cpuid r;

	__asm__ volatile("cpuid"
			 : "=a"(r.a), "=b"(r.b), "=c"(r.c), "=d"(r.d)
			 : "a"(leaf), "c"(sub));
	return r;
}

static inline uint64_t
msr_read(uint32_t msr)
{
	uint32_t low, high;

	__asm__ volatile("rdmsr" : "=a"(low), "=d"(high) : "c"(msr));
	return (uint64_t)high << 32 | low;
}

static inline void
msr_write(uint32_t msr, uint64_t value)
{
	__asm__ volatile("wrmsr" ::"c"(msr), "a"((uint32_t)value),
			 "d"((uint32_t)(value >> 32))
			 : "memory");
}

#define CONTROL_REGISTER(name)                                                 \
	static inline uint64_t name##_read(void)                               \
	{                                                                      \
		uint64_t value;                                                \
                                                                               \
		__asm__ volatile("mov %%" #name ", %0"                         \
				 : "=r"(value)::"memory");                     \
		return value;                                                  \
	}                                                                      \
	static inline void name##_write(uint64_t value)                        \
	{                                                                      \
		__asm__ volatile("mov %0, %%" #name ::"r"(value) : "memory");  \
	}
CONTROL_REGISTER(cr0)
CONTROL_REGISTER(cr2)
CONTROL_REGISTER(cr3)
CONTROL_REGISTER(cr4)
CONTROL_REGISTER(dr6)
CONTROL_REGISTER(dr7)
#undef CONTROL_REGISTER

static inline uint64_t
tsc_read(void)
{
	uint32_t low, high;

	__asm__ volatile("lfence; rdtsc" : "=a"(low), "=d"(high)::"memory");
	return (uint64_t)high << 32 | low;
}

static inline void
page_forget(uint64_t address)
{
	__asm__ volatile("invlpg (%0)" ::"r"(address) : "memory");
}

/* Interrupts off; returns what irq_restore wants. */
static inline uint64_t
irq_save(void)
{
	uint64_t flags;

	__asm__ volatile("pushfq; popq %0; cli" : "=r"(flags)::"memory");
	return flags;
}

static inline void
irq_restore(uint64_t flags)
{
	if (flags & RFLAGS_IF)
		__asm__ volatile("sti" ::: "memory");
}

static inline _Noreturn void
halt_for_ever(void)
{
	for (;;)
		__asm__ volatile("cli; hlt" ::: "memory");
}
