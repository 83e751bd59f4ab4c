/*
 * Reads and checks the headers of a program file.  Called by exec_load.c; run
 * on the host by its unit tests.
 *
 * Every number in the file is hostile: it is compared with what is left before
 * anything is added to it, so that no sum can wrap.  A segment is accepted only
 * if its whole range lies in the file and in the user's space, so that whoever
 * maps it need not look again.
 */
#include "elf.h"

#include <stdbool.h>
#include "abi/errno.h"
#include "abi/types.h"
#include "elf_format.h"
#include "text.h"

#define PAGE	    4096u
#define HEADERS_MAX (ELF_SCRATCH_SIZE / sizeof(struct elf_program_header))

static uint64_t
elf_page_down(uint64_t address)
{
	return address & ~(uint64_t)(PAGE - 1);
}

/* Reads n bytes, all of them. */
static int
elf_read(const struct elf_source *source, void *to, size_t n, uint64_t offset)
{
	int64_t got;

	if (offset > source->size || n > source->size - offset)
		return -ENOEXEC;
	got = source->read(source->arg, to, n, offset);
	if (got < 0)
		return (int)got;
	return (size_t)got == n ? 0 : -ENOEXEC;
}

static bool
elf_header_good(const struct elf_header *header)
{
	return !memcmp(header->ident, ELF_IDENT, sizeof(ELF_IDENT) - 1) &&
	       header->type == ELF_TYPE_EXEC &&
	       header->machine == ELF_MACHINE_X86_64 && header->version == 1 &&
	       header->phentsize == sizeof(struct elf_program_header) &&
	       header->phnum > 0 && header->phnum <= HEADERS_MAX;
}

/* Where segments may lie, and how long the file is. */
struct elf_limits {
	uint64_t lowest, end;
	uint64_t file_size;
};

static bool
elf_load_good(const struct elf_program_header *load,
	      const struct elf_limits *limits)
{
	return load->filesz <= load->memsz &&
	       load->offset <= limits->file_size &&
	       load->filesz <= limits->file_size - load->offset &&
	       load->vaddr >= limits->lowest && load->vaddr < limits->end &&
	       load->memsz <= limits->end - load->vaddr &&
	       load->vaddr % PAGE == load->offset % PAGE;
}

/* A PT_LOAD of at least one byte, already known to be good by itself. */
static int
elf_add(struct elf_image *image, const struct elf_program_header *load)
{
	struct elf_segment *segment = &image->segment[image->segments];
	uint64_t start = elf_page_down(load->vaddr);

	if (image->segments == ELF_SEGMENTS_MAX)
		return -ENOEXEC;
	if (image->segments && start < segment[-1].end)
		return -ENOEXEC;
	segment->start = start;
	segment->end = elf_page_down(load->vaddr + load->memsz + PAGE - 1);
	segment->offset = elf_page_down(load->offset);
	segment->file_bytes =
		load->filesz ? load->vaddr - start + load->filesz : 0;
	segment->flags = load->flags & (ELF_EXEC | ELF_WRITE | ELF_READ);
	image->segments++;
	return 0;
}

static bool
elf_entry_good(const struct elf_image *image)
{
	for (unsigned i = 0; i < image->segments; i++) {
		const struct elf_segment *segment = &image->segment[i];

		if (image->entry >= segment->start &&
		    image->entry < segment->end)
			return segment->flags & ELF_EXEC;
	}
	return false;
}

/* Where the program headers themselves are mapped: for AT_PHDR. */
static void
elf_find_headers(struct elf_image *image, const struct elf_header *header)
{
	uint64_t size = header->phnum * sizeof(struct elf_program_header);

	image->header_count = header->phnum;
	for (unsigned i = 0; i < image->segments; i++) {
		const struct elf_segment *segment = &image->segment[i];
		uint64_t at = header->phoff - segment->offset;

		if (header->phoff >= segment->offset &&
		    size <= segment->file_bytes &&
		    at <= segment->file_bytes - size)
			image->headers = segment->start + at;
	}
}

