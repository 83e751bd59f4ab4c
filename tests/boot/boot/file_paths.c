/*
 * Paths: schemes, the current directory, directories listed, links between
 * schemes, what is refused.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "test.h"

static char base[64];

/* An empty directory of this test's own, which becomes the current one. */
static void
begin(void)
{
	snprintf(base, sizeof base, "/tmp/file-paths-%d", (int)getpid());
	CHECK_EQ(mkdir(base, 0755), 0);
	CHECK_EQ(chdir(base), 0);
}

static void
touch(const char *path)
{
	int fd = open(path, O_CREAT | O_EXCL | O_WRONLY, 0644);

	CHECK(fd >= 0);
	CHECK_EQ(close(fd), 0);
}

static const char *
where(void)
{
	static char buf[PATH_MAX];

	CHECK(getcwd(buf, sizeof buf) == buf);
	return buf;
}

TEST(current_directory_is_told_by_its_path)
{
	char small[4];
	int fd;

	begin();
	CHECK_STR(where(), base);
	CHECK_EQ(mkdir("in", 0755), 0);
	fd = open("in", O_RDONLY | O_DIRECTORY);
	CHECK_EQ(fchdir(fd), 0);
	CHECK_EQ(rename("../in", "../moved"), 0);
	CHECK_EQ(chdir(".."), 0);
	CHECK_STR(where(), base);
	CHECK_EQ(chdir("moved/./../moved"), 0);
	CHECK_STR(where() + strlen(base), "/moved");
	CHECK_ERRNO(getcwd(small, sizeof small) ? 0 : -1, ERANGE);
	CHECK_EQ(rmdir("../moved"), 0);
	CHECK_ERRNO(getcwd(base, sizeof base) ? 0 : -1, ENOENT);
	CHECK_ERRNO(open("x", O_CREAT | O_WRONLY, 0600), ENOENT);
	CHECK_EQ(chdir("/"), 0);
	CHECK_STR(where(), "/");
	CHECK_EQ(chdir(".."), 0);
	CHECK_STR(where(), "/");
}

TEST(directory_calls_refuse_what_is_none)
{
	int fd, ends[2];

	begin();
	touch("file");
	fd = open("file", O_RDONLY);
	CHECK_ERRNO(chdir("file"), ENOTDIR);
	CHECK_ERRNO(chdir("none"), ENOENT);
	CHECK_ERRNO(chdir(""), ENOENT);
	CHECK_ERRNO(fchdir(fd), ENOTDIR);
	CHECK_ERRNO(fchdir(99), EBADF);
	CHECK_ERRNO(open("file", O_RDONLY | O_DIRECTORY), ENOTDIR);
	CHECK_ERRNO(open("file/x", O_RDONLY), ENOTDIR);
	CHECK_ERRNO(openat(fd, "x", O_RDONLY), ENOTDIR);
	CHECK_ERRNO(openat(99, "x", O_RDONLY), EBADF);
	CHECK_EQ(pipe(ends), 0);
	CHECK_ERRNO(fchdir(ends[0]), ENOTDIR);
}

TEST(paths_that_are_too_long_are_refused)
{
	static char path[5000];

	begin();
	memset(path, 'a', 256);
	CHECK_ERRNO(open(path, O_RDONLY), ENAMETOOLONG);
	path[255] = '\0';
	CHECK_ERRNO(open(path, O_RDONLY), ENOENT);
	touch(path);
	memset(path, '/', 4096);
	path[4096] = '\0';
	CHECK_ERRNO(open(path, O_RDONLY), ENAMETOOLONG);
	path[4095] = '\0';
	CHECK(open(path, O_RDONLY) >= 0);
}

TEST(links_are_followed_forty_times)
{
	char from[16], to[16];
	struct stat st;

	begin();
	touch("l0");
	for (int i = 1; i <= 41; i++) {
		sprintf(to, "l%d", i - 1);
		sprintf(from, "l%d", i);
		CHECK_EQ(symlink(to, from), 0);
	}
	CHECK_EQ(stat("l40", &st), 0);
	CHECK_ERRNO(stat("l41", &st), ELOOP);
	CHECK_EQ(lstat("l41", &st), 0);
	CHECK(S_ISLNK(st.st_mode));
	CHECK_EQ(st.st_size, 3);
	CHECK_EQ(symlink("loop", "loop"), 0);
	CHECK_ERRNO(open("loop", O_RDONLY), ELOOP);
	CHECK_ERRNO(open("l1", O_RDONLY | O_NOFOLLOW), ELOOP);
	CHECK_ERRNO(symlink("", "empty"), ENOENT);
	/* each counts once, wherever it begins */
	touch("a0");
	for (int i = 1; i <= 41; i++) {
		char whole[sizeof base + 8];

		sprintf(whole, "%s/a%d", base, i - 1);
		sprintf(from, "a%d", i);
		CHECK_EQ(symlink(whole, from), 0);
	}
	CHECK_EQ(stat("a40", &st), 0);
	CHECK_ERRNO(stat("a41", &st), ELOOP);
}

