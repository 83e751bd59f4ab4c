/*
 * All files of a process, walked, and what holds of the text of each of them.
 *
 * A file that is added to proc: is met here without being named: only what
 * cannot be read to its end is left out (sessions and ctl are character files,
 * mem is bytes).
 */
#pragma once

#include <dirent.h>
#include <sys/stat.h>
#include "trace/tracing.h"

enum { FILES_MAX = 96, FILE_SIZE = 1 << 17 };

struct files {
	char path[FILES_MAX][80];
	int count;
};

static inline int
ends_with(const char *text, const char *end)
{
	size_t n = strlen(text), m = strlen(end);

	return n >= m && strcmp(text + n - m, end) == 0;
}

/* Adds the files of a directory that can be read to their end.  The directory
 * may be gone. */
static inline void
files_in(struct files *files, const char *directory)
{
	DIR *dir = opendir(directory);
	struct dirent *entry;

	while (dir && (entry = readdir(dir)) != NULL) {
		if (entry->d_type != DT_REG ||
		    strcmp(entry->d_name, "mem") == 0)
			continue;
		CHECK(files->count < FILES_MAX);
		CHECK((size_t)snprintf(files->path[files->count++],
				       sizeof files->path[0], "%s/%s",
				       directory,
				       entry->d_name) < sizeof files->path[0]);
	}
	if (dir)
		closedir(dir);
}

/* All of a process and of its first thread. */
static inline void
files_of(struct files *files, pid_t pid)
{
	char path[64];

	files->count = 0;
	snprintf(path, sizeof path, "proc:/%d", (int)pid);
	files_in(files, path);
	snprintf(path, sizeof path, "proc:/%d/fd", (int)pid);
	files_in(files, path);
	snprintf(path, sizeof path, "proc:/%d/thread/%d", (int)pid, (int)pid);
	files_in(files, path);
}

/* Reads to the end by blocks of this size: how many bytes, with a NUL behind
 * them; -1 and errno. */
static inline ssize_t
read_by(int fd, char *text, size_t block)
{
	size_t used = 0;
	ssize_t n;

	do {
		CHECK(used + block < FILE_SIZE);
		n = read(fd, text + used, block);
		if (n > 0)
			used += (size_t)n;
	} while (n > 0);
	text[used] = '\0';
	return n < 0 ? -1 : (ssize_t)used;
}

/* What a file says; NULL and errno: nothing now. */
static inline const char *
said_by(const char *path)
{
	static char text[FILE_SIZE];
	int fd = open(path, O_RDONLY | O_CLOEXEC), error;
	ssize_t n;

	if (fd < 0)
		return NULL;
	n = read_by(fd, text, 4096);
	error = errno;
	close(fd);
	errno = error;
	return n < 0 ? NULL : text;
}

static inline const char *
said_of(pid_t pid, const char *name)
{
	char path[80];
	const char *text;

	CHECK((size_t)snprintf(path, sizeof path, "proc:/%d/%s", (int)pid,
			       name) < sizeof path);
	text = said_by(path);
	if (!text)
		test_fail(__FILE__, __LINE__, "%s: %s", path, strerror(errno));
	return text;
}

/* ---- what holds of each ---- */

static inline void
check_maps(const char *text)
{
	unsigned long gen, start, end, last = 0, offset;
	char prot[8], object[512];

	CHECK_EQ(sscanf(text, "gen %lu\n", &gen), 1);
	while ((text = strchr(text, '\n')) != NULL && *++text) {
		CHECK_EQ(sscanf(text, "%lx-%lx %5s %lx %511s", &start, &end,
				prot, &offset, object),
			 5);
		CHECK(start < end && start >= last && strlen(prot) == 4);
		last = end;
	}
}

static inline void
check_packed_maps(const char *bytes, size_t size)
{
	struct trace_maps maps;
	struct trace_map map;
	size_t at = sizeof maps;
	uint64_t last = 0;

	memcpy(&maps, bytes, sizeof maps);
	CHECK_EQ(maps.size, sizeof maps);
	for (uint32_t i = 0; i < maps.count; i++) {
		CHECK(at + sizeof map <= size);
		memcpy(&map, bytes + at, sizeof map);
		CHECK(map.start < map.end && map.start >= last);
		CHECK(map.size >= sizeof map && map.size % 8 == 0);
		last = map.end;
		at += map.size;
	}
	CHECK_EQ(at, size);
}

/* Lines of words: these first, so many. */
static inline void
check_lines(const char *text, const char *start, int count)
{
	int lines = 0;

	CHECK_EQ(strncmp(text, start, strlen(start)), 0);
	for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++)
		lines++;
	if (count)
		CHECK_EQ(lines, count);
}

static inline void
check_text(const char *path, const char *text, size_t n)
{
	CHECK(n == 0 || text[n - 1] == '\n');
	for (size_t i = 0; i < n; i++)
		if (text[i] != '\n' && (text[i] < ' ' || text[i] > '~'))
			test_fail(__FILE__, __LINE__, "%s has byte %02x at %zu",
				  path, (unsigned char)text[i], i);
	if (ends_with(path, "/maps"))
		check_maps(text);
	else if (ends_with(path, "/signals"))
		check_lines(text, "SIGHUP ", 64);
	else if (strstr(path, "/thread/") && ends_with(path, "/status"))
		check_lines(text, "tid ", 7);
	else if (ends_with(path, "/status"))
		check_lines(text, "name ", 0);
	else if (strstr(path, "/fd/"))
		check_lines(text, "mode ", 4);
	else if (ends_with(path, "/auxv"))
		check_lines(text, "AT_PHDR ", 12);
	else if (ends_with(path, "/exe") || ends_with(path, "/cwd"))
		check_lines(text, "/", 1);
}

/* One whole text, or whole packed records. */
static inline void
check_well_formed(const char *path, const char *text, size_t n)
{
	uint32_t size;

	if (!ends_with(path, ".bin")) {
		check_text(path, text, n);
		return;
	}
	memcpy(&size, text, sizeof size);
	if (ends_with(path, "/maps.bin"))
		check_packed_maps(text, n);
	else if (ends_with(path, "/regs.bin"))
		CHECK_EQ(n, sizeof(struct trace_regs));
	else if (ends_with(path, "/calls.bin"))
		CHECK_EQ(n % sizeof(struct trace_call_count), 0);
	else
		CHECK_EQ(n, size);
}
