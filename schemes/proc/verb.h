/* Writing to a session's file: commands become acts. */
#pragma once

#include "proc.h"
#include "trace/session.h"

/* handle->data of trace, trace.bin and new. */
struct face {
	struct session *session;
	bool packed;
	bool controller;
	/* changed by whoever reads the session: */
	struct text_buffer line; /* of the event at the head of the queue */
	size_t line_at;		 /* bytes of it that went out; 0: none */
	/* changed by whoever writes it (session->write_lock): */
	char *env; /* strings for the next `new`, each NUL-terminated; heap */
	size_t env_size;
	uint32_t env_count;
};

void face_close(
	struct handle *handle); /* the rows that have a face have this close */
int64_t face_write_text(struct thread *self, struct handle *handle,
			struct uio *uio, uint64_t *offset);
int64_t face_write_packed(struct thread *self, struct handle *handle,
			  struct uio *uio, uint64_t *offset);
