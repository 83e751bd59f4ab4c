/*
 * The language of a trace file: every form that there is, and what is none, as
 * one function from a line to a command.
 *
 * with: schemes/proc/grammar.c schemes/proc/grammar_rule.c kernel/trace/names.c
 */
#include <errno.h>
#include <stdio.h>
#include "schemes/proc/grammar.h"
#include "test.h"

/* The parser writes into its line: each gets a fresh one, exactly as long, so
 * that a look behind it is found. */
static struct command command;
static char *line_memory;

static int
parse(const char *line)
{
	size_t length = strlen(line);

	free(line_memory);
	line_memory = malloc(length + 1);
	memcpy(line_memory, line, length + 1);
	line_memory[length] = '\n';
	return grammar_line(line_memory, length, &command);
}

static void
no_line(const char *line)
{
	int error = parse(line);

	if (error != -EINVAL)
		test_fail(__FILE__, __LINE__, "`%s` gave %d", line, error);
}

static uint64_t
value_of(const char *word)
{
	uint64_t value;

	CHECK_EQ(grammar_value(word, strlen(word), &value), 0);
	return value;
}

/* ---- values ---- */

TEST(values_are_decimal_hexadecimal_or_errors)
{
	CHECK_EQ(value_of("0"), 0);
	CHECK_EQ(value_of("007"), 7);
	CHECK_EQ(value_of("123"), 123);
	CHECK_EQ(value_of("-1"), UINT64_MAX);
	CHECK_EQ(value_of("0x1F"), 31);
	CHECK_EQ(value_of("0Xff"), 255);
	CHECK_EQ(value_of("-0x10"), -16);
	CHECK_EQ(value_of("18446744073709551615"), UINT64_MAX);
	CHECK_EQ(value_of("0xffffffffffffffff"), UINT64_MAX);
	CHECK_EQ(value_of("-9223372036854775808"), INT64_MIN);
	CHECK_EQ(value_of("-EPERM"), -1);
	CHECK_EQ(value_of("-ERFKILL"), -132);
	CHECK_EQ(value_of("-0"), 0);
}

TEST(words_that_are_no_value_are_refused)
{
	static const char *const words[] = {
		"",
		"-",
		"--1",
		"+1",
		"0x",
		"x",
		"1x",
		"0x1g",
		"1 ",
		" 1",
		"EPERM",
		"-EPER",
		"-EPERMX",
		"-E",
		"-eperm",
		"18446744073709551616",
		"0x10000000000000000",
		"-9223372036854775809",
		"99999999999999999999999999999999",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		uint64_t value;

		if (grammar_value(words[i], strlen(words[i]), &value) !=
		    -EINVAL)
			test_fail(__FILE__, __LINE__, "`%s`", words[i]);
	}
}

TEST(every_error_has_a_value_and_every_number_comes_back)
{
	char word[32];

	for (int64_t error = 1; error < 200; error++) {
		const char *name = trace_error_name(error);

		if (!name)
			continue;
		snprintf(word, sizeof word, "-%s", name);
		CHECK_EQ(value_of(word), -error);
	}
	for (int shift = 0; shift < 64; shift++) {
		uint64_t value = (1ull << shift) - (shift & 1);

		snprintf(word, sizeof word, "%llu", (unsigned long long)value);
		CHECK_EQ(value_of(word), value);
		snprintf(word, sizeof word, "0x%llx",
			 (unsigned long long)value);
		CHECK_EQ(value_of(word), value);
		snprintf(word, sizeof word, "%lld", (long long)value);
		CHECK_EQ(value_of(word), value);
	}
}

/* ---- verbs and WHO ---- */

static void
who(const char *tail, enum who_kind kind, uint64_t number)
{
	static const char *const verbs[] = {"run", "stop", "return 5",
					    "args getpid 1 2 3 4 5 6",
					    "kill SIGTERM"};
	char line[128];

	for (int i = 0; i < 5; i++) {
		snprintf(line, sizeof line, "%s%s", verbs[i], tail);
		CHECK_EQ(parse(line), 0);
		CHECK_EQ(command.kind, COMMAND_VERB);
		CHECK_EQ(command.who.kind, kind);
		CHECK_EQ(command.who.number, number);
	}
}

TEST(each_verb_takes_each_WHO)
{
	who("", WHO_CURRENT, 0);
	who("  \t ", WHO_CURRENT, 0);
	who(" seq 18446744073709551615", WHO_SEQ, UINT64_MAX);
	who(" seq 0x10", WHO_SEQ, 16);
	who(" tid 7", WHO_TID, 7);
	who(" pid 8", WHO_PID, 8);
	who(" all", WHO_ALL, 0);
	who("\tall ", WHO_ALL, 0);
}

