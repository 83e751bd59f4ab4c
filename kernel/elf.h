/*
 * What a program file says: headers of a static x86-64 ELF executable, checked
 * and turned into a short list of what is to be mapped.  Nothing here maps,
 * allocates or sleeps, but through the source's read.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define ELF_SEGMENTS_MAX	16
#define ELF_SCRATCH_SIZE	4096
#define ELF_PROGRAM_HEADER_SIZE 56

enum elf_flag { ELF_EXEC = 1, ELF_WRITE = 2, ELF_READ = 4 };

/* The file.  read gives n bytes from offset on, fewer at its end, or -errno. */
struct elf_source {
	int64_t (*read)(void *arg, void *to, size_t n, uint64_t offset);
	void *arg;
	uint64_t size;
};

struct elf_segment {
	uint64_t start, end; /* whole pages; segments rise and share none */
	uint64_t offset;     /* in the file, of start: whole pages */
	uint64_t file_bytes; /* from start on are the file's, the rest zeroes;
				0: all zeroes */
	unsigned flags;	     /* enum elf_flag */
};

struct elf_image {
	struct elf_segment segment[ELF_SEGMENTS_MAX];
	unsigned segments; /* at least 1 */
	uint64_t entry;	   /* inside of an executable one */
	uint64_t headers;  /* address of the program headers; 0: not mapped */
	uint32_t header_count;
};

/*
 * Everything lies in [lowest, end).  scratch: ELF_SCRATCH_SIZE bytes, 8-byte
 * aligned.  0; -ENOEXEC: not a program of this system; what read gave.
 */
int elf_parse(const struct elf_source *source, uint64_t lowest, uint64_t end,
	      void *scratch, struct elf_image *image);
