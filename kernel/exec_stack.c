/*
 * The first stack of a program: mapped lazily, its upper end written before
 * anybody runs in it.  Called by exec_load.c.
 *
 * The space is still nobody's: whatever fails here is undone by letting it go.
 */
#include "exec.h"

#include "abi/errno.h"
#include "arch/x86_64/arch.h"
#include "heap.h"
#include "rand.h"
#include "text.h"
#include "thread.h"
#include "vm.h"

static int
stack_put(struct thread *self, struct vm *vm, uint64_t to, const void *from,
	  size_t n)
{
	int64_t done = n ? vm_write(self, vm, to, from, n) : 0;

	if (done < 0)
		return (int)done;
	if ((size_t)done == n)
		return 0;
	return thread_flags(self) & THREAD_KILLED ? -EINTR : -ENOMEM;
}

static int
stack_put_words(struct thread *self, struct vm *vm,
		const struct exec_stack *stack,
		const struct exec_places *places)
{
	size_t size = exec_words_size(stack) * sizeof(uint64_t);
	uint64_t *words = heap_alloc(size);
	int error;

	if (!words)
		return -ENOMEM;
	exec_words(stack, places, words);
	error = stack_put(self, vm, places->words, words, size);
	heap_free(words);
	return error;
}

static int
stack_fill(struct thread *self, struct vm *vm, const struct exec_stack *stack,
	   const struct exec_places *places)
{
	uint8_t random[16];
	int error = stack_put(self, vm, places->strings, stack->strings->bytes,
			      stack->strings->size);

	if (!error)
		error = stack_put(self, vm, places->path, stack->path,
				  strlen(stack->path) + 1);
	rand_bytes(random, sizeof(random));
	if (!error)
		error = stack_put(self, vm, places->random, random,
				  sizeof(random));
	if (!error)
		error = stack_put_words(self, vm, stack, places);
	return error;
}

int64_t
exec_stack_make(struct thread *self, struct vm *vm,
		const struct exec_stack *stack)
{
	struct exec_places places;
	int64_t at = vm_map(vm, VM_STACK_TOP - VM_STACK_SIZE, VM_STACK_SIZE,
			    ARCH_READ | ARCH_WRITE, VM_STACK | VM_NORESERVE,
			    true, NULL, 0, UINT64_MAX);
	int error;

	if (at < 0)
		return at;
	exec_places(stack, VM_STACK_TOP, &places);
	error = stack_fill(self, vm, stack, &places);
	return error ? error : (int64_t)places.words;
}
