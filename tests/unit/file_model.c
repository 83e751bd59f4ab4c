/*
 * file: against the host's own file system: the same random operations by path
 * on both, errno for errno, and the same trees afterwards.
 *
 * As root half of the histories are a plain user's, so that rights count.
 *
 * Both work in a directory four levels deep, and no path leads out of it: `..`
 * comes only behind a name, and links lead to names below.
 */
/* clang-format off */
/* with: schemes/file/walk.c schemes/file/tree.c schemes/file/change.c schemes/file/rename.c schemes/file/dir.c */
/* with: schemes/file/open.c schemes/file/content_fill.c schemes/file/unpack.c schemes/file/names.c */
/* with: schemes/file/page_index.c schemes/file/space.c schemes/file/file.c kernel/archive.c kernel/scheme_help.c */
/* clang-format on */
#include "file_ram.h"
#include <errno.h> /* after ours: the same numbers */
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

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
	unsigned count = 1 + pick(1 + pick(most));

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

/* Both sides go on as this user; only root may choose. */
static void
become(uint32_t id)
{
	if (getuid() != 0)
		id = getuid();
	CHECK_EQ(getuid() ? 0 : seteuid(0), 0);
	CHECK_EQ(getuid() ? 0 : setegid(id), 0);
	CHECK_EQ(getuid() ? 0 : seteuid(id), 0);
	fake_cred = (struct cred){id, id, id, id, id, id};
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
	if (file && fd >= 0 && (flags & O_ACCMODE) != O_RDONLY) {
		unsigned offset = pick(9000);

		CHECK_EQ(ram_write(file, "data", 4, offset), 4);
		CHECK_EQ(pwrite(fd, "data", 4, offset), 4);
	}
	if (file)
		ram_close(file);
	if (fd >= 0)
		close(fd);
}

/* What stat says of both; a directory's size is its own affair. */
static void
check_same(const struct abi_stat *ours, const struct stat *host)
{
	CHECK_EQ(ours->st_mode, host->st_mode);
	CHECK_EQ(ours->st_uid, host->st_uid);
	if (S_ISDIR(host->st_mode))
		return;
	CHECK_EQ(ours->st_nlink, host->st_nlink);
	CHECK_EQ(ours->st_size, host->st_size);
}

static void
both_stat(const char *path, const char *other, int *ours, int *host)
{
	struct abi_stat our_stat = {0};
	struct stat host_stat;
	bool follow = pick(2);

	(void)other;
	*ours = (int)RAM(stat, path, follow, &our_stat);
	*host = result(fstatat(host_dir, path, &host_stat,
			       follow ? 0 : AT_SYMLINK_NOFOLLOW));
	if (!*ours && !*host)
		check_same(&our_stat, &host_stat);
}

static void
both_readlink(const char *path, const char *other, int *ours, int *host)
{
	char our_text[64], host_text[64];
	struct uio uio = {.kernel = our_text, .left = sizeof our_text};

	(void)other;
	*ours = (int)RAM(readlink, path, &uio);
	*host = (int)readlinkat(host_dir, path, host_text, sizeof host_text);
	if (*host < 0)
		*host = -errno;
	if (*ours > 0 && *ours == *host)
		CHECK_EQ(memcmp(our_text, host_text, (size_t)*ours), 0);
}

static void
both_chmod(const char *path, const char *other, int *ours, int *host)
{
	static const unsigned modes[] = {0755, 0755, 0644, 0555,
					 0311, 0,    01777};
	unsigned mode = modes[pick(7)];

	(void)other;
	*ours = (int)RAM(chmod, path, mode);
	*host = result(fchmodat(host_dir, path, mode, 0));
}

static const struct {
	const char *name;
	void (*both)(const char *path, const char *other, int *ours, int *host);
} operations[] = {
	{"mkdir", both_mkdir},	 {"mkdir", both_mkdir},
	{"rmdir", both_rmdir},	 {"unlink", both_unlink},
	{"link", both_link},	 {"rename", both_rename},
	{"rename", both_rename}, {"symlink", both_symlink},
	{"open", both_open},	 {"open", both_open},
	{"stat", both_stat},	 {"readlink", both_readlink},
	{"chmod", both_chmod}, /* last: only root can remove what it closed */
};

#define OPERATIONS (sizeof operations / sizeof *operations)

/* ---- the two trees ---- */

