/*
 * Set-id files: whom they make of those who run them, and when they lose their
 * bits.
 */
#include <sys/stat.h>
#include "boot/children.h"

TEST_SECONDS(60);

#define HELPER	"/test/boot/ids_helper"
#define PROGRAM "/tmp/ids-program"
#define PLAIN	"/tmp/ids-plain"
#define SCRIPT	"/tmp/ids-script"

static char x[] = "x", show[] = "show", run[] = "run";
static char program[] = PROGRAM, plain[] = PLAIN;
static char *nothing[] = {NULL};

static void
file_write(const char *path, const void *bytes, size_t size)
{
	int fd;

	unlink(path);
	fd = open(path, O_CREAT | O_EXCL | O_WRONLY, 0600);
	CHECK(fd >= 0);
	CHECK_EQ(write(fd, bytes, size), (ssize_t)size);
	close(fd);
}

/* The helper under another name, with this owner and mode. */
static void
make(const char *path, uid_t uid, gid_t gid, mode_t mode)
{
	int fd = open(HELPER, O_RDONLY);
	struct stat st;
	char *bytes;

	CHECK(fd >= 0);
	CHECK_EQ(fstat(fd, &st), 0);
	bytes = malloc((size_t)st.st_size);
	CHECK(bytes != NULL);
	CHECK_EQ(read(fd, bytes, (size_t)st.st_size), st.st_size);
	close(fd);
	file_write(path, bytes, (size_t)st.st_size);
	free(bytes);
	CHECK_EQ(chown(path, uid, gid), 0);
	CHECK_EQ(chmod(path, mode), 0);
}

static void
become(uid_t id)
{
	CHECK_EQ(setgid(id), 0);
	CHECK_EQ(setuid(id), 0);
}

/* What the program prints when this user runs it, its end included. */
static const char *
said_by(const char *path, char **argv, uid_t id)
{
	static char text[256];
	int ends[2], status;
	size_t used = 0;
	ssize_t n;
	pid_t pid;

	CHECK_EQ(pipe2(ends, O_CLOEXEC), 0);
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		CHECK_EQ(dup2(ends[1], 1), 1);
		become(id);
		execve(path, argv, nothing);
		_exit(100 + errno);
	}
	close(ends[1]);
	while ((n = read(ends[0], text + used, sizeof text - 1 - used)) > 0)
		used += (size_t)n;
	close(ends[0]);
	status = child_end(pid);
	if (status != 0)
		used += (size_t)sprintf(text + used, "end %d", status);
	text[used] = '\0';
	return text;
}

static const char *
shown(uid_t id)
{
	char *argv[] = {x, show, NULL};

	return said_by(PROGRAM, argv, id);
}

TEST(set_uid_file_gives_its_owners_effective_and_saved_id)
{
	make(PROGRAM, 0, 0, 04755);
	CHECK_STR(shown(1000), "uid 1000 0 0 gid 1000 1000 1000 secure 1\n");
	make(PROGRAM, 1001, 1001, 04755);
	CHECK_STR(shown(1000),
		  "uid 1000 1001 1001 gid 1000 1000 1000 secure 1\n");
	CHECK_STR(shown(0), "uid 0 1001 1001 gid 0 0 0 secure 1\n");
	CHECK_STR(shown(1001),
		  "uid 1001 1001 1001 gid 1001 1001 1001 secure 0\n");
	unlink(PROGRAM);
}

TEST(set_gid_file_gives_its_group_if_the_group_may_run_it)
{
	make(PROGRAM, 0, 1001, 02755);
	CHECK_STR(shown(1000),
		  "uid 1000 1000 1000 gid 1000 1001 1001 secure 1\n");
	make(PROGRAM, 0, 1001, 02745);
	CHECK_STR(shown(1000),
		  "uid 1000 1000 1000 gid 1000 1000 1000 secure 0\n");
	make(PROGRAM, 1001, 1002, 06755);
	CHECK_STR(shown(1000),
		  "uid 1000 1001 1001 gid 1000 1002 1002 secure 1\n");
	unlink(PROGRAM);
}

TEST(bits_of_a_file_that_others_may_write_count_for_nothing)
{
	static const char same[] =
		"uid 1000 1000 1000 gid 1000 1000 1000 secure 0\n";

	make(PROGRAM, 0, 0, 06757);
	CHECK_STR(shown(1000), same);
	make(PROGRAM, 0, 0, 06775);
	CHECK_STR(shown(1000), same);
	make(PROGRAM, 0, 0, 06755);
	CHECK_STR(shown(1000), "uid 1000 0 0 gid 1000 0 0 secure 1\n");
	unlink(PROGRAM);
}

/* May this user open the file of the process? */
static int
opens(uid_t id, pid_t pid, const char *file, int flags)
{
	char path[64];
	pid_t child;

	snprintf(path, sizeof path, "proc:/%d/%s", (int)pid, file);
	child = fork();
	CHECK(child >= 0);
	if (child == 0) {
		become(id);
		_exit(open(path, flags) < 0 ? errno : 0);
	}
	return child_end(child);
}