TEST(WHO_that_is_none_is_refused)
{
	static const char *const tails[] = {
		"seq",	   "tid",	"pid",
		"seq x",   "seq -1",	"tid 1 2",
		"all 1",   "all all",	"seq 1 all",
		"pid all", "everybody", "seq1",
		"1",	   "ALL",	"seq 18446744073709551616"};
	char line[128];

	for (size_t i = 0; i < sizeof(tails) / sizeof(tails[0]); i++) {
		snprintf(line, sizeof line, "run %s", tails[i]);
		no_line(line);
		snprintf(line, sizeof line, "kill 9 %s", tails[i]);
		no_line(line);
	}
}

TEST(arguments_of_verbs_are_values_calls_and_signals)
{
	CHECK_EQ(parse("run"), 0);
	CHECK_EQ(command.verb, TRACE_VERB_run);
	CHECK_EQ(parse("stop all"), 0);
	CHECK_EQ(command.verb, TRACE_VERB_stop);
	CHECK_EQ(parse("return -ENOSYS tid 3"), 0);
	CHECK_EQ(command.verb, TRACE_VERB_return);
	CHECK_EQ(command.arg[0], -ENOSYS);
	CHECK_EQ(parse("args write 1 0x2 -3 -EPERM 5 6"), 0);
	CHECK_EQ(command.verb, TRACE_VERB_args);
	CHECK_EQ(command.arg[0], SYS_write);
	CHECK_EQ(command.arg[2], 2);
	CHECK_EQ(command.arg[3], -3);
	CHECK_EQ(command.arg[4], -1);
	CHECK_EQ(command.arg[6], 6);
	CHECK_EQ(parse("args 99 0 0 0 0 0 0"), 0);
	CHECK_EQ(command.arg[0], 99);
	CHECK_EQ(parse("kill SIGKILL"), 0);
	CHECK_EQ(command.arg[0], 9);
	CHECK_EQ(parse("kill 64"), 0);
	CHECK_EQ(command.arg[0], 64);
	no_line("args -1 0 0 0 0 0 0");
	no_line("kill 65");
	no_line("kill 0");
	no_line("kill KILL");
	no_line("kill sigkill");
}

TEST(every_verb_of_the_table_is_known_by_its_name)
{
#define VERB(name, number) #name,
	static const char *const names[] = {
#include "abi/verbs.def"
	};
#undef VERB

	for (unsigned i = 1; i < TRACE_VERB_END_OF_NUMBERS; i++)
		CHECK_STR(grammar_verb_name(i), names[i]);
	CHECK(grammar_verb_name(0) == NULL);
	CHECK(grammar_verb_name(TRACE_VERB_END_OF_NUMBERS) == NULL);
	CHECK(grammar_verb_name(UINT32_MAX) == NULL);
}

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

/* ---- any bytes ---- */

static uint32_t
random_next(void)
{
	static uint32_t state = 12345;

	state = state * 1664525 + 1013904223;
	return state >> 8;
}

TEST(cut_and_spoilt_lines_are_taken_apart_without_harm)
{
	static const char *const seeds[] = {
		"on enter write,read,77 hold", "args write 1 2 3 4 5 6 seq 9",
		"new /bin/ls a%20b c%25",      "env NAME=value%20x",
		"return -EPERM tid 12",	       "set close keep",
		"kill SIGKILL pid 1"};
	char line[64];

	for (long round = 0; round < 200000; round++) {
		const char *seed = seeds[random_next() % 7];
		size_t length = strlen(seed);

		memcpy(line, seed, length);
		length = random_next() % (length + 1);
		for (uint32_t n = random_next() % 3; n > 0 && length; n--)
			line[random_next() % length] =
				"%, \t0xEo*=\n\0z-"[random_next() % 14];
		line[length] = '\0';
		(void)parse(line);
	}
}

/* ---- packed ---- */

static char packed_memory[TRACE_VERB_SIZE + 256];

static int
packed(const struct trace_verb *verb, const char *bytes, size_t size)
{
	char *exact = malloc(TRACE_VERB_SIZE + size);
	int error;

	memcpy(exact, verb, TRACE_VERB_SIZE);
	if (size)
		memcpy(exact + TRACE_VERB_SIZE, bytes, size);
	error = grammar_packed(exact, TRACE_VERB_SIZE + size, &command);
	memcpy(packed_memory, exact, TRACE_VERB_SIZE + size);
	free(exact);
	return error;
}

TEST(packed_verb_of_every_other_size_is_refused)
{
	struct trace_verb verb = {.verb = TRACE_VERB_run};

	for (uint32_t size = 0; size < 400; size++) {
		verb.size = size;
		CHECK_EQ(packed(&verb, NULL, 0),
			 size == TRACE_VERB_SIZE ? 0 : -EINVAL);
	}
	for (size_t size = 0; size < TRACE_VERB_SIZE; size++) {
		verb.size = (uint32_t)size;
		memcpy(packed_memory, &verb, TRACE_VERB_SIZE);
		CHECK_EQ(grammar_packed(packed_memory, size, &command),
			 -EINVAL);
	}
}

