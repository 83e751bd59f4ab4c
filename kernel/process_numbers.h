/* The table of processes from the inside: for process.c.  With the
 * PROCESS_TABLE lock held. */
#pragma once

struct process;

/* Gives it a number of its own, under which it is not yet found.  0, -EAGAIN,
 * -ENOMEM. */
int process_number_take(struct process *process);
void process_number_publish(struct process *process);
void process_number_drop(struct process *process); /* if it has one */
