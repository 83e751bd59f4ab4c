/*
 * The whole boundary to the machine.  Everything that knows registers, ports,
 * page-table bits or assembly is below it.
 *
 * Memory as the kernel sees it:
 *
 *	0 ... 0x00007fffffffffff  the user's (from USER_MIN to USER_END)
 *	0xffff800000000000 ...    the direct map of all RAM and, uncached, of
 *				  device memory below 4 GiB
 *	0xffffc00000000000 ...    kernel stacks, each with an unmapped guard
 *				  page below (thread.c)
 *	0xffffffff80000000 ...    the kernel: text r-x, constants r--, data rw-
 *	0xffffffffc0000000 ...    each CPU's idle and exception stacks
 *
 * The kernel's text is read-only in the direct map too.  Upper-half page tables
 * are shared by all spaces.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "../../abi/signal.h"
#include "../../abi/trace.h"
#include "../../cpu.h"

#define ARCH_DIRECT_BASE 0xffff800000000000u
#define ARCH_STACKS_BASE 0xffffc00000000000u
#define ARCH_STACKS_END	 0xffffc10000000000u
#define USER_MIN	 0x10000u	 /* nothing is mapped below */
#define USER_END	 0x7ffffffff000u /* first address past the user's */
/* Of rflags, what a program may have as it likes: CF PF AF ZF SF DF OF AC. */
#define RFLAGS_USER 0x40cd5u

/* ---- boot ---- */

#define BOOT_REGIONS 64
struct boot_region {
	uint64_t start, end; /* physical, whole pages */
};
struct boot_info {
	struct boot_region region[BOOT_REGIONS]; /* free RAM: kernel, archive,
						    boot tables are cut out */
	unsigned regions;
	uint64_t memory_end; /* first physical address past all RAM */
	uint64_t archive,
		archive_end; /* the boot archive, physical; equal: none */
	char cmdline[4096];
};

/* The kernel's first C function, in main.c: interrupts off, on the boot CPU's
 * idle stack, direct map in place, cpu_self() works. */
_Noreturn void kernel_main(struct boot_info *boot);

/* ---- entries from below ---- */

struct frame;
struct thread;

enum arch_fault_kind { FAULT_READ = 1, FAULT_WRITE = 2, FAULT_EXEC = 4 };

struct arch_entries {
	/* A system call; interrupts on.  The number is frame->orig_rax, the
	 * result goes to frame->rax. */
	void (*syscall)(struct thread *thread, struct frame *frame);
	/*
	 * A page fault in user space, or in the kernel inside of arch_copy_*:
	 * interrupts on, may sleep.  0: mapped now, go on.  -errno: from user
	 * space `exception` is called next, from the kernel the copy ends
	 * short.
	 */
	int (*page_fault)(struct thread *thread, uint64_t address,
			  enum arch_fault_kind kind);
	/* A processor exception in user space that nothing has handled;
	 * interrupts on. */
	void (*exception)(struct thread *thread, struct frame *frame,
			  unsigned vector, uint64_t error, uint64_t address);
	/* Before a return to user mode with any thread flag set; interrupts on,
	 * may sleep, may not return. */
	void (*user_return)(struct thread *thread, struct frame *frame);
	/* This CPU's timer has run out; interrupts off. */
	void (*timer)(void);
	/* Another CPU asked this one to look at its run queue and flags
	 * (arch_kick); interrupts off. */
	void (*kicked)(void);
	/* A new thread's first breath: after arch_switch to it for the first
	 * time, interrupts off. */
	void (*thread_first)(struct thread *thread);
};
void arch_init(const struct arch_entries *entries); /* boot CPU: traps, timer,
						       interrupt controller */
void arch_start_cpus(
	void (*entry)(void)); /* starts the others; each runs entry() on its own
				 idle stack, interrupts off; sets cpu_count */

/* ---- interrupts, CPUs, time ---- */

static inline bool
arch_irq_enabled(void)
{
	uint64_t flags;

	__asm__ volatile("pushfq; popq %0" : "=r"(flags)::"memory");
	return flags & 0x200;
}

static inline void
arch_irq_disable(void)
{
	__asm__ volatile("cli" ::: "memory");
}

static inline void
arch_irq_enable(void)
{
	__asm__ volatile("sti" ::: "memory");
}

static inline void
arch_pause(void)
{
	__asm__ volatile("pause" ::: "memory");
}

void arch_wait(void); /* idle: enable interrupts and halt until the next one,
			 with no gap between */
void arch_kick(unsigned cpu_id); /* make that CPU call entries->kicked */
extern uint64_t arch_tsc_start, arch_ns_per_tick_32; /* clock.c */