static unsigned
count_names(const char *path)
{
	char buf[4096];
	struct uio uio = {.kernel = buf, .left = sizeof buf};
	struct file *file;
	uint64_t offset = 0;
	unsigned count = 0;
	int error;
	int64_t n;

	file = ram_open(path, KO_RDONLY, 0, &error);
	CHECK_EQ(error, 0);
	n = file_scheme.getdents(file, &uio, &offset);
	ram_close(file);
	for (int64_t at = 0; at < n; count++)
		at += ((struct abi_dirent *)(void *)(buf + at))->d_reclen;
	return count;
}

static void
check_tree(const char *path, unsigned depth)
{
	static const char *const names[] = {"a", "b", "c", "d"};
	unsigned count = 2;

	CHECK(depth < 500);
	for (unsigned i = 0; i < 4; i++) {
		char below[2048];
		struct abi_stat ours = {0};
		struct stat host;
		bool here;

		snprintf(below, sizeof below, "%s%s", path, names[i]);
		here = RAM(stat, below, false, &ours) == 0;
		CHECK_EQ(here, fstatat(host_dir, below, &host,
				       AT_SYMLINK_NOFOLLOW) == 0);
		if (!here)
			continue;
		count++;
		check_same(&ours, &host);
		if (S_ISDIR(host.st_mode)) {
			strcat(below, "/");
			check_tree(below, depth + 1);
		}
	}
	CHECK_EQ(count_names(path), count);
}

static void
begin(void)
{
	struct file *above;
	int error;

	become(0);
	umask(0);
	sprintf(host_top, "/tmp/proctor-model-XXXXXX");
	CHECK(mkdtemp(host_top) != NULL);
	CHECK_EQ(file_scheme.init(), 0);
	host_dir = open(host_top, O_RDONLY | O_DIRECTORY);
	fake_cred = (struct cred){0};
	for (int i = 0; i < 4; i++) {
		int below;

		CHECK_EQ(mkdirat(host_dir, "deep", 0755), 0);
		below = openat(host_dir, "deep", O_RDONLY | O_DIRECTORY);
		CHECK(below >= 0);
		close(host_dir);
		host_dir = below;
		CHECK_EQ(RAM(mkdir, "deep", 0755), 0);
		above = ram_start;
		ram_start = ram_open("deep", KO_RDONLY, 0, &error);
		CHECK_EQ(error, 0);
		if (above)
			ram_close(above);
	}
	CHECK_EQ(RAM(chmod, "", 0777), 0);
	CHECK_EQ(RAM(chown, "", true, getuid(), getgid()), 0);
	CHECK_EQ(fchmod(host_dir, 0777), 0);
	CHECK_EQ(chmod(host_top, 0755), 0);
}

/* rm -rf of what is in a directory of the host: everything that a history can
 * make, and the way down. */
static void
remove_names(const char *directory)
{
	static const char *const names[] = {"a", "b", "c", "d", "deep"};
	char path[5][128];
	pid_t child = fork();
	int status;

	if (child == 0) {
		for (int i = 0; i < 5; i++)
			snprintf(path[i], sizeof path[i], "%s/%s", directory,
				 names[i]);
		execlp("rm", "rm", "-rf", path[0], path[1], path[2], path[3],
		       path[4], (char *)NULL);
		_exit(127);
	}
	CHECK_EQ(waitpid(child, &status, 0), child);
	CHECK_EQ(status, 0);
}

static void
remove_host(void)
{
	remove_names(host_top);
	CHECK_EQ(rmdir(host_top), 0);
}

/* One history, from an empty directory; at the first difference the host's tree
 * goes too. */
static void
live(uint64_t seed, unsigned steps)
{
	char base[128];

	state = seed;
	become(seed % 2 ? 65534 : 0);
	for (unsigned step = 0; step < steps; step++) {
		unsigned which = pick(OPERATIONS - (getuid() != 0));
		char path[128], other[128];
		int ours = 0, host = 0;

		make_path(path, 3);
		make_path(other, 3);
		operations[which].both(path, other, &ours, &host);
		if (ours == host)
			continue;
		become(0);
		remove_host();
		test_fail(__FILE__, __LINE__,
			  "seed %lu step %u: %s %s %s: %d, not %d",
			  (unsigned long)seed, step, operations[which].name,
			  path, other, ours, host);
	}
	become(0);
	check_tree("", 0);
	ram_clear("");
	snprintf(base, sizeof base, "%s/deep/deep/deep/deep", host_top);
	remove_names(base);
}

TEST(file_gives_what_the_hosts_file_system_gives)
{
	long histories = test_size(40, 400);

	begin();
	for (long seed = 1; seed <= histories; seed++)
		live((uint64_t)seed, 400);
	remove_host();
}
