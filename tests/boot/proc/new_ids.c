/*
 * `new` and ids: nobody gets a child to hold that is more than himself.
 */
#include <sys/stat.h>
#include "trace/tracing.h"

#define PROGRAM "/tmp/new-ids"

/* What status says of the last write that was refused. */
static const char *
refusal(void)
{
	static char line[256];
	FILE *status = fopen("proc:self/status", "r");
	const char *text = "";

	CHECK(status != NULL);
	while (fgets(line, sizeof line, status) != NULL)
		if (strncmp(line, "refused ", 8) == 0) {
			line[strcspn(line, "\n")] = '\0';
			text = line + 8;
			break;
		}
	fclose(status);
	return text;
}

/* A copy of /bin/true that is set-id for another user and group. */
static void
make_program(mode_t mode)
{
	char bytes[4096];
	int from = open("/bin/true", O_RDONLY);
	int to = open(PROGRAM, O_CREAT | O_TRUNC | O_WRONLY, 0600);
	ssize_t n;

	CHECK(from >= 0 && to >= 0);
	while ((n = read(from, bytes, sizeof bytes)) > 0)
		CHECK_EQ(write(to, bytes, (size_t)n), n);
	CHECK_EQ(fchown(to, 1001, 1001), 0);
	CHECK_EQ(fchmod(to, mode), 0);
	close(from);
	close(to);
}

/* Its child ends well. */
static void
makes_it(int fd)
{
	struct event e;

	PUT(fd, "new " PROGRAM " p\n");
	e = next_event(fd);
	CHECK_STR(e.what, "hold start");
	EXPECT(fd, "log end exited 0");
	CHECK_EQ(exit_status(wait_for(e.pid)), 0);
}

static void
is_refused(mode_t mode, uid_t id)
{
	pid_t pid;

	make_program(mode);
	pid = fork();
	CHECK(pid >= 0);
	if (pid == 0) {
		int fd;

		CHECK_EQ(setgid(id), 0);
		CHECK_EQ(setuid(id), 0);
		fd = open("proc:/new", O_RDWR);
		CHECK(fd >= 0);
		REFUSED(fd, "new " PROGRAM " p\n", EACCES);
		CHECK_STR(refusal(),
			  "EACCES new: its set-id bits would raise ids");
		_exit(0);
	}
	CHECK_EQ(exit_status(wait_for(pid)), 0);
}

TEST(program_that_would_raise_ids_is_refused)
{
	is_refused(04755, 1000);
	is_refused(02755, 1000);
	is_refused(04755, 0);
	unlink(PROGRAM);
}

TEST(set_id_program_of_ones_own_is_made)
{
	int fd;

	make_program(06755);
	CHECK_EQ(setgid(1001), 0);
	CHECK_EQ(setuid(1001), 0);
	fd = open("proc:/new", O_RDWR);
	CHECK(fd >= 0);
	makes_it(fd);
	close(fd);
	CHECK_EQ(unlink(PROGRAM), 0);
}

/* As when a set-id program is given a session for its stderr. */
TEST(writer_that_has_risen_makes_no_child_for_the_opener)
{
	int fd;

	make_program(0755);
	CHECK_EQ(setresuid(1000, 1000, 0), 0);
	fd = open("proc:/new", O_RDWR);
	CHECK(fd >= 0);
	CHECK_EQ(seteuid(0), 0);
	REFUSED(fd, "new " PROGRAM " p\n", EACCES);
	CHECK_STR(refusal(),
		  "EACCES new: the writer has ids that the opener had not");
	CHECK_EQ(setresuid(1000, 1000, 1000), 0);
	makes_it(fd);
	close(fd);
}
