/*
 * A child and its parent meet: the child says that it is there and waits until
 * it is let go.
 */
#pragma once

#include "boot/children.h"

static int ready[2], go[2];

/* Tells the parent, waits until it says so. */
static inline void
meet(void)
{
	char c = 0;

	CHECK_EQ(write(ready[1], &c, 1), 1);
	CHECK_EQ(read(go[0], &c, 1), 1);
}

static inline void
await_child(void)
{
	char c;

	CHECK_EQ(read(ready[0], &c, 1), 1);
}

static inline void
let_go(void)
{
	CHECK_EQ(write(go[1], "", 1), 1);
}

static inline void
make_pipes(void)
{
	CHECK_EQ(pipe(ready), 0);
	CHECK_EQ(pipe(go), 0);
}
