/*
 * The language of a trace file: strings, rules and settings.
 *
 * with: schemes/proc/grammar.c schemes/proc/grammar_rule.c
 * with: schemes/proc/grammar_strings.c schemes/proc/grammar_packed.c
 * with: kernel/trace/names.c
 */
#include "trace_grammar.h"

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
