/*
 * Program files: a good one, cut and spoiled in every way.
 *
 * with: kernel/elf.c
 */
#include <stdbool.h>
#include <stdio.h>
#include "abi/errno.h"
#include "abi/types.h"
#include "elf.h"
#include "elf_format.h"
#include "test.h"

#define LOWEST 0x10000u
#define END    0x7fffffe00000u
#define PARTS  4
#define TEXT   0x400000u
#define SIZE   0x3000u

/* A whole program: text, data, a note, in a file of three pages. */
struct program {
	struct elf_header header;
	struct elf_program_header part[PARTS];
	struct elf_note note;
	char name[8];
	uint32_t version;
	char rest[SIZE - 64 - PARTS * 56 - 24];
};

static struct program
program_good(void)
{
	struct program p = {
		.header = {.ident = ELF_IDENT,
			   .type = ELF_TYPE_EXEC,
			   .machine = ELF_MACHINE_X86_64,
			   .version = 1,
			   .entry = TEXT + 0x1000,
			   .phoff = 64,
			   .phentsize = 56,
			   .phnum = PARTS},
		.note = {8, 4, ABI_NOTE_TYPE},
		.name = ABI_NOTE_NAME,
		.version = ABI_NOTE_VERSION,
	};

	p.part[0] = (struct elf_program_header){.type = PT_LOAD,
						.flags = 4,
						.vaddr = TEXT,
						.filesz = 0x200,
						.memsz = 0x200};
	p.part[1] = (struct elf_program_header){.type = PT_LOAD,
						.flags = 5,
						.offset = 0x1000,
						.vaddr = TEXT + 0x1000,
						.filesz = 0x800,
						.memsz = 0x800};
	p.part[2] = (struct elf_program_header){.type = PT_LOAD,
						.flags = 6,
						.offset = 0x2010,
						.vaddr = TEXT + 0x3010,
						.filesz = 0x100,
						.memsz = 0x5000};
	p.part[3] = (struct elf_program_header){
		.type = PT_NOTE,
		.offset = offsetof(struct program, note),
		.filesz = 24,
		.memsz = 24};
	return p;
}

/* Reads from a copy that is as long as the file, so that a read too far is
 * seen. */
struct bytes {
	const char *bytes;
	size_t size;
	int error;
};

static int64_t
bytes_read(void *arg, void *to, size_t n, uint64_t offset)
{
	const struct bytes *bytes = arg;

	if (bytes->error)
		return bytes->error;
	if (offset > bytes->size)
		return 0;
	if (n > bytes->size - offset)
		n = bytes->size - offset;
	memcpy(to, bytes->bytes + offset, n);
	return (int64_t)n;
}

static int
parse_some(const struct program *p, size_t size, uint64_t said,
	   struct elf_image *image)
{
	char *copy = malloc(size + 1), *scratch = malloc(ELF_SCRATCH_SIZE);
	struct bytes bytes = {copy, size, 0};
	struct elf_source source = {bytes_read, &bytes, said};
	int result;

	memcpy(copy, p, size);
	result = elf_parse(&source, LOWEST, END, scratch, image);
	free(copy);
	free(scratch);
	return result;
}

static int
parse(const struct program *p)
{
	struct elf_image image;

	return parse_some(p, sizeof(*p), sizeof(*p), &image);
}

TEST(elf_good_program_gives_its_segments)
{
	struct program p = program_good();
	struct elf_image image;

	CHECK_EQ(parse_some(&p, sizeof(p), sizeof(p), &image), 0);
	CHECK_EQ(image.segments, 3);
	CHECK_EQ(image.entry, TEXT + 0x1000);
	CHECK_EQ(image.headers, TEXT + 64);
	CHECK_EQ(image.header_count, PARTS);
	CHECK_EQ(image.segment[1].start, TEXT + 0x1000);
	CHECK_EQ(image.segment[1].end, TEXT + 0x2000);
	CHECK_EQ(image.segment[1].offset, 0x1000);
	CHECK_EQ(image.segment[1].file_bytes, 0x800);
	CHECK_EQ(image.segment[1].flags, ELF_READ | ELF_EXEC);
	CHECK_EQ(image.segment[2].start, TEXT + 0x3000);
	CHECK_EQ(image.segment[2].end, TEXT + 0x9000);
	CHECK_EQ(image.segment[2].offset, 0x2000);
	CHECK_EQ(image.segment[2].file_bytes, 0x110);
	CHECK_EQ(image.segment[2].flags, ELF_READ | ELF_WRITE);
}

