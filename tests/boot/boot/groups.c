/* Process groups and sessions: who may move where, whom kill and wait mean. */
#include "boot/children.h"

#define CROWD 1000

static int ready[2], go[2];

/* Tells the parent, waits until it says so. */
static void
meet(void)
{
	char c = 0;

	CHECK_EQ(write(ready[1], &c, 1), 1);
	CHECK_EQ(read(go[0], &c, 1), 1);
}

static void
await_child(void)
{
	char c;

	CHECK_EQ(read(ready[0], &c, 1), 1);
}

static void
let_go(void)
{
	CHECK_EQ(write(go[1], "", 1), 1);
}

static void
make_pipes(void)
{
	CHECK_EQ(pipe(ready), 0);
	CHECK_EQ(pipe(go), 0);
}

TEST(group_and_session_are_inherited)
{
	pid_t pgid = getpgrp(), sid = getsid(0), pid = fork();

	CHECK(pgid > 0 && sid > 0);
	if (pid == 0)
		_exit(getpgrp() != pgid || getsid(0) != sid ||
		      getpgid(getppid()) != pgid || getsid(getppid()) != sid);
	CHECK_EQ(child_end(pid), 0);
	CHECK_ERRNO(getpgid(4000000), ESRCH);
	CHECK_ERRNO(getsid(4000000), ESRCH);
	CHECK_ERRNO(getpgid(-1), ESRCH);
}

static void
make_own_group(void)
{
	CHECK_EQ(setpgid(0, 0), 0);
	CHECK_EQ(getpgrp(), getpid());
	CHECK_EQ(setpgid(getpid(), getpid()), 0);
}

TEST(setpgid_makes_a_group_of_ones_own)
{
	CHECK_EQ(in_child(make_own_group), 0);
}

TEST(setpgid_moves_a_child_and_back)
{
	pid_t pid = child_start(sleep_for_ever), own = getpgrp();

	CHECK_EQ(setpgid(pid, pid), 0);
	CHECK_EQ(getpgid(pid), pid);
	CHECK_EQ(setpgid(pid, own), 0);
	CHECK_EQ(getpgid(pid), own);
	CHECK_EQ(setpgid(pid, 0), 0);
	CHECK_EQ(getpgid(pid), pid);
	child_kill(pid);
	CHECK_ERRNO(getpgid(pid), ESRCH);
}

TEST(setpgid_joins_only_groups_of_the_session)
{
	pid_t pid = child_start(sleep_for_ever);

	CHECK_ERRNO(setpgid(pid, 4000000), EPERM);
	CHECK_ERRNO(setpgid(pid, 1), EPERM);
	CHECK_ERRNO(setpgid(pid, -5), EINVAL);
	CHECK_ERRNO(setpgid(1, 1), ESRCH);
	CHECK_ERRNO(setpgid(4000000, 0), ESRCH);
	CHECK_ERRNO(setpgid(-5, 0), ESRCH);
	child_kill(pid);
}

static void
lead_and_meet(void)
{
	CHECK_EQ(setsid(), getpid());
	CHECK_EQ(getpgrp(), getpid());
	CHECK_EQ(getsid(0), getpid());
	CHECK_ERRNO(setsid(), EPERM);
	CHECK_ERRNO(setpgid(0, 0), EPERM);
	meet();
}

TEST(session_leader_cannot_move_nor_be_moved)
{
	pid_t pid;

	make_pipes();
	pid = child_start(lead_and_meet);
	await_child();
	CHECK_ERRNO(setpgid(pid, pid), EPERM);
	CHECK_ERRNO(setpgid(pid, getpgrp()), EPERM);
	CHECK_EQ(getsid(pid), pid);
	let_go();
	CHECK_EQ(child_end(pid), 0);
}

static void
lead_a_group(void)
{
	CHECK_EQ(setpgid(0, 0), 0);
	CHECK_ERRNO(setsid(), EPERM);
}

TEST(group_leader_makes_no_session)
{
	CHECK_EQ(in_child(lead_a_group), 0);
}

