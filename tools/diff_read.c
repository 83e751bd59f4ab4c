/*
 * Reading for diff: see diff.h.
 *
 * Lines of both files go through one hash table; each that is new there gets
 * the next number.  With -b, -w and -i what is hashed and compared is a copy
 * in which all that does not count is the same.
 */
#include "diff.h"
#include "text.h"
#include "util.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

bool diff_fold, diff_blank, diff_no_space;

struct diff_entry {
	struct diff_entry *next;
	char *text;
	size_t length, kind;
};

struct diff_table {
	struct diff_entry **slots;
	size_t mask, kinds;
};

/* Makes a copy of a line such that equal copies are equal lines. */
static char *
diff_key(const struct diff_line *line, size_t *length)
{
	char *key = util_alloc(line->length), *to = key;
	size_t i, end = line->length;

	if (diff_blank || diff_no_space)
		while (end > 0 && isspace((unsigned char)line->text[end - 1]))
			end--;
	for (i = 0; i < end; i++) {
		unsigned char c = (unsigned char)line->text[i];

		if ((diff_blank || diff_no_space) && isspace(c)) {
			if (diff_no_space ||
			    isspace((unsigned char)line->text[i + 1]))
				continue;
			c = ' ';
		}
		*to++ = (char)(diff_fold ? tolower(c) : c);
	}
	*length = (size_t)(to - key);
	return key;
}

static size_t
diff_hash(const char *data, size_t size)
{
	uint64_t hash = 0xcbf29ce484222325; /* FNV-1a */

	for (; size > 0; size--)
		hash = (hash ^ (unsigned char)*data++) * 0x100000001b3;
	return (size_t)(hash ^ hash >> 32);
}

static void
diff_name_line(struct diff_table *table, struct diff_line *line)
{
	struct diff_entry *entry, **slot;
	size_t length;
	char *key = diff_key(line, &length);

	slot = &table->slots[diff_hash(key, length) & table->mask];
	for (entry = *slot; entry != NULL; entry = entry->next)
		if (entry->length == length &&
		    memcmp(entry->text, key, length) == 0)
			break;
	if (entry != NULL) {
		free(key);
	} else {
		entry = util_alloc(sizeof *entry);
		*entry =
			(struct diff_entry){*slot, key, length, table->kinds++};
		*slot = entry;
	}
	line->kind = entry->kind;
}

static void
diff_free_table(struct diff_table *table)
{
	struct diff_entry *entry, *next;
	size_t i;

	for (i = 0; i <= table->mask; i++)
		for (entry = table->slots[i]; entry != NULL; entry = next) {
			next = entry->next;
			free(entry->text);
			free(entry);
		}
	free(table->slots);
}

size_t
diff_name_lines(struct diff_file *a, struct diff_file *b)
{
	struct diff_table table = {.mask = 255};
	size_t i;

	while (table.mask < a->count + b->count)
		table.mask = table.mask * 2 + 1;
	table.slots = calloc(table.mask + 1, sizeof *table.slots);
	if (table.slots == NULL)
		util_die_of("memory");
	for (i = 0; i < a->count; i++)
		diff_name_line(&table, &a->lines[i]);
	for (i = 0; i < b->count; i++)
		diff_name_line(&table, &b->lines[i]);
	diff_free_table(&table);
	return table.kinds;
}

static void
diff_split(struct diff_file *file)
{
	const char *at = file->data, *end = at + file->size, *stop;
	size_t room = 0;

	while (at < end) {
		stop = memchr(at, '\n', (size_t)(end - at));
		stop = stop != NULL ? stop + 1 : end;
		if (file->count == room) {
			room = room * 2 + 64;
			file->lines = util_grow(file->lines,
						room * sizeof *file->lines);
		}
		file->lines[file->count++] = (struct diff_line){
			.text = at, .length = (size_t)(stop - at)};
		at = stop;
	}
}

bool
diff_read(struct diff_file *file, int fd)
{
	size_t room = 65536;
	ssize_t got;

	file->data = util_alloc(room);
	while ((got = text_read(fd, file->data + file->size, room - file->size,
				file->name)) > 0) {
		file->size += (size_t)got;
		if (file->size == room)
			file->data = util_grow(file->data, room *= 2);
	}
	if (got == 0)
		diff_split(file);
	return got == 0;
}

void
diff_free(struct diff_file *file)
{
	free(file->data);
	free(file->lines);
}