/* Monotonic, since boot; the same on every CPU. */
static inline uint64_t
arch_time_ns(void)
{
	__extension__ typedef unsigned __int128 wide;
	uint32_t low, high;

	__asm__ volatile("lfence; rdtsc" : "=a"(low), "=d"(high)::"memory");
	return (uint64_t)((wide)(((uint64_t)high << 32 | low) -
				 arch_tsc_start) *
				  arch_ns_per_tick_32 >>
			  32);
}

uint64_t arch_wall_ns(void); /* wall clock (UTC) when arch_time_ns was 0 */
void arch_timer_set(uint64_t deadline_ns); /* this CPU's timer fires once, then;
					      UINT64_MAX: never */
/* A device's interrupt line (I/O APIC pin, level or edge as the line needs);
 * handler runs with interrupts off on the boot CPU. */
int arch_irq_attach(const char *name, unsigned line, bool level,
		    void (*handler)(void *), void *arg);
/* For sys:/irq: vectors are below ARCH_VECTORS; whose it is (of several the
 * first), NULL: nobody's; how many came to this CPU. */
#define ARCH_VECTORS 256
const char *arch_irq_name(unsigned vector);
uint64_t arch_irq_count(unsigned cpu_id, unsigned vector);
bool arch_random(uint64_t *value); /* from the processor; false: it has none */
struct arch_cpu_info {
	char vendor[13], brand[49];
	uint32_t apic_id;
	uint64_t hz; /* of the time stamp counter */
};
void arch_cpu_info(unsigned cpu_id, struct arch_cpu_info *info);

/* ---- threads ---- */

/*
 * The machine's part of a thread, its first member.  `flags` is the one word
 * that the way back to user mode, and the way into a system call, test: 0 is
 * the fast path.  Bits: thread.h; those that concern the way back:
 */
#define ARCH_FLAGS_RETURN 0x1fu /* user_return is called while one is set */
#define ARCH_FLAG_TOUCHED 0x80u /* the frame was edited: return by IRETQ */
struct arch_thread {
	_Atomic uint32_t flags; /*  0 */
	uint32_t loaded_cpu;	/*  4: id + 1 of the CPU that may still hold its
				   FPU */
	uint64_t switch_rsp;	/*  8: saved by arch_switch */
	uint64_t stack_top;	/* 16 */
	struct arch_space *space; /* 24: NULL: a kernel thread */
	void *fpu; /* 32: arch_fpu_size() bytes, 64-aligned; NULL for a kernel
		      thread */
	uint64_t fs_base, gs_base; /* 40, 48 */
};

/*
 * User registers at the top of the kernel stack, in the order of
 * user_regs_struct's first 21.  orig_rax is the number inside a system call,
 * else -1.  The user's frame of a thread lies at stack_top - sizeof(struct
 * frame).
 */
struct frame {
	uint64_t r15, r14, r13, r12, rbp, rbx, r11, r10, r9, r8, rax, rcx, rdx,
		rsi, rdi;
	uint64_t orig_rax;
	uint64_t rip, cs, rflags, rsp, ss;
};

static inline struct frame *
arch_frame(struct arch_thread *thread)
{
	return (struct frame *)(void *)(thread->stack_top -
					sizeof(struct frame));
}

size_t arch_fpu_size(void);
/* A kernel thread: entry(arg) runs on the stack when it is first switched to.
 * A user thread: first returns to user mode by its frame. */
void arch_thread_init(struct arch_thread *thread, void *stack_top,
		      void (*entry)(void *), void *arg);
/* Clean user registers, FPU included (thread->fpu may be filled); rip, rsp as
 * given, everything else 0. */
void arch_user_init(struct arch_thread *thread, uint64_t rip, uint64_t rsp);
/* child gets the registers, FPU and bases of the running thread; its rax is 0.
 * For fork. */
void arch_user_copy(struct arch_thread *child, struct arch_thread *running);
/* Forget the FPU and space that this CPU holds for the running thread (exec:
 * before space or FPU are replaced). */
void arch_user_unload(struct arch_thread *running);

/* Switching: switch.h.  The FPU and the bases of prev, which this CPU holds, go
 * into its structure. */
void arch_user_save(struct arch_thread *prev);

/* Runs the current thread's first return to user mode by its frame.  For
 * thread_first of user threads. */
_Noreturn void arch_user_enter(struct thread *thread);

/* Call arguments as the convention says: number, a0 ... a5. */
static inline uint64_t
arch_call_argument(const struct frame *frame, unsigned n)
{
	switch (n) {
	case 0:
		return frame->rdi;
	case 1:
		return frame->rsi;
	case 2:
		return frame->rdx;
	case 3:
		return frame->r10;
	case 4:
		return frame->r8;
	default:
		return frame->r9;
	}
}
void arch_call_set(struct frame *frame, uint64_t number,
		   const uint64_t arguments[6]);

