/*
 * mktemp [-du] [-p DIRECTORY] [TEMPLATE]: makes a file, or a directory, whose
 * name nobody had, and prints the name.
 */
#include "util.h"
#include "walk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char mktemp_usage[] =
	"usage: mktemp [-du] [-p DIRECTORY] [TEMPLATE]\n"
	"Makes a file with a new name and prints its path.\n"
	"TEMPLATE ends with three X or more, which become letters and digits.\n"
	"  -d            a directory\n"
	"  -p DIRECTORY  in that one; else, without TEMPLATE, in TMPDIR or "
	"/tmp\n"
	"  -u            make nothing: the name is free, but for how long?\n";

enum { MKTEMP_TRIES = 1000 };

static void
mktemp_fill(char *at)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	unsigned char random;

	for (; *at != '\0'; at++) {
		if (getentropy(&random, 1) < 0)
			util_die_of("random bytes");
		*at = letters[random % (sizeof letters - 1)];
	}
}

/* 0, or -1 with errno. */
static int
mktemp_make(const char *path, bool directory, bool dry)
{
	struct stat st;
	int fd;

	if (dry) {
		if (lstat(path, &st) < 0)
			return errno == ENOENT ? 0 : -1;
		errno = EEXIST;
		return -1;
	}
	if (directory)
		return mkdir(path, 0700);
	fd = open(path, O_RDWR | O_CREAT | O_EXCL, 0600);
	return fd < 0 ? -1 : close(fd);
}

static char *
mktemp_path(const char *template, const char *directory)
{
	const char *environment = getenv("TMPDIR");

	if (template != NULL && directory == NULL)
		return util_copy(template);
	if (directory == NULL)
		directory = environment != NULL && *environment != '\0'
				    ? environment
				    : "/tmp";
	return walk_join(directory,
			 template != NULL ? template : "tmp.XXXXXXXXXX");
}

/* Where the Xs at the end begin. */
static char *
mktemp_find(char *path)
{
	char *at = path + strlen(path);

	while (at > path && at[-1] == 'X')
		at--;
	if (strlen(at) < 3)
		util_die("%s: has less than three X at its end", path);
	return at;
}

int
main(int argc, char **argv)
{
	bool made_directory = false, dry = false;
	const char *where = NULL;
	char *path, *random;
	int c, tries = 0;

	util_trouble = 1;
	util_start("mktemp", mktemp_usage);
	while ((c = util_option(argv, "dup:")) >= 0) {
		if (c == 'p')
			where = optarg;
		else if (c == 'd')
			made_directory = true;
		else
			dry = true;
	}
	if (argc - optind > 1)
		util_usage();
	path = mktemp_path(argv[optind], where);
	random = mktemp_find(path);
	do
		mktemp_fill(random);
	while ((c = mktemp_make(path, made_directory, dry)) < 0 &&
	       errno == EEXIST && ++tries < MKTEMP_TRIES);
	if (c < 0)
		util_die_of(path);
	puts(path);
	return util_end();
}
