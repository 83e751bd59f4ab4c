/*
 * The file system file: on a machine of paper, and short words for its
 * operations by path.  The sources that take spinlocks are part of it, so that
 * they take ours.
 */
#pragma once

#include "file_fake.h"
#include "kernel/path_text.c"
#include "schemes/file/tree.h"
#include "schemes/file/attr.c"
#include "schemes/file/content.c"
#include "schemes/file/content_page.c"
#include "schemes/file/inode.c"
#include "schemes/file/map.c"

extern const struct scheme_ops file_scheme;

/* Paths are relative to it; NULL: the root. */
static struct file *ram_start;

static inline struct place
ram_at(const char *path)
{
	return (struct place){.path = path,
			      .start = ram_start,
			      .cred = fake_cred,
			      .ops = &file_scheme};
}

/* An operation's result; a redirection is forgotten. */
#define RAM(operation, path, ...)                                              \
	__extension__({                                                        \
		struct place ram_place = ram_at(path);                         \
		int64_t ram_result =                                           \
			file_scheme.operation(&ram_place, __VA_ARGS__);        \
		heap_free(ram_place.redirect);                                 \
		ram_result;                                                    \
	})

static inline struct file *
ram_open(const char *path, unsigned flags, unsigned mode, int *error)
{
	struct file *file = calloc(1, sizeof *file);

	file->flags = flags;
	*error = (int)RAM(open, path, flags, mode, file);
	if (!*error)
		return file;
	free(file);
	return NULL;
}

static inline void
ram_close(struct file *file)
{
	file_scheme.free(file);
	free(file);
}

static inline int
ram_remove(int (*operation)(struct place *), const char *path)
{
	struct place at = ram_at(path);
	int error = operation(&at);

	heap_free(at.redirect);
	return error;
}

static inline int
ram_touch(const char *path, unsigned mode)
{
	int error;
	struct file *file =
		ram_open(path, KO_CREAT | KO_EXCL | KO_WRONLY, mode, &error);

	if (file)
		ram_close(file);
	return error;
}

static inline struct abi_stat
ram_stat(const char *path)
{
	struct abi_stat stat = {0};

	CHECK_EQ(RAM(stat, path, false, &stat), 0);
	return stat;
}

static inline int64_t
ram_write(struct file *file, const void *from, size_t n, uint64_t offset)
{
	struct uio uio = {.user = (uintptr_t)from, .left = n};

	return file_scheme.write(NULL, file, &uio, &offset);
}

static inline int64_t
ram_read(struct file *file, void *to, size_t n, uint64_t offset)
{
	struct uio uio = {.user = (uintptr_t)to, .left = n};

	return file_scheme.read(NULL, file, &uio, &offset);
}

static inline int
ram_symlink(const char *target, const char *path)
{
	struct place at = ram_at(path);
	int error = file_scheme.symlink(target, &at);

	heap_free(at.redirect);
	return error;
}

static inline int
ram_two(int (*operation)(struct place *, struct place *), const char *old,
	const char *new)
{
	struct place from = ram_at(old), to = ram_at(new);
	int error = operation(&from, &to);

	heap_free(from.redirect);
	heap_free(to.redirect);
	return error;
}

/* The first name in a directory but "." and ".."; false: there is none. */
static inline bool
ram_first_name(const char *directory, char name[256])
{
	char buf[512];
	struct uio uio = {.kernel = buf, .left = sizeof buf};
	uint64_t offset = NAMES_FIRST_COOKIE;
	int error;
	struct file *file = ram_open(directory, KO_RDONLY, 0, &error);
	int64_t n;

	CHECK_EQ(error, 0);
	n = file_scheme.getdents(file, &uio, &offset);
	ram_close(file);
	if (n <= 0)
		return false;
	strcpy(name, buf + offsetof(struct abi_dirent, d_name));
	return true;
}

/* Removes all that is in a directory. */
static inline void
ram_clear(const char *directory)
{
	char name[256], path[1024];

	while (ram_first_name(directory, name)) {
		snprintf(path, sizeof path, "%s/%s", directory, name);
		if ((ram_stat(path).st_mode & KS_IFMT) == KS_IFDIR) {
			ram_clear(path);
			CHECK_EQ(ram_remove(file_scheme.rmdir, path), 0);
		} else {
			CHECK_EQ(ram_remove(file_scheme.unlink, path), 0);
		}
	}
}