/* ---- signal handlers: sigframe.c ---- */

/* What the running thread is to do, and to come back from. */
struct arch_signal {
	uint64_t handler, restorer;
	uint64_t sp;	/* below this its frame is put ... */
	uint64_t least; /* ... and not below that */
	uint64_t mask;	/* that comes back */
	struct abi_stack stack;
	const struct abi_siginfo *info;
	uint64_t vector, error, address; /* of the last exception */
};
/* Where a frame is put if it stays on the stack in use: below the red zone. */
uint64_t arch_signal_sp(const struct arch_thread *running);
/* Puts a frame on the user's stack: the thread returns to user mode in the
 * handler.  -EFAULT: it cannot be put there, nothing was changed but what lies
 * there. */
int arch_signal_enter(struct arch_thread *running,
		      const struct arch_signal *signal);
/* Takes a handler's frame from where the restorer has left rsp.  0: the
 * registers are those of the frame; -EFAULT: it is missing, or says something
 * that no user program may: registers are as they were, but for the FPU's. */
int arch_signal_return(struct arch_thread *running, uint64_t *mask,
		       struct abi_stack *stack);
/* What a floating-point exception was about: KFPE_...; simd: #XM, else #MF. */
int arch_fpu_fault(struct arch_thread *running, bool simd);

/* ---- registers for tracers: regs.c, one policy table (abi/regs.def) ---- */

void arch_regs_get(struct arch_thread *thread, struct trace_regs *regs);

/* Where a thread is that is to be edited. */
enum arch_regs_at { REGS_OUTSIDE, REGS_IN_CALL, REGS_AT_ENTER, REGS_AT_LEAVE };

/* 0, or -ERANGE (a value that its policy refuses), -EBUSY (rax in an unfinished
 * call).  Changes nothing. */
int arch_regs_check(const struct trace_regs *old, const struct trace_regs *regs,
		    enum arch_regs_at at);
/* Only what arch_regs_check let pass.  The thread does not run; its return to
 * user mode must take the safe path (THREAD_TOUCHED). */
void arch_regs_set(struct arch_thread *thread, const struct trace_regs *regs);

/* The same of the floating-point registers: fpregs.c, abi/fpregs.def.  check: 0
 * or -ERANGE. */
void arch_fpregs_get(const struct arch_thread *thread,
		     struct trace_fpregs *regs);
int arch_fpregs_check(const struct trace_fpregs *old,
		      const struct trace_fpregs *regs);
void arch_fpregs_set(struct arch_thread *thread,
		     const struct trace_fpregs *regs);

/* ---- address spaces: page-table edits take their pages from the caller ----
 */

enum { ARCH_READ = 1, ARCH_WRITE = 2, ARCH_EXEC = 4, ARCH_USER = 8 };

struct arch_space {
	uint64_t root;	       /* physical address of the top table */
	uint8_t eighths;       /* space.c: which of the top table were used */
	_Atomic uint32_t cpus; /* bit n: CPU n has it in CR3 */
};

/* page: a page (any contents) that becomes the top table. */
void arch_space_init(struct arch_space *space, uint64_t page_phys);
/* Frees every table of the user half and the top table through put(phys); no
 * user page may be mapped.  No CPU uses it: arch_space_drop first. */
void arch_space_free(struct arch_space *space, void (*put)(uint64_t phys));
/* Makes every CPU that has it in CR3 leave it.  Interrupts on, no spinlock
 * held. */
void arch_space_drop(struct arch_space *space);

#define ARCH_MAP_SPARES	 3
#define ARCH_TABLE_BYTES (512u * 4096u) /* that a last table maps */
/*
 * Maps n pages from address on; all lie in the same ARCH_TABLE_BYTES.  spares:
 * zeroed pages' physical addresses for tables that are missing; a used one is
 * set to 0.  0, or -ENOMEM if spares ran out (how many were needed: at most
 * ARCH_MAP_SPARES), and nothing is mapped.  An entry that is there is replaced:
 * flush afterwards if it was present.
 */
int arch_map_run(struct arch_space *space, uint64_t address,
		 const uint64_t *phys, unsigned n, unsigned prot,
		 uint64_t spares[ARCH_MAP_SPARES]);
/* The entry of one page: true if present. */
bool arch_lookup(struct arch_space *space, uint64_t address, uint64_t *phys,
		 unsigned *prot);
/* Takes out the entries of a run of present pages, the first from *address on
 * and before end, `most` at most: how many, where *address is then; 0: there
 * are no more.  Flush afterwards, before the pages are put. */
