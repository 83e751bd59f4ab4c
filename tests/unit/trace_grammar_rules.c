/*
 * The language of a trace file: strings, rules and settings.
 *
 * with: schemes/proc/grammar.c schemes/proc/grammar_rule.c
 * with: schemes/proc/grammar_strings.c schemes/proc/grammar_packed.c
 * with: kernel/trace/names.c kernel/trace/rule_text.c
 */
#include <stdarg.h>
#include "trace_grammar.h"
#include "kernel/textfile.h"

/* ---- strings ---- */

static void
strings(const char *line, const char *bytes, size_t size)
{
	CHECK_EQ(parse(line), 0);
	CHECK_EQ(command.text_size, size);
	CHECK_EQ(memcmp(command.text, bytes, size), 0);
}

TEST(strings_of_new_are_unescaped_and_packed)
{
	strings("new /bin/ls ls", "/bin/ls\0ls", 11);
	CHECK_EQ(command.text_count, 1);
	strings("new  a%20b \t c%25  d ", "a b\0c%\0d", 9);
	CHECK_EQ(command.text_count, 2);
	strings("new %2f %0a%7F", "/\0\n\x7f", 5);
	strings("new x all", "x\0all", 6);
	strings("env A=b%20c", "A=b c", 6);
	CHECK_EQ(command.kind, COMMAND_ENV);
	strings("env A=", "A=", 3);
	strings("env A==", "A==", 4);
}

TEST(lone_per_cent_sign_is_the_empty_string)
{
	strings("new x % a %", "x\0\0a\0", 6);
	CHECK_EQ(command.text_count, 3);
	strings("new x %", "x\0", 3);
	no_line("env %");
	no_line("new x %%");
}

TEST(strings_with_bad_escapes_are_refused)
{
	static const char *const lines[] = {
		"new a",     "new",	   "new ",	"new a b%",
		"new a b%2", "new a %zz",  "new a %2g", "new a %00",
		"new %0",    "env",	   "env A",	"env =",
		"env =b",    "env A=b C=", "env A=%00", "env %3"};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
		no_line(lines[i]);
}

TEST(every_byte_but_nul_can_be_escaped)
{
	char line[32];

	for (unsigned byte = 1; byte < 256; byte++) {
		snprintf(line, sizeof line, "new x %%%02x%%%02X", byte, byte);
		CHECK_EQ(parse(line), 0);
		CHECK_EQ(command.text_size, 5);
		CHECK_EQ((unsigned char)command.text[2], byte);
		CHECK_EQ((unsigned char)command.text[3], byte);
	}
}

/* ---- rules and settings ---- */

static int
names(uint64_t call)
{
	const struct call_set *set = &command.rule.set;
	unsigned slot = call_slot(call);

	if (set->all)
		return 1;
	if (slot < SYSCALL_COUNT)
		return set->bits[slot / 64] >> (slot % 64) & 1;
	for (uint32_t i = 0; i < set->others; i++)
		if (set->other[i] == call)
			return 1;
	return 0;
}

TEST(rules_name_event_calls_and_action)
{
	static const struct {
		const char *line;
		enum trace_event_type event;
		enum trace_action action;
	} rules[] = {
		{"on enter write hold", TRACE_EV_enter, ACTION_HOLD},
		{"on leave write log", TRACE_EV_leave, ACTION_LOG},
		{"on enter * off", TRACE_EV_enter, ACTION_OFF},
		{"on start hold", TRACE_EV_start, ACTION_HOLD},
		{"on exec log", TRACE_EV_exec, ACTION_LOG},
		{"on end off", TRACE_EV_end, ACTION_OFF},
	};

	for (int i = 0; i < 6; i++) {
		CHECK_EQ(parse(rules[i].line), 0);
		CHECK_EQ(command.kind, COMMAND_RULE);
		CHECK_EQ(command.rule.event, rules[i].event);
		CHECK_EQ(command.rule.action, rules[i].action);
		CHECK(names(SYS_write));
		CHECK_EQ(names(SYS_read), command.rule.set.all);
	}
}

