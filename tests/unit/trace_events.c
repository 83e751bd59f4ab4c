/*
 * Events: their lines, their records, and the queue in which none is lost
 * without being counted.
 *
 * with: kernel/format.c kernel/trace/names.c schemes/proc/format.c
 */
#include "trace_fake.h"
#include "kernel/trace/event.c" /* with our locks */
#include "kernel/textfile.c"
#include "schemes/proc/format.h"

/* ---- what the sources call ---- */

void
panic(const char *format, ...)
{
	test_fail(__FILE__, __LINE__, "panic: %s", format);
}

int
copy_to_user(uint64_t to, const void *from, size_t n)
{
	(void)to;
	(void)from;
	return n ? -EFAULT : 0;
}

int
uio_put_kernel(struct uio *uio, const void *from, size_t n)
{
	(void)uio;
	(void)from;
	return n ? -EFAULT : 0;
}

void
hold_put(struct session *session, struct hold *hold)
{
	(void)session;
	CHECK(hold->refs > 0);
	hold->refs--;
}

/* A tick of the host's is a nanosecond. */
uint64_t arch_tsc_start, arch_ns_per_tick_32 = UINT64_C(1) << 32;

/* ---- a session and a thread ---- */

static struct session session;
static struct process process = {.pid = 7};
static struct hold about = {.refs = 1};
static struct thread thread = {.tid = 9, .process = &process};
static _Alignas(16) unsigned char stack[1024];

static void
begin(bool drop)
{
	struct frame *frame;

	session = (struct session){.drop = drop, .lost.kind = NODE_LOST};
	list_init(&session.queue);
	list_init(&session.pool_free);
	thread.arch.stack_top = (uint64_t)(uintptr_t)(stack + sizeof stack);
	frame = thread_frame(&thread);
	*frame = (struct frame){.rip = 0x401000,
				.rsp = 0x7fff0000,
				.rdi = 1,
				.rsi = 2,
				.rdx = 3,
				.r10 = 4,
				.r8 = 5,
				.r9 = 6};
	CHECK_EQ(event_pool_create(&session), 0);
}

static void
end(void)
{
	while (!list_empty(&session.queue))
		event_unqueue(&session, container_of(session.queue.next,
						     struct event_node, link));
	heap_free(session.pool);
	CHECK_EQ(fake_blocks, 0);
	CHECK_EQ(about.refs, 1);
}

static struct event_node *
head(void)
{
	CHECK(!list_empty(&session.queue));
	return container_of(session.queue.next, struct event_node, link);
}

static bool
log_call(uint64_t number)
{
	struct record record;

	event_begin(&record, TRACE_EV_enter, &thread);
	record.number = number;
	return event_log(&session, &about, &record);
}

/* ---- lines ---- */

static void
line_is(const struct trace_event *event, const struct event_text *text,
	const char *expected)
{
	struct text_buffer line = {0};

	format_event(&line, event, text);
	CHECK_EQ(line.error, 0);
	CHECK_STR(line.text, expected);
	text_free(&line);
}

