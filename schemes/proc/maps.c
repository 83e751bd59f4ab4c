/*
 * proc:/<pid>/maps: `gen N`, then a line an area, `start-end rwxp|s offset
 * object`.  gen grows whenever an area changes.
 */
#include "proc.h"
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "vm.h"

static void
area_name(struct text_buffer *buffer, const struct vm_area *area)
{
	char name[256];

	if (area->object) {
		area->object->ops->name(area->object, name, sizeof(name));
		text_word(buffer, name);
	} else if (area->flags & VM_STACK) {
		text_printf(buffer, "[stack]");
	} else if (area->flags & VM_HEAP) {
		text_printf(buffer, "[heap]");
	} else {
		text_printf(buffer, "-");
	}
}

static void
put_area(const struct vm_area *area, void *arg)
{
	struct text_buffer *buffer = arg;

	text_printf(buffer, "%lx-%lx %c%c%c%c %lx ", area->start, area->end,
		    area->prot & ARCH_READ ? 'r' : '-',
		    area->prot & ARCH_WRITE ? 'w' : '-',
		    area->prot & ARCH_EXEC ? 'x' : '-',
		    area->flags & VM_SHARED ? 's' : 'p',
		    area->object ? area->offset : 0);
	area_name(buffer, area);
	text_printf(buffer, "\n");
}

/* Taken before the areas: a reader that sees the same number later has seen
 * these areas, or newer ones. */
static uint64_t
generation(struct vm *vm)
{
	uint64_t gen;

	mutex_lock(&vm->lock);
	gen = vm->gen;
	mutex_unlock(&vm->lock);
	return gen;
}

static int
make(struct text_buffer *buffer, void *arg)
{
	struct handle *handle = arg;
	struct vm *vm = process_vm(handle->spot.process);

	if (!vm)
		return -ESRCH;
	text_printf(buffer, "gen %lu\n", generation(vm));
	vm_for_each(vm, put_area, buffer);
	vm_put(vm);
	return 0;
}

const struct proc_row maps_row = {
	.name = "maps",
	.mode = KS_IFREG | 0400,
	.reads = RIGHT_OBSERVE,
	.make = make,
};