TEST(set_of_every_single_call_names_that_call_alone)
{
	char line[64];

	for (uint64_t call = SYSCALL_FIRST; call < SYSCALL_END; call++) {
		snprintf(line, sizeof line, "on enter %s hold",
			 trace_call_name(call));
		CHECK_EQ(parse(line), 0);
		for (uint64_t other = SYSCALL_FIRST - 2;
		     other < SYSCALL_END + 2; other++)
			CHECK_EQ(names(other), other == call);
		snprintf(line, sizeof line, "on enter %d hold", (int)call);
		CHECK_EQ(parse(line), 0);
		CHECK(names(call) && !names(call + 1));
	}
}

TEST(set_has_room_for_eight_numbers_without_a_call)
{
	CHECK_EQ(parse("on leave 1,2,3,4,5,6,7,8,8,1,read hold"), 0);
	CHECK_EQ(command.rule.set.others, 8);
	CHECK(names(8) && names(SYS_read) && !names(9));
	CHECK_EQ(parse("on leave 1,2,3,4,5,6,7,8,9 hold"), -ENOSPC);
	CHECK_STR(command.why, "the ninth without a call");
	CHECK_EQ(command.wrong_length, 1);
	CHECK_EQ(command.wrong[0], '9');
}

TEST(set_may_be_a_call_that_is_called_as_an_action)
{
	CHECK_EQ(parse("on enter kill hold"), 0);
	CHECK(names(SYS_kill) && !names(SYS_read));
	CHECK_EQ(parse("on leave kill,read kill"), 0);
	CHECK_EQ(command.rule.action, ACTION_KILL);
	no_line("on enter kill");
	no_line("on enter hold");
	CHECK_STR(command.why, "no SET before");
	no_line("on signal kill");
	CHECK_STR(command.why, "no SET before");
}

/* ---- actions ---- */

enum { ANY, CALLS, SIGNALS };

static const struct {
	const char *words;
	enum trace_action action;
	int fits;
	uint64_t value;
} all_actions[] = {
	{"off", ACTION_OFF, ANY, 0},
	{"log", ACTION_LOG, ANY, 0},
	{"hold", ACTION_HOLD, ANY, 0},
	{"count", ACTION_COUNT, ANY, 0},
	{"kill", ACTION_KILL, ANY, 0},
	{"return 0", ACTION_RETURN, CALLS, 0},
	{"return 42", ACTION_RETURN, CALLS, 42},
	{"return -EACCES", ACTION_RETURN, CALLS, (uint64_t)-EACCES},
	{"return 0x123456789", ACTION_RETURN, CALLS, 0x123456789},
	{"return -7000", ACTION_RETURN, CALLS, (uint64_t)-7000},
	{"delay 1000000", ACTION_DELAY, CALLS, 1000000},
	{"signal 0", ACTION_SIGNAL, SIGNALS, 0},
	{"signal SIGTERM", ACTION_SIGNAL, SIGNALS, 15},
	{"signal 40", ACTION_SIGNAL, SIGNALS, 40},
};

static const struct {
	const char *words;
	int kind;
} all_events[] = {
	{"enter *", CALLS},
	{"leave *", CALLS},
	{"enter read,open,1,0x1fff", CALLS},
	{"leave exit", CALLS},
	{"signal *", SIGNALS},
	{"signal SIGINT,SIGTERM,50", SIGNALS},
	{"fault *", SIGNALS},
	{"fault pf,de,xm", SIGNALS},
	{"start", ANY},
	{"exec", ANY},
	{"end", ANY},
};

#define EACH(i, table)                                                         \
	size_t i = 0;                                                          \
	i < sizeof(table) / sizeof((table)[0]);                                \
	i++

static const char *
line_of(size_t event, size_t action)
{
	static char line[128];

	snprintf(line, sizeof line, "on %s %s", all_events[event].words,
		 all_actions[action].words);
	return line;
}