TEST(program_that_has_risen_is_no_users_to_trace_until_it_becomes_another)
{
	char lower[] = "lower", *argv[] = {x, lower, NULL};
	int in[2], out[2];
	char byte;
	pid_t pid;

	make(PROGRAM, 0, 0, 06755);
	CHECK_EQ(pipe2(in, O_CLOEXEC), 0);
	CHECK_EQ(pipe2(out, O_CLOEXEC), 0);
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		CHECK_EQ(dup2(in[0], 0), 0);
		CHECK_EQ(dup2(out[1], 1), 1);
		become(1000);
		execve(PROGRAM, argv, nothing);
		_exit(100 + errno);
	}
	close(out[1]);
	CHECK_EQ(read(out[0], &byte, 1), 1);
	CHECK_EQ(opens(1000, pid, "mem", O_RDWR), EACCES);
	CHECK_EQ(opens(1000, pid, "trace", O_RDWR), EACCES);
	CHECK_EQ(opens(1000, pid, "env", O_RDONLY), EACCES);
	CHECK_EQ(opens(1000, pid, "status", O_RDONLY), 0);
	CHECK_EQ(opens(0, pid, "mem", O_RDWR), 0);
	CHECK_EQ(write(in[1], "x", 1), 1);
	/* the next image raises nothing: its user's again */
	CHECK_EQ(read(out[0], &byte, 1), 1);
	CHECK_EQ(opens(1000, pid, "mem", O_RDWR), 0);
	CHECK_EQ(kill(pid, SIGKILL), 0);
	CHECK_EQ(waitpid(pid, NULL, 0), pid);
	close(in[0]);
	close(in[1]);
	close(out[0]);
	unlink(PROGRAM);
}

TEST(file_that_a_user_may_not_run_raises_nobody)
{
	make(PROGRAM, 0, 0, 04750);
	CHECK_STR(shown(1000), "end 113"); /* EACCES */
	make(PROGRAM, 0, 0, 0755);
	CHECK_STR(shown(1000),
		  "uid 1000 1000 1000 gid 1000 1000 1000 secure 0\n");
	unlink(PROGRAM);
}

TEST(execve_that_fails_raises_nobody)
{
	uid_t real, effective, saved;

	file_write(PROGRAM, "\177ELF", 4);
	CHECK_EQ(chmod(PROGRAM, 04755), 0);
	become(1000);
	CHECK_ERRNO(execve(PROGRAM, nothing, nothing), ENOEXEC);
	CHECK_EQ(getresuid(&real, &effective, &saved), 0);
	CHECK_EQ(real, 1000);
	CHECK_EQ(effective, 1000);
	CHECK_EQ(saved, 1000);
}

TEST(bits_of_a_script_count_for_nothing_and_those_of_its_interpreter_do)
{
	static const char text[] = "#!" PROGRAM "\n";
	char *argv[] = {x, NULL};

	make(PROGRAM, 0, 0, 0755);
	file_write(SCRIPT, text, sizeof text - 1);
	CHECK_EQ(chmod(SCRIPT, 06755), 0);
	CHECK_STR(said_by(SCRIPT, argv, 1000),
		  "uid 1000 1000 1000 gid 1000 1000 1000 secure 0\n");
	CHECK_EQ(chmod(PROGRAM, 04755), 0);
	CHECK_STR(said_by(SCRIPT, argv, 1000),
		  "uid 1000 0 0 gid 1000 1000 1000 secure 1\n");
	unlink(PROGRAM);
	unlink(SCRIPT);
}

TEST(program_that_a_raised_one_becomes_keeps_its_effective_id)
{
	char *argv[] = {x, run, plain, show, NULL};

	make(PROGRAM, 1001, 1002, 06755);
	make(PLAIN, 0, 0, 0755);
	CHECK_STR(said_by(PROGRAM, argv, 1000),
		  "uid 1000 1001 1001 gid 1000 1002 1002 secure 1\n");
	unlink(PROGRAM);
	unlink(PLAIN);
}

TEST(status_shows_real_effective_and_saved_ids)
{
	char *argv[] = {x, (char[]){"status"}, NULL};

	make(PROGRAM, 1001, 1002, 06755);
	CHECK_STR(said_by(PROGRAM, argv, 1000),
		  "uid 1000 1001 1001\ngid 1000 1002 1002\n");
	unlink(PROGRAM);
}

TEST(saved_id_takes_a_raised_program_back_and_forth)
{
	make(PROGRAM, 0, 0, 04755);
	CHECK_EQ(setresuid(1000, 1000, 0), 0);
	CHECK_EQ(seteuid(0), 0);
	CHECK_EQ(setreuid(1000, 1000), 0);
	CHECK_ERRNO(seteuid(0), EPERM);
	unlink(PROGRAM);
}

/* ---- descriptors ---- */

