/* Who may: the one function that decides over proc:. */
#pragma once

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

/* 0, -EACCES, or -EDEADLK (control of oneself). */
int rights_ask(struct thread *asker, struct process *target, enum right right);
