/*
 * file: against the host's own file system: the same random operations by path
 * on both, errno for errno, and the same trees afterwards.
 *
 * Both work in a directory four levels deep, and no path leads out of it: `..`
 * comes only behind a name, and links lead to names below.
 *
 * with: schemes/file/walk.c schemes/file/tree.c schemes/file/change.c
 * with: schemes/file/rename.c schemes/file/dir.c schemes/file/open.c
 * with: schemes/file/unpack.c schemes/file/names.c schemes/file/page_index.c
 * with: schemes/file/space.c schemes/file/file.c kernel/archive.c
 * with: kernel/scheme_help.c
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "file_ram.h"

TEST_SECONDS(120);

static uint64_t state;
static int host_dir;
static char host_top[64];

static unsigned
pick(unsigned n)
{
	state = state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(state >> 33) % n;
}

/* A path of few names, so that they meet often. */
static void
make_path(char *path, unsigned most)
{
	static const char *const names[] = {"a", "b", "c", "d"};
	unsigned count = 1 + pick(most);

	*path = '\0';
	for (unsigned i = 0; i < count; i++) {
		if (i > 0)
			strcat(path, pick(10) ? "/" : "//");
		strcat(path, names[pick(4)]);
		if (pick(12) == 0)
			strcat(path, "/.");
		else if (pick(12) == 0)
			strcat(path, "/..");
	}
	if (pick(8) == 0)
		strcat(path, "/");
}

static int
result(int host)
{
	return host < 0 ? -errno : 0;
}

/* ---- each operation on both ---- */

static void
both_mkdir(const char *path, const char *other, int *ours, int *host)
{
	(void)other;
	*ours = (int)RAM(mkdir, path, 0755);
	*host = result(mkdirat(host_dir, path, 0755));
}

static void
both_rmdir(const char *path, const char *other, int *ours, int *host)
{
	(void)other;
	*ours = ram_remove(file_scheme.rmdir, path);
	*host = result(unlinkat(host_dir, path, AT_REMOVEDIR));
}

static void
both_unlink(const char *path, const char *other, int *ours, int *host)
{
	(void)other;
	*ours = ram_remove(file_scheme.unlink, path);
	*host = result(unlinkat(host_dir, path, 0));
}

static void
both_link(const char *path, const char *other, int *ours, int *host)
{
	*ours = ram_two(file_scheme.link, path, other);
	*host = result(linkat(host_dir, path, host_dir, other, 0));
}

static void
both_rename(const char *path, const char *other, int *ours, int *host)
{
	*ours = ram_two(file_scheme.rename, path, other);
	*host = result(renameat(host_dir, path, host_dir, other));
}

static void
both_symlink(const char *path, const char *other, int *ours, int *host)
{
	char target[64];

	make_path(target, 2);
	if (strchr(target, '.'))
		strcpy(target, "a");
	(void)other;
	*ours = ram_symlink(target, path);
	*host = result(symlinkat(target, host_dir, path));
}

static void
both_open(const char *path, const char *other, int *ours, int *host)
{
	static const int modes[] = {O_RDONLY, O_WRONLY, O_RDWR};
	int flags = modes[pick(3)], fd;
	struct file *file;

	(void)other;
	flags |= pick(2) ? O_CREAT : 0;
	flags |= pick(3) == 0 ? O_EXCL : 0;
	flags |= pick(3) == 0 ? O_TRUNC : 0;
	flags |= pick(4) == 0 ? O_NOFOLLOW : 0;
	flags |= !(flags & O_CREAT) && pick(4) == 0 ? O_DIRECTORY : 0;
	if (!(flags & O_CREAT))
		flags &= ~O_EXCL;
	file = ram_open(path, (unsigned)flags, 0644, ours);
	fd = openat(host_dir, path, flags, 0644);
	*host = result(fd);
	if (file) {
		if ((flags & O_ACCMODE) != O_RDONLY && fd >= 0) {
			CHECK_EQ(ram_write(file, "data", 4, pick(9000)), 4);
			CHECK_EQ(pwrite(fd, "data", 4,
					ram_stat(path).st_size),
				 4);
		}
		ram_close(file);
	}
	if (fd >= 0)
		close(fd);
}
