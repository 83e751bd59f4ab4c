/*
 * The other CPUs: starting them, one at a time, and the messages between CPUs.
 *
 * A CPU that does not come in time is given up, and both sides agree on that by
 * one compare-and-swap: a late one halts and touches nothing.
 */
#include "local.h"

enum { AP_NONE, AP_CALLED, AP_HERE, AP_GIVEN_UP };

#define PATIENCE_NS 2000000000u
#define SIPI_AGAIN  10000000u

_Atomic bool stopping;

static _Atomic int ap_state;
static void (*ap_run)(void);

/* A new CPU's first C function, on its idle stack. */
static _Noreturn void
ap_main(void)
{
	int called = AP_CALLED;
	unsigned id = cpu_count;

	if (!atomic_compare_exchange_strong(&ap_state, &called, AP_HERE))
		halt_for_ever();
	cr3_write(kernel_root);
	features_enable();
	cpu_setup(id);
	lapic_init();
	cpus[id].apic_id = lapic_id();
	atomic_store(&cpus[id].online, true);
	while (__atomic_load_n(&cpu_count, __ATOMIC_ACQUIRE) <= id)
		arch_pause();
	ap_run();
	halt_for_ever();
}

/* Where a word of the start-up code lies in the copy that runs. */
static uint64_t *
blob_word(const char *word)
{
	return arch_direct(AP_BLOB_PHYS + ((uint64_t)word - (uint64_t)ap_blob));
}

static void
blob_copy(void)
{
	const uint64_t *kernel = arch_direct(kernel_root);
	uint64_t efer = EFER_SCE | EFER_LME | (features.nx ? EFER_NXE : 0);

	/* the first page tables again, for their identity map, with the final
	 * upper half */
	for (unsigned i = 256; i < 512; i++)
		boot_pml4[i] = kernel[i];
	__builtin_memcpy(arch_direct(AP_BLOB_PHYS), ap_blob,
			 (uint64_t)ap_blob_end - (uint64_t)ap_blob);
	*blob_word(ap_cr3) = (uint64_t)boot_pml4 - KERNEL_BASE;
	*blob_word(ap_efer) = efer;
	*blob_word(ap_entry) = (uint64_t)ap_main;
}

static bool
wait_for_state(int state, uint64_t ns)
{
	uint64_t end = arch_time_ns() + ns;

	while (atomic_load(&ap_state) != state && arch_time_ns() < end)
		arch_pause();
	return atomic_load(&ap_state) == state;
}

static void
start_one(uint32_t apic_id)
{
	int called = AP_CALLED;

	*blob_word(ap_stack) = cpu_stack_top(cpu_count, STACK_IDLE);
	atomic_store(&ap_state, AP_CALLED);
	lapic_ipi(apic_id, IPI_INIT);
	clock_spin(200000);
	lapic_ipi(apic_id, IPI_SIPI | AP_BLOB_PHYS >> 12);
	if (!wait_for_state(AP_HERE, SIPI_AGAIN)) {
		lapic_ipi(apic_id, IPI_SIPI | AP_BLOB_PHYS >> 12);
		wait_for_state(AP_HERE, PATIENCE_NS);
	}
	if (atomic_compare_exchange_strong(&ap_state, &called, AP_GIVEN_UP))
		return;
	while (!atomic_load(&cpus[cpu_count].online))
		arch_pause();
	__atomic_store_n(&cpu_count, cpu_count + 1, __ATOMIC_RELEASE);
}

void
arch_start_cpus(void (*entry)(void))
{
	ap_run = entry;
	blob_copy();
	for (unsigned i = 0; i < acpi.apic_ids && cpu_count < CPU_MAX; i++)
		if (acpi.apic_id[i] != cpus[0].apic_id)
			start_one(acpi.apic_id[i]);
	boot_pml4[0] = 0;
}

/* Who halts forgets the space first: an edit of it need not wake and await this
 * CPU. */
void
arch_wait(void)
{
	struct cpu *cpu = cpu_self();

	if (cpu_count > 1 && cpu->space)
		space_use(cpu, NULL);
	__asm__ volatile("sti; hlt" ::: "memory");
}

void
arch_kick(unsigned cpu_id)
{
	lapic_ipi(cpus[cpu_id].apic_id, VECTOR_KICK);
}

/* The first CPU that panics stops the others, whatever they do; a second one
 * stops itself. */
void
arch_stop_others(void)
{
	static _Atomic uint32_t stopper;
	uint32_t me = cpu_self()->id + 1;
	uint32_t nobody = 0;

	arch_irq_disable();
	if (!atomic_compare_exchange_strong(&stopper, &nobody, me)) {
		if (nobody != me)
			halt_for_ever();
		return;
	}
	atomic_store(&stopping, true);
	for (unsigned id = 0; id < cpu_count; id++)
		if (id + 1 != me && atomic_load(&cpus[id].online))
			lapic_ipi(cpus[id].apic_id, IPI_NMI);
}
