/*
 * Processes: the table of them, their family, their lifetimes.  A reference
 * keeps the structure; a number is looked up once.
 *
 * Life: being made -> ALIVE -> ENDING (its last thread is past the point of
 * `end`, being taken apart) -> ZOMBIE (only its status is left) -> REAPED (out
 * of the table).  Everybody may look at any of these with a reference.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include "abi/trace.h"
#include "cred.h"
#include "list.h"
#include "lock.h"
#include "thread.h"
#include "waitq.h"

struct fd_table;
struct file;
struct group;
struct program;
struct trace_process;
struct vm;

enum process_state {
	PROCESS_NEW,
	PROCESS_ALIVE,
	PROCESS_ENDING,
	PROCESS_ZOMBIE,
	PROCESS_REAPED
};

/* Signals of a process: signal*.c.  PROCESS lock must be held when using these,
 * but for the alarm. */
struct process_signal {
	struct signal_queue pending; /* for any thread that does not block it */
	struct abi_sigaction *actions; /* SIGNAL_MAX; NULL: no handler yet */
	uint64_t caught, ignored;      /* have a handler; are SIG_IGN */
	uint32_t continues;	       /* how often SIGCONT came */
	uint32_t walks; /* how often one came that went to many, one by one */

	/* ALARM lock: setitimer */
	struct timerq_node alarm; /* deadline 0: none */
	uint64_t alarm_interval;
};

struct process {
	_Atomic uint32_t refs;
	uint32_t pid;
	_Atomic uint32_t state; /* enum process_state; changes under its lock */

	/* PROCESS lock must be held when using these: */
	struct spinlock lock;
	struct list threads; /* that live, oldest first */
	uint32_t live;	     /* how many */
	struct cred cred;
	uint32_t umask;
	struct file *cwd;
	struct vm *vm; /* its own threads read it without the lock; NULL once
			  taken apart */
	struct process_signal signal;
	uint32_t end_status; /* wait status, once ENDING */
	bool ending_set;     /* end_status is decided: the first exit or SIGKILL
				wins */
	bool stopped;	     /* SIGSTOP */
	int stop_signal;     /* by this one, and the parent was not told yet */
	uint32_t stop_report; /* wait status that wait4 is to give of a stop or
				 a continuation; 0: none */
	struct waitq stop_wait; /* its threads sleep here while it is stopped */
	char name[32]; /* last component of the path it was started by */
	struct program *program; /* what it was started with; NULL: not yet, or
				    taken apart; its own thread reads it
				    without the lock */
	bool no_tracers;	 /* `private` */
	bool risen; /* its program, or that of who forked it, raised ids */
	struct trace_usage ended; /* what its ended threads used */

	/* the family; PROCESS_TABLE lock must be held when using these: */
	struct process *parent;	    /* NULL: init, or reaped; changes under that
				       and its PROCESS lock: either is enough to
				       look */
	struct list children, news; /* those with news for wait4 are in news */
	struct list sibling;
	struct waitq child_wait;	/* a child has news */
	_Atomic uint32_t child_changes; /* how often */
	struct trace_usage waited; /* what those used that it has waited for,
				      and theirs */
	struct group *group;	   /* NULL: not published, or reaped; changes as
				      parent does */
	struct list group_link;	   /* in its members */
	uint64_t group_turn;	   /* when it came: rises along that list */
	_Atomic bool execed;	   /* it has an image that its parent had not */
	_Atomic bool apart; /* its session's terminal is not its (TIOCNOTTY) */

	struct fd_table *files; /* fixed for life; emptied at the end */
	struct mutex exec_lock; /* EXEC: held while the image is being changed,
				   and by whoever needs it to stand still */
	uint64_t started_ns;
	struct trace_process
		*trace; /* trace/: made and freed with the process */
};

/* What a floor above hangs on processes and threads: made with them (0 or
 * -errno), freed with their last reference. */
struct process_hooks {
	int (*process_init)(struct process *process);
	void (*process_free)(struct process *process);
	int (*thread_init)(struct thread *thread);
	void (*thread_free)(struct thread *thread);
};

void process_init(void);
void process_hook(const struct process_hooks *hooks); /* before the first
							 process */
/* PROCESS_TABLE: numbers, the family, reaping. */
extern struct spinlock process_table_lock;
extern struct process *process_one; /* init */

/*
 * A process with one thread that was not started, not yet in the table
 * (process_publish): ids, umask, directory from parent; no vm; files given.
 * refs 1.  The pid is already its own.  -EAGAIN: every number is in use;
 * -ENOMEM.
 */
int process_create(struct process *parent, struct fd_table *files,
		   struct process **process);
/*
 * Into the table and the family: ALIVE.  maker: the parent's thread; NULL:
 * init.  It is in the group of its parent.  walks: what process_walks gave
 * before the child was begun, and before the maker saw that no signal waits for
 * it.  -EINTR: one that goes to many has come since, or the maker is to end;
 * -ENOMEM (init); then the child is still to be discarded.  So whoever posts a
 * signal to all that process_next or group_next gives, by signal_post_walk,
 * misses no child: it comes later in the walk, or not at all.
 */
int process_publish(struct process *process, struct thread *maker,
		    uint32_t walks);
/* For process_publish: before the child is begun. */
uint32_t process_walks(struct process *process);
/* One that was never published, with its files and space; the caller's
 * reference goes with it. */
void process_discard(struct process *process);
/* A zombie leaves the table and its family: REAPED; the table's reference is
 * the caller's now.  PROCESS_TABLE lock held. */
void process_reap(struct process *process);
void process_get(struct process *process);
void process_put(struct process *process);
struct process *
process_find(uint32_t pid); /* with a reference; NULL: none (a zombie is found,
			       a reaped one is not) */
struct process *
process_next(uint32_t pid); /* the one with the lowest pid > pid, with a
			       reference: walks the table */
struct thread *
process_thread(struct process *process,
	       uint32_t tid); /* a living thread, with a reference; tid 0: that
				 whose tid is pid, else the oldest */
uint32_t process_count(void);
uint64_t process_made(void); /* how many there ever were */
struct cred process_cred(struct process *process); /* a copy */
struct vm *
process_vm(struct process *process); /* with a reference; NULL: taken apart */
struct process *
process_parent(struct process *process); /* with a reference; NULL: init */
/* A child with its number, or NULL.  PROCESS_TABLE lock held: no reference. */
struct process *process_child(struct process *process, uint32_t pid);
/* It has news for its parent, which is told; or it has none any more.
 * PROCESS_TABLE lock held. */
void process_has_news(struct process *process);
void process_has_none(struct process *process);
/* Gives so many children at most to init; true: there are more.  orphans: as
 * group_part.  PROCESS_TABLE lock held. */
bool process_give_children(struct process *process, unsigned most,
			   struct list *orphans);

enum { PROCESS_LIMIT = 1u << 22 }; /* pids are below */
/* New pids are below this one, from now on: 2 to PROCESS_LIMIT. */
void process_set_limit(uint32_t below);