TEST(setpgid_of_a_child_with_a_new_image_is_EACCES)
{
	char *argv[] = {(char[]){"cat"}, NULL}, *envp[] = {NULL};
	int in[2], out[2];
	char c;
	pid_t pid;

	CHECK_EQ(pipe(in), 0);
	CHECK_EQ(pipe(out), 0);
	pid = fork();
	if (pid == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		close(in[1]);
		execve("/bin/cat", argv, envp);
		_exit(1);
	}
	CHECK_EQ(setpgid(pid, 0) == 0 || errno == EACCES, 1);
	CHECK_EQ(write(in[1], "x", 1), 1);
	CHECK_EQ(read(out[0], &c, 1), 1);
	CHECK_ERRNO(setpgid(pid, pid), EACCES);
	CHECK_ERRNO(setpgid(pid, getpgrp()), EACCES);
	close(in[1]);
	close(in[0]);
	CHECK_EQ(child_end(pid), 0);
}

/* Its maker is gone, its number is not given again while it is there. */
TEST(group_outlives_the_process_that_made_it)
{
	pid_t first = child_start(sleep_for_ever);
	pid_t second = child_start(sleep_for_ever);

	CHECK_EQ(setpgid(first, first), 0);
	CHECK_EQ(setpgid(second, first), 0);
	child_kill(first);
	CHECK_EQ(getpgid(second), first);
	CHECK_EQ(kill(-first, 0), 0);
	CHECK_ERRNO(kill(first, 0), ESRCH);
	CHECK_EQ(kill(-first, SIGTERM), 0);
	CHECK_EQ(child_end(second), 128 + SIGTERM);
	CHECK_ERRNO(kill(-first, 0), ESRCH);
}

TEST(kill_reaches_all_of_a_group_and_nobody_else)
{
	pid_t apart = child_start(sleep_for_ever), pids[5];
	int i;

	for (i = 0; i < 5; i++) {
		pids[i] = child_start(sleep_for_ever);
		CHECK_EQ(setpgid(pids[i], pids[0]), 0);
	}
	CHECK_EQ(killpg(pids[0], SIGKILL), 0);
	for (i = 0; i < 5; i++)
		CHECK_EQ(waitpid(-pids[0], NULL, 0) > 0, 1);
	CHECK_ERRNO(waitpid(-pids[0], NULL, 0), ECHILD);
	CHECK_EQ(waitpid(apart, NULL, WNOHANG), 0);
	child_kill(apart);
}

static void
end_own_group(void)
{
	pid_t pid;

	CHECK_EQ(setpgid(0, 0), 0);
	pid = child_start(sleep_for_ever);
	signal(SIGTERM, SIG_IGN);
	CHECK_EQ(kill(0, SIGTERM), 0);
	CHECK_EQ(child_end(pid), 128 + SIGTERM);
}

TEST(kill_of_0_reaches_the_own_group)
{
	CHECK_EQ(in_child(end_own_group), 0);
}

TEST(kill_of_a_group_that_is_not_there_is_ESRCH)
{
	CHECK_ERRNO(kill(-4000000, SIGTERM), ESRCH);
	CHECK_ERRNO(kill(-2147483647 - 1, SIGTERM), ESRCH);
	CHECK_ERRNO(kill(-getpgrp(), 65), EINVAL);
}

static void
be_somebody_else(void)
{
	CHECK_EQ(setuid(1000), 0);
	meet();
}

TEST(kill_of_a_group_is_EPERM_only_if_nobody_may_be_reached)
{
	pid_t other, mine;

	make_pipes();
	other = child_start(be_somebody_else);
	CHECK_EQ(setpgid(other, other), 0);
	await_child();
	CHECK_EQ(setuid(1001), 0);
	CHECK_ERRNO(kill(-other, SIGTERM), EPERM);
	CHECK_EQ(kill(-other, SIGCONT), 0); /* of the same session */
	mine = child_start(sleep_for_ever);
	CHECK_EQ(setpgid(mine, other), 0);
	CHECK_EQ(kill(-other, SIGTERM), 0);
	CHECK_EQ(child_end(mine), 128 + SIGTERM);
	let_go();
	CHECK_EQ(child_end(other), 0);
}

