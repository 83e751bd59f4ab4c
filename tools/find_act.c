/*
 * What find does with a file: prints it, removes it, runs a command.
 */
#include "find.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "util.h"

enum { FIND_BATCH_BYTES = 128 * 1024 };

bool
find_print(struct find_node *node, const struct walk_item *item)
{
	(void)node;
	puts(item->path);
	return util_printed();
}

bool
find_print0(struct find_node *node, const struct walk_item *item)
{
	(void)node;
	fwrite(item->path, 1, strlen(item->path) + 1, stdout);
	return util_printed();
}

bool
find_prune(struct find_node *node, const struct walk_item *item)
{
	(void)node, (void)item;
	find_state.pruned = true;
	return true;
}

bool
find_delete(struct find_node *node, const struct walk_item *item)
{
	int error;

	(void)node;
	if (strcmp(item->path, ".") == 0)
		return true;
	error = S_ISDIR(item->st.st_mode) ? rmdir(item->path)
					  : unlink(item->path);
	if (error < 0)
		util_fail(item->path);
	return error == 0;
}

/* true if the command ended with 0. */
static bool
find_run(char **words)
{
	int status = -1;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		execvp(words[0], words);
		util_fail(words[0]);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		util_fail(words[0]);
	return status == 0;
}

/* A word with each {} in it made the path. */
static char *
find_replace(const char *word, const char *path)
{
	size_t length = strlen(path), size = strlen(word) + 1;
	const char *at;
	char *made, *to;

	for (at = word; (at = strstr(at, "{}")) != NULL; at += 2)
		size += length;
	made = to = util_alloc(size);
	while ((at = strstr(word, "{}")) != NULL) {
		memcpy(to, word, (size_t)(at - word));
		to += at - word;
		to = stpcpy(to, path);
		word = at + 2;
	}
	strcpy(to, word);
	return made;
}

size_t
find_count(char **words)
{
	size_t n = 0;

	while (words[n] != NULL)
		n++;
	return n;
}

bool
find_exec(struct find_node *node, const struct walk_item *item)
{
	size_t count = find_count(node->words), i;
	char **words = util_alloc((count + 1) * sizeof *words);
	bool good;

	for (i = 0; i < count; i++)
		words[i] = find_replace(node->words[i], item->path);
	words[count] = NULL;
	good = find_run(words);
	for (i = 0; i < count; i++)
		free(words[i]);
	free(words);
	return good;
}

bool
find_ok(struct find_node *node, const struct walk_item *item)
{
	return util_confirm("%s ... %s? ", node->words[0], item->path) &&
	       find_exec(node, item);
}

/* Runs the command for the paths that wait. */
void
find_run_batch(struct find_node *node)
{
	size_t count = find_count(node->words), i;
	char **words;

	if (node->count == 0)
		return;
	words = util_alloc((count + node->count + 1) * sizeof *words);
	memcpy(words, node->words, count * sizeof *words);
	memcpy(words + count, node->paths, node->count * sizeof *words);
	words[count + node->count] = NULL;
	if (!find_run(words) && util_status == 0)
		util_status = 1;
	for (i = 0; i < node->count; i++)
		free(node->paths[i]);
	free(words);
	node->count = node->bytes = 0;
}

bool
find_exec_batch(struct find_node *node, const struct walk_item *item)
{
	size_t size = strlen(item->path) + 1 + sizeof(char *);

	if (node->bytes + size > FIND_BATCH_BYTES)
		find_run_batch(node);
	if (node->count == node->room) {
		node->room = node->room * 2 + 64;
		node->paths = util_grow(node->paths,
					node->room * sizeof *node->paths);
	}
	node->paths[node->count++] = util_copy(item->path);
	node->bytes += size;
	return true;
}
