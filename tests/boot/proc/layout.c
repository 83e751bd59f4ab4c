/*
 * The directory of processes and the plain files of each: what there is, how it
 * opens, what it says.
 */
#include <dirent.h>
#include <sys/stat.h>
#include "trace/tracing.h"

static const char *const files[] = {
	"trace", "trace.bin", "ctl",	    "regs", "regs.bin", "mem",
	"maps",	 "status",    "status.bin", "args", "calls",	"calls.bin",
};
#define FILES (sizeof(files) / sizeof(files[0]))

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

/* All that a file says. */
static const char *
contents(pid_t pid, const char *name)
{
	static char text[16384];
	int fd = proc_open(pid, name, O_RDONLY);
	size_t used = 0;
	ssize_t n;

	while ((n = read(fd, text + used, sizeof text - 1 - used)) > 0)
		used += (size_t)n;
	CHECK_EQ(n, 0);
	text[used] = '\0';
	close(fd);
	return text;
}

/* The value of a line `key value`. */
static const char *
value_of(pid_t pid, const char *key)
{
	static char value[256];
	const char *at = contents(pid, "status");

	while (at != NULL) {
		size_t n = strlen(key);

		if (strncmp(at, key, n) == 0 && at[n] == ' ') {
			snprintf(value, sizeof value, "%.*s",
				 (int)strcspn(at + n + 1, "\n"), at + n + 1);
			return value;
		}
		at = strchr(at, '\n');
		at = at ? at + 1 : NULL;
	}
	test_fail(__FILE__, __LINE__, "status has no line %s", key);
}

TEST(root_lists_every_pid_and_self_and_new)
{
	struct tracee t = tracee_start(sleeps);
	char name[16];

	CHECK_EQ(lists("proc:/", "self"), 1);
	CHECK_EQ(lists("proc:/", "new"), 1);
	snprintf(name, sizeof name, "%d", (int)t.pid);
	CHECK_EQ(lists("proc:/", name), 1);
	snprintf(name, sizeof name, "%d", (int)getpid());
	CHECK_EQ(lists("proc:/", name), 1);
	CHECK_EQ(lists("proc:/", "1"), 1);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
	snprintf(name, sizeof name, "%d", (int)t.pid);
	CHECK_EQ(lists("proc:/", name), 0);
}

TEST(process_lists_its_files)
{
	for (size_t i = 0; i < FILES; i++)
		CHECK_EQ(lists("proc:/self", files[i]), 1);
	CHECK_EQ(lists("proc:/self", "new"), 0);
	CHECK_EQ(lists("proc:/self", "self"), 0);
}

TEST(self_is_the_process_that_looks)
{
	struct stat mine, own;
	char path[32];

	snprintf(path, sizeof path, "proc:/%d", (int)getpid());
	CHECK_EQ(stat("proc:/self", &own), 0);
	CHECK_EQ(stat(path, &mine), 0);
	CHECK_EQ(own.st_ino, mine.st_ino);
	CHECK(S_ISDIR(own.st_mode));
	CHECK_EQ(atoi(value_of(getpid(), "pid")), getpid());
}

TEST(no_such_pid_and_no_such_file_are_ENOENT)
{
	static const char *const paths[] = {
		"proc:/0",
		"proc:/01",
		"proc:/-1",
		"proc:/x",
		"proc:/4294967297",
		"proc:/18446744073709551617",
		"proc:/2000000",
		"proc:/2000000/trace",
		"proc:/self/nothing",
		"proc:/self/new",
		"proc:/status",
		"proc:/1 ",
	};

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		int fd = open(paths[i], O_RDONLY);

		if (fd >= 0 || errno != ENOENT)
			test_fail(__FILE__, __LINE__, "%s: %d (%s)", paths[i],
				  fd, strerror(errno));
	}
	CHECK_ERRNO(open("proc:/self/status/x", O_RDONLY), ENOTDIR);
	CHECK_ERRNO(open("proc:/self/nothing", O_RDONLY | O_CREAT, 0600),
		    ENOENT);
}

TEST(reaped_process_cannot_be_opened)
{
	struct tracee t = tracee_start(sleeps);

	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
	CHECK_ERRNO(proc_try(t.pid, "status", O_RDONLY), ENOENT);
	CHECK_ERRNO(proc_try(t.pid, "trace", O_RDWR), ENOENT);
}

