/* What processes have used: usage.def. */
#pragma once

struct process;
struct thread;
struct trace_usage;

/* Of all its threads, up to now; size and pid are set.  Takes PROCESS. */
void process_usage(struct process *process, struct trace_usage *usage);
/* A thread of it ends: what it used is kept.  PROCESS lock held. */
void process_usage_end(struct process *process, struct thread *thread);
/* Members of the one added to those of the other. */
void process_usage_add(struct trace_usage *to, const struct trace_usage *from);
