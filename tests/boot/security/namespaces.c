/*
 * Namespaces: a process that has given up a scheme does not reach it on any
 * way, and neither does what it starts.  Each case is a child that gives it up.
 */
#include <sys/stat.h>
#include <sys/statvfs.h>
#include "boot/namespaces.h"

/* ---- paths ---- */

static void
has_no_path_to_proc(void)
{
	static const char *const paths[] = {"proc:",	      "proc:/",
					    "proc://",	      "proc:/self",
					    "proc:/1/status", "proc:1/status",
					    "proc:/self/mem", "proc:/new",
					    "proc:/nothing",  SELF};
	struct stat stat_buf;
	struct statvfs space;
	char text[64];

	for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
		const char *path = paths[i];

		CHECK_ERRNO(open(path, O_RDONLY), ENOENT);
		CHECK_ERRNO(open(path, O_RDWR | O_CREAT, 0666), ENOENT);
		CHECK_ERRNO(open(path, O_RDONLY | O_DIRECTORY), ENOENT);
		CHECK_ERRNO(openat(-1, path, O_RDONLY), ENOENT);
		CHECK_ERRNO(stat(path, &stat_buf), ENOENT);
		CHECK_ERRNO(lstat(path, &stat_buf), ENOENT);
		CHECK_ERRNO(fstatat(-1, path, &stat_buf, 0), ENOENT);
		CHECK_ERRNO(statvfs(path, &space), ENOENT);
		CHECK_ERRNO(access(path, F_OK), ENOENT);
		CHECK_ERRNO(readlink(path, text, sizeof text), ENOENT);
		CHECK_ERRNO(chdir(path), ENOENT);
		CHECK_ERRNO(mkdir(path, 0777), ENOENT);
		CHECK_ERRNO(rmdir(path), ENOENT);
		CHECK_ERRNO(unlink(path), ENOENT);
		CHECK_ERRNO(symlink("x", path), ENOENT);
		CHECK_ERRNO(chmod(path, 0666), ENOENT);
		CHECK_ERRNO(chown(path, 0, 0), ENOENT);
		CHECK_ERRNO(utimensat(AT_FDCWD, path, NULL, 0), ENOENT);
		CHECK_ERRNO(link(path, "/tmp/x"), ENOENT);
		CHECK_ERRNO(link("/bin/true", path), ENOENT);
		CHECK_ERRNO(rename(path, "/tmp/x"), ENOENT);
		CHECK_ERRNO(rename("/bin/true", path), ENOENT);
		CHECK_ERRNO(rename(path, path), ENOENT);
		CHECK_ERRNO(execl(path, "x", (char *)NULL), ENOENT);
	}
}

static void
drops_and_looks(void)
{
	drop_proc();
	CHECK_EQ(getuid(), 0);
	has_no_path_to_proc();
}

TEST(scheme_that_was_dropped_is_on_no_path_for_root_too)
{
	CHECK_EQ(in_child(drops_and_looks), 0);
}

static void
drops_and_looks_at_sys(void)
{
	static const char *const files[] = {"sys:/block", "sys:/calls",
					    "sys:/contexts", "sys:/iostat",
					    "sys:/trace"};

	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		close(opened(files[i], O_RDONLY));
	drop_proc();
	for (size_t i = 0; i < sizeof files / sizeof *files; i++)
		CHECK_ERRNO(open(files[i], O_RDONLY), ENOENT);
	close(opened("sys:/stat", O_RDONLY));
}

TEST(sys_has_no_file_about_processes_for_one_without_proc)
{
	CHECK_EQ(in_child(drops_and_looks_at_sys), 0);
}

TEST(others_keep_what_one_has_dropped)
{
	CHECK_EQ(in_child(drop_proc), 0);
	close(opened(SELF, O_RDONLY));
	CHECK(program_finds_proc());
}

static void
drops_and_wants_it_back(void)
{
	drop_proc();
	CHECK_ERRNO(nsdrop("proc", NULL, 0), ENOENT);
	CHECK_EQ(setgid(0), 0);
	CHECK_EQ(setuid(0), 0);
	CHECK_ERRNO(open(SELF, O_RDONLY), ENOENT);
	CHECK(!program_finds_proc());
	CHECK_EQ(setuid(1000), 0);
	CHECK_ERRNO(open(SELF, O_RDONLY), ENOENT);
}

TEST(nothing_brings_a_dropped_scheme_back)
{
	CHECK_EQ(in_child(drops_and_wants_it_back), 0);
}

