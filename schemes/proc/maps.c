/*
 * proc:/<pid>/maps and maps.bin: `gen N`, then a line an area, `start-end
 * rwxp|s offset object`.  gen grows whenever an area changes, and is that of
 * the areas that follow.
 */
#include "proc.h"
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "abi/trace.h"
#include "text.h"
#include "vm.h"

#define NAME_SIZE 256

/* false: it has none. */
static bool
area_name(const struct vm_area *area, char name[NAME_SIZE])
{
	if (area->object)
		area->object->ops->name(area->object, name, NAME_SIZE);
	else if (area->flags & VM_STACK)
		text_copy(name, "[stack]", NAME_SIZE);
	else if (area->flags & VM_HEAP)
		text_copy(name, "[heap]", NAME_SIZE);
	else
		return false;
	return true;
}

static uint64_t
area_offset(const struct vm_area *area)
{
	return area->object ? area->offset : 0;
}

static void
put_area(const struct vm_area *area, void *arg)
{
	struct text_buffer *buffer = arg;
	char name[NAME_SIZE];

	text_printf(buffer, "%lx-%lx %c%c%c%c %lx ", area->start, area->end,
		    area->prot & ARCH_READ ? 'r' : '-',
		    area->prot & ARCH_WRITE ? 'w' : '-',
		    area->prot & ARCH_EXEC ? 'x' : '-',
		    area->flags & VM_SHARED ? 's' : 'p', area_offset(area));
	text_word(buffer, area_name(area, name) ? name : "");
	text_printf(buffer, "\n");
}

/* The number comes first and is known last. */
static void
make_of(struct text_buffer *buffer, struct vm *vm)
{
	struct text_buffer areas = {0};
	uint64_t gen = vm_for_each(vm, put_area, &areas);

	text_printf(buffer, "gen %lu\n", gen);
	if (areas.used)
		text_append(buffer, areas.text, areas.used);
	if (areas.error)
		buffer->error = areas.error;
	text_free(&areas);
}

static int
make_text(struct text_buffer *buffer, void *arg)
{
	struct handle *handle = arg;
	struct vm *vm = process_vm(handle->spot.process);

	if (!vm)
		return -ESRCH;
	make_of(buffer, vm);
	vm_put(vm);
	return 0;
}

/* ---- packed ---- */

struct packing {
	struct text_buffer *buffer;
	uint32_t count;
};

static void
pack_name(struct text_buffer *buffer, const char *name, uint32_t length)
{
	static const char zeroes[8];
	const struct trace_payload payload = {TRACE_PAYLOAD_NAME, 0, length};

	text_append(buffer, (const char *)&payload, sizeof(payload));
	text_append(buffer, name, length);
	text_append(buffer, zeroes, (8 - length % 8) % 8);
}

static void
pack_area(const struct vm_area *area, void *arg)
{
	struct packing *packing = arg;
	struct trace_map map = {
		.size = sizeof(map),
		.flags = (area->prot & ARCH_READ ? TRACE_MAP_READ : 0u) |
			 (area->prot & ARCH_WRITE ? TRACE_MAP_WRITE : 0u) |
			 (area->prot & ARCH_EXEC ? TRACE_MAP_EXEC : 0u) |
			 (area->flags & VM_SHARED ? TRACE_MAP_SHARED : 0u),
		.start = area->start,
		.end = area->end,
		.offset = area_offset(area),
	};
	char name[NAME_SIZE];
	bool named = area_name(area, name);
	uint32_t length = named ? (uint32_t)strlen(name) : 0;

	if (named)
		map.size += (uint32_t)sizeof(struct trace_payload) +
			    ((length + 7) & ~7u);
	text_append(packing->buffer, (const char *)&map, sizeof(map));
	if (named)
		pack_name(packing->buffer, name, length);
	packing->count++;
}

static int
make_bin(struct text_buffer *buffer, void *arg)
{
	struct handle *handle = arg;
	struct vm *vm = process_vm(handle->spot.process);
	struct trace_maps maps = {.size = sizeof(maps)};
	struct packing packing = {.buffer = buffer};

	if (!vm)
		return -ESRCH;
	text_append(buffer, (const char *)&maps, sizeof(maps));
	maps.gen = vm_for_each(vm, pack_area, &packing);
	maps.count = packing.count;
	if (!buffer->error)
		memcpy(buffer->text, &maps, sizeof(maps));
	vm_put(vm);
	return 0;
}

const struct proc_row maps_row = {
	.name = "maps",
	.mode = KS_IFREG | 0400,
	.reads = RIGHT_OBSERVE,
	.make = make_text,
};

const struct proc_row maps_bin_row = {
	.name = "maps.bin",
	.mode = KS_IFREG | 0400,
	.reads = RIGHT_OBSERVE,
	.make = make_bin,
};
