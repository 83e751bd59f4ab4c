/* One pipe: its bytes, its two ends. */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include "scheme.h"
#include "waitq.h"

#define PIPE_PAGES  16u
#define PIPE_ROOM   (PIPE_PAGES * 4096u)
#define PIPE_ATOMIC 4096u /* PIPE_BUF: no more is written in one piece */

struct pipe {
	_Atomic uint32_t refs; /* open files: its ends */
	uint64_t number;
	uint64_t created; /* ns since 1970 */
	uint32_t uid, gid;
	struct waitq readable, writable;

	/* Whether each end is open, and how much can be read and written:
	 * looked at without a lock by who waits or polls. */
	_Atomic bool reading, writing;
	_Atomic uint32_t bytes, room;

	struct mutex users; /* INODE: who copies in or out */
	/* users mutex must be held when using these: */
	struct page *pages[PIPE_PAGES];
	uint64_t head,
		tail; /* bytes written and read; both 0 when it is empty */
};

struct pipe *pipe_create(void);
void pipe_put(struct pipe *pipe);

/* Copy as much as there is, or room for; how much, 0 if nothing, or an error.
 * The users mutex is taken.  least: all or nothing below so many bytes. */
int64_t pipe_copy_out(struct pipe *pipe, struct uio *uio);
int64_t pipe_copy_in(struct pipe *pipe, struct uio *uio, size_t least);
