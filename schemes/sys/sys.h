/* sys: what the kernel says of itself: the makers of its files' texts. */
#pragma once

#include "textfile.h"

struct thread;

/* Each makes one file's text; all may be called by several threads at once. */
void contexts_text(struct text_buffer *text);
void block_text(struct text_buffer *text);
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
