/*
 * What the files of a process say, against what the process is: what it was
 * started with, what it has open, where it is, what it does at signals.
 */
#include <sys/stat.h>
#include "trace/files.h"
#include "trace/scene.h"

extern char **environ;

static void
keep(char *copy, size_t size, const char *text)
{
	CHECK(strlen(text) < size);
	strcpy(copy, text);
}

/* ---- what it was started with ---- */

static pid_t
helper_with(char *const argv[], char *const env[])
{
	pid_t pid = fork();

	if (pid == 0) {
		execve("/test/proc/helper", argv, env);
		_exit(9);
	}
	while (strcmp(said_of(pid, "exe"), "/test/proc/helper\n") != 0)
		sched_yield();
	return pid;
}

static void
helper_end(pid_t pid)
{
	CHECK_EQ(kill(pid, SIGKILL), 0);
	CHECK_EQ(exit_status(wait_for(pid)), 1000 + SIGKILL);
}

TEST(args_and_env_are_what_exec_was_given_a_line_each)
{
	char name[] = "other name", what[] = "rest", empty[] = "",
	     line[] = "a\nb";
	char one[] = "ONE=1", no_value[] = "NONE", spaced[] = "S=a b%";
	char *const argv[] = {name, what, empty, line, NULL};
	char *const env[] = {one, no_value, empty, spaced, NULL};
	char *const none[] = {NULL};
	pid_t pid = helper_with(argv, env);

	CHECK_STR(said_of(pid, "args"), "other%20name\nrest\n%\na%0ab\n");
	CHECK_STR(said_of(pid, "env"), "ONE=1\nNONE\n%\nS=a%20b%25\n");
	CHECK_EQ(strncmp(said_of(pid, "status"), "name helper\n", 12), 0);
	helper_end(pid);
	pid = helper_with(argv, none);
	CHECK_STR(said_of(pid, "env"), "");
	helper_end(pid);
}

/* On the stack: argv, NULL, environ, NULL, pairs. */
TEST(auxv_is_what_lies_on_the_programs_own_stack)
{
	static const struct {
		uint64_t type;
		const char *name;
	} names[] = {
#define AUX(name, number) {number, "AT_" #name},
#include <proctor/abi/aux.def>
#undef AUX
	};
	char expected[2048] = "";
	uint64_t *pair;
	size_t used = 0;
	char **end = environ;

	while (*end)
		end++;
	for (pair = (uint64_t *)(void *)(end + 1); pair[0]; pair += 2) {
		const char *name = NULL;

		for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
			if (names[i].type == pair[0])
				name = names[i].name;
		CHECK(name != NULL);
		used += (size_t)snprintf(expected + used,
					 sizeof expected - used, "%s 0x%lx\n",
					 name, (unsigned long)pair[1]);
	}
	CHECK(used > 0);
	CHECK_STR(said_of(getpid(), "auxv"), expected);
}

TEST(what_a_program_does_to_its_own_copies_is_not_seen)
{
	char before[4096];

	keep(before, sizeof before, said_of(getpid(), "args"));
	CHECK(environ[-1] == NULL && environ[-2] != NULL);
	environ[-2][0] = '\n';
	CHECK(environ[0] != NULL);
	environ[0][0] = '\n';
	CHECK_STR(said_of(getpid(), "args"), before);
	CHECK(said_of(getpid(), "env")[0] != '%');
}

