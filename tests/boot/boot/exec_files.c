/* execve, by what kind of file it is given. */
#include <sys/stat.h>
#include "boot/children.h"

#define HELPER	"/test/boot/exec_helper"
#define PROGRAM "/tmp/exec-program"

TEST_SECONDS(120);

static char *none[] = {NULL};
static char *nothing[] = {(char[]){"x"}, (char[]){"nothing"}, NULL};

/* The helper's bytes. */
static char *
program_bytes(size_t *size)
{
	struct stat st;
	int fd = open(HELPER, O_RDONLY);
	char *bytes;

	CHECK(fd >= 0);
	CHECK_EQ(fstat(fd, &st), 0);
	*size = (size_t)st.st_size;
	bytes = malloc(*size);
	CHECK(bytes != NULL);
	CHECK_EQ(read(fd, bytes, *size), st.st_size);
	close(fd);
	return bytes;
}

static void
program_write(const void *bytes, size_t size, mode_t mode)
{
	int fd;

	unlink(PROGRAM);
	fd = open(PROGRAM, O_CREAT | O_EXCL | O_WRONLY, 0600);
	CHECK(fd >= 0);
	CHECK_EQ(write(fd, bytes, size), (ssize_t)size);
	CHECK_EQ(fchmod(fd, mode), 0);
	close(fd);
}

static void
program_text(const char *text)
{
	program_write(text, strlen(text), 0755);
}

TEST(programs_that_are_not_there_are_ENOENT)
{
	CHECK_ERRNO(execve("/tmp/no-such-program", none, none), ENOENT);
	CHECK_ERRNO(execve("", none, none), ENOENT);
	CHECK_ERRNO(execve("nosuchscheme:x", none, none), ENOENT);
	CHECK_ERRNO(execve(HELPER "/x", none, none), ENOTDIR);
}

TEST(things_that_are_not_files_cannot_be_run)
{
	CHECK_ERRNO(execve("/", none, none), EACCES);
	CHECK_ERRNO(execve("/tmp", none, none), EACCES);
	CHECK_ERRNO(execve("null:", none, none), EACCES);
	CHECK_ERRNO(execve("proc:self/status", none, none), EACCES);
}

TEST(file_without_the_x_bit_is_EACCES)
{
	size_t size;
	char *bytes = program_bytes(&size);

	program_write(bytes, size, 0644);
	CHECK_ERRNO(execve(PROGRAM, nothing, none), EACCES);
	CHECK_EQ(chmod(PROGRAM, 0700), 0);
	CHECK_EQ(program_end(PROGRAM, nothing, none), 42);
	CHECK_EQ(setuid(77), 0);
	CHECK_ERRNO(execve(PROGRAM, nothing, none), EACCES);
	CHECK_EQ(program_end(HELPER, nothing, none), 42);
}

TEST(file_that_is_no_program_is_ENOEXEC)
{
	program_text("");
	CHECK_ERRNO(execve(PROGRAM, none, none), ENOEXEC);
	program_text("x");
	CHECK_ERRNO(execve(PROGRAM, none, none), ENOEXEC);
	program_text("\177ELF");
	CHECK_ERRNO(execve(PROGRAM, none, none), ENOEXEC);
	program_text("#!");
	CHECK_ERRNO(execve(PROGRAM, none, none), ENOEXEC);
	unlink(PROGRAM);
}

/* The note's name is found and spoiled: what is left is an ELF file as a
 * compiler for Linux makes it. */
TEST(program_without_our_note_is_ENOEXEC)
{
	size_t size;
	char *bytes = program_bytes(&size);
	char *note = memmem(bytes, size, "\1\0\0\0Proctor", 12);

	CHECK(note != NULL);
	program_write(bytes, size, 0755);
	CHECK_EQ(program_end(PROGRAM, nothing, none), 42);
	note[4] = 'Q';
	program_write(bytes, size, 0755);
	CHECK_ERRNO(execve(PROGRAM, nothing, none), ENOEXEC);
	note[4] = 'P';
	note[12] = 99;
	program_write(bytes, size, 0755);
	CHECK_ERRNO(execve(PROGRAM, nothing, none), ENOEXEC);
	unlink(PROGRAM);
}

/* In a child: every way to fail is fine but those of a machine that broke. */
static void
run_cut(void)
{
	int status = program_end(PROGRAM, nothing, none);

	if (status != 100 + ENOEXEC && status != 42)
		CHECK(status > 128 && status != 128 + SIGKILL);
}

TEST(program_cut_at_every_length_is_ENOEXEC_or_a_signal)
{
	size_t size, headers = 1024;
	char *bytes = program_bytes(&size);
	long step = test_size(64 * 13, 64);
	int fd;

	CHECK(size > headers);
	program_write(bytes, size, 0755);
	fd = open(PROGRAM, O_WRONLY);
	CHECK(fd >= 0);
	for (size_t cut = size / 64 * 64; cut > headers; cut -= (size_t)step) {
		CHECK_EQ(ftruncate(fd, (off_t)cut), 0);
		run_cut();
		if (cut < headers + (size_t)step)
			break;
	}
	for (size_t cut = headers; cut-- > 0;) {
		CHECK_EQ(ftruncate(fd, (off_t)cut), 0);
		CHECK_EQ(program_end(PROGRAM, nothing, none), 100 + ENOEXEC);
	}
	close(fd);
	unlink(PROGRAM);
}

TEST(program_with_a_wrong_byte_in_its_headers_ends_without_harm)
{
	size_t size;
	char *bytes = program_bytes(&size);
	int fd;

	program_write(bytes, size, 0755);
	fd = open(PROGRAM, O_WRONLY);
	CHECK(fd >= 0);
	for (off_t at = 0; at < 64 + 6 * 56; at++) {
		char wrong = (char)(bytes[at] ^ (at % 2 ? 0xff : 0x11));
		pid_t pid = fork();

		CHECK(pid >= 0);
		CHECK_EQ(pwrite(fd, &wrong, 1, at), 1);
		if (pid == 0) {
			execve(PROGRAM, nothing, none);
			_exit(1);
		}
		child_end(pid);
		CHECK_EQ(pwrite(fd, bytes + at, 1, at), 1);
	}
	CHECK_EQ(program_end(PROGRAM, nothing, none), 42);
	close(fd);
	unlink(PROGRAM);
}

TEST(script_is_run_by_the_program_that_its_first_line_names)
{
	char *argv[] = {(char[]){"x"}, (char[]){"word"}, NULL};

	program_text("#! " HELPER "  -one two \nrest\n");
	CHECK_EQ(program_end(PROGRAM, argv, none), 42);
	program_text("#!/tmp/no-such-program\n");
	CHECK_ERRNO(execve(PROGRAM, argv, none), ENOENT);
	program_text("#!" PROGRAM "\n");
	CHECK_ERRNO(execve(PROGRAM, argv, none), ENOEXEC);
	unlink(PROGRAM);
}

TEST(program_that_is_unlinked_runs_on)
{
	size_t size;
	char *bytes = program_bytes(&size);
	int ends[2], status;
	pid_t pid;

	program_write(bytes, size, 0755);
	CHECK_EQ(pipe2(ends, O_CLOEXEC), 0);
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		execve(PROGRAM, nothing, none);
		_exit(1);
	}
	close(ends[1]);
	/* The end of the pipe: the program is loaded. */
	CHECK_EQ(read(ends[0], bytes, 1), 0);
	CHECK_EQ(unlink(PROGRAM), 0);
	CHECK_EQ(waitpid(pid, &status, 0), pid);
	CHECK_EQ(status, 42 << 8);
}
