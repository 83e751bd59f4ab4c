/*
 * From the first page tables to kernel_main: what the loader and ACPI say is
 * copied, the kernel's own page tables are built, and the boot CPU moves to its
 * idle stack.  Called by boot.asm, once.
 */
#include "local.h"

_Noreturn void boot_main(uint32_t kind, uint32_t info);

static struct boot_info boot;

/* Memory that must not be handed out, though the loader calls it free. */
static void
cut_out(void)
{
	uint64_t image_end = (uint64_t)kernel_end - KERNEL_BASE;

	region_cut(&boot, 0, 0x100000); /* firmware's, and where CPUs start */
	region_cut(&boot, 0x100000, image_end);
	region_cut(&boot, boot.archive, boot.archive_end);
}

static void
on_idle_stack(void *arg)
{
	fpu_init();
	kernel_main(arg);
}

_Noreturn void
boot_main(uint32_t kind, uint32_t info)
{
	uint64_t rsdp;

	arch_console_init();
	features_detect();
	features_enable();
	cpu_setup(0);
	rsdp = bootinfo_read(kind, info, &boot);
	acpi_read(rsdp);
	cut_out();
	kmap_build(&boot, acpi.apic_ids ? acpi.apic_ids : 1);
	cr3_write(kernel_root);
	cpus[0].online = true;
	switch_to_stack(on_idle_stack, &boot, cpu_stack_top(0, STACK_IDLE));
}

/* Traps work since boot_main; from here on they reach the kernel, and
 * interrupts can come. */
void
arch_init(const struct arch_entries *from)
{
	entries = *from;
	pic_mask();
	lapic_init();
	cpus[0].apic_id = lapic_id();
	ioapic_init();
	clock_init();
}