TEST(child_was_started_with_what_its_parent_was)
{
	char before[8192];

	tracee_begin(sleeps);
	keep(before, sizeof before, said_of(getpid(), "env"));
	CHECK_STR(said_of(t.pid, "env"), before);
	keep(before, sizeof before, said_of(getpid(), "auxv"));
	CHECK_STR(said_of(t.pid, "auxv"), before);
	CHECK_STR(said_of(t.pid, "exe"), "/test/proc/contents\n");
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

/* ---- what it has open ---- */

static const char *
fd_said(int fd)
{
	char name[32];

	snprintf(name, sizeof name, "fd/%d", fd);
	return said_of(getpid(), name);
}

TEST(fd_says_how_a_file_is_open_and_where_it_stands)
{
	int fd = open("/tmp/opened", O_RDWR | O_CREAT | O_TRUNC, 0600), copy;
	char said[128];

	CHECK_EQ(write(fd, "0123456789", 10), 10);
	CHECK_STR(fd_said(fd),
		  "mode rw\ntype file\noffset 10\npath /tmp/opened\n");
	CHECK_EQ(lseek(fd, 3, SEEK_SET), 3);
	copy = fcntl(fd, F_DUPFD_CLOEXEC, 20);
	CHECK_STR(fd_said(copy),
		  "mode rw cloexec\ntype file\noffset 3\npath /tmp/opened\n");
	CHECK_EQ(fcntl(fd, F_SETFL, O_APPEND | O_NONBLOCK), 0);
	CHECK_STR(fd_said(fd), "mode rw append nonblock\ntype file\noffset 3\n"
			       "path /tmp/opened\n");
	CHECK_EQ(rename("/tmp/opened", "/tmp/re named"), 0);
	CHECK(strstr(fd_said(fd), "\npath /tmp/re%20named\n") != NULL);
	close(copy);
	close(fd);
	fd = open("/tmp/re named", O_RDONLY);
	CHECK_STR(fd_said(fd),
		  "mode r\ntype file\noffset 0\npath /tmp/re%20named\n");
	CHECK_EQ(unlink("/tmp/re named"), 0);
	CHECK_STR(fd_said(fd), "mode r\ntype file\noffset 0\npath -\n");
	close(fd);
	fd = open("/tmp", O_RDONLY | O_DIRECTORY);
	CHECK_STR(fd_said(fd), "mode r\ntype directory\noffset 0\npath /tmp\n");
	close(fd);
	fd = open("proc:/self/status", O_RDONLY);
	snprintf(said, sizeof said,
		 "mode r\ntype file\noffset 0\npath proc:/%d/status\n",
		 (int)getpid());
	CHECK_STR(fd_said(fd), said);
	close(fd);
}

TEST(fd_says_what_is_no_file_and_has_no_place)
{
	int ends[2], null = open("null:", O_WRONLY);

	CHECK_EQ(pipe(ends), 0);
	CHECK_EQ(write(ends[1], "abc", 3), 3);
	CHECK_EQ(strncmp(fd_said(ends[0]), "mode r\ntype pipe\noffset 0\npath ",
			 31),
		 0);
	CHECK_EQ(strncmp(fd_said(ends[1]), "mode w\ntype pipe\noffset 0\npath ",
			 31),
		 0);
	CHECK_STR(fd_said(null),
		  "mode w\ntype character\noffset 0\npath null:/\n");
}

TEST(fd_that_was_closed_meanwhile_is_ENOENT)
{
	int fd = open("/tmp", O_RDONLY), file;
	char name[32], c[8];

	snprintf(name, sizeof name, "fd/%d", fd);
	file = proc_open(getpid(), name, O_RDONLY);
	CHECK_EQ(pread(file, c, 5, 0), 5);
	close(fd);
	CHECK_ERRNO(pread(file, c, 5, 0), ENOENT);
	CHECK_ERRNO(proc_try(getpid(), name, O_RDONLY), ENOENT);
	CHECK_ERRNO(proc_try(getpid(), "fd/x", O_RDONLY), ENOENT);
	CHECK_ERRNO(proc_try(getpid(), "fd/-1", O_RDONLY), ENOENT);
	CHECK_ERRNO(proc_try(getpid(), "fd/00", O_RDONLY), ENOENT);
	CHECK_ERRNO(proc_try(getpid(), "fd/999999999", O_RDONLY), ENOENT);
	CHECK_ERRNO(proc_try(getpid(), "fd/0/x", O_RDONLY), ENOTDIR);
}

TEST(cwd_is_where_it_went_and_a_dash_when_that_is_removed)
{
	(void)rmdir("/tmp/here it is");
	CHECK_EQ(mkdir("/tmp/here it is", 0700), 0);
	CHECK_EQ(chdir("/tmp/here it is"), 0);
	CHECK_STR(said_of(getpid(), "cwd"), "/tmp/here%20it%20is\n");
	CHECK_EQ(rmdir("/tmp/here it is"), 0);
	CHECK_STR(said_of(getpid(), "cwd"), "-\n");
	CHECK_EQ(chdir("/"), 0);
	CHECK_STR(said_of(getpid(), "cwd"), "/\n");
}

/* ---- signals ---- */

/* The line of a signal, which begins so. */
static const char *
line_of(const char *name)
{
	static char line[128];
	const char *at = said_of(getpid(), "signals");
	size_t n = strlen(name);

	while (strncmp(at, name, n) != 0 || at[n] != ' ') {
		at = strchr(at, '\n');
		CHECK(at != NULL && at[1] != '\0');
		at++;
	}
	snprintf(line, sizeof line, "%.*s", (int)strcspn(at, "\n"), at);
	return line;
}

static void
handler(int sig)
{
	(void)sig;
}

static void
set_action(int sig, void (*function)(int), int flags)
{
	struct sigaction action = {.sa_flags = flags};

	action.sa_handler = function;
	sigemptyset(&action.sa_mask);
	CHECK_EQ(sigaction(sig, &action, NULL), 0);
}

static void
check_caught(const char *name, const char *flags)
{
	char expected[128];

	snprintf(expected, sizeof expected, "%s caught 0x%lx %s - 0", name,
		 (unsigned long)(uintptr_t)handler, flags);
	CHECK_STR(line_of(name), expected);
}

TEST(signals_say_disposition_handler_and_flags)
{
	CHECK_STR(line_of("SIGUSR1"), "SIGUSR1 default - - - 0");
	set_action(SIGUSR1, SIG_IGN, 0);
	CHECK_STR(line_of("SIGUSR1"), "SIGUSR1 ignored - - - 0");
	set_action(SIGUSR1, handler, 0);
	check_caught("SIGUSR1", "-");
	set_action(SIGCHLD, handler,
		   SA_NOCLDSTOP | SA_NOCLDWAIT | SA_SIGINFO | SA_ONSTACK |
			   SA_RESTART | SA_NODEFER | (int)SA_RESETHAND);
	check_caught("SIGCHLD", "nocldstop,nocldwait,siginfo,onstack,restart,"
				"nodefer,resethand");
	set_action(40, handler, SA_RESTART);
	check_caught("40", "restart");
	set_action(SIGUSR1, SIG_DFL, 0);
	CHECK_STR(line_of("SIGUSR1"), "SIGUSR1 default - - - 0");
}

TEST(signals_say_what_is_blocked_and_how_many_wait)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGUSR2);
	sigaddset(&set, 50);
	CHECK_EQ(sigprocmask(SIG_BLOCK, &set, NULL), 0);
	CHECK_STR(line_of("SIGUSR2"), "SIGUSR2 default - - blocked 0");
	for (int i = 0; i < 3; i++) {
		CHECK_EQ(kill(getpid(), SIGUSR2), 0);
		CHECK_EQ(sigqueue(getpid(), 50, (union sigval){0}), 0);
	}
	CHECK_STR(line_of("SIGUSR2"), "SIGUSR2 default - - blocked 1");
	CHECK_STR(line_of("50"), "50 default - - blocked 3");
	CHECK_STR(line_of("51"), "51 default - - - 0");
	set_action(50, SIG_IGN, 0);
	CHECK_STR(line_of("50"), "50 ignored - - blocked 0");
}

