/* What the files of this folder know of each other, and nobody else does. */
#pragma once

#include "arch.h"
#include "machine.h"
#include "regions.h"

/* As kernel_main, a name from above: panic.c's. */
_Noreturn void panic(const char *format, ...)
	__attribute__((format(printf, 1, 2)));

/* ---- features.c ---- */

/* What the processor has; the same on every CPU. */
struct features {
	bool nx, pge, smep, smap, umip, xsave, xsaveopt, avx, rdrand;
};
extern struct features features;
void features_detect(void); /* once, while the kernel's text is writable */
void features_enable(void); /* on each CPU */

/* ---- boot ---- */

/* bootinfo.c: what the loader says, whichever it is. */
#define BOOT_MULTIBOOT2 0x36d76289u /* boot.asm: `kind` */
#define BOOT_PVH	0x336ec578u
uint64_t bootinfo_read(
	uint32_t kind, uint32_t info,
	struct boot_info *boot); /* physical address of the RSDP, 0: none */

/* acpi.c: what the tables say, copied. */
struct acpi_line {
	uint32_t pin; /* global interrupt of this ISA line */
	bool level, low;
};
struct acpi {
	uint32_t apic_id[CPU_MAX]; /* of CPUs that may be started */
	unsigned apic_ids;
	struct {
		uint64_t phys;
		uint32_t first; /* global interrupt of its pin 0 */
	} ioapic[4];
	unsigned ioapics;
	struct acpi_line isa[16];
	uint64_t lapic_phys;
};
extern struct acpi acpi;
void acpi_read(uint64_t rsdp);

/* kmap.c: the kernel's own page tables. */
extern uint64_t kernel_root; /* physical address of the top table */
void kmap_build(struct boot_info *boot, unsigned cpus_possible);

/* ---- one CPU ---- */

struct tss {
	uint32_t reserved0;
	uint64_t rsp[3];
	uint64_t reserved1;
	uint64_t ist[7];
	uint64_t reserved2;
	uint16_t reserved3, io_map;
} __attribute__((packed));

/* cpu->arch */
struct cpu_local {
	uint64_t gdt[10];
	struct tss tss;
	uint64_t timer_deadline;
	bool bases_set; /* fs_base or gs_base in the processor may not be 0 */
	_Atomic uint32_t
		flush_wanted; /* bit n: CPU n has a request for this one */
	uint64_t interrupts[ARCH_VECTORS]; /* how many came, its own */
};

enum cpu_stack {
	STACK_IDLE,
	STACK_DF,
	STACK_NMI,
	STACK_MC,
	STACK_DB,
	STACK_KINDS
};
uint64_t cpu_stack_top(unsigned id, enum cpu_stack kind);
bool cpu_stack_page(
	uint64_t offset); /* of a CPU's stack area: is this page mapped? */
#define CPU_STACKS_SIZE 0x10000u

void cpu_setup(unsigned id); /* GDT, TSS, IDT, gs, system-call registers of the
				CPU that runs this */
static inline struct cpu_local *
cpu_local(struct cpu *cpu)
{
	return cpu->arch;
}

/* The machine's part of a thread: its first member. */
static inline struct arch_thread *
thread_arch(struct thread *thread)
{
	return (struct arch_thread *)(void *)thread;
}

/* ---- traps ---- */

extern struct arch_entries entries;
void idt_load(void);
void trap_user(struct frame *frame, unsigned vector, uint64_t error);
void trap_kernel(struct frame *frame, unsigned vector, uint64_t error);
void trap_paranoid(struct frame *frame, unsigned vector, uint64_t error);
bool user_prepare(struct thread *thread, struct frame *frame);
_Noreturn void fatal_trap(const struct frame *frame, unsigned vector,
			  uint64_t error, uint64_t address);

/* entry.asm, trap.asm, switch.asm, copy.asm */
void entry_syscall(void);
void entry_syscall_32(void);
extern const char trap_stubs[], trap_stub_db[], trap_stub_nmi[], trap_stub_df[],
	trap_stub_mc[];
void switch_first(void);
_Noreturn void switch_to_stack(void (*entry)(void *), void *arg, uint64_t top);
void selectors_clear(void);

/* ---- user.c, fpu.c, space.c, flush.c ---- */

