/*
 * mv [-fi] SOURCE... TARGET: gives files other names.
 *
 * Within a scheme that is one rename.  Into another scheme cp copies and rm
 * removes, the source only after a copy without errors.
 */
#include "util.h"
#include "walk.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static const char mv_usage[] = "usage: mv [-fi] SOURCE TARGET\n"
			       "\tmv [-fi] SOURCE... DIRECTORY\n"
			       "Renames files, or moves them into DIRECTORY.\n"
			       "  -f  do not ask\n"
			       "  -i  ask before a file is replaced\n";

static bool mv_force, mv_ask;

/* Runs `program option -- one [other]`; true if it ended with 0. */
static bool
mv_run(const char *program, const char *option, const char *one,
       const char *other)
{
	int status = -1;
	pid_t pid = fork();

	if (pid == 0) {
		execl(program, program, option, "--", one, other, (char *)NULL);
		util_fail(program);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		util_fail(program);
	else if (status != 0)
		util_status = 1;
	return status == 0;
}

static void
mv_across(const char *source, const char *target)
{
	struct stat from, to;

	if (lstat(source, &from) < 0) {
		util_fail(source);
		return;
	}
	if (lstat(target, &to) == 0) {
		int error =
			S_ISDIR(to.st_mode) ? rmdir(target) : unlink(target);

		if (error < 0) {
			util_fail(target);
			return;
		}
	}
	if (mv_run("/bin/cp", "-a", source, target))
		mv_run("/bin/rm", "-rf", source, NULL);
}

static bool
mv_agreed(const char *target)
{
	struct stat st;

	if (mv_force || lstat(target, &st) < 0)
		return true;
	if (mv_ask)
		return util_confirm("replace %s? ", target);
	if (S_ISLNK(st.st_mode) || access(target, W_OK) == 0 ||
	    !isatty(STDIN_FILENO))
		return true;
	return util_confirm("replace %s, which is write-protected? ", target);
}

/* Two names of one file: rename would do nothing and call it done. */
static bool
mv_same(const char *source, const char *target)
{
	struct stat a, b;

	return lstat(source, &a) == 0 && lstat(target, &b) == 0 &&
	       a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

static void
mv_move(const char *source, const char *target)
{
	struct stat st;

	if (mv_same(source, target)) {
		util_say("%s: is %s itself", target, source);
		return;
	}
	if (!mv_agreed(target) || rename(source, target) == 0)
		return;
	if (errno == EXDEV)
		mv_across(source, target);
	else if (lstat(source, &st) < 0)
		util_fail(source);
	else
		util_fail(target);
}

int
main(int argc, char **argv)
{
	const char *last;
	int c, count;

	util_trouble = 1;
	util_start("mv", mv_usage);
	while ((c = util_option(argv, "fi")) >= 0) {
		mv_force = c == 'f';
		mv_ask = c == 'i';
	}
	count = argc - optind - 1;
	argv += optind;
	if (count < 1)
		util_usage();
	last = argv[count];
	if (!walk_is_directory(last)) {
		if (count > 1)
			util_die("%s: not a directory", last);
		mv_move(argv[0], last);
		return util_end();
	}
	for (c = 0; c < count; c++) {
		char *name = walk_last(argv[c]);
		char *target = walk_join(last, name);

		mv_move(argv[c], target);
		free(target);
		free(name);
	}
	return util_end();
}