TEST(wait_of_0_and_of_a_group_take_no_other_child)
{
	pid_t mine = child_start(sleep_for_ever);
	pid_t other = child_start(sleep_for_ever);

	CHECK_EQ(setpgid(other, other), 0);
	CHECK_EQ(kill(mine, SIGKILL), 0);
	CHECK_ERRNO(waitpid(-4000000, NULL, WNOHANG), ECHILD);
	CHECK_EQ(waitpid(-other, NULL, WNOHANG), 0);
	CHECK_EQ(waitpid(0, NULL, 0), mine);
	CHECK_ERRNO(waitpid(0, NULL, WNOHANG), ECHILD);
	CHECK_EQ(kill(other, SIGKILL), 0);
	CHECK_EQ(waitpid(-other, NULL, 0), other);
}

static void
leave_when_told(void)
{
	meet();
	CHECK_EQ(setpgid(0, 0), 0);
	sleep_for_ever();
}

TEST(wait_of_a_group_ends_when_its_last_child_leaves_it)
{
	pid_t group = child_start(sleep_for_ever), pid;

	make_pipes();
	CHECK_EQ(setpgid(group, group), 0);
	pid = child_start(leave_when_told);
	CHECK_EQ(setpgid(pid, group), 0);
	await_child();
	child_kill(group);
	let_go();
	CHECK_ERRNO(waitpid(-group, NULL, 0), ECHILD);
	child_kill(pid);
}

static pid_t forking;

/* A member that makes another and ends, for ever. */
static void
join_and_fork(void)
{
	pid_t pid;

	CHECK_EQ(setpgid(0, forking), 0);
	while ((pid = fork()) <= 0)
		if (pid < 0)
			pause_ms(1);
	_exit(0);
}

TEST(kill_of_a_group_misses_no_member_that_is_being_forked)
{
	int turn, i, status;

	for (turn = 0; turn < 10; turn++) {
		pid_t pids[4];

		forking = pids[0] = child_start(sleep_for_ever);
		CHECK_EQ(setpgid(forking, forking), 0);
		for (i = 1; i < 4; i++) {
			pids[i] = child_start(join_and_fork);
			setpgid(pids[i], forking); /* it may have done so */
		}
		CHECK_EQ(kill(-pids[0], SIGKILL), 0);
		for (i = 0; i < 4; i++) {
			CHECK_EQ(waitpid(pids[i], &status, 0), pids[i]);
			CHECK(status == 0 || status == SIGKILL);
		}
		while (kill(-pids[0], 0) == 0)
			pause_ms(1);
		CHECK_EQ(errno, ESRCH);
	}
}

TEST(group_of_a_thousand_is_stopped_continued_and_killed)
{
	pid_t pid, group = 0;
	int i, status;

	for (i = 0; i < CROWD; i++) {
		pid = child_start(sleep_for_ever);
		group = group ? group : pid;
		CHECK_EQ(setpgid(pid, group), 0);
	}
	CHECK_EQ(kill(-group, SIGTSTP), 0);
	for (i = 0; i < CROWD; i++) {
		CHECK(waitpid(-group, &status, WUNTRACED) > 0);
		CHECK(WIFSTOPPED(status));
	}
	CHECK_EQ(kill(-group, SIGCONT), 0);
	for (i = 0; i < CROWD; i++) {
		CHECK(waitpid(-group, &status, WCONTINUED) > 0);
		CHECK(WIFCONTINUED(status));
	}
	CHECK_EQ(kill(-group, SIGKILL), 0);
	for (i = 0; i < CROWD; i++) {
		CHECK(waitpid(-group, &status, 0) > 0);
		CHECK(WIFSIGNALED(status));
	}
	CHECK_ERRNO(kill(-group, 0), ESRCH);
}

/* ---- orphans ---- */

static volatile int *seen; /* shared: which signals came */

static void
note_signal(int sig)
{
	seen[sig] = 1;
}

static void
stop_and_note(void)
{
	signal(SIGHUP, note_signal);
	signal(SIGCONT, note_signal);
	signal(SIGUSR1, note_signal);
	seen[0] = getpid();
	while (!seen[SIGUSR1])
		pause_ms(1);
	meet();
}

