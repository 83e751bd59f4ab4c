/*
 * What a new program finds: its words, brought in from memory that may be bad,
 * changed for a script, and laid out on its stack.
 *
 * with: kernel/exec_strings.c kernel/exec_script.c kernel/exec_words.c
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include "abi/errno.h"
#include "exec.h"
#include "heap_fake.h"
#include "usercopy.h"
#include "test.h"

/* The user's memory is the test's own; below 4096 there is none. */
int
copy_from_user(void *to, uint64_t from, size_t n)
{
	if (from < 4096)
		return -EFAULT;
	memcpy(to, (const void *)(uintptr_t)from, n);
	return 0;
}

int64_t
copy_text_from_user(char *buf, uint64_t from, size_t size, int too_long)
{
	const char *text = (const void *)(uintptr_t)from;

	if (from < 4096)
		return -EFAULT;
	for (size_t i = 0; i < size; i++) {
		buf[i] = text[i];
		if (!text[i])
			return (int64_t)i;
	}
	return too_long;
}

static int
bring(const char *const *argv, const char *const *envp,
      struct exec_strings *strings)
{
	return exec_strings_from_user((uintptr_t)argv, (uintptr_t)envp,
				      strings);
}

TEST(exec_strings_come_one_after_another)
{
	const char *argv[] = {"ls", "", "-l", NULL}, *envp[] = {"A=1", NULL};
	struct exec_strings strings;

	CHECK_EQ(bring(argv, envp, &strings), 0);
	CHECK_EQ(strings.argc, 3);
	CHECK_EQ(strings.envc, 1);
	CHECK_EQ(strings.size, 11);
	CHECK(!memcmp(strings.bytes, "ls\0\0-l\0A=1", 11));
	CHECK_EQ(exec_strings_length(&strings, 3), 7);
	exec_strings_free(&strings);
}

TEST(exec_strings_longer_than_the_first_buffer_are_whole)
{
	char *text = malloc(100000);
	const char *argv[] = {"x", text, "y", NULL};
	struct exec_strings strings;

	memset(text, 'a', 99999);
	text[99999] = '\0';
	CHECK_EQ(bring(argv, NULL, &strings), 0);
	CHECK_STR(strings.bytes + 2, text);
	CHECK_STR(strings.bytes + 2 + 100000, "y");
	exec_strings_free(&strings);
	free(text);
}

TEST(exec_strings_without_arguments_get_an_empty_one)
{
	const char *none[] = {NULL};
	struct exec_strings strings;

	CHECK_EQ(bring(NULL, NULL, &strings), 0);
	CHECK_EQ(strings.argc, 1);
	CHECK_STR(strings.bytes, "");
	exec_strings_free(&strings);
	CHECK_EQ(bring(none, none, &strings), 0);
	CHECK_EQ(strings.argc, 1);
	exec_strings_free(&strings);
}

TEST(exec_strings_at_bad_addresses_are_efault)
{
	const char *bad[] = {"x", (const char *)8, NULL}, *good[] = {"x", NULL};
	struct exec_strings strings;

	CHECK_EQ(exec_strings_from_user(8, 0, &strings), -EFAULT);
	CHECK_EQ(bring(bad, NULL, &strings), -EFAULT);
	CHECK_EQ(bring(good, bad, &strings), -EFAULT);
	CHECK_EQ(exec_strings_from_user((uintptr_t)good, 16, &strings),
		 -EFAULT);
	CHECK(!strings.bytes);
}

TEST(exec_strings_fill_the_limit_exactly_and_no_more)
{
	char *text = malloc(KARG_MAX);
	const char *argv[] = {text, NULL};
	struct exec_strings strings;

	memset(text, 'a', KARG_MAX);
	text[KARG_MAX - 8 - 1] = '\0';
	CHECK_EQ(bring(argv, NULL, &strings), 0);
	CHECK_EQ(strings.size, KARG_MAX - 8);
	exec_strings_free(&strings);
	text[KARG_MAX - 8 - 1] = 'a';
	text[KARG_MAX - 8] = '\0';
	CHECK_EQ(bring(argv, NULL, &strings), -E2BIG);
	text[KARG_MAX - 8] = 'a';
	text[KARG_MAX - 1] = '\0';
	CHECK_EQ(bring(argv, NULL, &strings), -E2BIG);
	free(text);
}

