/*
 * The files of sys: that are about processes, as the tests read them: whole,
 * then line by line, each cut at its tabs.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include "trace/scene.h"

enum { SYS_FIELDS = 12 };

struct sys_line {
	char text[8192];
	const char *field[SYS_FIELDS];
	int count;
};

/* All of an open file, from its beginning, in reads of so many bytes. */
static inline const char *
sys_text(int fd, size_t block)
{
	static char text[1 << 18];
	size_t n = 0;
	ssize_t got;

	CHECK_EQ(lseek(fd, 0, SEEK_SET), 0);
	while ((got = read(fd, text + n, block)) > 0) {
		n += (size_t)got;
		CHECK(n + block < sizeof text);
	}
	CHECK_EQ(got, 0);
	text[n] = '\0';
	return text;
}

static inline int
sys_open(const char *name)
{
	char path[64];
	int fd;

	snprintf(path, sizeof path, "sys:/%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	CHECK(fd >= 0);
	return fd;
}

/* Takes the line apart: at is behind its newline; NULL: there is none. */
static inline const char *
sys_cut(const char *at, struct sys_line *line)
{
	const char *end = strchr(at, '\n');
	char *tab;

	if (end == NULL) {
		CHECK_STR(at, "");
		return NULL;
	}
	CHECK(end - at < (ptrdiff_t)sizeof line->text);
	memcpy(line->text, at, (size_t)(end - at));
	line->text[end - at] = '\0';
	line->count = 0;
	for (tab = line->text; tab != NULL && line->count < SYS_FIELDS;) {
		line->field[line->count++] = tab;
		tab = strchr(tab, '\t');
		if (tab != NULL)
			*tab++ = '\0';
	}
	CHECK(tab == NULL);
	return end + 1;
}

/* The only line whose field n is this. */
static inline bool
sys_find_in(int fd, int n, const char *what, struct sys_line *found)
{
	static struct sys_line line;
	const char *at = sys_text(fd, 512);
	int lines = 0;

	while ((at = sys_cut(at, &line)) != NULL) {
		if (n >= line.count || strcmp(line.field[n], what) != 0)
			continue;
		*found = line;
		for (int i = 0; i < line.count; i++)
			found->field[i] =
				found->text + (line.field[i] - line.text);
		lines++;
	}
	CHECK(lines <= 1);
	return lines == 1;
}

static inline bool
sys_find(const char *name, int n, const char *what, struct sys_line *found)
{
	int fd = sys_open(name);
	bool is = sys_find_in(fd, n, what, found);

	close(fd);
	return is;
}

static inline const char *
sys_who(pid_t pid)
{
	static char who[32];

	snprintf(who, sizeof who, "%d/%d", (int)pid, (int)pid);
	return who;
}

/* The line of a process's one thread. */
static inline struct sys_line *
sys_thread(const char *name, pid_t pid)
{
	static struct sys_line line;

	if (!sys_find(name, 0, sys_who(pid), &line))
		test_fail(__FILE__, __LINE__, "sys:/%s has no line of %d", name,
			  (int)pid);
	return &line;
}

static inline void
sys_number(char text[32], long long number)
{
	snprintf(text, 32, "%lld", number);
}

#define CHECK_NUMBER(field, number)                                            \
	do {                                                                   \
		char expected_number[32];                                      \
		sys_number(expected_number, (long long)(number));              \
		CHECK_STR((field), expected_number);                           \
	} while (0)

/* Fields of sys:/trace. */
enum {
	SESSION,
	OPENER,
	KIND,
	TARGETS,
	RULES,
	QUEUED,
	BOUND,
	LOST,
	HELD,
	RULE_TEXTS,
	TRACE_FIELDS
};
