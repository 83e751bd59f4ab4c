/* What one `proctor run` asks of the guest, and its form on the way there:
 * files below /run/job. */
#pragma once

#include "cpio.h"

#include <stdbool.h>

struct volume {
	const char *host;
	char *guest; /* absolute */
	bool writable;
};

struct job {
	char **argv; /* the command; empty: no job */
	int argc;
	struct buffer env; /* NAME=VALUE, each NUL-terminated */
	const char *cwd;
	unsigned user;
	bool tty;
	struct volume *volumes;
	int volume_count;
};

/* Adds NAME=VALUE, in the place of an earlier NAME.  Ends the program if there
 * is no name. */
void job_set_env(struct job *job, const char *setting);

/* Adds HOST[:GUEST[:rw]].  GUEST is HOST's own name if left out; job_pack makes
 * it absolute. */
void job_add_volume(struct job *job, const char *spec);

/* Is there a volume whose changes come back? */
bool job_brings_back(const struct job *job);

/* Adds the job's files to an archive that knows the names in the image, and
 * ends it. */
void job_pack(struct job *job, struct cpio *c);

/*
 * Brings the writable volumes to what the guest sent back: an archive whose
 * names begin with the volume's place among the writable ones.  `sent` knows
 * what the guest was given.  Returns false, with a message on stderr, if
 * something could not be written.
 */
bool back_unpack(const struct job *job, const struct cpio *sent,
		 const struct buffer *archive);