TEST(exec_strings_count_their_pointers)
{
	static const char *many[KARG_MAX / 9 + 2];
	struct exec_strings strings;

	for (int i = 0; i < KARG_MAX / 9; i++)
		many[i] = "";
	CHECK_EQ(bring(many, NULL, &strings), 0);
	CHECK_EQ(strings.argc, KARG_MAX / 9);
	exec_strings_free(&strings);
	many[KARG_MAX / 9] = "";
	CHECK_EQ(bring(many, NULL, &strings), -E2BIG);
	CHECK_EQ(bring(NULL, many, &strings), -E2BIG);
}

TEST(exec_strings_without_memory_are_enomem)
{
	char text[5000];
	const char *argv[] = {"x", text, NULL};
	struct exec_strings strings;

	memset(text, 'a', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	for (long n = 1; n <= 2; n++) {
		fake_fail = n;
		CHECK_EQ(bring(argv, NULL, &strings), -ENOMEM);
		CHECK(!strings.bytes);
	}
}

/* ---- scripts ---- */

static int
parse(const char *text, struct exec_script *script)
{
	size_t size = strlen(text);
	char *copy = malloc(size ? size : 1);
	int result;

	for (size_t i = 0; i < size; i++)
		copy[i] = text[i];
	result = exec_script_parse(copy, size, script);
	free(copy);
	return result;
}

TEST(exec_script_line_is_taken_apart)
{
	struct exec_script script;

	CHECK_EQ(parse("#!/bin/sh\necho", &script), 1);
	CHECK_STR(script.interp, "/bin/sh");
	CHECK_STR(script.word, "");
	CHECK_EQ(parse("#! \t/bin/awk  -f \t\nx", &script), 1);
	CHECK_STR(script.interp, "/bin/awk");
	CHECK_STR(script.word, "-f");
	CHECK_EQ(parse("#!/bin/env lua -i", &script), 1);
	CHECK_STR(script.interp, "/bin/env");
	CHECK_STR(script.word, "lua -i");
}

TEST(exec_script_that_is_none_is_passed_on)
{
	struct exec_script script;

	CHECK_EQ(parse("", &script), 0);
	CHECK_EQ(parse("#", &script), 0);
	CHECK_EQ(parse("# !/bin/sh\n", &script), 0);
	CHECK_EQ(parse("\177ELF", &script), 0);
}

TEST(exec_script_with_a_bad_line_is_refused)
{
	struct exec_script script;
	char text[400];

	CHECK_EQ(parse("#!", &script), -ENOEXEC);
	CHECK_EQ(parse("#!\n/bin/sh\n", &script), -ENOEXEC);
	CHECK_EQ(parse("#!  \t \n", &script), -ENOEXEC);
	CHECK_EQ(exec_script_parse("#!/bin\0/sh\n", 11, &script), -ENOEXEC);
	memset(text, 'a', sizeof(text));
	text[0] = '#';
	text[1] = '!';
	text[2] = '/';
	text[2 + 127] = '\n';
	CHECK_EQ(exec_script_parse(text, sizeof(text), &script), 1);
	CHECK_EQ(strlen(script.interp), 127);
	text[2 + 127] = 'a';
	text[2 + 128] = '\n';
	CHECK_EQ(exec_script_parse(text, sizeof(text), &script), -ENOEXEC);
	text[2 + 128] = 'a';
	text[10] = ' ';
	text[255] = '\n';
	CHECK_EQ(exec_script_parse(text, sizeof(text), &script), 1);
	CHECK_EQ(strlen(script.word), 255 - 11);
	text[255] = 'a';
	text[256] = '\n';
	CHECK_EQ(exec_script_parse(text, sizeof(text), &script), -ENOEXEC);
}

TEST(exec_script_words_begin_with_the_interpreter)
{
	const char *argv[] = {"script", "one", NULL}, *envp[] = {"A=1", NULL};
	struct exec_strings strings, result;
	struct exec_script script;

	CHECK_EQ(bring(argv, envp, &strings), 0);
	CHECK_EQ(parse("#!/bin/sh -e\n", &script), 1);
	CHECK_EQ(exec_script_strings(&script, "/s", &strings, &result), 0);
	CHECK_EQ(result.argc, 4);
	CHECK_EQ(result.envc, 1);
	CHECK_EQ(result.size, 22);
	CHECK(!memcmp(result.bytes, "/bin/sh\0-e\0/s\0one\0A=1", 22));
	exec_strings_free(&result);
	CHECK_EQ(parse("#!/bin/sh\n", &script), 1);
	CHECK_EQ(exec_script_strings(&script, "/s", &strings, &result), 0);
	CHECK_EQ(result.argc, 3);
	CHECK(!memcmp(result.bytes, "/bin/sh\0/s\0one\0A=1", result.size));
	exec_strings_free(&result);
	fake_fail = 1;
	CHECK_EQ(exec_script_strings(&script, "/s", &strings, &result),
		 -ENOMEM);
	exec_strings_free(&strings);
}

TEST(exec_script_words_keep_the_limit)
{
	char *text = malloc(KARG_MAX);
	const char *argv[] = {"x", text, NULL};
	struct exec_strings strings, result;
	struct exec_script script;

	memset(text, 'a', KARG_MAX);
	text[KARG_MAX - 2 * 8 - 2 - 1] = '\0';
	CHECK_EQ(bring(argv, NULL, &strings), 0);
	CHECK_EQ(parse("#!/bin/sh\n", &script), 1);
	CHECK_EQ(exec_script_strings(&script, "/s", &strings, &result), -E2BIG);
	exec_strings_free(&strings);
	free(text);
}

/* ---- the stack ---- */

#define TOP 0x7ffffffff000u

static uint64_t
aux_of(const uint64_t *aux, uint64_t type)
{
	for (; aux[0]; aux += 2)
		if (aux[0] == type)
			return aux[1];
	test_fail(__FILE__, __LINE__, "no type %d", (int)type);
}

TEST(exec_stack_is_laid_out_as_a_program_expects)
{
	const char *argv[] = {"ls", "-l", NULL}, *envp[] = {"A=1", NULL};
	struct elf_image elf = {
		.entry = 0x401000, .headers = 0x400040, .header_count = 4};
	struct exec_strings strings;
	uint64_t aux[PROGRAM_AUX][2];
	struct exec_stack stack = {
		&strings, "/bin/ls", &elf, {1, 2, 3, 4, 5, 6}, aux};
	struct exec_places at;
	uint64_t *words;

	CHECK_EQ(bring(argv, envp, &strings), 0);
	exec_places(&stack, TOP, &at);
	words = malloc(exec_words_size(&stack) * 8);
	exec_words(&stack, &at, words);
	CHECK_EQ(at.words % 16, 0);
	CHECK_EQ(at.random % 16, 0);
	CHECK(at.words + exec_words_size(&stack) * 8 <= at.random);
	CHECK(at.random + 16 <= at.path);
	CHECK_EQ(at.path + 8, at.strings);
	CHECK_EQ(at.strings + strings.size, TOP);
	CHECK_EQ(words[0], 2);
	CHECK_EQ(words[1], at.strings);
	CHECK_EQ(words[2], at.strings + 3);
	CHECK_EQ(words[3], 0);
	CHECK_EQ(words[4], at.strings + 6);
	CHECK_EQ(words[5], 0);
	CHECK_EQ(words[exec_words_size(&stack) - 2], 0);
	CHECK_EQ(words[exec_words_size(&stack) - 1], 0);
	CHECK_EQ(memcmp(aux, words + 6, sizeof(aux)), 0);
	CHECK_EQ(aux_of(words + 6, 3), 0x400040);
	CHECK_EQ(aux_of(words + 6, 5), 4);
	CHECK_EQ(aux_of(words + 6, 6), 4096);
	CHECK_EQ(aux_of(words + 6, 9), 0x401000);
	CHECK_EQ(aux_of(words + 6, 11), 1);
	CHECK_EQ(aux_of(words + 6, 12), 2);
	CHECK_EQ(aux_of(words + 6, 13), 4);
	CHECK_EQ(aux_of(words + 6, 14), 5);
	CHECK_EQ(aux_of(words + 6, 23), 1);
	CHECK_EQ(aux_of(words + 6, 25), at.random);
	CHECK_EQ(aux_of(words + 6, 31), at.path);
	exec_strings_free(&strings);
	free(words);
}

TEST(exec_stack_of_every_size_is_aligned)
{
	struct elf_image elf = {.entry = 1};
	char bytes[64] = "";
	char path[32] = "";

	for (uint32_t n = 1; n < 64; n++)
		for (unsigned length = 0; length < 31; length++) {
			struct exec_strings strings = {bytes, n, n, 0};
			struct exec_stack stack = {
				&strings, path, &elf, {0}, NULL};
			struct exec_places at;

			memset(path, 'p', length);
			path[length] = '\0';
			exec_places(&stack, TOP, &at);
			CHECK_EQ(at.words % 16, 0);
			CHECK(at.words + exec_words_size(&stack) * 8 <=
			      at.random);
			CHECK(at.random + 16 <= at.path);
		}
}
