/*
 * Numbers: of processes, and of the groups and sessions that bear the number of
 * the process that made them.  A number is free again when none of the three
 * has it.  For process*.c and group*.c, with the PROCESS_TABLE lock held.
 */
#pragma once

#include <stdint.h>

struct group;
struct group_session;
struct process;

struct process_number {
	uint32_t number;
	uint32_t uses;		 /* the three below, and a process that is not
				    published yet */
	struct process *process; /* NULL: none that is in the table */
	struct group *group;	 /* with members; NULL: none */
	struct group_session *session;
};

/* Gives it a number of its own, under which it is not yet found.  0, -EAGAIN,
 * -ENOMEM. */
int process_number_take(struct process *process);
void process_number_publish(struct process *process);
void process_number_drop(struct process *process); /* if it has one */
/* NULL: nobody has it. */
struct process_number *process_number_find(uint32_t number);
void process_number_keep(struct process_number *number);
void process_number_let_go(struct process_number *number);