TEST(elf_cut_at_every_length_is_refused)
{
	struct program p = program_good();
	struct elf_image image;
	size_t whole = 0x2110; /* the last byte that a segment names */

	for (size_t size = 0; size < whole; size++)
		CHECK_EQ(parse_some(&p, size, size, &image), -ENOEXEC);
	CHECK_EQ(parse_some(&p, whole, whole, &image), 0);
}

TEST(elf_file_that_shrinks_meanwhile_is_refused)
{
	struct program p = program_good();
	struct elf_image image;

	for (size_t size = 0; size < sizeof(p.header) + sizeof(p.part); size++)
		CHECK_EQ(parse_some(&p, size, sizeof(p), &image), -ENOEXEC);
}

TEST(elf_read_error_is_passed_on)
{
	struct bytes bytes = {NULL, 0, -EIO};
	struct elf_source source = {bytes_read, &bytes, SIZE};
	char scratch[ELF_SCRATCH_SIZE] __attribute__((aligned(8)));
	struct elf_image image;

	CHECK_EQ(elf_parse(&source, LOWEST, END, scratch, &image), -EIO);
}

/* Each spoils one thing that must be noticed. */
#define SPOIL(change)                                                          \
	do {                                                                   \
		struct program p = program_good();                             \
		change;                                                        \
		if (parse(&p) != -ENOEXEC)                                     \
			test_fail(__FILE__, __LINE__, "accepted: %s",          \
				  #change);                                    \
	} while (0)

TEST(elf_wrong_header_is_refused)
{
	SPOIL(p.header.ident[0] = 0);
	SPOIL(p.header.ident[3] = 'G');
	SPOIL(p.header.ident[4] = 1);
	SPOIL(p.header.ident[5] = 2);
	SPOIL(p.header.ident[6] = 0);
	SPOIL(p.header.type = 1);
	SPOIL(p.header.type = 3);
	SPOIL(p.header.type = 4);
	SPOIL(p.header.machine = 3);
	SPOIL(p.header.version = 0);
	SPOIL(p.header.phentsize = 32);
	SPOIL(p.header.phentsize = 57);
	SPOIL(p.header.phnum = 0);
	SPOIL(p.header.phnum = 1);
	SPOIL(p.header.phnum = 74);
	SPOIL(p.header.phnum = UINT16_MAX);
	SPOIL(p.header.phoff = SIZE);
	SPOIL(p.header.phoff = UINT64_MAX);
	SPOIL(p.header.phoff = UINT64_MAX - 100);
}

TEST(elf_entry_outside_of_its_text_is_refused)
{
	SPOIL(p.header.entry = 0);
	SPOIL(p.header.entry = TEXT);
	SPOIL(p.header.entry = TEXT + 0xfff);
	SPOIL(p.header.entry = TEXT + 0x2000);
	SPOIL(p.header.entry = TEXT + 0x3010);
	SPOIL(p.header.entry = UINT64_MAX);
	SPOIL(p.header.entry = 0xffffffff80000000);
}

TEST(elf_hostile_segment_is_refused)
{
	const uint64_t hostile[] = {1ull << 63,		UINT64_MAX,
				    UINT64_MAX - 0xfff, 0xffff800000000000,
				    0x7fffffffffff,	END};

	for (unsigned i = 0; i < sizeof(hostile) / sizeof(*hostile); i++) {
		SPOIL(p.part[1].vaddr = hostile[i]);
		SPOIL(p.part[1].vaddr = hostile[i] & ~0xfffull);
		SPOIL(p.part[1].memsz = hostile[i]);
		SPOIL(p.part[1].filesz = hostile[i]);
		SPOIL(p.part[1].filesz = p.part[1].memsz = hostile[i]);
		SPOIL(p.part[1].offset = hostile[i]);
		SPOIL(p.part[1].offset = hostile[i] & ~0xfffull);
	}
	SPOIL(p.part[1].filesz = p.part[1].memsz + 1);
	SPOIL(p.part[1].vaddr++);
	SPOIL(p.part[1].offset++);
	SPOIL(p.part[0].vaddr = 0);
	SPOIL(p.part[0].vaddr = LOWEST - 0x1000);
	SPOIL(p.part[2].filesz = p.part[2].memsz = 0xff1);
	SPOIL(p.part[2].memsz = END - p.part[2].vaddr + 1);
}

TEST(elf_overlapping_segments_are_refused)
{
	SPOIL(p.part[0].memsz = 0x1001);
	SPOIL(p.part[1].memsz = 0x2001);
	SPOIL(p.part[2].vaddr = TEXT + 0x1010);
	SPOIL(p.part[0].vaddr = TEXT + 0x10000);
	SPOIL(p.part[1] = p.part[0]);
}

TEST(elf_segments_may_touch)
{
	struct program p = program_good();

	p.part[0].memsz = 0x1000;
	p.part[1].memsz = 0x2000;
	CHECK_EQ(parse(&p), 0);
	p.part[2].memsz = END - p.part[2].vaddr;
	CHECK_EQ(parse(&p), 0);
}

TEST(elf_empty_segment_is_passed_over)
{
	struct program p = program_good();
	struct elf_image image;

	p.part[0] = (struct elf_program_header){.type = PT_LOAD, .vaddr = 1};
	CHECK_EQ(parse_some(&p, sizeof(p), sizeof(p), &image), 0);
	CHECK_EQ(image.segments, 2);
	CHECK_EQ(image.headers, 0);
}

TEST(elf_segment_of_zeroes_alone_has_no_file_bytes)
{
	struct program p = program_good();
	struct elf_image image;

	p.part[2].filesz = 0;
	CHECK_EQ(parse_some(&p, sizeof(p), sizeof(p), &image), 0);
	CHECK_EQ(image.segment[2].file_bytes, 0);
}

TEST(elf_dynamic_program_is_refused)
{
	SPOIL(p.part[0].type = PT_DYNAMIC);
	SPOIL(p.part[0].type = PT_INTERP);
}

TEST(elf_without_the_note_of_this_system_is_refused)
{
	SPOIL(p.part[3].type = 0);
	SPOIL(p.part[3].filesz = 0);
	SPOIL(p.part[3].filesz = 23);
	SPOIL(p.part[3].offset = SIZE);
	SPOIL(p.part[3].offset = UINT64_MAX);
	SPOIL(p.part[3].offset += 4);
	SPOIL(p.name[0] = 'p');
	SPOIL(p.name[7] = '!');
	SPOIL(p.version = 2);
	SPOIL(p.note.type = 3);
	SPOIL(p.note.namesz = 7);
	SPOIL(p.note.namesz = UINT32_MAX);
	SPOIL(p.note.descsz = 8);
	SPOIL(p.note.descsz = UINT32_MAX);
	SPOIL(p.note.descsz = 0);
}

TEST(elf_note_behind_another_is_found)
{
	struct program p = program_good();
	uint32_t other[] = {4, 5, 1, 0x554e47, 1, 2};

	memcpy(p.rest, &p.note, 24);
	memcpy(&p.note, other, sizeof(other));
	p.part[3].filesz = 48;
	CHECK_EQ(parse(&p), 0);
	p.part[3].filesz = 47;
	CHECK_EQ(parse(&p), -ENOEXEC);
}

TEST(elf_with_too_many_segments_is_refused)
{
	struct program p = program_good();
	struct elf_program_header *part = (void *)p.rest;
	unsigned count = ELF_SEGMENTS_MAX + 1;

	p.header.phoff = offsetof(struct program, rest);
	for (unsigned i = 0; i < count; i++) {
		part[i] = p.part[1];
		part[i].vaddr = TEXT + i * 0x1000;
	}
	part[count] = p.part[3];
	p.header.phnum = (uint16_t)(count + 1);
	CHECK_EQ(parse(&p), -ENOEXEC);
	part[0].memsz = part[0].filesz = 0;
	CHECK_EQ(parse(&p), 0);
}

TEST(elf_with_any_word_spoiled_never_gives_a_bad_segment)
{
	const uint64_t words[] = {0,	      1,	  0x1000,
				  1ull << 47, 1ull << 63, UINT64_MAX};
	struct program good = program_good();

	for (size_t at = 0; at + 8 <= offsetof(struct program, rest); at += 4)
		for (unsigned w = 0; w < sizeof(words) / sizeof(*words); w++) {
			struct program p = good;
			struct elf_image image;

			memcpy((char *)&p + at, &words[w], 8);
			if (parse_some(&p, sizeof(p), sizeof(p), &image))
				continue;
			for (unsigned i = 0; i < image.segments; i++) {
				CHECK(image.segment[i].start >= LOWEST);
				CHECK(image.segment[i].start <
				      image.segment[i].end);
				CHECK(image.segment[i].end <= END);
				CHECK(image.segment[i].file_bytes <=
				      image.segment[i].end -
					      image.segment[i].start);
				CHECK(!i || image.segment[i].start >=
						    image.segment[i - 1].end);
			}
		}
}