TEST(packed_verb_of_every_number_and_every_flags)
{
	struct trace_verb verb = {.size = TRACE_VERB_SIZE,
				  .seq = 1,
				  .tid = 2,
				  .pid = 3,
				  .arg = {4, 5}};

	for (uint32_t number = 0; number < 300; number++)
		for (uint32_t flags = 0; flags < 300; flags++) {
			int known = number > 0 && number != TRACE_VERB_new &&
				    number < TRACE_VERB_END_OF_NUMBERS;
			int one = flags < 16 && (flags & (flags - 1)) == 0;

			verb.verb = (uint16_t)number;
			verb.flags = (uint16_t)flags;
			CHECK_EQ(packed(&verb, NULL, 0),
				 known && one ? 0 : -EINVAL);
		}
	verb.verb = TRACE_VERB_args;
	verb.flags = TRACE_WHO_TID;
	CHECK_EQ(packed(&verb, NULL, 0), 0);
	CHECK_EQ(command.who.kind, WHO_TID);
	CHECK_EQ(command.who.number, 2);
	CHECK_EQ(command.arg[0], 4);
	CHECK_EQ(command.arg[1], 5);
}

TEST(packed_new_counts_its_strings)
{
	struct trace_verb verb = {.verb = TRACE_VERB_new};
	static const char bytes[] = "p\0a\0b\0E=1\0F=2";

	for (uint64_t argc = 0; argc < 7; argc++)
		for (uint64_t envc = 0; envc < 7; envc++)
			for (size_t size = 0; size <= sizeof bytes; size++) {
				size_t strings = 0;
				int good;

				if (size > sizeof bytes)
					continue;
				for (size_t i = 0; i < size; i++)
					strings += bytes[i] == '\0';
				good = size > 0 && bytes[size - 1] == '\0' &&
				       argc > 0 && 1 + argc + envc == strings;
				verb.size = (uint32_t)(TRACE_VERB_SIZE + size);
				verb.arg[0] = argc;
				verb.arg[1] = envc;
				CHECK_EQ(packed(&verb, bytes, size),
					 good ? 0 : -EINVAL);
			}
	verb.size = TRACE_VERB_SIZE + sizeof bytes;
	verb.arg[0] = UINT64_MAX;
	verb.arg[1] = 5;
	CHECK_EQ(packed(&verb, bytes, sizeof bytes), -EINVAL);
	verb.arg[0] = 1ull << 32 | 2;
	verb.arg[1] = 2;
	CHECK_EQ(packed(&verb, bytes, sizeof bytes), -EINVAL);
}

/* ---- why a line is none ---- */

TEST(line_that_is_none_says_which_word_and_why)
{
	static const struct {
		const char *line, *why, *wrong;
	} rows[] = {
		{"", "an empty line", ""},
		{"runn", "no such verb", "runn"},
		{"run seq", "no number", ""},
		{"run pid x", "no number", "x"},
		{"run me", "it takes no such word", "me"},
		{"run all all", "a word too many", "all"},
		{"return", "no value", ""},
		{"return -EFOO", "no value", "-EFOO"},
		{"args gtpid 0 0 0 0 0 0", "no such call", "gtpid"},
		{"args getpid 0 0", "no value", ""},
		{"kill SIGX", "no such signal", "SIGX"},
		{"signal 65", "no such signal", "65"},
		{"new /bin/ls", "a path, then argument 0", ""},
		{"new /bin/ls %zz", "no such %-escape", "%zz"},
		{"env NAME", "one NAME=VALUE", ""},
		{"set", "no setting", ""},
		{"set close", "no such value of it", ""},
		{"set close nicely", "no such value of it", "nicely"},
		{"set clothes run", "no such setting", "clothes"},
		{"on", "no event", ""},
		{"on entry * hold", "no such event", "entry"},
		{"on enter", "no SET", ""},
		{"on enter opn hold", "no such call", "opn"},
		{"on signal SIGX hold", "no such signal", "SIGX"},
		{"on fault zz hold", "no such fault", "zz"},
		{"on enter open", "no action", ""},
		{"on enter open hld", "no such action", "hld"},
		{"on enter open hold 5", "a word too many", "5"},
	};

	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		CHECK_EQ(parse(rows[i].line), -EINVAL);
		CHECK_STR(command.why, rows[i].why);
		CHECK_EQ(command.wrong_length, strlen(rows[i].wrong));
		CHECK_EQ(memcmp(command.wrong, rows[i].wrong,
				command.wrong_length),
			 0);
	}
}