void fpu_init(void); /* boot CPU, after features_enable */
void fpu_clean(void *area);
#define FPU_ALL_PARTS "a"(~0u), "d"(~0u)

static inline void
fpu_save(void *area)
{
	if (features.xsaveopt)
		__asm__ volatile("xsaveopt64 (%0)" ::"r"(area), FPU_ALL_PARTS
				 : "memory");
	else if (features.xsave)
		__asm__ volatile("xsave64 (%0)" ::"r"(area), FPU_ALL_PARTS
				 : "memory");
	else
		__asm__ volatile("fxsave64 (%0)" ::"r"(area) : "memory");
}

static inline void
fpu_restore(const void *area)
{
	if (features.xsave)
		__asm__ volatile("xrstor64 (%0)" ::"r"(area), FPU_ALL_PARTS
				 : "memory");
	else
		__asm__ volatile("fxrstor64 (%0)" ::"r"(area) : "memory");
}

static inline uint32_t
cpu_bit(const struct cpu *cpu)
{
	return 1u << cpu->id;
}

/* Interrupts off; NULL: the kernel's own. */
static inline void
space_use(struct cpu *cpu, struct arch_space *space)
{
	struct arch_space *old = cpu->space;

	if (old == space)
		return;
	cpu->loaded = NULL;
	if (space)
		atomic_fetch_or(&space->cpus, cpu_bit(cpu));
	cpu->space = space;
	cr3_write(space ? space->root : kernel_root);
	if (old)
		atomic_fetch_and(&old->cpus, ~cpu_bit(cpu));
}

/* Can this area be restored?  Any bytes at all are looked at. */
bool fpu_check(const void *area);
uint32_t fpu_parts(void);      /* XCR0; 0: no XSAVE */
uint32_t fpu_mxcsr_bits(void); /* which MXCSR may have */
/* The running thread's FPU and bases are in memory, and this CPU holds none of
 * them. */
void user_sync(struct arch_thread *running);
void flush_answer(struct cpu *cpu);
uint64_t *space_entry(uint64_t root,
		      uint64_t address); /* of a 4 KiB page; NULL: no table, or
					    a larger page */
bool kernel_present(uint64_t address);

#define PTE_PRESENT  0x1u
#define PTE_WRITE    0x2u
#define PTE_USER     0x4u
#define PTE_UNCACHED 0x18u
#define PTE_LARGE    0x80u
#define PTE_GLOBAL   0x100u
#define PTE_KEPT                                                               \
	0x200u /* not present for the processor, but a page is there: no       \
		  access */
#define PTE_PHYS 0x000ffffffffff000u
#define PTE_NX	 0x8000000000000000u

/* ---- interrupts and time ---- */

void lapic_init(void); /* on each CPU */
uint32_t lapic_id(void);
void lapic_eoi(void);
void lapic_ipi(uint32_t apic_id, uint32_t command);
#define IPI_NMI	 0x400u
#define IPI_INIT 0x4500u
#define IPI_SIPI 0x4600u
void lapic_timer_start(uint32_t count);
uint32_t lapic_timer_left(void);
void pic_mask(void);
void ioapic_init(void);
void ioapic_interrupt(unsigned vector);
const char *ioapic_name(unsigned vector); /* whose it is; NULL: nobody's */
void clock_init(void);
extern uint64_t clock_tsc_hz, clock_lapic_hz;
void clock_spin(uint64_t ns); /* busy wait */
uint64_t rtc_read(void);      /* seconds since 1970 */
void timer_interrupt(struct cpu *cpu);
extern _Atomic bool stopping; /* a panic halts the CPUs */

/* ap.asm, smp.c */
extern char ap_blob[], ap_blob_end[], ap_cr3[], ap_efer[], ap_stack[],
	ap_entry[];
extern uint64_t boot_pml4[512];

/* kernel.ld: addresses, not variables */
extern char kernel_text[], kernel_text_end[], kernel_rodata_end[], kernel_end[];
struct fixup {
	uint64_t site, go_on;
};
extern const struct fixup fixups[], fixups_end[];
struct smap_site {
	uint64_t address, code;
};
extern const struct smap_site smap_sites[], smap_sites_end[];
