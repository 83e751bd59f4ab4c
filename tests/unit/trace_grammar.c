/*
 * The language of a trace file: values, verbs and whom they mean, and why a
 * line is none; a parser is one function from a line to a command.
 *
 * with: schemes/proc/grammar.c schemes/proc/grammar_rule.c
 * with: schemes/proc/grammar_strings.c schemes/proc/grammar_packed.c
 * with: kernel/trace/names.c
 */
#include "trace_grammar.h"

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
		{"run me", "none of seq, tid, pid, all", "me"},
		{"run all all", "a word too many", "all"},
		{"return", "no value", ""},
		{"return -EFOO", "no value", "-EFOO"},
		{"args gtpid 0 0 0 0 0 0", "no such call", "gtpid"},
		{"args getpid 0 0", "no value", ""},
		{"kill SIGX", "no such signal", "SIGX"},
		{"signal 65", "no such signal", "65"},
		{"new", "no path", ""},
		{"new /bin/ls", "no argument 0 after the path", ""},
		{"new /bin/ls %zz", "no such %-escape", "%zz"},
		{"new a%20b%2 c", "no such %-escape", "a%20b%2"},
		{"env", "no NAME=VALUE", ""},
		{"env NAME", "no NAME=VALUE", "NAME"},
		{"env A=b C", "a word too many", "C"},
		{"set", "no setting", ""},
		{"set close", "no such value of it", ""},
		{"set close nicely", "no such value of it", "nicely"},
		{"set clothes run", "no such setting", "clothes"},
		{"on", "no event", ""},
		{"on entry * hold", "no such event", "entry"},
		{"on enter", "no SET", ""},
		{"on leave hold", "no SET before", "hold"},
		{"on enter opn hold", "no such call", "opn"},
		{"on enter open,,read hold", "no such call", ""},
		{"on leave open,raed,write hold", "no such call", "raed"},
		{"on signal SIGX hold", "no such signal", "SIGX"},
		{"on fault zz hold", "no such fault", "zz"},
		{"on enter open",
		 "no action: hold, log, off, count, kill, return, signal or "
		 "delay",
		 ""},
		{"on start return 1", "fits enter and leave only", "return"},
		{"on enter * signal 1", "fits signal and fault only", "signal"},
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
