/*
 * The directories of proc:, down to a thread's: what they list while things
 * come and go, where `..` leads, what stat and access say of all that is there.
 */
#include "trace/files.h"
#include "trace/scene.h"

TEST_SECONDS(120);

enum { ENTRIES = 512 };

/* How often a directory lists this. */
static int
lists(const char *path, const char *name)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	int found = 0;

	CHECK(dir != NULL);
	while ((entry = readdir(dir)) != NULL)
		found += strcmp(entry->d_name, name) == 0;
	closedir(dir);
	return found;
}

static const char *
path_of(pid_t pid, const char *rest)
{
	static char path[4][80];
	static int next;

	next = (next + 1) % 4;
	snprintf(path[next], sizeof path[0], "proc:/%d%s", (int)pid, rest);
	return path[next];
}

static const char *
thread_path(pid_t pid, const char *rest)
{
	char inside[64];

	snprintf(inside, sizeof inside, "/thread/%d%s", (int)pid, rest);
	return path_of(pid, inside);
}

static ino_t
inode_of(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		test_fail(__FILE__, __LINE__, "%s: %s", path, strerror(errno));
	return st.st_ino;
}

/* ---- numbers of files ---- */

static ino_t seen[ENTRIES];
static size_t seen_count;

static void
see(ino_t inode)
{
	for (size_t i = 0; i < seen_count; i++)
		CHECK(seen[i] != inode);
	CHECK(seen_count < ENTRIES);
	seen[seen_count++] = inode;
}

static unsigned
type_of(mode_t mode)
{
	return S_ISDIR(mode) ? DT_DIR : S_ISCHR(mode) ? DT_CHR : DT_REG;
}

/* getdents, stat and fstat agree on each; none has another's number. */
static void
see_all_in(const char *path)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	char inside[400];
	struct stat st, open_st;
	int fd;

	CHECK(dir != NULL);
	while ((entry = readdir(dir)) != NULL) {
		snprintf(inside, sizeof inside, "%s/%s", path, entry->d_name);
		if (stat(inside, &st) < 0)
			test_fail(__FILE__, __LINE__, "%s: %s", inside,
				  strerror(errno));
		CHECK_EQ(st.st_ino, entry->d_ino);
		CHECK_EQ(type_of(st.st_mode), entry->d_type);
		CHECK_EQ(st.st_nlink, S_ISDIR(st.st_mode) ? 2 : 1);
		fd = open(inside, O_RDONLY | O_CLOEXEC);
		if (fd >= 0) {
			CHECK_EQ(fstat(fd, &open_st), 0);
			CHECK_EQ(open_st.st_ino, st.st_ino);
			CHECK_EQ(open_st.st_mode, st.st_mode);
			close(fd);
		}
		if (entry->d_name[0] != '.')
			see(st.st_ino);
	}
	closedir(dir);
}

TEST(numbers_of_files_are_unique_and_the_same_in_getdents_and_stat)
{
	struct tracee other = tracee_start(sleeps);

	tracee_begin(sleeps);
	wait_state(other.pid, TRACE_STATE_ASLEEP);
	for (int i = 0; i < 2; i++) {
		pid_t pid = i ? other.pid : t.pid;

		see_all_in(path_of(pid, ""));
		see_all_in(path_of(pid, "/fd"));
		see_all_in(path_of(pid, "/thread"));
		see_all_in(thread_path(pid, ""));
	}
	see(inode_of(path_of(t.pid, "")));
	see(inode_of(path_of(other.pid, "")));
	see(inode_of("proc:/"));
	see(inode_of("proc:/new"));
	CHECK_EQ(tracee_end(&other), 0);
	CHECK_EQ(tracee_end(&t), 0);
}

/* ---- .. ---- */