/* ---- one thread ---- */

static void
thread_says(const char *expected)
{
	char name[32];
	const char *text;

	snprintf(name, sizeof name, "thread/%d/status", (int)t.pid);
	text = said_of(t.pid, name);
	if (!strstr(text, expected))
		test_fail(__FILE__, __LINE__, "no \"%s\" in \"%s\"", expected,
			  text);
}

static struct trace_thread_status
thread_status(void)
{
	struct trace_thread_status status;
	char name[32];
	int fd;

	snprintf(name, sizeof name, "thread/%d/status.bin", (int)t.pid);
	fd = proc_open(t.pid, name, O_RDONLY);
	CHECK_EQ(read(fd, &status, sizeof status), sizeof status);
	close(fd);
	CHECK_EQ(status.size, sizeof status);
	CHECK_EQ(status.pid, t.pid);
	CHECK_EQ(status.tid, t.pid);
	return status;
}

TEST(thread_says_which_call_it_is_in_and_what_it_waits_for)
{
	char name[32];

	tracee_begin(sleeps);
	thread_says("\nstate asleep\ncall read\nwaits ");
	thread_says("\nwhy-held -\nheld-by -\nrun-ns ");
	CHECK_EQ(thread_status().state, TRACE_STATE_ASLEEP);
	CHECK_EQ(thread_status().call, SYS_read);
	CHECK(thread_status().waits[0] != '\0');
	CHECK_EQ(thread_status().run_ns, status_of(t.pid).run_ns);
	CHECK_STR(thread_status().name, "contents");
	snprintf(name, sizeof name, "thread/%d/name", (int)t.pid);
	CHECK_STR(said_of(t.pid, name), "contents\n");
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
	tracee_begin(spins);
	thread_says("\nstate running\ncall -\nwaits -\n");
	CHECK_EQ(thread_status().call, 0);
	tracee_kill(&t);
}

