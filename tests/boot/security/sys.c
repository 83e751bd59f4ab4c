/*
 * sys: shows each caller what its rights allow, and the descriptor is the
 * right: asked as another user, of processes of root, of that user and of one
 * that is private.
 */
#include <sys/stat.h>
#include "trace/sysfiles.h"

enum { USER = 1000 };

static void
becomes_user(const struct tracee *u)
{
	tell(u, setgid(USER) == 0 && setuid(USER) == 0);
	await(u);
}

static void
becomes_private_user(const struct tracee *u)
{
	tell(u, setgid(USER) == 0 && setuid(USER) == 0 &&
			ctl(getpid(), "private\n") == 0);
	await(u);
}

/* Asleep: root's, the user's, and a private one of the user's. */
static struct tracee roots, users, privates;

static void
scene_begin(void)
{
	roots = tracee_start(sleeps);
	users = tracee_start(becomes_user);
	privates = tracee_start(becomes_private_user);
	CHECK_EQ(told(&users), 1);
	CHECK_EQ(told(&privates), 1);
	wait_state(roots.pid, TRACE_STATE_ASLEEP);
	wait_state(users.pid, TRACE_STATE_ASLEEP);
	wait_state(privates.pid, TRACE_STATE_ASLEEP);
}

static void
scene_end(void)
{
	struct tracee *const all[] = {&roots, &users, &privates};

	for (int i = 0; i < 3; i++) {
		go(all[i]);
		CHECK_EQ(tracee_end(all[i]), 0);
	}
}

/* What this open file shows of them: 4 root's, 2 the user's, 1 the private. */
static int
shown_in(int fd, bool threads)
{
	struct tracee *const all[] = {&privates, &users, &roots};
	const char *text = sys_text(fd, 512);
	int shown = 0;
	char start[32];

	for (int i = 0; i < 3; i++) {
		snprintf(start, sizeof start, threads ? "\n%d/" : "\n%d\t",
			 (int)all[i]->pid);
		if (strstr(text, start) ||
		    !strncmp(text, start + 1, strlen(start + 1)))
			shown |= 1 << i;
	}
	return shown;
}

static int
shown(const char *name)
{
	int fd = sys_open(name);
	int what = shown_in(fd, strcmp(name, "iostat") != 0);

	close(fd);
	return what;
}

static void
give_up_root(void)
{
	CHECK_EQ(setgid(USER), 0);
	CHECK_EQ(setuid(USER), 0);
}

/* The end of a child of the test's. */
static void
child_was_well(pid_t child)
{
	CHECK(child > 0);
	CHECK_EQ(exit_status(wait_for(child)), 0);
}

static const char *const secret[] = {"block", "calls", "iostat"};

TEST(sys_shows_a_user_only_its_own_processes_and_everybody_contexts)
{
	pid_t child;

	scene_begin();
	child = fork();
	if (child == 0) {
		give_up_root();
		CHECK_EQ(shown("contexts"), 7);
		for (int i = 0; i < 3; i++)
			CHECK_EQ(shown(secret[i]), 2);
		_exit(0);
	}
	child_was_well(child);
	scene_end();
}

TEST(sys_shows_root_all_but_what_is_private)
{
	scene_begin();
	CHECK_EQ(shown("contexts"), 7);
	for (int i = 0; i < 3; i++)
		CHECK_EQ(shown(secret[i]), 6);
	scene_end();
}

TEST(sys_opened_as_root_shows_as_much_to_whoever_inherits_it)
{
	int fds[3];
	pid_t child;

	scene_begin();
	for (int i = 0; i < 3; i++)
		fds[i] = sys_open(secret[i]);
	child = fork();
	if (child == 0) {
		give_up_root();
		for (int i = 0; i < 3; i++)
			CHECK_EQ(shown_in(fds[i], i < 2), 6);
		_exit(0);
	}
	child_was_well(child);
	scene_end();
}

/* A cat that runs as root whoever starts it. */
static const char roots_cat[] = "/tmp/roots-cat";

static void
make_roots_cat(void)
{
	static char bytes[65536];
	int from = open("/bin/cat", O_RDONLY | O_CLOEXEC);
	int to =
		open(roots_cat, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);
	ssize_t n;

	CHECK(from >= 0 && to >= 0);
	while ((n = read(from, bytes, sizeof bytes)) > 0)
		CHECK_EQ(write(to, bytes, (size_t)n), n);
	CHECK_EQ(close(to), 0);
	close(from);
	CHECK_EQ(chmod(roots_cat, 06755), 0);
}

TEST(sys_opened_as_a_user_shows_root_no_more_than_the_user)
{
	int copy = open("/tmp/copy", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	pid_t child;

	CHECK(copy >= 0);
	make_roots_cat();
	scene_begin();
	child = fork();
	if (child == 0) {
		give_up_root();
		dup2(sys_open("calls"), 0);
		dup2(copy, 1);
		execl(roots_cat, roots_cat, (char *)NULL);
		_exit(1);
	}
	child_was_well(child);
	CHECK_EQ(shown_in(copy, true), 2);
	close(copy);
	CHECK_EQ(unlink("/tmp/copy"), 0);
	CHECK_EQ(unlink(roots_cat), 0);
	scene_end();
}

TEST(private_process_is_shown_to_itself)
{
	pid_t child = fork();

	if (child == 0) {
		struct sys_line line;

		give_up_root();
		CHECK_EQ(ctl(getpid(), "private\n"), 0);
		CHECK(sys_find("calls", 0, sys_who(getpid()), &line));
		_exit(0);
	}
	child_was_well(child);
}

/* ---- sessions ---- */

static bool
sees_session(const struct tracee *target)
{
	struct sys_line line;
	char pid[32];

	sys_number(pid, target->pid);
	return sys_find("trace", 3, pid, &line);
}

TEST(trace_shows_a_session_to_observers_of_its_opener_or_of_all_its_targets)
{
	int on_root, on_user;
	pid_t child;

	scene_begin();
	on_root = controller(roots.pid);
	on_user = controller(users.pid);
	CHECK(sees_session(&roots) && sees_session(&users));
	child = fork();
	if (child == 0) {
		give_up_root();
		CHECK(!sees_session(&roots));
		CHECK(sees_session(&users));
		_exit(0);
	}
	child_was_well(child);
	close(on_root);
	close(on_user);
	scene_end();
}

TEST(trace_shows_no_session_without_a_target_but_to_observers_of_its_opener)
{
	int fd = open("proc:/new", O_RDWR | O_CLOEXEC);
	struct sys_line line;
	pid_t child;

	CHECK(fd >= 0);
	CHECK(sys_find("trace", 3, "-", &line));
	child = fork();
	if (child == 0) {
		give_up_root();
		CHECK(!sys_find("trace", 3, "-", &line));
		_exit(0);
	}
	child_was_well(child);
	close(fd);
}
