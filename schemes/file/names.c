/*
 * The names in a directory.
 *
 * Used by the file system's tree.  The rule: a name's cookie never changes and
 * later names have greater ones, so a listing that goes on after changes gives
 * every name that stayed exactly once.
 */
#include "names.h"

#include "heap.h"
#include "text.h"

#define FIRST_SIZE 8u

void
names_init(struct names *names)
{
	*names = (struct names){.last_cookie = NAMES_FIRST_COOKIE - 1};
}

void
names_free(struct names *names)
{
	heap_free(names->buckets);
	heap_free(names->order);
}

static uint32_t
hash_of(const char *text, uint32_t length)
{
	uint32_t hash = 2166136261u;

	for (uint32_t i = 0; i < length; i++)
		hash = (hash ^ (unsigned char)text[i]) * 16777619u;
	return hash ^ hash >> 15;
}

static struct name **
bucket_of(const struct names *names, uint32_t hash)
{
	return &names->buckets[hash & (names->bucket_count - 1)];
}

struct name *
names_find(const struct names *names, const char *text, uint32_t length)
{
	uint32_t hash = hash_of(text, length);
	struct name *name;

	if (names->live == 0)
		return NULL;
	for (name = *bucket_of(names, hash); name; name = name->next)
		if (name->hash == hash && name->length == length &&
		    memcmp(name->text, text, length) == 0)
			break;
	return name;
}

static void
put_in_bucket(struct names *names, struct name *name)
{
	struct name **bucket = bucket_of(names, name->hash);

	name->next = *bucket;
	*bucket = name;
}

/* More buckets if there are fewer than names; false: none at all. */
static bool
grow_buckets(struct names *names)
{
	uint32_t count =
		names->bucket_count ? names->bucket_count * 2 : FIRST_SIZE;
	struct name **buckets;

	if (names->live < names->bucket_count)
		return true;
	buckets = heap_zalloc(count * sizeof *buckets);
	if (!buckets)
		return names->bucket_count != 0;
	heap_free(names->buckets);
	names->buckets = buckets;
	names->bucket_count = count;
	for (uint32_t i = 0; i < names->used; i++)
		if (names->order[i].name)
			put_in_bucket(names, names->order[i].name);
	return true;
}

/* Closes the gaps in order. */
static void
compact(struct names *names)
{
	uint32_t kept = 0;

	for (uint32_t i = 0; i < names->used; i++)
		if (names->order[i].name)
			names->order[kept++] = names->order[i];
	names->used = kept;
}

/* Room for one more in order. */
static bool
grow_order(struct names *names)
{
	uint32_t room = names->room ? names->room * 2 : FIRST_SIZE;
	struct name_slot *order;

	if (names->used < names->room)
		return true;
	order = heap_alloc(room * sizeof *order);
	if (!order)
		return false;
	if (names->used > 0)
		memcpy(order, names->order, names->used * sizeof *order);
	heap_free(names->order);
	names->order = order;
	names->room = room;
	return true;
}

struct name *
names_add(struct names *names, const char *text, uint32_t length)
{
	struct name *name;

	if (!grow_order(names) || !grow_buckets(names))
		return NULL;
	name = heap_zalloc(sizeof *name + length + 1);
	if (!name)
		return NULL;
	memcpy(name->text, text, length);
	name->length = length;
	name->hash = hash_of(text, length);
	name->cookie = ++names->last_cookie;
	list_init(&name->same_file);
	put_in_bucket(names, name);
	names->order[names->used++] = (struct name_slot){name->cookie, name};
	names->live++;
	return name;
}

/* The first slot whose cookie is >= this; used if there is none. */
static uint32_t
slot_from(const struct names *names, uint64_t cookie)
{
	uint32_t low = 0, high = names->used;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (names->order[middle].cookie < cookie)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void
names_remove(struct names *names, struct name *name)
{
	struct name **link = bucket_of(names, name->hash);

	while (*link != name)
		link = &(*link)->next;
	*link = name->next;
	names->order[slot_from(names, name->cookie)].name = NULL;
	names->live--;
	if (names->used > 2 * names->live + FIRST_SIZE)
		compact(names);
	heap_free(name);
}

struct name *
names_from(const struct names *names, uint64_t cookie)
{
	for (uint32_t i = slot_from(names, cookie); i < names->used; i++)
		if (names->order[i].name)
			return names->order[i].name;
	return NULL;
}
