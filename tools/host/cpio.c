/*
 * "newc" cpio archives: writing and reading them in memory.
 *
 * mkcpio writes the guest's image, relay a job's files; relay reads what the
 * guest sends back.  Names are kept without a leading slash, and each parent
 * directory comes before what is in it.
 */
#include "cpio.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define CPIO_HEADER  110
#define CPIO_TRAILER "TRAILER!!!"

static void
cpio_pad(struct buffer *b)
{
	buffer_zero(b, (4 - b->used % 4) % 4);
}

static void
cpio_emit(struct cpio *c, const struct cpio_entry *e)
{
	const unsigned fields[13] = {[0] = ++c->count,
				     [1] = e->mode,
				     [2] = c->owner,
				     [3] = c->owner,
				     [4] = 1,
				     [6] = (unsigned)e->size,
				     [11] = (unsigned)strlen(e->name) + 1};
	char digits[9];
	size_t i;

	buffer_text(&c->bytes, "070701");
	for (i = 0; i < sizeof fields / sizeof *fields; i++) {
		snprintf(digits, sizeof digits, "%08x", fields[i]);
		buffer_text(&c->bytes, digits);
	}
	buffer_add(&c->bytes, e->name, strlen(e->name) + 1);
	cpio_pad(&c->bytes);
	buffer_add(&c->bytes, e->data, e->size);
	cpio_pad(&c->bytes);
	buffer_add(&c->names, e->name, strlen(e->name) + 1);
}

static bool
cpio_knows(const struct cpio *c, const char *name, size_t length)
{
	size_t at;

	for (at = 0; at < c->names.used; at += strlen(c->names.data + at) + 1)
		if (strlen(c->names.data + at) == length &&
		    memcmp(c->names.data + at, name, length) == 0)
			return true;
	return false;
}

static void
cpio_add_parents(struct cpio *c, const char *name)
{
	const char *slash = name;
	char parent[4096];

	while ((slash = strchr(slash, '/')) != NULL) {
		size_t length = (size_t)(slash++ - name);

		if (length >= sizeof parent)
			die("name too long: %s", name);
		if (length == 0 || cpio_knows(c, name, length))
			continue;
		memcpy(parent, name, length);
		parent[length] = '\0';
		cpio_emit(c, &(struct cpio_entry){.name = parent,
						  .mode = S_IFDIR | 0755});
	}
}

void
cpio_add(struct cpio *c, const struct cpio_entry *e)
{
	struct cpio_entry entry = *e;

	if (e->size > 0xffffffff)
		die("too big for the archive: %s", e->name);
	while (*entry.name == '/')
		entry.name++;
	if (*entry.name == '\0')
		return;
	cpio_add_parents(c, entry.name);
	cpio_emit(c, &entry);
}

bool
cpio_has(const struct cpio *c, const char *path)
{
	size_t length;

	while (*path == '/')
		path++;
	length = strlen(path);
	while (length > 0 && path[length - 1] == '/')
		length--;
	return length == 0 || cpio_knows(c, path, length);
}

bool
cpio_note(struct cpio *c, const struct buffer *archive)
{
	struct cpio_entry e;
	size_t at = 0;
	int more;

	while ((more = cpio_next(archive, &at, &e)) > 0)
		buffer_add(&c->names, e.name, strlen(e.name) + 1);
	return more == 0;
}

bool
cpio_whole(const struct buffer *archive)
{
	const size_t size = (CPIO_HEADER + sizeof CPIO_TRAILER + 3) / 4 * 4;

	return archive->used >= size &&
	       memcmp(archive->data + archive->used - size + CPIO_HEADER,
		      CPIO_TRAILER, sizeof CPIO_TRAILER) == 0;
}

void
cpio_end(struct cpio *c)
{
	cpio_emit(c, &(struct cpio_entry){.name = CPIO_TRAILER});
}

static int
cpio_field(const char *header, int field, size_t *value)
{
	char digits[9];

	memcpy(digits, header + 6 + (size_t)field * 8, 8);
	digits[8] = '\0';
	if (strspn(digits, "0123456789abcdefABCDEF") != 8)
		return -1;
	*value = strtoul(digits, NULL, 16);
	return 0;
}

static int
cpio_parse(const struct buffer *a, size_t *at, struct cpio_entry *e)
{
	const char *header = a->data + *at;
	size_t left = a->used - *at, name, mode, data;

	if (left < CPIO_HEADER || memcmp(header, "070701", 6) != 0 ||
	    cpio_field(header, 1, &mode) < 0 ||
	    cpio_field(header, 6, &e->size) < 0 ||
	    cpio_field(header, 11, &name) < 0)
		return -1;
	data = (CPIO_HEADER + name + 3) / 4 * 4;
	if (name == 0 || data > left || e->size > left - data ||
	    header[CPIO_HEADER + name - 1] != '\0')
		return -1;
	e->name = header + CPIO_HEADER;
	e->mode = (unsigned)mode;
	e->data = header + data;
	*at += (data + e->size + 3) / 4 * 4;
	return 1;
}

int
cpio_next(const struct buffer *archive, size_t *at, struct cpio_entry *e)
{
	int more;

	for (;;) {
		while (*at < archive->used && archive->data[*at] == '\0')
			++*at;
		if (*at >= archive->used)
			return 0;
		more = cpio_parse(archive, at, e);
		if (more < 0 || strcmp(e->name, CPIO_TRAILER) != 0)
			return more;
	}
}
