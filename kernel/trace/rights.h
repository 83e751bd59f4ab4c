/*
 * Who may: the one function that decides over proc: and sys:, and the grants
 * that it gave, so that they can be asked again when a process starts another
 * program.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include "cred.h"
#include "list.h"

struct process;
struct thread;

enum right {
	RIGHT_NOBODY,  /* a file without a rule is nobody's */
	RIGHT_PUBLIC,  /* everybody whose namespace has proc: */
	RIGHT_OBSERVE, /* ids match, and not private */
	RIGHT_CONTROL, /* observe, and not init, a kernel thread or the asker
			  itself */
	RIGHT_CTL,     /* control, or one's own (for `private`) */
};

/* Who asks: its ids at that time.  The process is compared with, never looked
 * into: it may have ended since. */
struct asker {
	const struct process *process;
	struct cred cred;
};

struct asker rights_asker(struct thread *thread);

/* 0, -EACCES, or -EDEADLK (control of oneself). */
int rights_ask(const struct asker *asker, struct process *target,
	       enum right right);
/* The same with the target's PROCESS lock held. */
int rights_ask_locked(const struct asker *asker, const struct process *target,
		      enum right right);

/* The same of a process that has the ids of its new program, and whose old
 * image is there still: what was private is not the new one's affair. */
int rights_ask_again(const struct asker *asker, const struct process *target,
		     enum right right);
/* Would somebody with these ids (mine) get at a process with those? */
bool rights_by_ids(const struct cred *mine, const struct cred *theirs);

/* ---- grants ---- */

/*
 * A right that was given: part of an open file.  It is asked for again, with
 * the ids of who opened the file, when its process starts another program; when
 * it is refused then, it is revoked for ever.
 */
struct grant {
	struct process *process; /* the holder has a reference */
	struct asker asker;
	enum right reads, writes; /* RIGHT_PUBLIC: nothing was asked */
	struct list link;	  /* TARGETS lock */
	uint32_t asked;		  /* TARGETS lock: the time it was asked last */
	_Atomic bool revoked;	  /* set with the TARGETS lock */
};

/* Asks, and enters the grant with its process if it is one that may be revoked.
 * 0, or as rights_ask.  Needs grant_close only if it gave 0. */
int grant_open(struct grant *grant, const struct asker *asker,
	       struct process *process, enum right reads, enum right writes);
void grant_close(struct grant *grant);

static inline bool
grant_revoked(const struct grant *grant)
{
	return atomic_load(&grant->revoked);
}