static bool
elf_note_is_ours(const uint8_t *name, const struct elf_note *note)
{
	uint32_t version;

	if (note->type != ABI_NOTE_TYPE || note->descsz != sizeof(version) ||
	    note->namesz != sizeof(ABI_NOTE_NAME) ||
	    memcmp(name, ABI_NOTE_NAME, sizeof(ABI_NOTE_NAME)))
		return false;
	memcpy(&version, name + sizeof(ABI_NOTE_NAME), sizeof(version));
	return version == ABI_NOTE_VERSION;
}

/* Bytes that a note's name or description fills: padded to 4. */
static uint64_t
elf_note_pad(uint32_t size)
{
	return ((uint64_t)size + 3) & ~(uint64_t)3;
}

/* Is the note of this system among these?  One that is cut ends the list. */
static bool
elf_notes_good(const uint8_t *bytes, size_t size)
{
	struct elf_note note;

	while (size >= sizeof(note)) {
		uint64_t rest;

		memcpy(&note, bytes, sizeof(note));
		bytes += sizeof(note);
		size -= sizeof(note);
		rest = elf_note_pad(note.namesz) + elf_note_pad(note.descsz);
		if (rest > size)
			return false;
		if (elf_note_is_ours(bytes, &note))
			return true;
		bytes += rest;
		size -= rest;
	}
	return false;
}

/* Where a list of notes lies. */
struct elf_notes {
	uint64_t offset, size;
};
#define NOTES_MAX 4

static int
elf_check_notes(const struct elf_source *source, const struct elf_notes *notes,
		unsigned count, void *scratch)
{
	for (unsigned i = 0; i < count; i++) {
		size_t size = notes[i].size < ELF_SCRATCH_SIZE
				      ? (size_t)notes[i].size
				      : ELF_SCRATCH_SIZE;
		int error = elf_read(source, scratch, size, notes[i].offset);

		if (error)
			return error;
		if (elf_notes_good(scratch, size))
			return 0;
	}
	return -ENOEXEC;
}

/* What one program header asks for. */
static int
elf_take(const struct elf_program_header *part, const struct elf_limits *limits,
	 struct elf_image *image, struct elf_notes *notes, unsigned *noted)
{
	switch (part->type) {
	case PT_DYNAMIC:
	case PT_INTERP:
		return -ENOEXEC;
	case PT_NOTE:
		if (*noted < NOTES_MAX)
			notes[(*noted)++] =
				(struct elf_notes){part->offset, part->filesz};
		return 0;
	case PT_LOAD:
		if (!part->memsz)
			return 0;
		return elf_load_good(part, limits) ? elf_add(image, part)
						   : -ENOEXEC;
	default:
		return 0;
	}
}

int
elf_parse(const struct elf_source *source, uint64_t lowest, uint64_t end,
	  void *scratch, struct elf_image *image)
{
	struct elf_limits limits = {lowest, end, source->size};
	const struct elf_program_header *part = scratch;
	struct elf_notes notes[NOTES_MAX];
	struct elf_header header;
	unsigned noted = 0;
	int error;

	memset(image, 0, sizeof(*image));
	error = elf_read(source, &header, sizeof(header), 0);
	if (error)
		return error;
	if (!elf_header_good(&header))
		return -ENOEXEC;
	image->entry = header.entry;
	error = elf_read(source, scratch, header.phnum * sizeof(*part),
			 header.phoff);
	for (unsigned i = 0; !error && i < header.phnum; i++)
		error = elf_take(&part[i], &limits, image, notes, &noted);
	if (error)
		return error;
	if (!elf_entry_good(image))
		return -ENOEXEC;
	elf_find_headers(image, &header);
	return elf_check_notes(source, notes, noted, scratch);
}
