/* Process groups and sessions: who is in which, who may move where. */
#include "boot/meet.h"
#include "boot/memory.h"

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
	before = memory("objects ");
	come_and_go(count);
	/* what is kept in stock is little, and the last ones are freed after
	 * their end was told */
	while (memory("objects ") - before >= count / 4)
		pause_ms(1);
}
