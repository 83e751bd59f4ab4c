/*
 * A parser of "newc" cpio archives (magic 070701 and 070702), pure: it looks at
 * memory and allocates nothing.
 *
 * The file system is filled with it at boot.  The rule: every number of a
 * header is measured against what is left of the archive before it is used, as
 * anybody may have made the archive.  Archives may follow each other, with
 * zeroes between them; the entry `TRAILER!!!` ends one.
 */
#include "archive.h"

#include <stdbool.h>
#include "abi/errno.h"
#include "text.h"

#define MAGIC_SIZE  6
#define FIELD_SIZE  8
#define FIELDS	    13
#define HEADER_SIZE (MAGIC_SIZE + FIELDS * FIELD_SIZE)
#define TRAILER	    "TRAILER!!!"

/* Fields of a header in their order. */
enum field {
	F_INO,
	F_MODE,
	F_UID,
	F_GID,
	F_LINKS,
	F_MTIME,
	F_SIZE,
	F_MAJOR,
	F_MINOR,
	F_RMAJOR,
	F_RMINOR,
	F_NAME_SIZE,
	F_CHECK
};

static int
hex_digit(unsigned char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static bool
read_field(const unsigned char *digits, uint32_t *value)
{
	*value = 0;
	for (unsigned i = 0; i < FIELD_SIZE; i++) {
		int digit = hex_digit(digits[i]);

		if (digit < 0)
			return false;
		*value = *value << 4 | (uint32_t)digit;
	}
	return true;
}

static bool
read_header(const unsigned char *header, uint32_t field[FIELDS])
{
	if (memcmp(header, "070701", MAGIC_SIZE) != 0 &&
	    memcmp(header, "070702", MAGIC_SIZE) != 0)
		return false;
	for (unsigned i = 0; i < FIELDS; i++)
		if (!read_field(header + MAGIC_SIZE + i * FIELD_SIZE,
				&field[i]))
			return false;
	return true;
}

/* n rounded up to a multiple of 4, but never past left. */
static size_t
padded(size_t n, size_t left)
{
	size_t rest = n % 4 ? 4 - n % 4 : 0;

	return rest <= left - n ? n + rest : left;
}

/* The entry at archive->at, which has at least one byte. */
static int
read_entry(struct archive *archive, struct archive_entry *entry)
{
	const unsigned char *header = archive->bytes + archive->at;
	size_t left = archive->size - archive->at, data, name;
	uint32_t field[FIELDS];

	if (left < HEADER_SIZE || !read_header(header, field))
		return -EINVAL;
	name = field[F_NAME_SIZE];
	if (name < 2 || name > left - HEADER_SIZE ||
	    memchr(header + HEADER_SIZE, 0, name) !=
		    header + HEADER_SIZE + name - 1)
		return -EINVAL;
	data = padded(HEADER_SIZE + name, left);
	if (field[F_SIZE] > left - data)
		return -EINVAL;
	*entry = (struct archive_entry){
		.archive = archive->ended,
		.ino = field[F_INO],
		.mode = field[F_MODE],
		.uid = field[F_UID],
		.gid = field[F_GID],
		.links = field[F_LINKS],
		.mtime = field[F_MTIME],
		.device = {field[F_MAJOR], field[F_MINOR]},
		.name = (const char *)header + HEADER_SIZE,
		.name_length = name - 1,
		.data = header + data,
		.size = field[F_SIZE],
	};
	archive->at += padded(data + field[F_SIZE], left);
	return 1;
}

int
archive_next(struct archive *archive, struct archive_entry *entry)
{
	for (;;) {
		int result;

		while (archive->at < archive->size &&
		       archive->bytes[archive->at] == 0)
			archive->at++;
		if (archive->at >= archive->size)
			return 0;
		result = read_entry(archive, entry);
		if (result < 0 || strcmp(entry->name, TRAILER) != 0)
			return result;
		archive->ended++;
	}
}