TEST(trace_ctl_and_new_are_character_files_without_a_place)
{
	struct tracee t = tracee_start(sleeps);
	int trace = controller(t.pid), new = open("proc:/new", O_RDWR);
	int ctl = proc_open(t.pid, "ctl", O_WRONLY);
	struct stat st;

	CHECK_EQ(fstat(trace, &st), 0);
	CHECK(S_ISCHR(st.st_mode));
	CHECK_EQ(fstat(ctl, &st), 0);
	CHECK(S_ISCHR(st.st_mode));
	CHECK_EQ(fstat(new, &st), 0);
	CHECK(S_ISCHR(st.st_mode));
	CHECK_ERRNO(lseek(trace, 0, SEEK_SET), ESPIPE);
	CHECK_ERRNO(lseek(ctl, 0, SEEK_SET), ESPIPE);
	CHECK_ERRNO(lseek(new, 0, SEEK_SET), ESPIPE);
	close(trace);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(files_open_only_the_ways_they_have)
{
	struct tracee t = tracee_start(sleeps);

	CHECK_ERRNO(proc_try(t.pid, "trace", O_WRONLY), EINVAL);
	CHECK_ERRNO(proc_try(t.pid, "trace.bin", O_WRONLY), EINVAL);
	CHECK_ERRNO(open("proc:/new", O_RDONLY), EINVAL);
	CHECK_ERRNO(open("proc:/new", O_WRONLY), EINVAL);
	CHECK_ERRNO(proc_try(t.pid, "status", O_WRONLY), EACCES);
	CHECK_ERRNO(proc_try(t.pid, "maps", O_RDWR), EACCES);
	CHECK_ERRNO(proc_try(t.pid, "args", O_RDWR), EACCES);
	CHECK_ERRNO(proc_try(t.pid, "ctl", O_RDONLY), EACCES);
	CHECK_ERRNO(open("proc:/self", O_RDWR), EISDIR);
	CHECK_ERRNO(proc_try(t.pid, "mem", O_RDONLY | O_DIRECTORY), ENOTDIR);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(shells_may_open_with_creat_trunc_and_append)
{
	struct tracee t = tracee_start(sleeps);
	const int flags = O_CREAT | O_TRUNC | O_APPEND;

	wait_state(t.pid, TRACE_STATE_ASLEEP);
	for (size_t i = 0; i < FILES; i++) {
		int mode = strncmp(files[i], "trace", 5) == 0 ? O_RDWR
			   : strcmp(files[i], "ctl") == 0     ? O_WRONLY
							      : O_RDONLY;

		close(proc_open(t.pid, files[i], mode | flags));
	}
	close(proc_open(t.pid, "mem", O_RDWR | flags));
	close(proc_open(t.pid, "regs", O_WRONLY | flags));
	CHECK(open("proc:/new", O_RDWR | flags) >= 0);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(text_goes_on_as_it_was_begun)
{
	struct tracee t = tracee_start(sleeps);
	int fd, trace;
	char first[8] = "", rest[4096];
	ssize_t n;

	wait_state(t.pid, TRACE_STATE_ASLEEP);
	fd = proc_open(t.pid, "status", O_RDONLY);
	CHECK_EQ(read(fd, first, 5), 5);
	CHECK_STR(first, "name ");
	trace = controller(t.pid);
	n = read(fd, rest, sizeof rest - 1);
	CHECK(n > 0);
	rest[n] = '\0';
	CHECK(strstr(rest, "\ntracers 0\n") != NULL);
	CHECK_EQ(lseek(fd, 0, SEEK_SET), 0);
	n = read(fd, rest, sizeof rest - 1);
	CHECK(n > 0);
	rest[n] = '\0';
	CHECK(strstr(rest, "\ntracers 1\n") != NULL);
	close(trace);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(status_says_who_it_is_and_what_it_does)
{
	struct tracee t = tracee_start(sleeps);
	struct trace_status status;
	char mine[16];

	wait_state(t.pid, TRACE_STATE_ASLEEP);
	CHECK_EQ(atoi(value_of(t.pid, "pid")), t.pid);
	CHECK_EQ(atoi(value_of(t.pid, "ppid")), getpid());
	CHECK_STR(value_of(t.pid, "name"), "layout");
	CHECK_STR(value_of(t.pid, "uid"), "0 0 0");
	CHECK_STR(value_of(t.pid, "gid"), "0 0 0");
	CHECK_STR(value_of(t.pid, "state"), "asleep");
	CHECK_STR(value_of(t.pid, "threads"), "1");
	CHECK_STR(value_of(t.pid, "tracers"), "0");
	CHECK_STR(value_of(t.pid, "why-held"), "-");
	CHECK_STR(value_of(t.pid, "held-by"), "-");
	CHECK_STR(value_of(t.pid, "refused"), "-");
	status = status_of(t.pid);
	CHECK_EQ(status.size, sizeof status);
	CHECK_EQ(status.pid, t.pid);
	CHECK_EQ(status.ppid, getpid());
	CHECK_EQ(status.threads, 1);
	CHECK_EQ(status.state, TRACE_STATE_ASLEEP);
	CHECK_STR(status.name, "layout");
	snprintf(mine, sizeof mine, "%s", value_of(getpid(), "state"));
	CHECK_STR(mine, "running");
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

/* It runs on while it is asked; asleep, or dead, it has had what it had. */
TEST(status_tells_the_processor_time)
{
	struct tracee t = tracee_start(sleeps);
	uint64_t before = status_of(getpid()).run_ns, slept;

	while (status_of(getpid()).run_ns < before + 20000000)
		continue;
	CHECK(strtoull(value_of(getpid(), "run-ns"), NULL, 10) >=
	      before + 20000000);
	wait_state(t.pid, TRACE_STATE_ASLEEP);
	slept = status_of(t.pid).run_ns;
	CHECK(slept > 0);
	CHECK_EQ(strtoull(value_of(t.pid, "run-ns"), NULL, 10), slept);
	go(&t);
	close(t.to);
	wait_state(t.pid, TRACE_STATE_ZOMBIE);
	CHECK(status_of(t.pid).run_ns >= slept);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(status_says_why_and_by_whom_it_is_held)
{
	struct tracee t = tracee_start(asks_for_parent);
	char mine[16];
	int fd = controller(t.pid);

	PUT(fd, "on enter getppid hold\n");
	go(&t);
	EXPECT(fd, "hold enter getppid");
	snprintf(mine, sizeof mine, "%d", (int)getpid());
	CHECK_STR(value_of(t.pid, "state"), "held");
	CHECK_STR(value_of(t.pid, "why-held"), "enter");
	CHECK_STR(value_of(t.pid, "held-by"), mine);
	CHECK_STR(value_of(t.pid, "holds"), "1");
	close(fd);
	CHECK_EQ(told(&t), getpid());
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(status_says_what_was_refused_last)
{
	struct tracee t = tracee_start(sleeps);
	int fd = controller(t.pid);

	REFUSED(fd, "return 1\n", EBUSY);
	CHECK_EQ(strncmp(value_of(getpid(), "refused"), "EBUSY return", 12), 0);
	REFUSED(fd, "nonsense\n", EINVAL);
	CHECK_STR(value_of(getpid(), "refused"),
		  "EINVAL line: no such verb: nonsense");
	REFUSED(fd, "on \033[2J * hold\n", EINVAL);
	CHECK_STR(value_of(getpid(), "refused"),
		  "EINVAL line: no such event: ?[2J");
	REFUSED(fd, "run", EINVAL);
	CHECK_STR(value_of(getpid(), "refused"),
		  "EINVAL line: no newline at its end");
	close(fd);
	fd = proc_open(t.pid, "ctl", O_WRONLY);
	REFUSED(fd, "return 1\n", EINVAL);
	CHECK_STR(value_of(getpid(), "refused"),
		  "EINVAL line: only stop, run, kill SIG, private");
	close(fd);
	fd = proc_open(t.pid, "regs", O_RDWR);
	REFUSED(fd, "rbx 1\nrix 2\n", EINVAL);
	CHECK_STR(value_of(getpid(), "refused"),
		  "EINVAL regs: no such register: rix");
	REFUSED(fd, "rax=5x\n", EINVAL);
	CHECK_STR(value_of(getpid(), "refused"), "EINVAL regs: no value: 5x");
	REFUSED(fd, "rax\n", EINVAL);
	CHECK_STR(value_of(getpid(), "refused"),
		  "EINVAL regs: no NAME VALUE: rax");
	REFUSED(fd, "rax 1", EINVAL);
	CHECK_STR(value_of(getpid(), "refused"),
		  "EINVAL line: no newline at its end");
	close(fd);
	fd = proc_open(t.pid, "mem", O_RDWR);
	CHECK_ERRNO(pwrite(fd, "x", 1, 0), EFAULT);
	CHECK_STR(value_of(getpid(), "refused"),
		  "EFAULT mem: nothing of the program's is there");
	close(fd);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(status_is_readable_until_the_process_is_reaped)
{
	struct tracee t = tracee_start(sleeps);
	int fd = proc_open(t.pid, "status", O_RDONLY);
	char c;

	go(&t);
	wait_state(t.pid, TRACE_STATE_ZOMBIE);
	CHECK_STR(value_of(t.pid, "state"), "zombie");
	CHECK_STR(value_of(t.pid, "end"), "0");
	CHECK_EQ(tracee_end(&t), 0);
	CHECK_ERRNO(read(fd, &c, 1), ESRCH);
}

TEST(args_are_a_line_each)
{
	CHECK_STR(contents(getpid(), "args"),
		  "/test/proc/layout\nargs_are_a_line_each\n");
}

TEST(maps_show_the_areas_and_their_generation)
{
	const char *text = contents(getpid(), "maps");
	unsigned long gen, again, start, end, offset, here = 0;
	char prot[8], object[256];

	CHECK_EQ(sscanf(text, "gen %lu\n", &gen), 1);
	while ((text = strchr(text, '\n')) != NULL && *++text) {
		CHECK_EQ(sscanf(text, "%lx-%lx %5s %lx %255s", &start, &end,
				prot, &offset, object),
			 5);
		CHECK(start < end && start % 4096 == 0 && end % 4096 == 0);
		CHECK(!(strchr(prot, 'w') && strchr(prot, 'x')));
		if (start <= (uintptr_t)&files && (uintptr_t)&files < end)
			here++;
		if (strcmp(object, "[stack]") == 0)
			CHECK(start <= (uintptr_t)&gen &&
			      (uintptr_t)&gen < end);
	}
	CHECK_EQ(here, 1);
	CHECK_EQ(sscanf(contents(getpid(), "maps"), "gen %lu\n", &again), 1);
	CHECK_EQ(again, gen);
	CHECK(malloc(1 << 20) != NULL);
	CHECK_EQ(sscanf(contents(getpid(), "maps"), "gen %lu\n", &again), 1);
	CHECK(again > gen);
}
