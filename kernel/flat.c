/*
 * Flat schemes: one directory of root's files.
 *
 * Called by the operations of sys:, host: and tty:.  The rule: entries never
 * move, so an entry's number is its identity (inode number - 2, directory
 * offset - 2), and nothing here needs a lock.
 */
#include "flat.h"

#include "abi/errno.h"
#include "abi/fcntl.h"
#include "print.h"
#include "text.h"
#include "usercopy.h"

#define FLAT_ROOT_MODE (KS_IFDIR | 0555)

static bool
flat_is(const struct flat_entry *entry, const char *name, size_t n)
{
	return entry->name && strlen(entry->name) == n &&
	       memcmp(entry->name, name, n) == 0;
}

static int
flat_look(const struct flat *flat, const char *name, size_t n)
{
	struct flat_entry entry;
	unsigned i;

	for (i = 0; flat->entry(i, &entry); i++) {
		if (flat_is(&entry, name, n))
			return (int)i;
	}
	return -ENOENT;
}

static bool
flat_is_dots(const char *name, size_t n)
{
	return n <= 2 && memcmp(name, "..", n) == 0;
}

int
flat_find(const struct flat *flat, const struct place *at, int *which)
{
	const char *path = at->path;
	int found = FLAT_ROOT;
	size_t n;

	for (;;) {
		while (*path == '/')
			path++;
		n = 0;
		while (path[n] && path[n] != '/')
			n++;
		if (!flat_is_dots(path, n))
			break;
		if (n == 0) {
			*which = found;
			return 0;
		}
		path += n;
	}
	found = flat_look(flat, path, n);
	if (found < 0)
		return found;
	if (path[n])
		return -ENOTDIR;
	*which = found;
	return 0;
}

static unsigned
flat_mode(const struct flat *flat, int which)
{
	struct flat_entry entry;

	if (which == FLAT_ROOT || !flat->entry((unsigned)which, &entry))
		return FLAT_ROOT_MODE;
	return entry.mode;
}

/* A file that nobody may write, not even root may. */
static bool
flat_may(const struct place *at, unsigned mode, unsigned flags)
{
	static const unsigned wants[] = {
		[KO_RDONLY] = KR_OK,
		[KO_WRONLY] = KW_OK,
		[KO_RDWR] = KR_OK | KW_OK,
	};
	unsigned want;

	if ((flags & KO_ACCMODE) == KO_ACCMODE)
		return false;
	want = wants[flags & KO_ACCMODE];
	if ((want & KW_OK) && !(mode & 0222))
		return false;
	return scheme_allows(mode, 0, 0, &at->cred, want);
}

int
flat_open(const struct flat *flat, const struct place *at, unsigned flags,
	  struct file *file, int *which)
{
	int error = flat_find(flat, at, which);
	unsigned mode;

	if (error)
		return error;
	mode = flat_mode(flat, *which);
	if ((flags & KO_CREAT) && (flags & KO_EXCL))
		return -EEXIST;
	if (*which == FLAT_ROOT && (flags & KO_ACCMODE) != KO_RDONLY)
		return -EISDIR;
	if (*which != FLAT_ROOT && (flags & KO_DIRECTORY))
		return -ENOTDIR;
	if (!flat_may(at, mode, flags))
		return -EACCES;
	file->mode = mode;
	file->number = (uint64_t)(int64_t)*which;
	return 0;
}

void
flat_fstat(const struct flat *flat, int which, struct abi_stat *stat)
{
	*stat = (struct abi_stat){
		.st_dev = flat->device,
		.st_ino = (uint64_t)(which + 2),
		.st_nlink = 1,
		.st_mode = flat_mode(flat, which),
		.st_blksize = 4096,
	};
}

int
flat_stat(const struct flat *flat, const struct place *at,
	  struct abi_stat *stat)
{
	int which;
	int error = flat_find(flat, at, &which);

	if (!error)
		flat_fstat(flat, which, stat);
	return error;
}

/* Entry of the directory at an offset: "." and ".." and then the flat's. */
static bool
flat_at(const struct flat *flat, uint64_t offset, struct flat_entry *entry)
{
	static const char *const dots[] = {".", ".."};

	if (offset >= 2)
		return offset - 2 <= UINT32_MAX &&
		       flat->entry((unsigned)(offset - 2), entry);
	entry->name = dots[offset];
	entry->mode = FLAT_ROOT_MODE;
	return true;
}

int64_t
flat_getdents(const struct flat *flat, struct uio *uio, uint64_t *offset)
{
	size_t before = uio->left;
	struct flat_entry entry;
	int error;

	for (; flat_at(flat, *offset, &entry); ++*offset) {
		if (!entry.name)
			continue;
		/* The types of entries are the types of modes. */
		error = scheme_put_entry(uio, *offset < 2 ? 1 : *offset,
					 *offset + 1,
					 (entry.mode & KS_IFMT) >> 12,
					 entry.name, strlen(entry.name));
		if (error)
			return uio->left < before
				       ? (int64_t)(before - uio->left)
				       : error;
	}
	return (int64_t)(before - uio->left);
}

int64_t
flat_path_of(const struct flat *flat, int which, char *buf, size_t size)
{
	struct flat_entry entry = {.name = ""};

	if (which != FLAT_ROOT && !flat->entry((unsigned)which, &entry))
		return -ENOENT;
	return (int64_t)format_text(buf, size, "%s", entry.name);
}