static void
follows_links(void)
{
	struct stat stat_buf;
	char text[64];

	drop_proc();
	CHECK_ERRNO(open("/tmp/link", O_RDONLY), ENOENT);
	CHECK_ERRNO(open("/tmp/way/self/status", O_RDONLY), ENOENT);
	CHECK_ERRNO(open("/tmp/twice", O_RDONLY), ENOENT);
	CHECK_ERRNO(stat("/tmp/link", &stat_buf), ENOENT);
	CHECK_ERRNO(access("/tmp/link", F_OK), ENOENT);
	CHECK_ERRNO(chdir("/tmp/way"), ENOENT);
	CHECK_ERRNO(rename("/tmp/way/1", "/tmp/x"), ENOENT);
	CHECK_EQ(lstat("/tmp/link", &stat_buf), 0);
	CHECK_EQ(readlink("/tmp/link", text, sizeof text), strlen(SELF));
}

TEST(symbolic_links_lead_to_no_dropped_scheme)
{
	CHECK_EQ(symlink(SELF, "/tmp/link"), 0);
	CHECK_EQ(symlink("proc:", "/tmp/way"), 0);
	CHECK_EQ(symlink("/tmp/way/self/status", "/tmp/twice"), 0);
	close(opened("/tmp/twice", O_RDONLY));
	CHECK_EQ(in_child(follows_links), 0);
	CHECK_EQ(unlink("/tmp/link"), 0);
	CHECK_EQ(unlink("/tmp/way"), 0);
	CHECK_EQ(unlink("/tmp/twice"), 0);
}

/* ---- directories ---- */

static void
stands_in_proc(void)
{
	struct stat stat_buf;
	char text[64];

	CHECK_EQ(chdir("proc:/"), 0);
	close(opened("self/status", O_RDONLY));
	drop_proc();
	CHECK_ERRNO(open("self/status", O_RDONLY), ENOENT);
	CHECK_ERRNO(open(".", O_RDONLY | O_DIRECTORY), ENOENT);
	CHECK_ERRNO(open("..", O_RDONLY), ENOENT);
	CHECK_ERRNO(stat(".", &stat_buf), ENOENT);
	CHECK_ERRNO(chdir("."), ENOENT);
	CHECK(getcwd(text, sizeof text) == NULL && errno == ENOENT);
	CHECK(!program_finds_proc());
	CHECK_EQ(chdir("/tmp"), 0);
	CHECK_STR(getcwd(text, sizeof text), "/tmp");
}

TEST(current_directory_of_a_dropped_scheme_leads_nowhere)
{
	CHECK_EQ(in_child(stands_in_proc), 0);
}

static void
leads_nowhere(int directory)
{
	struct stat stat_buf;

	CHECK_EQ(fstat(directory, &stat_buf), 0);
	CHECK_ERRNO(openat(directory, "self/status", O_RDONLY), ENOENT);
	CHECK_ERRNO(openat(directory, ".", O_RDONLY), ENOENT);
	CHECK_ERRNO(fstatat(directory, "1", &stat_buf, 0), ENOENT);
	CHECK_ERRNO(fchdir(directory), ENOENT);
	CHECK_EQ(close(openat(directory, "/bin/true", O_RDONLY)), 0);
}

static int kept_directory;

static void
uses_kept_directory(void)
{
	leads_nowhere(kept_directory);
}

static void
keeps_directory(void)
{
	kept_directory = opened("proc:/", O_RDONLY | O_DIRECTORY);
	CHECK_EQ(nsdrop("proc", &kept_directory, 1), 0);
	leads_nowhere(kept_directory);
	CHECK_EQ(in_child(uses_kept_directory), 0);
}

TEST(kept_directory_of_a_dropped_scheme_leads_nowhere)
{
	CHECK_EQ(in_child(keeps_directory), 0);
}

/* ---- children ---- */

static void
starts_others(void)
{
	drop_proc();
	CHECK_EQ(in_child(has_no_path_to_proc), 0);
	CHECK(!program_finds_proc());
}

TEST(children_and_programs_inherit_the_namespace)
{
	CHECK_EQ(in_child(starts_others), 0);
}

static void
makes_new(void)
{
	int session = opened("proc:/new", O_RDWR | O_CLOEXEC);

	CHECK_EQ(nsdrop("proc", &session, 1), 0);
	PUT(session, "new /bin/sh sh -c test%20-e%20proc:/1\n");
	EXPECT(session, "hold start");
	EXPECT(session, "log end exited 1");
	REFUSED(session, "new proc:/1/mem x\n", ENOENT);
}

TEST(new_child_of_a_kept_session_inherits_the_namespace)
{
	CHECK_EQ(in_child(makes_new), 0);
}
