/*
 * Copies between the kernel and the running thread's own memory: its space must
 * be in CR3, which a kernel-only excursion leaves to chance.  Only usercopy.c
 * calls these; the instructions are in copy.asm.
 */
#include "local.h"
#include "../../abi/errno.h"

static __attribute__((noinline)) void
own_space_load(struct arch_space *space)
{
	uint64_t flags = irq_save();

	space_use(cpu_self(), space);
	irq_restore(flags);
}

static inline void
own_space(void)
{
	struct arch_space *space = thread_arch(thread_self())->space;

	if (cpu_self()->space != space)
		own_space_load(space);
}

size_t
arch_copy_from_user(void *to, uint64_t from, size_t n)
{
	own_space();
	return copy_bytes(to, (const void *)from, n);
}

size_t
arch_copy_to_user(uint64_t to, const void *from, size_t n)
{
	own_space();
	return copy_bytes((void *)to, from, n);
}

int64_t
arch_copy_text_from_user(char *to, uint64_t from, size_t n)
{
	int64_t length;

	own_space();
	length = copy_text(to, (const char *)from, n);
	return length < 0 ? -EFAULT : length;
}
