/* sys: what the kernel says of itself: the makers of its files' texts. */
#pragma once

#include "textfile.h"
#include "trace/rights.h"

struct process;
struct thread_held;

struct thread;

/* Each makes one file's text; all may be called by several threads at once. */
void contexts_text(struct text_buffer *text);
void syscalls_text(struct text_buffer *text);
void cpu_text(struct text_buffer *text);
void log_text(struct text_buffer *text);
void facts_schemes(struct text_buffer *text, struct thread *reader);
void facts_uname(struct text_buffer *text);
void memory_text(struct text_buffer *text);
void irq_text(struct text_buffer *text);
void stat_text(struct text_buffer *text);
void time_text(struct text_buffer *text);
void locks_text(struct text_buffer *text); /* checked kernel */
void facts_cmdline(struct text_buffer *text);

/* The same of files about processes: what the asker, who opened the file, may
 * know. */
void block_text(struct text_buffer *text, const struct asker *asker);
void calls_text(struct text_buffer *text, const struct asker *asker);
void iostat_text(struct text_buffer *text, const struct asker *asker);
void trace_text(struct text_buffer *text, const struct asker *asker);

/* ---- lines.c ---- */

/* Calls line(text, process) for each process, by pid. */
void sys_each_process(struct text_buffer *text,
		      void (*line)(struct text_buffer *text,
				   struct process *process, const void *arg),
		      const void *arg);
/* Calls line(text, process, thread), PROCESS lock held, for each thread of each
 * process that the asker may observe. */
void sys_each_thread(struct text_buffer *text, const struct asker *asker,
		     void (*line)(struct text_buffer *text,
				  struct process *process,
				  struct thread *thread));
/* `PID/TID`; tid 0: `-`. */
void sys_put_who(struct text_buffer *text, uint32_t pid, uint32_t tid);
/* A call's name; `#N`: no call has the number; 0: `-`. */
void sys_put_call(struct text_buffer *text, uint64_t number);
/* Who holds a thread: pids by commas, and `ctl`; `-`: nobody. */
void sys_put_holders(struct text_buffer *text, const struct thread_held *held);
