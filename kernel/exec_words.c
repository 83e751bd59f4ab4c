/*
 * What lies at the stack pointer of a new program: argc, the pointers to its
 * arguments and its environment, and the auxiliary vector.  Called by
 * exec_stack.c; run on the host by its unit tests.
 *
 *	sp ->	argc
 *		argv[0] ... NULL
 *		envp[0] ... NULL
 *		(type, value) ... AT_NULL
 *		16 random bytes, the path, the strings
 *	top
 */
#include "exec.h"

#include "text.h"

#define PAGE	     4096
#define RANDOM_BYTES 16

enum aux_type {
#define AUX(name, number) AT_##name = (number),
#include "abi/aux.def"
#undef AUX
};

enum {
#define AUX(name, number) COUNTED_##name,
#include "abi/aux.def"
#undef AUX
	AUX_COUNT
};
_Static_assert(AUX_COUNT == PROGRAM_AUX, "each has a place");

size_t
exec_words_size(const struct exec_stack *stack)
{
	size_t pointers = (size_t)stack->strings->argc + stack->strings->envc;

	return 1 + pointers + 2 + 2 * AUX_COUNT;
}

static uint64_t
words_align(uint64_t address)
{
	return address & ~(uint64_t)15;
}

void
exec_places(const struct exec_stack *stack, uint64_t top,
	    struct exec_places *places)
{
	places->strings = top - stack->strings->size;
	places->path = places->strings - (strlen(stack->path) + 1);
	places->random = words_align(places->path) - RANDOM_BYTES;
	places->words = words_align(places->random -
				    exec_words_size(stack) * sizeof(uint64_t));
}

/* count pointers to strings, then NULL; *at is the next string. */
static uint64_t *
words_pointers(uint64_t *words, const struct exec_strings *strings,
	       uint64_t base, size_t *at, uint32_t count)
{
	while (count--) {
		*words++ = base + *at;
		*at += strlen(strings->bytes + *at) + 1;
	}
	*words++ = 0;
	return words;
}

void
exec_words(const struct exec_stack *stack, const struct exec_places *places,
	   uint64_t *words)
{
	const struct cred *cred = &stack->cred;
	const struct elf_image *elf = stack->elf;
	bool raised = cred->ruid != cred->euid || cred->rgid != cred->egid;
	const uint64_t aux[PROGRAM_AUX][2] = {
		{AT_PHDR, elf->headers},
		{AT_PHENT, ELF_PROGRAM_HEADER_SIZE},
		{AT_PHNUM, elf->headers ? elf->header_count : 0},
		{AT_PAGESZ, PAGE},
		{AT_ENTRY, elf->entry},
		{AT_UID, cred->ruid},
		{AT_EUID, cred->euid},
		{AT_GID, cred->rgid},
		{AT_EGID, cred->egid},
		{AT_SECURE, raised},
		{AT_RANDOM, places->random},
		{AT_EXECFN, places->path},
		{AT_NULL, 0},
	};
	size_t at = 0;

	*words++ = stack->strings->argc;
	words = words_pointers(words, stack->strings, places->strings, &at,
			       stack->strings->argc);
	words = words_pointers(words, stack->strings, places->strings, &at,
			       stack->strings->envc);
	memcpy(words, aux, sizeof(aux));
	memcpy(stack->aux, aux, sizeof(aux));
}
