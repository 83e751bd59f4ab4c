/* The ELF64 file format, as far as the kernel reads it. */
#pragma once

#include <stdint.h>

struct elf_header {
	uint8_t ident[16];
	uint16_t type;
	uint16_t machine;
	uint32_t version;
	uint64_t entry;
	uint64_t phoff;
	uint64_t shoff;
	uint32_t flags;
	uint16_t ehsize;
	uint16_t phentsize;
	uint16_t phnum;
	uint16_t shentsize;
	uint16_t shnum;
	uint16_t shstrndx;
};

struct elf_program_header {
	uint32_t type;
	uint32_t flags;
	uint64_t offset;
	uint64_t vaddr;
	uint64_t paddr;
	uint64_t filesz;
	uint64_t memsz;
	uint64_t align;
};

struct elf_note {
	uint32_t namesz;
	uint32_t descsz;
	uint32_t type;
};

#define ELF_IDENT	   "\177ELF\2\1\1" /* 64 bits, little-endian, version 1 */
#define ELF_TYPE_EXEC	   2
#define ELF_MACHINE_X86_64 62

enum elf_program_type {
	PT_LOAD = 1,
	PT_DYNAMIC = 2,
	PT_INTERP = 3,
	PT_NOTE = 4
};