TEST(links_read_give_their_target)
{
	char buf[16];

	begin();
	CHECK_EQ(symlink("target", "link"), 0);
	CHECK_EQ(readlink("link", buf, sizeof buf), 6);
	CHECK_EQ(memcmp(buf, "target", 6), 0);
	CHECK_EQ(readlink("link", buf, 2), 2);
	CHECK_ERRNO(readlink("link", buf, 0), EINVAL);
	CHECK_ERRNO(readlink(".", buf, sizeof buf), EINVAL);
	CHECK_ERRNO(readlink("none", buf, sizeof buf), ENOENT);
}

/* Every name once, however many there are and whatever goes meanwhile. */
TEST(directory_of_many_names_is_listed_while_it_empties)
{
	unsigned seen = 0, dots = 0;
	struct dirent *entry;
	char name[32];
	DIR *dir;

	begin();
	for (int i = 0; i < 2000; i++) {
		sprintf(name, "name-%d", i);
		touch(name);
	}
	dir = opendir(".");
	CHECK(dir != NULL);
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.') {
			dots++;
			continue;
		}
		CHECK_EQ(unlink(entry->d_name), 0);
		seen++;
	}
	CHECK_EQ(closedir(dir), 0);
	CHECK_EQ(dots, 2);
	CHECK_EQ(seen, 2000);
	CHECK_EQ(rmdir(base), 0);
}

TEST(rights_of_a_plain_user_are_kept_to)
{
	struct stat st;
	int status;

	begin();
	touch("secret");
	CHECK_EQ(chmod("secret", 0600), 0);
	CHECK_EQ(mkdir("closed", 0700), 0);
	touch("closed/in");
	if (fork() == 0) {
		CHECK_EQ(setuid(5), 0);
		CHECK_ERRNO(open("secret", O_RDONLY), EACCES);
		CHECK_ERRNO(access("secret", R_OK), EACCES);
		CHECK_EQ(access("secret", F_OK), 0);
		CHECK_ERRNO(stat("closed/in", &st), EACCES);
		CHECK_ERRNO(chdir("closed"), EACCES);
		CHECK_ERRNO(chmod("secret", 0666), EPERM);
		CHECK_ERRNO(chown("secret", 5, 5), EPERM);
		CHECK_ERRNO(unlink("secret"), EACCES);
		CHECK_ERRNO(mkdir("new", 0755), EACCES);
		_exit(0);
	}
	CHECK(wait(&status) > 0);
	CHECK_EQ(status, 0);
	CHECK_EQ(access("secret", R_OK | W_OK), 0);
	CHECK_ERRNO(access("secret", X_OK), EACCES);
	CHECK_ERRNO(access("secret", 8), EINVAL);
}

/* ---- this system's own ---- */

#ifdef __proctor__
TEST(schemes_are_named_before_a_colon)
{
	char buf[8] = "xxxxxxx";
	int fd = open("null:", O_RDWR), end;
	struct stat st;

	CHECK(fd >= 0);
	CHECK_EQ(read(fd, buf, 8), 0);
	CHECK_EQ(write(fd, buf, 8), 8);
	CHECK_EQ(lseek(fd, 5, SEEK_SET), 0);
	end = open("zero:", O_RDONLY);
	CHECK_EQ(read(end, buf, 8), 8);
	CHECK_EQ(memcmp(buf, "\0\0\0\0\0\0\0\0", 8), 0);
	CHECK_EQ(fstat(end, &st), 0);
	CHECK_EQ(st.st_mode, S_IFCHR | 0666);
	end = open("rand:", O_RDONLY);
	CHECK_EQ(read(end, buf, 8), 8);
	CHECK_ERRNO(open("null:x", O_RDWR), ENOENT);
	CHECK_ERRNO(open("nothing:", O_RDWR), ENOENT);
	CHECK_ERRNO(open("pipe:", O_RDWR), ENXIO);
	CHECK_ERRNO(mkdir("null:x", 0755), EPERM);
	CHECK_EQ(stat("file:/tmp", &st), 0);
	CHECK(S_ISDIR(st.st_mode));
}

TEST(schemes_are_reached_through_links)
{
	struct stat st;

	begin();
	CHECK_EQ(symlink("null:", "null"), 0);
	CHECK_EQ(symlink(base, "here"), 0);
	CHECK_EQ(symlink("proc:", "processes"), 0);
	CHECK(open("null", O_RDWR) >= 0);
	CHECK(open("here/here/null", O_RDWR) >= 0);
	CHECK_EQ(lstat("null", &st), 0);
	CHECK(S_ISLNK(st.st_mode));
	CHECK_EQ(chdir("processes"), 0);
	CHECK_EQ(strncmp(where(), "proc:/", 6), 0);
}

TEST(schemes_do_not_mix_in_one_call)
{
	begin();
	touch("a");
	CHECK_ERRNO(rename("a", "null:a"), EXDEV);
	CHECK_ERRNO(link("a", "proc:a"), EXDEV);
}
#endif
