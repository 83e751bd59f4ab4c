/*
 * A process that chooses its words to deceive: newlines, escapes, spaces and
 * bytes that are no text, in everything that it has a say in.  No line of proc:
 * or sys: is its own.
 */
#include <sys/stat.h>
#include "trace/files.h"

#define BAD "a\nforged 1\n\tforged\t2 \033[2J\r%0a\x80\xff\xc3\x28"

static const char program[] = "/tmp/" BAD;
static const char folder[] = "/tmp/folder" BAD;
static const char opened[] = "/tmp/opened" BAD;

static void
make_them(void)
{
	int fd;

	(void)unlink(program);
	CHECK_EQ(symlink("/test/proc/helper", program), 0);
	(void)mkdir(folder, 0755);
	fd = open(opened, O_CREAT | O_RDWR, 0644);
	CHECK(fd >= 0);
	CHECK_EQ(write(fd, "x", 1), 1);
	close(fd);
}

static void
remove_them(void)
{
	CHECK_EQ(unlink(program), 0);
	CHECK_EQ(rmdir(folder), 0);
	CHECK_EQ(unlink(opened), 0);
}

/* It is asleep in the helper's `rest`, with all of it. */
static pid_t
hostile(void)
{
	pid_t pid = fork();

	if (pid == 0) {
		if (chdir(folder) < 0 || open(opened, O_RDONLY) < 0)
			_exit(8);
		if (write(open("proc:/self/ctl", O_WRONLY), BAD "\n", 20) > 0)
			_exit(7);
		execle(program, BAD, "rest", BAD, "", "\n", (char *)NULL,
		       (char *[]){(char[]){BAD "=" BAD}, (char[]){"\n"}, NULL});
		_exit(9);
	}
	CHECK(pid > 0);
	while (strcmp(said_of(pid, "exe"), "/test/proc/helper\n") != 0)
		sched_yield();
	wait_state(pid, TRACE_STATE_ASLEEP);
	return pid;
}

/* Only text, and no line that begins with the word, nor a field. */
static void
check_not_forged(const char *path, const char *text)
{
	size_t n = strlen(text);

	for (size_t i = 0; i < n; i++)
		if (text[i] != '\n' && text[i] != '\t' &&
		    (text[i] < ' ' || text[i] > '~'))
			test_fail(__FILE__, __LINE__, "%s has byte %02x", path,
				  (unsigned char)text[i]);
	if (strncmp(text, "forged", 6) == 0 || strstr(text, "\nforged") ||
	    strstr(text, "\tforged"))
		test_fail(__FILE__, __LINE__, "%s is forged", path);
}

TEST(no_line_of_proc_is_forged_by_a_process_with_hostile_words)
{
	static struct files files;
	pid_t pid;

	make_them();
	pid = hostile();
	files_of(&files, pid);
	CHECK(files.count > 25);
	for (int i = 0; i < files.count; i++) {
		const char *text = said_by(files.path[i]);

		CHECK(text != NULL);
		if (!ends_with(files.path[i], ".bin")) {
			check_not_forged(files.path[i], text);
			check_well_formed(files.path[i], text, strlen(text));
		}
	}
	CHECK_EQ(kill(pid, SIGKILL), 0);
	CHECK_EQ(exit_status(wait_for(pid)), 1000 + SIGKILL);
	remove_them();
}

TEST(hostile_words_are_all_there_escaped)
{
	static const char bad[] = "a%0aforged%201%0a%09forged%092%20%1b[2J%0d"
				  "%250a%80%ff%c3(";
	char line[256];
	pid_t pid;

	make_them();
	pid = hostile();
	snprintf(line, sizeof line, "%s\nrest\n%s\n%%\n%%0a\n", bad, bad);
	CHECK_STR(said_of(pid, "args"), line);
	snprintf(line, sizeof line, "%s=%s\n%%0a\n", bad, bad);
	CHECK_STR(said_of(pid, "env"), line);
	snprintf(line, sizeof line, "/tmp/folder%s\n", bad);
	CHECK_STR(said_of(pid, "cwd"), line);
	CHECK_EQ(kill(pid, SIGKILL), 0);
	CHECK_EQ(exit_status(wait_for(pid)), 1000 + SIGKILL);
	remove_them();
}

TEST(no_line_of_sys_is_forged_by_a_process_with_hostile_words)
{
	static struct files files;
	pid_t pid;

	make_them();
	pid = hostile();
	files_in(&files, "sys:");
	CHECK(files.count > 5);
	for (int i = 0; i < files.count; i++) {
		const char *text = said_by(files.path[i]);

		if (text)
			check_not_forged(files.path[i], text);
	}
	CHECK_EQ(kill(pid, SIGKILL), 0);
	CHECK_EQ(exit_status(wait_for(pid)), 1000 + SIGKILL);
	remove_them();
}
