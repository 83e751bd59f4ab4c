/*
 * Who may: authority is asked at every open, and everything that is not granted
 * is refused.  Asked as another user, in a child that gave up its own ids.
 */
#include "trace/tracing.h"

enum { ALICE = 1001, BOB = 1002, STAFF = 2001 };

/* A tracee that becomes somebody and says so. */
static uid_t wanted_uid;
static gid_t wanted_gid;

static void
becomes(const struct tracee *t)
{
	tell(t, setgid(wanted_gid) == 0 && setuid(wanted_uid) == 0);
	await(t);
}

static struct tracee
tracee_of(uid_t uid, gid_t gid)
{
	struct tracee t;

	wanted_uid = uid;
	wanted_gid = gid;
	t = tracee_start(becomes);
	CHECK_EQ(told(&t), 1);
	return t;
}

/* What opening gives to somebody: 0 or the errno. */
static int
open_as(uid_t uid, gid_t gid, pid_t pid, const char *name, int flags)
{
	pid_t child = fork();

	CHECK(child >= 0);
	if (child == 0) {
		if (setgid(gid) < 0 || setuid(uid) < 0)
			_exit(255);
		_exit(proc_try(pid, name, flags) >= 0 ? 0 : errno);
	}
	return exit_status(wait_for(child));
}

static const struct {
	const char *name;
	int flags;
	int public;
} opens[] = {
	{"status", O_RDONLY, 1},  {"status.bin", O_RDONLY, 1},
	{"args", O_RDONLY, 1},	  {"maps", O_RDONLY, 0},
	{"regs", O_RDONLY, 0},	  {"regs", O_WRONLY, 0},
	{"regs.bin", O_RDWR, 0},  {"mem", O_RDONLY, 0},
	{"mem", O_RDWR, 0},	  {"mem", O_WRONLY, 0},
	{"trace", O_RDONLY, 0},	  {"trace", O_RDWR, 0},
	{"trace.bin", O_RDWR, 0}, {"trace.bin", O_RDONLY, 0},
	{"ctl", O_WRONLY, 0},
};
#define OPENS (sizeof(opens) / sizeof(opens[0]))

static void
all_as(uid_t uid, gid_t gid, pid_t pid, int error)
{
	for (size_t i = 0; i < OPENS; i++) {
		int expected = opens[i].public ? 0 : error;
		int got = open_as(uid, gid, pid, opens[i].name, opens[i].flags);

		if (got != expected)
			test_fail(__FILE__, __LINE__, "%s: %s, not %s",
				  opens[i].name, strerror(got),
				  strerror(expected));
	}
}