TEST(dot_dot_leads_one_up_everywhere)
{
	tracee_begin(sleeps);
	CHECK_EQ(inode_of("proc:/.."), inode_of("proc:/"));
	CHECK_EQ(inode_of("proc:/."), inode_of("proc:/"));
	CHECK_EQ(inode_of(path_of(t.pid, "/..")), inode_of("proc:/"));
	CHECK_EQ(inode_of(path_of(t.pid, "/fd/..")),
		 inode_of(path_of(t.pid, "")));
	CHECK_EQ(inode_of(path_of(t.pid, "/thread/..")),
		 inode_of(path_of(t.pid, "")));
	CHECK_EQ(inode_of(thread_path(t.pid, "/..")),
		 inode_of(path_of(t.pid, "/thread")));
	CHECK_EQ(inode_of(thread_path(t.pid, "/../../fd/../../self")),
		 inode_of("proc:/self"));
	CHECK_EQ(inode_of("proc:/self/../../.././self"),
		 inode_of("proc:/self"));
	CHECK_EQ(inode_of(thread_path(t.pid, "//.//status")),
		 inode_of(thread_path(t.pid, "/status")));
	CHECK_ERRNO(open(path_of(t.pid, "/status/.."), O_RDONLY), ENOTDIR);
	CHECK_ERRNO(open(path_of(t.pid, "/status/"), O_RDONLY), ENOTDIR);
	CHECK_ERRNO(open(path_of(t.pid, "/thread/self"), O_RDONLY), ENOENT);
	CHECK_ERRNO(open(path_of(t.pid, "/thread/1"), O_RDONLY), ENOENT);
	CHECK_ERRNO(open(thread_path(t.pid, "/maps"), O_RDONLY), ENOENT);
	CHECK_ERRNO(open(path_of(t.pid, "/name"), O_RDONLY), ENOENT);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(directory_is_a_place_to_open_from_and_to_be_in)
{
	char cwd[80];
	int dir, fd;

	tracee_begin(sleeps);
	dir = open(path_of(t.pid, "/thread"), O_RDONLY | O_DIRECTORY);
	CHECK(dir >= 0);
	CHECK_EQ(fchdir(dir), 0);
	CHECK(getcwd(cwd, sizeof cwd) != NULL);
	CHECK_STR(cwd, path_of(t.pid, "/thread"));
	fd = openat(dir, "../status", O_RDONLY);
	CHECK(fd >= 0);
	close(fd);
	close(dir);
	CHECK_EQ(chdir(thread_path(t.pid, "")), 0);
	CHECK(getcwd(cwd, sizeof cwd) != NULL);
	CHECK_STR(cwd, thread_path(t.pid, ""));
	CHECK_EQ(inode_of("name"), inode_of(thread_path(t.pid, "/name")));
	CHECK_EQ(tracee_end(&t), 0);
	CHECK_ERRNO(open("name", O_RDONLY), ESRCH);
	CHECK_EQ(chdir("/"), 0);
}

/* ---- while things come and go ---- */

/* Descriptors 100 to 163: the even ones stay, the odd ones come and go. */
static void
opens_and_closes(const struct tracee *u)
{
	for (int fd = 100; fd < 164; fd += 2)
		dup2(u->in, fd);
	tell(u, 0);
	for (;;)
		for (int fd = 101; fd < 164; fd += 2)
			if (dup2(u->in, fd) != fd || close(fd) < 0)
				_exit(1);
}

static void
check_descriptors(pid_t pid)
{
	DIR *dir = opendir(path_of(pid, "/fd"));
	struct dirent *entry;
	long last = -1;
	int even = 0;

	CHECK(dir != NULL);
	while ((entry = readdir(dir)) != NULL) {
		long fd;

		if (entry->d_name[0] == '.')
			continue;
		fd = strtol(entry->d_name, NULL, 10);
		CHECK(fd > last);
		last = fd;
		even += fd >= 100 && fd % 2 == 0;
	}
	closedir(dir);
	CHECK_EQ(even, 32);
}

TEST(descriptors_are_listed_each_once_in_order_while_others_come_and_go)
{
	t = tracee_start(opens_and_closes);
	CHECK_EQ(told(&t), 0);
	for (long round = test_size(300, 20000); round > 0; round--)
		check_descriptors(t.pid);
	tracee_kill(&t);
}

/* By a buffer that has room for one entry. */
TEST(listing_goes_on_by_any_size_of_buffer_and_can_be_begun_again)
{
	char bytes[64];
	int dir = open("proc:/self", O_RDONLY | O_DIRECTORY), count = 0,
	    all = 0;
	off_t places[64];
	ssize_t n;

	CHECK(dir >= 0);
	while ((n = getdents(dir, bytes, 32)) > 0) {
		CHECK(count < 64);
		places[count++] = lseek(dir, 0, SEEK_CUR);
	}
	CHECK_EQ(n, 0);
	CHECK(count > 20);
	CHECK_EQ(lseek(dir, places[count / 2], SEEK_SET), places[count / 2]);
	while (getdents(dir, bytes, 32) > 0)
		all++;
	CHECK_EQ(all, count - count / 2 - 1);
	CHECK_EQ(lseek(dir, 0, SEEK_SET), 0);
	CHECK_ERRNO(getdents(dir, bytes, 8), EINVAL);
	close(dir);
}

TEST(directory_of_one_that_has_ended_lists_no_descriptors_and_no_threads)
{
	char path[80];
	int dir, threads;

	tracee_begin(sleeps);
	CHECK_EQ(lists(path_of(t.pid, "/thread"),
		       strrchr(thread_path(t.pid, ""), '/') + 1),
		 1);
	dir = open(path_of(t.pid, "/fd"), O_RDONLY | O_DIRECTORY);
	threads = open(path_of(t.pid, "/thread"), O_RDONLY | O_DIRECTORY);
	go(&t);
	wait_state(t.pid, TRACE_STATE_ZOMBIE);
	snprintf(path, sizeof path, "%d", (int)t.pid);
	CHECK_EQ(lists(path_of(t.pid, "/thread"), path), 0);
	CHECK_EQ(lists(path_of(t.pid, "/fd"), "0"), 0);
	CHECK_EQ(lists(path_of(t.pid, ""), "status"), 1);
	CHECK_ERRNO(openat(dir, "0", O_RDONLY), ENOENT);
	CHECK_ERRNO(openat(threads, path, O_RDONLY), ENOENT);
	CHECK_EQ(tracee_end(&t), 0);
	CHECK_ERRNO(openat(dir, "0", O_RDONLY), ENOENT);
	close(dir);
	close(threads);
}

/* ---- mode, owner, access ---- */

static void
becomes_a_user(const struct tracee *u)
{
	tell(u, setgid(2001) == 0 && setuid(1001) == 0);
	await(u);
}

static const struct {
	const char *name;
	mode_t mode;
} modes[] = {
	{"", S_IFDIR | 0555},
	{"/fd", S_IFDIR | 0500},
	{"/thread", S_IFDIR | 0555},
	{"/status", S_IFREG | 0444},
	{"/status.bin", S_IFREG | 0444},
	{"/args", S_IFREG | 0444},
	{"/env", S_IFREG | 0400},
	{"/auxv", S_IFREG | 0400},
	{"/exe", S_IFREG | 0400},
	{"/cwd", S_IFREG | 0400},
	{"/maps", S_IFREG | 0400},
	{"/maps.bin", S_IFREG | 0400},
	{"/signals", S_IFREG | 0400},
	{"/points", S_IFREG | 0400},
	{"/regs", S_IFREG | 0600},
	{"/fpregs", S_IFREG | 0600},
	{"/mem", S_IFREG | 0600},
	{"/trace", S_IFCHR | 0600},
	{"/ctl", S_IFCHR | 0200},
	{"/fd/0", S_IFREG | 0400},
};

TEST(modes_owner_and_times_are_those_of_the_process)
{
	struct stat st, first;

	t = tracee_start(becomes_a_user);
	CHECK_EQ(told(&t), 1);
	CHECK_EQ(stat(path_of(t.pid, ""), &first), 0);
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		CHECK_EQ(stat(path_of(t.pid, modes[i].name), &st), 0);
		if (st.st_mode != modes[i].mode)
			test_fail(__FILE__, __LINE__, "%s has mode %o",
				  modes[i].name, (unsigned)st.st_mode);
		CHECK_EQ(st.st_uid, 1001);
		CHECK_EQ(st.st_gid, 2001);
		CHECK_EQ(st.st_mtim.tv_sec, first.st_mtim.tv_sec);
		CHECK_EQ(st.st_mtim.tv_nsec, first.st_mtim.tv_nsec);
		CHECK_EQ(st.st_ctim.tv_nsec, first.st_mtim.tv_nsec);
	}
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

/* As user 1002: what access says is what open does. */
static void
check_access(const char *path, int flags, int mode)
{
	int fd = open(path, flags | O_CLOEXEC), error = fd < 0 ? errno : 0;
	int said = access(path, mode) < 0 ? errno : 0;

	if (said != error && error != ENOENT)
		test_fail(__FILE__, __LINE__, "%s: %s, but access says %s",
			  path, strerror(error), strerror(said));
	if (fd >= 0)
		close(fd);
}

TEST(access_says_what_open_would_give_of_every_file)
{
	pid_t child;

	t = tracee_start(becomes_a_user);
	CHECK_EQ(told(&t), 1);
	child = fork();
	for (size_t i = 0; i < sizeof(modes) / sizeof(modes[0]); i++) {
		const char *path = path_of(t.pid, modes[i].name);

		if (child == 0 && i == 0)
			CHECK_EQ(setgid(2001) | setuid(1002), 0);
		check_access(path, O_RDONLY, R_OK);
		if (!S_ISDIR(modes[i].mode) && modes[i].mode & 0200 &&
		    !strstr(path, "trace"))
			check_access(path, O_WRONLY, W_OK);
		CHECK_EQ(access(path, X_OK) == 0,
			 S_ISDIR(modes[i].mode) &&
				 (child || !strstr(path, "fd")));
	}
	if (child == 0)
		_exit(0);
	CHECK_EQ(exit_status(wait_for(child)), 0);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}
