/*
 * The processes in the guest, as proc: lists them: who is new, what hangs, what
 * was left behind.
 *
 * Called by runner.c around every case.  Everything is read from files; nothing
 * is attached to.
 */
#include "runner.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum {
	SNAPSHOT_TRIES = 50,
	SNAPSHOT_PRINT_MOST = 65536,
	SNAPSHOT_DUMP_MOST = 8, /* processes told of one by one */
};

void
snapshot_take(struct snapshot *s)
{
	DIR *dir = opendir("proc:/");
	struct dirent *d;

	s->count = 0;
	if (dir == NULL)
		return;
	while ((d = readdir(dir)) != NULL && s->count < SNAPSHOT_MAX) {
		char *rest;
		long pid = strtol(d->d_name, &rest, 10);

		if (*rest == '\0' && rest != d->d_name)
			s->pids[s->count++] = (pid_t)pid;
	}
	closedir(dir);
}

bool
snapshot_has(const struct snapshot *s, pid_t pid)
{
	size_t i;

	for (i = 0; i < s->count; i++)
		if (s->pids[i] == pid)
			return true;
	return false;
}

void
snapshot_print_file(const char *path)
{
	FILE *file = fopen(path, "r");
	bool start = true;
	int c, most;

	if (file == NULL) {
		printf("# %s: cannot be read\n", path);
		return;
	}
	for (most = 0; (c = getc(file)) != EOF && most < SNAPSHOT_PRINT_MOST;
	     most++) {
		if (start)
			fputs("# ", stdout);
		putchar(c);
		start = c == '\n';
	}
	if (!start)
		putchar('\n');
	if (c != EOF)
		puts("# (and more)");
	fclose(file);
}

static void
snapshot_dump_one(pid_t pid)
{
	static const char *const files[] = {"status", "maps"};
	char path[64];
	size_t i;

	for (i = 0; i < sizeof files / sizeof *files; i++) {
		snprintf(path, sizeof path, "proc:/%d/%s", (int)pid, files[i]);
		printf("# %s:\n", path);
		snapshot_print_file(path);
	}
}

void
snapshot_dump(const struct snapshot *before)
{
	struct snapshot now;
	int told = 0;
	size_t i;

	puts("# sys:/contexts:");
	snapshot_print_file("sys:/contexts");
	snapshot_take(&now);
	for (i = 0; i < now.count && told < SNAPSHOT_DUMP_MOST; i++) {
		if (snapshot_has(before, now.pids[i]))
			continue;
		snapshot_dump_one(now.pids[i]);
		told++;
	}
	fflush(stdout);
}

static int
snapshot_count_new(const struct snapshot *before, bool end_them)
{
	struct snapshot now;
	size_t i;
	int count = 0;

	snapshot_take(&now);
	for (i = 0; i < now.count; i++) {
		if (snapshot_has(before, now.pids[i]))
			continue;
		count++;
		if (end_them)
			kill(now.pids[i], SIGKILL);
	}
	return count;
}

/* Returns how many new processes are left after a second at most. */
static int
snapshot_settle(const struct snapshot *before, bool end_them)
{
	const struct timespec pause = {.tv_nsec = 20000000};
	int left = 0, tries;

	for (tries = 0; tries < SNAPSHOT_TRIES; tries++) {
		left = snapshot_count_new(before, end_them);
		if (left == 0)
			break;
		nanosleep(&pause, NULL);
	}
	return left;
}

int
snapshot_clear(const struct snapshot *before)
{
	int left = snapshot_settle(before, false);

	if (left > 0) {
		snapshot_dump(before);
		snapshot_settle(before, true);
	}
	return left;
}
