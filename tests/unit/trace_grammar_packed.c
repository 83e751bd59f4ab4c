/*
 * The packed form of what a trace file takes: every size, number and count.
 *
 * with: schemes/proc/grammar.c schemes/proc/grammar_rule.c
 * with: schemes/proc/grammar_strings.c schemes/proc/grammar_packed.c
 * with: kernel/trace/names.c
 */
#include "trace_grammar.h"

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

TEST(packed_verb_that_is_none_says_why)
{
	struct trace_verb verb = {.size = TRACE_VERB_SIZE,
				  .verb = TRACE_VERB_kill};

	CHECK_EQ(packed(&verb, NULL, 0), -EINVAL);
	CHECK_STR(command.why, "no such signal");
	verb.flags = 99;
	CHECK_EQ(packed(&verb, NULL, 0), -EINVAL);
	CHECK_STR(command.why, "no such flags");
	verb.verb = 9999;
	CHECK_EQ(packed(&verb, NULL, 0), -EINVAL);
	CHECK_STR(command.why, "no such verb");
	verb.size++;
	CHECK_EQ(packed(&verb, NULL, 0), -EINVAL);
	CHECK_STR(command.why, "its size is another");
	verb.verb = TRACE_VERB_run;
	verb.flags = 0;
	CHECK_EQ(packed(&verb, "x", 1), -EINVAL);
	CHECK_STR(command.why, "bytes after it");
	CHECK_EQ(command.wrong_length, 0);
}
