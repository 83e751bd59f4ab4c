/*
 * What the kernel says of its memory, for tests that want it back.
 */
#pragma once

#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "test.h"

/* A number of sys:/memory: "total ", "free ", "heap ", "objects ". */
static inline long
memory(const char *what)
{
	char text[1024];
	const char *at;
	int fd = open("sys:/memory", O_RDONLY | O_CLOEXEC);
	ssize_t n = read(fd, text, sizeof text - 1);

	CHECK(n > 0);
	text[n] = '\0';
	close(fd);
	at = strstr(text, what);
	CHECK(at != NULL);
	return strtol(at + strlen(what), NULL, 10);
}

/* As many objects in the heap as before, once what has ended is freed. */
static inline void
nothing_left_behind(long objects)
{
	for (int i = 0; i < 1000 && memory("objects ") != objects; i++)
		sched_yield();
	CHECK_EQ(memory("objects "), objects);
}

static inline long
objects_at_rest(void)
{
	long objects = memory("objects "), before;

	do {
		before = objects;
		for (int i = 0; i < 5; i++)
			sched_yield();
		objects = memory("objects ");
	} while (objects != before);
	return objects;
}