TEST(lines_of_every_event)
{
	static const struct {
		struct trace_event event;
		const char *line;
	} rows[] = {
		{{.seq = 41,
		  .pid = 7,
		  .tid = 7,
		  .type = TRACE_EV_enter,
		  .flags = TRACE_EF_HOLD,
		  .word = {SYS_write, 1, 0x4010a0, 6, 9, 9, 9}},
		 "41 7/7 hold enter write 0x1 0x4010a0 0x6\n"},
		{{.seq = 42,
		  .pid = 7,
		  .tid = 8,
		  .type = TRACE_EV_leave,
		  .word = {SYS_write, 1, 0x4010a0, 6, 9, 9, 9, 6, 1400}},
		 "42 7/8 log leave write 0x1 0x4010a0 0x6 = 6 1400\n"},
		{{.type = TRACE_EV_leave,
		  .word = {SYS_getpid, [7] = (uint64_t)-ENOSYS, 5}},
		 "0 0/0 log leave getpid = -ENOSYS 5\n"},
		{{.type = TRACE_EV_leave,
		  .flags = TRACE_EF_UNRUN,
		  .word = {SYS_getpid, [7] = (uint64_t)-4000}},
		 "0 0/0 log leave getpid = -4000 0 unrun\n"},
		{{.type = TRACE_EV_leave,
		  .flags = TRACE_EF_RESTART | TRACE_EF_HOLD,
		  .word = {SYS_getpid, [7] = 4}},
		 "0 0/0 hold leave getpid = restart 0\n"},
		{{.type = TRACE_EV_leave, .word = {SYS_brk, 0, [7] = 0x405000}},
		 "0 0/0 log leave brk 0x0 = 0x405000 0\n"},
		{{.type = TRACE_EV_leave,
		  .word = {SYS_brk, 0, [7] = (uint64_t)-ENOMEM}},
		 "0 0/0 log leave brk 0x0 = -ENOMEM 0\n"},
		{{.type = TRACE_EV_enter, .word = {77, 1, 2, 3, 4, 5, 6}},
		 "0 0/0 log enter #77 0x1 0x2 0x3 0x4 0x5 0x6\n"},
		{{.type = TRACE_EV_enter, .word = {UINT64_MAX}},
		 "0 0/0 log enter #18446744073709551615 0x0 0x0 0x0 0x0 0x0 "
		 "0x0\n"},
		{{.type = TRACE_EV_fork, .word = {8}}, "0 0/0 log fork 8\n"},
		{{.type = TRACE_EV_start, .flags = TRACE_EF_HOLD},
		 "0 0/0 hold start\n"},
		{{.type = TRACE_EV_stop,
		  .flags = TRACE_EF_HOLD | TRACE_EF_ASLEEP},
		 "0 0/0 hold stop asleep\n"},
		{{.type = TRACE_EV_stop, .flags = TRACE_EF_HOLD},
		 "0 0/0 hold stop\n"},
		{{.type = TRACE_EV_end, .word = {3}},
		 "0 0/0 log end exited 3\n"},
		{{.type = TRACE_EV_end,
		  .flags = TRACE_EF_SIGNALED,
		  .word = {9}},
		 "0 0/0 log end killed SIGKILL\n"},
		{{.type = TRACE_EV_end,
		  .flags = TRACE_EF_SIGNALED,
		  .word = {40}},
		 "0 0/0 log end killed 40\n"},
		{{.type = TRACE_EV_lost, .word = {12}}, "0 0/0 log lost 12\n"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		line_is(&rows[i].event, NULL, rows[i].line);
}

TEST(paths_in_lines_are_escaped)
{
	struct trace_event event = {.type = TRACE_EV_exec};
	struct event_text *text =
		event_text_create("/a b%\n\xff", TRACE_PAYLOAD_PATH);

	line_is(&event, text, "0 0/0 log exec /a%20b%25%0a%ff\n");
	line_is(&event, NULL, "0 0/0 log exec -ENOMEM\n");
	event_text_put(text);
	CHECK_EQ(fake_blocks, 0);
}

/* ---- records ---- */

TEST(record_of_a_call_has_number_arguments_and_place)
{
	const struct trace_event *event;

	begin(false);
	CHECK(log_call(SYS_write));
	event = &head()->event;
	CHECK_EQ(sizeof *event, TRACE_EVENT_SIZE);
	CHECK_EQ(event->size, TRACE_EVENT_SIZE);
	CHECK_EQ(event->type, TRACE_EV_enter);
	CHECK_EQ(event->flags, 0);
	CHECK_EQ(event->seq, 1);
	CHECK_EQ(event->pid, 7);
	CHECK_EQ(event->tid, 9);
	CHECK_EQ(event->ip, 0x401000);
	CHECK_EQ(event->sp, 0x7fff0000);
	CHECK_EQ(event->word[0], SYS_write);
	for (uint64_t i = 1; i <= 6; i++)
		CHECK_EQ(event->word[i], i);
	CHECK_EQ(event->word[7] | event->word[8] | event->word[9], 0);
	end();
}

TEST(record_of_anything_else_has_no_arguments)
{
	struct record record;

	begin(false);
	event_begin(&record, TRACE_EV_fork, &thread);
	record.number = 1234;
	CHECK(event_log(&session, &about, &record));
	CHECK_EQ(head()->event.word[0], 1234);
	for (int i = 1; i < 10; i++)
		CHECK_EQ(head()->event.word[i], 0);
	end();
}

TEST(size_of_a_record_counts_its_payload_with_its_padding)
{
	char path[40] = "";

	for (size_t length = 0; length < 33; length++) {
		struct record record;

		begin(false);
		event_begin(&record, TRACE_EV_exec, &thread);
		record.text = event_text_create(path, TRACE_PAYLOAD_PATH);
		CHECK(event_log(&session, &about, &record));
		event_text_put(record.text);
		CHECK_EQ(head()->event.size,
			 TRACE_EVENT_SIZE + sizeof(struct trace_payload) +
				 (length + 7) / 8 * 8);
		end();
		path[length] = 'x';
	}
}

/* ---- the queue ---- */

TEST(seq_is_the_order_of_the_queue)
{
	begin(false);
	for (uint64_t i = 1; i < LOG_NODES; i++)
		CHECK(log_call(SYS_read));
	for (uint64_t seq = 1; !list_empty(&session.queue); seq++) {
		CHECK_EQ(head()->event.seq, seq);
		event_unqueue(&session, head());
	}
	end();
}

TEST(full_queue_that_blocks_takes_nothing_more)
{
	int taken = 0;

	begin(false);
	while (log_call(SYS_read))
		taken++;
	CHECK_EQ(taken, LOG_NODES - 1);
	CHECK(!event_has_room(&session));
	CHECK_EQ(session.seq, taken);
	event_unqueue(&session, head());
	CHECK(event_has_room(&session));
	CHECK(log_call(SYS_read));
	CHECK(!log_call(SYS_read));
	end();
}

TEST(what_is_dropped_is_counted_exactly_whatever_the_order)
{
	uint32_t state = 5;
	uint64_t made = 0, seen = 0, lost = 0, seq = 0;

	begin(true);
	for (int round = 0; round < 500; round++) {
		state = state * 1664525 + 1013904223;
		for (uint32_t n = (state >> 8) % 700; n > 0; n--, made++)
			CHECK(log_call(SYS_read));
		for (uint32_t n = (state >> 20) % 700;
		     n > 0 && !list_empty(&session.queue); n--) {
			struct event_node *node = head();

			CHECK(node->event.seq > seq);
			seq = node->event.seq;
			/* a reader looks at it while more comes */
			node->frozen = true;
			if (node->event.type == TRACE_EV_lost)
				lost += node->event.word[0];
			else
				seen++;
			if ((state >> 28) == 3) {
				made++;
				CHECK(log_call(SYS_read));
			}
			event_unqueue(&session, node);
		}
	}
	while (!list_empty(&session.queue)) {
		struct event_node *node = head();

		if (node->event.type == TRACE_EV_lost)
			lost += node->event.word[0];
		else
			seen++;
		event_unqueue(&session, node);
	}
	CHECK(lost > 0 && seen > 0);
	CHECK_EQ(seen + lost, made);
	end();
}

TEST(pool_without_memory_is_ENOMEM_and_events_are_counted_as_lost)
{
	begin(true);
	end();
	session = (struct session){.lost.kind = NODE_LOST};
	list_init(&session.queue);
	list_init(&session.pool_free);
	fake_fail = 1;
	CHECK_EQ(event_pool_create(&session), -ENOMEM);
	fake_fail = 0;
	CHECK(log_call(SYS_read));
	CHECK(log_call(SYS_read));
	CHECK_EQ(head()->event.type, TRACE_EV_lost);
	CHECK_EQ(head()->event.word[0], 2);
	end();
}

TEST(text_is_shared_and_freed_with_its_last_event)
{
	struct record record;

	begin(false);
	event_begin(&record, TRACE_EV_exec, &thread);
	record.text = event_text_create("/bin/true", TRACE_PAYLOAD_PATH);
	CHECK(event_log(&session, &about, &record));
	CHECK(event_log(&session, &about, &record));
	event_text_put(record.text);
	event_unqueue(&session, head());
	line_is(&head()->event, head()->text, "2 7/9 log exec /bin/true\n");
	end();
}

TEST(hold_in_a_queue_keeps_a_reference)
{
	struct hold hold = {.refs = 1, .node.kind = NODE_HOLD};
	struct record record;

	begin(false);
	hold.node.hold = &hold;
	event_begin(&record, TRACE_EV_enter, &thread);
	event_queue(&session, &hold.node, &record, TRACE_EF_HOLD);
	CHECK_EQ(hold.refs, 2);
	CHECK_EQ(head()->event.flags, TRACE_EF_HOLD);
	event_unqueue(&session, head());
	CHECK_EQ(hold.refs, 1);
	end();
}