unsigned arch_unmap_run(struct arch_space *space, uint64_t *address,
			uint64_t end, uint64_t *phys, unsigned most);
/* The same, but the pages stay, with this protection; flush if it is less. */
unsigned arch_protect_run(struct arch_space *space, uint64_t *address,
			  uint64_t end, unsigned prot, uint64_t *phys,
			  unsigned most);
void arch_protect(struct arch_space *space, uint64_t address,
		  unsigned prot); /* of a present page; then flush */
/* First address >= address, < end whose page is present; end if none.  Skips
 * whole missing tables. */
uint64_t arch_next_present(struct arch_space *space, uint64_t address,
			   uint64_t end);
/* Every CPU that has the space in CR3 forgets these translations.  Interrupts
 * on, no spinlock held; waits for the answers. */
void arch_space_flush(struct arch_space *space, uint64_t start, uint64_t end);

int arch_kernel_map(uint64_t address, uint64_t phys, unsigned prot,
		    uint64_t spares[ARCH_MAP_SPARES]);
bool arch_kernel_unmap(uint64_t address, uint64_t *phys);
void arch_kernel_flush(void); /* all CPUs, all kernel translations that may
				 change; interrupts on, no spinlock held */

static inline void *
arch_direct(uint64_t phys)
{
	return (void *)(ARCH_DIRECT_BASE + phys);
}

static inline uint64_t
arch_phys(const void *direct)
{
	return (uint64_t)direct - ARCH_DIRECT_BASE;
}

/* ---- user memory: of the kernel above, only usercopy.c calls these ---- */

/*
 * Copies between the kernel and the running thread's own space, whose addresses
 * the caller has checked to be the user's.  Loads the space if this CPU has
 * another.  Missing pages go to entries->page_fault and may sleep.  Returns how
 * many bytes were NOT copied.
 */
void arch_own_space_load(struct arch_space *space);
size_t arch_copy_bytes(void *to, const void *from, size_t n);
int64_t arch_copy_text(char *to, const char *from, size_t n);

static inline void
arch_own_space(void)
{
	/* the first member of a thread */
	struct arch_thread *self = (struct arch_thread *)(void *)thread_self();

	if (cpu_self()->space != self->space)
		arch_own_space_load(self->space);
}

static inline size_t
arch_copy_from_user(void *to, uint64_t from, size_t n)
{
	arch_own_space();
	return arch_copy_bytes(to, (const void *)from, n);
}

static inline size_t
arch_copy_to_user(uint64_t to, const void *from, size_t n)
{
	arch_own_space();
	return arch_copy_bytes((void *)to, from, n);
}

/* As strnlen + copy: bytes copied without the NUL; n: no NUL within n; -EFAULT.
 */
int64_t arch_copy_text_from_user(char *to, uint64_t from, size_t n);

/* ---- devices and the end ---- */

uint32_t arch_pci_read(unsigned bus, unsigned slot, unsigned function,
		       unsigned offset); /* 32 bits; offset a multiple of 4 */
void arch_pci_write(unsigned bus, unsigned slot, unsigned function,
		    unsigned offset, uint32_t value);
uint8_t arch_in8(uint16_t port);
uint16_t arch_in16(uint16_t port);
uint32_t arch_in32(uint16_t port);
void arch_out8(uint16_t port, uint8_t value);
void arch_out16(uint16_t port, uint16_t value);
void arch_out32(uint16_t port, uint32_t value);

void arch_console_init(void); /* COM1, 115200 8N1; usable before arch_init */
void arch_console_write(
	const char *s,
	size_t n); /* waits for the transmitter; takes no lock of ours */
bool arch_console_read(char *c); /* false: nothing there */
#define ARCH_CONSOLE_IRQ 4
bool arch_console_try_write(char c); /* false: there is no room now */
void arch_console_break(bool on);    /* the line is held at a break */
/* What interrupts on line ARCH_CONSOLE_IRQ: a byte has come; there is room for
 * one that goes. */
void arch_console_irq_enable(bool input, bool room);

_Noreturn void arch_poweroff(
	int status); /* isa-debug-exit with status, else ACPI, else halt */
_Noreturn void arch_restart(void);
_Noreturn void
arch_die(void); /* after a panic: stops the machine so that QEMU ends */
void arch_stop_others(void); /* panic: the other CPUs halt */

/* Walks frame pointers from here (or from a frame), calls visit(address) for
 * each return address, kernel addresses only, at most max. */
void arch_backtrace(void (*visit)(uint64_t address), unsigned max);
/* The kernel symbol that holds address: its name and the offset in it; NULL:
 * none. */
const char *arch_symbol(uint64_t address, uint64_t *offset);
