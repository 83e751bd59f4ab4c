/*
 * Copies between the kernel and the running thread's own memory: its space must
 * be in CR3, which a kernel-only excursion leaves to chance.  Only usercopy.c
 * calls these; the instructions are in copy.asm.
 */
#include "local.h"
#include "../../abi/errno.h"

void
arch_own_space_load(struct arch_space *space)
{
	uint64_t flags = irq_save();

	space_use(cpu_self(), space);
	irq_restore(flags);
}

int64_t
arch_copy_text_from_user(char *to, uint64_t from, size_t n)
{
	int64_t length;

	arch_own_space();
	length = arch_copy_text(to, (const char *)from, n);
	return length < 0 ? -EFAULT : length;
}
