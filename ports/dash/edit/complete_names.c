/*
 * Where the names for completion come from: the shell's builtins, the folders
 * of PATH, any folder, also one of a scheme.
 *
 * Called by complete.c.
 */
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "edit.h"
#include "shell.h"
#include "builtins.h"
#include "var.h"

/* What is in a folder and begins with `start`; the names must be programs, or
 * may be anything. */
static void
complete_folder(struct names *names, const char *folder, const char *start,
		int programs)
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	struct stat status;
	char path[PATH_MAX];

	while (dir && (entry = readdir(dir))) {
		const char *name = entry->d_name;
		int is_folder;

		if (strncmp(name, start, strlen(start)) != 0 ||
		    (name[0] == '.' && start[0] != '.') ||
		    strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
			continue;
		snprintf(path, sizeof path, "%s/%s", folder, name);
		is_folder = stat(path, &status) == 0 && S_ISDIR(status.st_mode);
		if (programs && (is_folder || access(path, X_OK) < 0))
			continue;
		names_add(names, name, is_folder ? "/" : "");
	}
	if (dir)
		closedir(dir);
}

void
complete_commands(struct names *names, const char *word)
{
	const char *path = pathval();
	char folder[PATH_MAX];
	size_t i;

	for (i = 0; i < NUMBUILTINS; i++)
		if (strncmp(builtincmd[i].name, word, strlen(word)) == 0)
			names_add(names, builtincmd[i].name, "");
	while (path && *path) {
		size_t size = strcspn(path, ":");

		snprintf(folder, sizeof folder, "%.*s", (int)size, path);
		complete_folder(names, size ? folder : ".", word, 1);
		path += size + (path[size] == ':');
	}
}

/* The folder that a word's first part names: up to its last slash, or to the
 * colon of a scheme. */
size_t
complete_paths(struct names *names, const char *word)
{
	const char *slash = strrchr(word, '/'), *colon = strchr(word, ':');
	const char *last = slash ? slash : colon, *home = lookupvar("HOME");
	size_t size = last ? (size_t)(last + 1 - word) : 0;
	char folder[PATH_MAX];

	if (strncmp(word, "~/", 2) == 0 && home)
		snprintf(folder, sizeof folder, "%s%.*s", home, (int)size - 1,
			 word + 1);
	else
		snprintf(folder, sizeof folder, "%.*s", (int)size, word);
	complete_folder(names, size ? folder : ".", word + size, 0);
	return size;
}
