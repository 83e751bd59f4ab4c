/* Process groups on two processors: changes, ends and signals at one time. */
#include <stdbool.h>
#include "boot/chains.h"

#define TURNS 30

TEST(smp_kill_of_a_group_misses_no_member_that_is_being_forked)
{
	for (int turn = 0; turn < TURNS; turn++) {
		pid_t group = child_start(sleep_for_ever);

		CHECK_EQ(setpgid(group, group), 0);
		for (int i = 0; i < 4; i++)
			chain_start(group);
		pause_ms(3);
		CHECK_EQ(kill(-group, SIGKILL), 0);
		CHECK_EQ(child_end(group), 128 + SIGKILL);
		while (kill(-group, 0) == 0)
			pause_ms(1);
		CHECK_EQ(errno, ESRCH);
	}
}

static volatile int *stop;

static void
change_groups(void)
{
	while (!*stop) {
		setpgid(0, getppid());
		setpgid(0, 0);
	}
}

static void
lead_and_change(void)
{
	pid_t pids[4];
	int i;

	CHECK_EQ(setpgid(0, 0), 0);
	for (i = 0; i < 4; i++)
		pids[i] = child_start(change_groups);
	for (i = 0; i < 2000; i++) {
		setpgid(pids[i % 4], i & 8 ? getpid() : pids[i % 4]);
		kill(-pids[(i + 1) % 4], SIGCHLD);
		kill(0, SIGCHLD);
	}
	*stop = 1;
	for (i = 0; i < 4; i++)
		CHECK_EQ(child_end(pids[i]), 0);
}

TEST(smp_groups_change_under_signals)
{
	stop = shared_memory(4096);
	CHECK_EQ(in_child(lead_and_change), 0);
}

/* A shell that ends while its jobs are being stopped. */
static void
lead_and_leave(void)
{
	CHECK(setsid() > 0);
	for (int i = 0; i < 4; i++) {
		pid_t pid = child_start(sleep_for_ever);

		setpgid(pid, pid);
		kill(-pid, SIGTSTP);
	}
	waitpid(-1, NULL, WUNTRACED);
}

static bool
is_stopped(pid_t pid)
{
	char path[64], text[1024];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "proc:/%d/status", pid);
	fd = open(path, O_RDONLY);
	n = fd < 0 ? 0 : read(fd, text, sizeof(text) - 1);
	text[n > 0 ? n : 0] = '\0';
	close(fd);
	return strstr(text, "\nstate stopped\n") != NULL;
}

/* What was stopped was continued, or hung up; what was not runs on. */
TEST(smp_no_job_stays_stopped_when_its_shell_has_ended)
{
	for (int turn = 0; turn < TURNS; turn++) {
		pid_t session = child_start(lead_and_leave), pid;

		CHECK_EQ(child_end(session), 0);
		for (pid = session + 1; pid < session + 8; pid++) {
			if (getsid(pid) != session)
				continue;
			while (is_stopped(pid))
				pause_ms(1);
			kill(pid, SIGKILL);
			while (getsid(pid) == session)
				pause_ms(1);
		}
	}
}