TEST(another_users_process_shows_only_what_is_public)
{
	struct tracee t = tracee_of(ALICE, STAFF);

	all_as(BOB, STAFF, t.pid, EACCES);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(ones_own_process_is_open_to_its_user)
{
	struct tracee t = tracee_of(ALICE, STAFF);

	all_as(ALICE, STAFF, t.pid, 0);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(same_user_with_another_group_is_refused)
{
	struct tracee t = tracee_of(ALICE, STAFF);

	all_as(ALICE, STAFF + 1, t.pid, EACCES);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(group_0_alone_opens_nothing)
{
	struct tracee t = tracee_of(ALICE, STAFF);
	struct tracee root = tracee_start(sleeps);

	all_as(BOB, 0, t.pid, EACCES);
	all_as(BOB, 0, root.pid, EACCES);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
	go(&root);
	CHECK_EQ(tracee_end(&root), 0);
}

TEST(root_opens_everything_but_init_and_itself)
{
	struct tracee t = tracee_of(ALICE, STAFF);

	all_as(0, 0, t.pid, 0);
	all_as(0, 77, t.pid, 0);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(root_process_is_closed_to_users)
{
	struct tracee t = tracee_start(sleeps);

	all_as(ALICE, STAFF, t.pid, EACCES);
	all_as(ALICE, 0, t.pid, EACCES);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(root_that_keeps_its_group_is_closed_to_the_user_that_it_became)
{
	struct tracee t = tracee_of(ALICE, 0);

	all_as(ALICE, STAFF, t.pid, EACCES);
	all_as(ALICE, 0, t.pid, 0);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(what_is_refused_is_listed_and_EACCES_not_ENOENT)
{
	struct tracee t = tracee_start(sleeps);

	CHECK_EQ(open_as(ALICE, STAFF, t.pid, "mem", O_RDONLY), EACCES);
	CHECK_EQ(open_as(ALICE, STAFF, t.pid, "nothing", O_RDONLY), ENOENT);
	CHECK_EQ(open_as(ALICE, STAFF, 1, "trace", O_RDWR), EACCES);
	CHECK_EQ(open_as(ALICE, STAFF, 3999999, "trace", O_RDWR), ENOENT);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(access_says_what_open_would)
{
	struct tracee t = tracee_start(sleeps);
	char path[64];
	pid_t child;

	snprintf(path, sizeof path, "proc:/%d/mem", (int)t.pid);
	CHECK_EQ(access(path, R_OK | W_OK), 0);
	child = fork();
	if (child == 0) {
		CHECK_EQ(setuid(ALICE), 0);
		CHECK_ERRNO(access(path, R_OK), EACCES);
		CHECK_ERRNO(access(path, W_OK), EACCES);
		CHECK_EQ(access(path, F_OK), 0);
		_exit(0);
	}
	CHECK_EQ(exit_status(wait_for(child)), 0);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(descriptor_is_the_right_and_goes_on_when_its_holder_gives_up_ids)
{
	struct tracee t = tracee_start(asks_for_parent);
	int fd = controller(t.pid);
	pid_t child = fork();

	if (child == 0) {
		CHECK_EQ(setuid(ALICE), 0);
		PUT(fd, "on enter getppid hold\n");
		go(&t);
		EXPECT(fd, "hold enter getppid");
		PUT(fd, "return 3\nrun\n");
		_exit(0);
	}
	CHECK_EQ(exit_status(wait_for(child)), 0);
	CHECK_EQ(told(&t), 3);
	close(fd);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(users_new_child_is_the_users)
{
	pid_t child = fork();

	if (child == 0) {
		struct trace_status status;
		struct event e;
		int fd;

		CHECK_EQ(setgid(STAFF), 0);
		CHECK_EQ(setuid(ALICE), 0);
		fd = open("proc:/new", O_RDWR | O_CLOEXEC);
		PUT(fd, "new /bin/true true\n");
		e = next_event(fd);
		status = status_of(e.pid);
		for (int i = 0; i < 3; i++) {
			CHECK_EQ(status.uid[i], ALICE);
			CHECK_EQ(status.gid[i], STAFF);
		}
		EXPECT(fd, "log end exited 0");
		_exit(0);
	}
	CHECK_EQ(exit_status(wait_for(child)), 0);
}

TEST(user_cannot_run_in_new_what_he_cannot_execute)
{
	int file = open("/tmp/only-root", O_CREAT | O_WRONLY | O_TRUNC, 0700);
	pid_t child = fork();

	if (child == 0) {
		int fd;

		CHECK_EQ(setuid(ALICE), 0);
		fd = open("proc:/new", O_RDWR | O_CLOEXEC);
		REFUSED(fd, "new /tmp/only-root x\n", EACCES);
		_exit(0);
	}
	CHECK_EQ(exit_status(wait_for(child)), 0);
	close(file);
	unlink("/tmp/only-root");
}

TEST(dead_and_dying_are_no_exception)
{
	struct tracee t = tracee_of(ALICE, STAFF);
	int fd = controller(t.pid);

	PUT(fd, "on end hold\n");
	go(&t);
	EXPECT(fd, "hold end exited 0");
	all_as(BOB, STAFF, t.pid, EACCES);
	close(fd);
	wait_state(t.pid, TRACE_STATE_ZOMBIE);
	CHECK_EQ(open_as(BOB, STAFF, t.pid, "mem", O_RDONLY), EACCES);
	CHECK_EQ(open_as(BOB, STAFF, t.pid, "trace", O_RDWR), EACCES);
	CHECK_EQ(open_as(BOB, STAFF, t.pid, "ctl", O_WRONLY), EACCES);
	CHECK_EQ(open_as(BOB, STAFF, t.pid, "status", O_RDONLY), 0);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(half_built_child_is_no_exception)
{
	int fd = open("proc:/new", O_RDWR | O_CLOEXEC);
	pid_t pid;

	PUT(fd, "new /bin/true true\n");
	pid = next_event(fd).pid;
	all_as(BOB, STAFF, pid, EACCES);
	EXPECT(fd, "log end exited 0");
	close(fd);
	wait_for(pid);
}

TEST(init_is_controlled_by_nobody)
{
	static const char *const names[] = {"trace", "trace.bin", "mem",
					    "regs.bin", "ctl"};

	for (int i = 0; i < 5; i++) {
		int flags = strcmp(names[i], "ctl") == 0 ? O_WRONLY : O_RDWR;

		CHECK_EQ(open_as(0, 0, 1, names[i], flags), EACCES);
		CHECK_EQ(open_as(ALICE, STAFF, 1, names[i], flags), EACCES);
	}
}

/* ---- other ways in ---- */

TEST(directory_of_a_process_gives_no_more_than_its_path)
{
	struct tracee t = tracee_start(sleeps);
	char path[32];
	pid_t child;

	snprintf(path, sizeof path, "proc:/%d", (int)t.pid);
	child = fork();
	if (child == 0) {
		int dir;

		CHECK_EQ(setuid(ALICE), 0);
		dir = open(path, O_RDONLY | O_DIRECTORY);
		CHECK(dir >= 0);
		CHECK_ERRNO(openat(dir, "mem", O_RDONLY), EACCES);
		CHECK_ERRNO(openat(dir, "trace", O_RDWR), EACCES);
		CHECK_ERRNO(openat(dir, "ctl", O_WRONLY), EACCES);
		CHECK(openat(dir, "status", O_RDONLY) >= 0);
		CHECK_ERRNO(openat(dir, "../1/mem", O_RDONLY), EACCES);
		CHECK_ERRNO(open(path, O_RDWR), EISDIR);
		_exit(0);
	}
	CHECK_EQ(exit_status(wait_for(child)), 0);
	CHECK_EQ(tracee_end(&t), 0);
}

/* Held by one that may, it is as closed as before to one that may not. */
TEST(tracee_is_no_more_open_than_it_was)
{
	struct tracee t = tracee_of(ALICE, STAFF);
	int fd = controller(t.pid);

	PUT(fd, "stop\n");
	EXPECT_START(fd, "hold stop");
	all_as(BOB, STAFF, t.pid, EACCES);
	all_as(ALICE, STAFF, t.pid, 0);
	CHECK_EQ(status_of(t.pid).tracers, 1);
	close(fd);
	CHECK_EQ(ctl(t.pid, "stop\n"), 0);
	all_as(BOB, STAFF, t.pid, EACCES);
	CHECK_EQ(ctl(t.pid, "run\n"), 0);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(files_of_a_process_are_not_renamed_removed_made_or_changed)
{
	CHECK(unlink("proc:/self/status") < 0);
	CHECK(rmdir("proc:/1") < 0);
	CHECK(mkdir("proc:/2000000", 0777) < 0);
	CHECK(rename("proc:/self/status", "proc:/self/trace") < 0);
	CHECK(chmod("proc:/self/mem", 0666) < 0);
	CHECK(chmod("proc:/1/trace", 0666) < 0);
	CHECK_ERRNO(open("proc:/self/mine", O_CREAT | O_RDWR, 0666), ENOENT);
}

static void
private_with_a_child(const struct tracee *t)
{
	pid_t child;

	CHECK_EQ(ctl(getpid(), "private\n"), 0);
	child = fork();
	if (child == 0)
		sleep_until_killed();
	tell(t, child);
	await(t);
	kill(child, SIGKILL);
	wait_for(child);
}

/* Its own ctl, for `private`, goes to a child that is nobody. */
static void
gives_its_own_ctl_away(const struct tracee *t)
{
	int own = open("proc:/self/ctl", O_WRONLY);
	pid_t child;

	CHECK(own >= 0);
	CHECK_EQ(write(own, "private\n", 8), 8);
	child = fork();
	if (child == 0) {
		CHECK_EQ(setgid(STAFF), 0);
		CHECK_EQ(setuid(BOB), 0);
		CHECK_ERRNO(write(own, "stop\n", 5), EDEADLK);
		CHECK_ERRNO(write(own, "run\n", 4), EDEADLK);
		CHECK_ERRNO(write(own, "kill SIGKILL\n", 13), EDEADLK);
		CHECK_ERRNO(write(own, "private\n", 8), EACCES);
		_exit(0);
	}
	tell(t, exit_status(wait_for(child)));
}

TEST(own_ctl_gives_whoever_inherits_it_nothing)
{
	struct tracee t = tracee_start(gives_its_own_ctl_away);

	CHECK_EQ(told(&t), 0);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(child_of_a_private_process_is_private)
{
	struct tracee t = tracee_start(private_with_a_child);
	pid_t child = (pid_t)told(&t);

	all_as(0, 0, t.pid, EACCES);
	all_as(0, 0, child, EACCES);
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

static void
becomes_private_then_another(const struct tracee *t)
{
	CHECK_EQ(ctl(getpid(), "private\n"), 0);
	tell(t, 0);
	await(t);
	execl("/bin/sleep", "sleep", "1000", (char *)NULL);
}

TEST(private_ends_with_exec_and_not_before)
{
	struct tracee t = tracee_start(becomes_private_then_another);

	CHECK_EQ(told(&t), 0);
	all_as(0, 0, t.pid, EACCES);
	go(&t);
	while (strcmp(status_of(t.pid).name, "sleep") != 0)
		sched_yield();
	all_as(0, 0, t.pid, 0);
	tracee_kill(&t);
}
