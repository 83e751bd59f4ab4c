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

enum { SNAPSHOT_TRIES = 50, SNAPSHOT_PRINT_MOST = 65536 };

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

void
snapshot_dump(const struct snapshot *before)
{
	static const char *const files[] = {"status", "maps"};
	struct snapshot now;
	char path[64];
	size_t i, j;

	puts("# sys:/contexts:");
	snapshot_print_file("sys:/contexts");
	snapshot_take(&now);
	for (i = 0; i < now.count; i++)
		for (j = 0; j < sizeof files / sizeof *files; j++) {
			if (snapshot_has(before, now.pids[i]))
				continue;
			snprintf(path, sizeof path, "proc:/%d/%s",
				 (int)now.pids[i], files[j]);
			printf("# %s:\n", path);
			snapshot_print_file(path);
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

int
snapshot_clear(const struct snapshot *before)
{
	const struct timespec pause = {.tv_nsec = 20000000};
	int left, tries;

	for (tries = 0; tries < SNAPSHOT_TRIES; tries++) {
		left = snapshot_count_new(before, false);
		if (left == 0)
			return 0;
		nanosleep(&pause, NULL);
	}
	snapshot_dump(before);
	snapshot_count_new(before, true);
	return left;
}