static void
run_closed(const char *path)
{
	char *argv[] = {x, (char[]){"fds"}, NULL};
	pid_t pid = fork();

	CHECK(pid >= 0);
	if (pid == 0) {
		become(1000);
		for (int fd = 0; fd < 64; fd++)
			close(fd);
		execve(path, argv, nothing);
		_exit(100 + errno);
	}
	CHECK_EQ(child_end(pid), path == plain ? 10 : 0);
}

TEST(set_id_program_finds_0_to_2_open)
{
	make(PROGRAM, 0, 0, 04755);
	make(PLAIN, 0, 0, 0755);
	run_closed(program);
	CHECK_EQ(chown(PROGRAM, 0, 1001), 0);
	CHECK_EQ(chmod(PROGRAM, 02755), 0);
	run_closed(program);
	run_closed(plain);
	unlink(PROGRAM);
	unlink(PLAIN);
}

/* ---- bits that go ---- */

static mode_t
mode_of(const char *path)
{
	struct stat st;

	CHECK_EQ(stat(path, &st), 0);
	return st.st_mode & 07777;
}

/* Does one thing to the file as somebody else; its mode afterwards. */
static mode_t
mode_after(uid_t id, void (*act)(void))
{
	pid_t pid;

	make(PROGRAM, 1001, 1001, 06777);
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		become(id);
		act();
		_exit(0);
	}
	CHECK_EQ(child_end(pid), 0);
	return mode_of(PROGRAM);
}

static void
write_it(void)
{
	int fd = open(PROGRAM, O_WRONLY);

	CHECK_EQ(write(fd, "x", 1), 1);
}

static void
write_nothing(void)
{
	int fd = open(PROGRAM, O_WRONLY);

	CHECK_EQ(write(fd, "x", 0), 0);
}

static void
cut_it(void)
{
	CHECK_EQ(truncate(PROGRAM, 0), 0);
}

static void
open_it_cut(void)
{
	CHECK(open(PROGRAM, O_WRONLY | O_TRUNC) >= 0);
}

static void
give_it(void)
{
	CHECK_EQ(chown(PROGRAM, 1000, 1000), 0);
}

static void
give_its_group(void)
{
	CHECK_EQ(chown(PROGRAM, (uid_t)-1, 1001), 0);
}

TEST(set_id_bits_go_when_a_file_is_written_cut_or_given_away)
{
	CHECK_EQ(mode_after(1000, write_nothing), 06777);
	CHECK_EQ(mode_after(1000, write_it), 0777);
	CHECK_EQ(mode_after(1001, write_it), 0777);
	CHECK_EQ(mode_after(0, write_it), 06777);
	CHECK_EQ(mode_after(1000, cut_it), 0777);
	CHECK_EQ(mode_after(1000, open_it_cut), 0777);
	CHECK_EQ(mode_after(0, give_it), 0777);
	CHECK_EQ(mode_after(1001, give_its_group), 0777);
	unlink(PROGRAM);
}

TEST(set_gid_bit_is_only_for_members_of_the_group)
{
	struct stat st;
	int fd;

	rmdir("/tmp/ids-dir");
	CHECK_EQ(mkdir("/tmp/ids-dir", 0777), 0);
	CHECK_EQ(chown("/tmp/ids-dir", 0, 1001), 0);
	CHECK_EQ(chmod("/tmp/ids-dir", 02777), 0);
	umask(0);
	become(1000);
	fd = open("/tmp/ids-dir/f", O_CREAT | O_EXCL | O_RDWR, 02775);
	CHECK(fd >= 0);
	CHECK_EQ(fstat(fd, &st), 0);
	CHECK_EQ(st.st_gid, 1001);
	CHECK_EQ(st.st_mode & 07777, 0775);
	CHECK_EQ(fchmod(fd, 02775), 0);
	CHECK_EQ(mode_of("/tmp/ids-dir/f"), 0775);
	CHECK_EQ(unlink("/tmp/ids-dir/f"), 0);
}

/* ---- what is others' in a sticky directory ---- */

TEST(sticky_directory_lets_only_owners_unlink_and_rename)
{
	int fd = open("/tmp/ids-root", O_CREAT | O_WRONLY, 0666);

	CHECK(fd >= 0);
	CHECK_EQ(mode_of("/tmp"), 01777);
	CHECK_EQ(mkdir("/tmp/ids-rootdir", 0777), 0);
	become(1000);
	fd = open("/tmp/ids-own", O_CREAT | O_WRONLY, 0666);
	CHECK(fd >= 0);
	CHECK_ERRNO(unlink("/tmp/ids-root"), EPERM);
	CHECK_ERRNO(rmdir("/tmp/ids-rootdir"), EPERM);
	CHECK_ERRNO(rename("/tmp/ids-root", "/tmp/ids-else"), EPERM);
	CHECK_ERRNO(rename("/tmp/ids-own", "/tmp/ids-root"), EPERM);
	CHECK_EQ(rename("/tmp/ids-own", "/tmp/ids-mine"), 0);
	CHECK_EQ(unlink("/tmp/ids-mine"), 0);
}