TEST(action_fits_its_events_and_no_other)
{
	for (EACH(e, all_events)) {
		for (EACH(a, all_actions)) {
			int fits = all_actions[a].fits;

			if (fits != ANY && fits != all_events[e].kind) {
				no_line(line_of(e, a));
				CHECK_STR(command.why,
					  fits == CALLS
						  ? "fits enter and leave only"
						  : "fits signal and fault "
						    "only");
				continue;
			}
			CHECK_EQ(parse(line_of(e, a)), 0);
			CHECK_EQ(command.rule.action, all_actions[a].action);
			CHECK_EQ(command.rule.value, all_actions[a].value);
		}
	}
}

TEST(action_takes_its_value_and_no_other)
{
	static const char *const lines[] = {
		"on enter * return",	    "on enter * return x",
		"on enter * return -ENONE", "on enter * return 1 2",
		"on enter * delay",	    "on enter * delay -1",
		"on enter * delay 1s",	    "on enter * count 1",
		"on enter * kill 9",	    "on signal * signal",
		"on signal * signal 65",    "on signal * signal SIGNONE",
		"on fault * signal -1",	    "on enter * off 0"};

	for (EACH(i, lines))
		no_line(lines[i]);
}

/* ---- and written out again ---- */

static char written[4096];

void
text_printf(struct text_buffer *buffer, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	buffer->used +=
		(size_t)vsnprintf(written + buffer->used,
				  sizeof written - buffer->used, format, args);
	va_end(args);
	CHECK(buffer->used < sizeof written);
}

static const char *
written_rule(const struct rule *rule)
{
	struct text_buffer buffer = {.used = 0};

	rule_text(&buffer, rule);
	return written;
}

static void
same_rule(const struct rule *a, const struct rule *b)
{
	CHECK_EQ(a->event, b->event);
	CHECK_EQ(a->action, b->action);
	CHECK_EQ(a->value, b->value);
	CHECK_EQ(a->few, b->few);
	CHECK_EQ(a->set.all, b->set.all);
	CHECK_EQ(a->set.others, b->set.others);
	for (int i = 0; i < CALL_WORDS; i++)
		CHECK_EQ(a->set.bits[i], b->set.bits[i]);
	for (uint32_t i = 0; i < a->set.others; i++)
		CHECK_EQ(a->set.other[i], b->set.other[i]);
}

TEST(rule_that_was_written_out_is_read_as_the_same_rule)
{
	for (EACH(e, all_events)) {
		for (EACH(a, all_actions)) {
			struct rule rule;

			if (parse(line_of(e, a)))
				continue;
			rule = command.rule;
			CHECK_EQ(parse(written_rule(&rule)), 0);
			same_rule(&rule, &command.rule);
		}
	}
}

TEST(rule_is_written_out_with_names)
{
	static const char *const lines[] = {
		"on enter read,open return -EACCES",
		"on leave * return 42",
		"on enter kill,500 kill",
		"on enter exit return 0x123456789",
		"on leave read delay 5000000000",
		"on signal SIGINT,50 signal SIGTERM",
		"on signal * signal 0",
		"on fault de,pf count",
		"on exec log",
	};

	for (EACH(i, lines)) {
		CHECK_EQ(parse(lines[i]), 0);
		CHECK_STR(written_rule(&command.rule), lines[i]);
	}
}

TEST(settings_are_of_close_and_advance)
{
	static const struct {
		const char *line;
		enum command_kind kind;
		enum close_policy close;
		bool by_verb;
	} settings[] = {
		{"set close run", COMMAND_SET_CLOSE, CLOSE_RUN, false},
		{"set close kill", COMMAND_SET_CLOSE, CLOSE_KILL, false},
		{"set close keep", COMMAND_SET_CLOSE, CLOSE_KEEP, false},
		{"set advance read", COMMAND_SET_ADVANCE, CLOSE_RUN, false},
		{"set advance verb", COMMAND_SET_ADVANCE, CLOSE_RUN, true},
	};

	for (int i = 0; i < 5; i++) {
		CHECK_EQ(parse(settings[i].line), 0);
		CHECK_EQ(command.kind, settings[i].kind);
		CHECK_EQ(command.close, settings[i].close);
		CHECK_EQ(command.by_verb, settings[i].by_verb);
	}
	no_line("set advance run");
	no_line("set close verb");
	no_line("set close");
	no_line("set");
}