static pid_t
start_a_job(void)
{
	pid_t pid = child_start(stop_and_note);

	CHECK_EQ(setpgid(pid, pid), 0);
	while (!seen[0])
		pause_ms(1);
	return pid;
}

/* A shell whose job is stopped, and which ends. */
static void
leave_a_stopped_job(void)
{
	pid_t pid = start_a_job();
	int status;

	CHECK_EQ(kill(-pid, SIGTSTP), 0);
	CHECK_EQ(waitpid(pid, &status, WUNTRACED), pid);
	CHECK(WIFSTOPPED(status));
}

TEST(stopped_group_that_is_orphaned_gets_SIGHUP_and_SIGCONT)
{
	make_pipes();
	seen = shared_memory(4096);
	CHECK_EQ(in_child(leave_a_stopped_job), 0);
	while (!seen[SIGHUP] || !seen[SIGCONT])
		pause_ms(1);
	kill(seen[0], SIGUSR1);
	await_child();
	let_go();
	while (kill(seen[0], 0) == 0)
		pause_ms(1);
}

static void
leave_a_running_job(void)
{
	start_a_job();
}

TEST(running_group_that_is_orphaned_is_left_alone)
{
	make_pipes();
	seen = shared_memory(4096);
	CHECK_EQ(in_child(leave_a_running_job), 0);
	kill(seen[0], SIGUSR1);
	await_child();
	CHECK(!seen[SIGHUP] && !seen[SIGCONT]);
	let_go();
	while (kill(seen[0], 0) == 0)
		pause_ms(1);
}

static void
raise_stops(void)
{
	CHECK(setsid() > 0);
	raise(SIGTSTP);
	raise(SIGTTIN);
	raise(SIGTTOU);
}

TEST(stops_of_terminals_pass_by_an_orphaned_group)
{
	CHECK_EQ(in_child(raise_stops), 0);
}

static void
raise_SIGSTOP(void)
{
	CHECK(setsid() > 0);
	raise(SIGSTOP);
}

TEST(SIGSTOP_stops_an_orphaned_group_too)
{
	pid_t pid = child_start(raise_SIGSTOP);
	int status;

	CHECK_EQ(waitpid(pid, &status, WUNTRACED), pid);
	CHECK(WIFSTOPPED(status));
	CHECK_EQ(kill(pid, SIGCONT), 0);
	CHECK_EQ(child_end(pid), 0);
}

/* ---- proc: ---- */

TEST(status_tells_group_and_session)
{
	char text[1024], wanted[64];
	int fd = open("proc:/self/status", O_RDONLY);
	ssize_t n = read(fd, text, sizeof(text) - 1);

	CHECK(n > 0);
	text[n] = '\0';
	snprintf(wanted, sizeof(wanted), "\npgid %d\nsid %d\n", getpgrp(),
		 getsid(0));
	CHECK(strstr(text, wanted) != NULL);
	close(fd);
}

/* ---- nothing stays ---- */

static long
heap_objects(void)
{
	char text[4096], *at;
	int fd = open("sys:/memory", O_RDONLY);
	ssize_t n = read(fd, text, sizeof(text) - 1);

	CHECK(n > 0);
	close(fd);
	text[n] = '\0';
	at = strstr(text, "objects ");
	CHECK(at != NULL);
	return strtol(at + strlen("objects "), NULL, 10);
}

static void
come_and_go(int count)
{
	for (int i = 0; i < count; i++) {
		pid_t pid = fork();

		CHECK(pid >= 0);
		if (pid == 0) {
			pid = i & 1 ? setsid() : setpgid(0, 0);
			_exit(pid < 0);
		}
		CHECK_EQ(child_end(pid), 0);
	}
}

TEST(groups_and_sessions_that_come_and_go_leave_nothing_behind)
{
	int count = (int)test_size(1000, 10000);
	long before;

	come_and_go(100);
	before = heap_objects();
	come_and_go(count);
	/* what is kept in stock is little, and the last ones are freed after
	 * their end was told */
	while (heap_objects() - before >= count / 4)
		pause_ms(1);
}
