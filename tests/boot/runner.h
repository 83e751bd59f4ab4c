/* The runner's view of the processes in the guest. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define SNAPSHOT_MAX 512

struct snapshot {
	pid_t pids[SNAPSHOT_MAX];
	size_t count;
};

/* Lists the processes there are. */
void snapshot_take(struct snapshot *s);

bool snapshot_has(const struct snapshot *s, pid_t pid);

/* Prints as diagnostics what the kernel tells of all processes, then of those
 * that are not in `before`. */
void snapshot_dump(const struct snapshot *before);

/* Prints a file as diagnostics, each line after "# ". */
void snapshot_print_file(const char *path);

/* Ends what was started since `before`.  Returns how many processes there were
 * a second after the case's end. */
int snapshot_clear(const struct snapshot *before);