TEST(thread_says_why_and_by_whom_it_is_held)
{
	int fd = held_at_enter(), other = controller(t.pid);
	char line[64];

	snprintf(line, sizeof line, "\nwhy-held enter\nheld-by %d\n",
		 (int)getpid());
	thread_says("\nstate held\ncall getppid\n");
	thread_says(line);
	CHECK_EQ(thread_status().why_held, TRACE_EV_enter);
	CHECK_EQ(thread_status().holds, 1);
	CHECK_EQ(thread_status().held_by[0], getpid());
	CHECK_EQ(thread_status().held_by[1], 0);
	PUT(other, "stop\n");
	CHECK_EQ(thread_status().holds, 2);
	CHECK_EQ(thread_status().held_by[1], getpid());
	CHECK_EQ(thread_status().held_by[2], 0);
	close(other);
	close(fd);
	answers();
	CHECK_EQ(tracee_end(&t), 0);
}

static void
makes_no_call(const struct tracee *u)
{
	await(u);
	tell(u, call0(4000000000));
}

TEST(thread_in_a_call_without_a_name_says_its_number)
{
	int fd = held_in(makes_no_call, "on enter * hold\n", "hold enter ");

	thread_says("\ncall #4000000000\n");
	CHECK_EQ(thread_status().call, 4000000000);
	close(fd);
	CHECK_EQ(told(&t), -ENOSYS);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(thread_that_has_ended_is_ESRCH_and_is_listed_no_more)
{
	char name[32], c;
	int status, words;

	tracee_begin(sleeps);
	snprintf(name, sizeof name, "thread/%d/status", (int)t.pid);
	status = proc_open(t.pid, name, O_RDONLY);
	snprintf(name, sizeof name, "thread/%d/name", (int)t.pid);
	words = proc_open(t.pid, name, O_RDONLY);
	go(&t);
	wait_state(t.pid, TRACE_STATE_ZOMBIE);
	CHECK_ERRNO(read(status, &c, 1), ESRCH);
	CHECK_ERRNO(read(words, &c, 1), ESRCH);
	CHECK_ERRNO(proc_try(t.pid, name, O_RDONLY), ENOENT);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(args_of_a_zombie_are_none_until_it_is_reaped)
{
	int args;
	char c;

	tracee_begin(sleeps);
	args = proc_open(t.pid, "args", O_RDONLY);
	CHECK_EQ(pread(args, &c, 1, 0), 1);
	go(&t);
	wait_state(t.pid, TRACE_STATE_ZOMBIE);
	CHECK_EQ(pread(args, &c, 1, 0), 0);
	CHECK_STR(said_of(t.pid, "args"), "");
	CHECK_EQ(tracee_end(&t), 0);
	CHECK_ERRNO(pread(args, &c, 1, 0), ESRCH);
	close(args);
}

/* ---- points, maps ---- */

TEST(points_are_empty)
{
	CHECK_STR(said_of(getpid(), "points"), "");
}

TEST(packed_maps_say_what_the_text_says)
{
	static char bytes[FILE_SIZE], text[FILE_SIZE], line[512];
	struct trace_maps maps;
	struct trace_payload payload;
	struct trace_map map;
	int fd;

	tracee_begin(sleeps);
	keep(text, sizeof text, said_of(t.pid, "maps"));
	fd = proc_open(t.pid, "maps.bin", O_RDONLY);
	CHECK(read_by(fd, bytes, 4096) > 0);
	close(fd);
	memcpy(&maps, bytes, sizeof maps);
	snprintf(line, sizeof line, "gen %lu\n", (unsigned long)maps.gen);
	CHECK_EQ(strncmp(text, line, strlen(line)), 0);
	for (size_t at = maps.size; maps.count > 0; maps.count--) {
		const char *name = bytes + at + sizeof map + sizeof payload;

		memcpy(&map, bytes + at, sizeof map);
		memcpy(&payload, bytes + at + sizeof map, sizeof payload);
		if (map.size == sizeof map) {
			payload.length = 1;
			name = "-";
		} else {
			CHECK_EQ(payload.kind, TRACE_PAYLOAD_NAME);
		}
		snprintf(line, sizeof line, "\n%lx-%lx %c%c%c%c %lx %.*s\n",
			 (unsigned long)map.start, (unsigned long)map.end,
			 map.flags & TRACE_MAP_READ ? 'r' : '-',
			 map.flags & TRACE_MAP_WRITE ? 'w' : '-',
			 map.flags & TRACE_MAP_EXEC ? 'x' : '-',
			 map.flags & TRACE_MAP_SHARED ? 's' : 'p',
			 (unsigned long)map.offset, (int)payload.length, name);
		if (!strstr(text, line))
			test_fail(__FILE__, __LINE__, "no %s", line);
		at += map.size;
	}
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}
