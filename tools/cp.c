/*
 * cp [-afip] SOURCE TARGET, cp -R [-HLPafip] SOURCE... DIRECTORY: copies files
 * and trees.
 *
 * A tree is walked in the source; what is met goes to the same place below the
 * target.  A directory gets its own mode and times when it has been filled.  A
 * device is read as a file, unless it is met in a tree.
 */
#include "inodes.h"
#include "text.h"
#include "util.h"
#include "walk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char cp_usage[] =
	"usage: cp [-fip] SOURCE TARGET\n"
	"\tcp [-fip] SOURCE... DIRECTORY\n"
	"\tcp -R [-HLPafip] SOURCE... TARGET\n"
	"Copies files, with -R directories and all that is in them.\n"
	"  -a      as -pPR, and hard links stay such\n"
	"  -f      a target that cannot be written is removed first\n"
	"  -H, -L  follow links: those named here, all\n"
	"  -i      ask before a file is replaced\n"
	"  -P      copy links as links, as -R does anyway\n"
	"  -p      keep owner, mode and times\n"
	"  -R, -r  directories too\n";

static bool cp_force, cp_ask, cp_keep, cp_tree, cp_hard;
static mode_t cp_mask;
static struct inodes cp_met;

/* One source and where it goes. */
struct cp_job {
	const char *source, *target;
	dev_t dev; /* the directory made for it, not to be copied into itself */
	ino_t ino;
	bool *made; /* of each depth: is the directory ours? */
	unsigned depths;
};

static char *
cp_target(const struct cp_job *job, const struct walk_item *item)
{
	const char *below = item->path + strlen(job->source);

	if (item->depth == 0)
		return util_copy(job->target);
	while (*below == '/')
		below++;
	return walk_join(job->target, below);
}

/* Owner, mode, times.  A set-id bit goes if the owner could not be kept. */
static void
cp_attributes(const struct stat *st, const char *target)
{
	struct timespec times[2] = {st->st_atim, st->st_mtim};
	mode_t mode = st->st_mode & 07777;

	if (lchown(target, st->st_uid, st->st_gid) < 0)
		mode &= 01777;
	if ((!S_ISLNK(st->st_mode) && chmod(target, mode) < 0) ||
	    utimensat(AT_FDCWD, target, times, AT_SYMLINK_NOFOLLOW) < 0)
		util_fail(target);
}

static int
cp_open_target(const char *target, mode_t mode)
{
	int fd = open(target, O_WRONLY | O_CREAT | O_TRUNC, mode & 0777);

	if (fd < 0 && cp_force && errno != EISDIR && unlink(target) == 0)
		fd = open(target, O_WRONLY | O_CREAT | O_TRUNC, mode & 0777);
	return fd;
}

/* 0, or -1: what has been said. */
static int
cp_bytes(int in, const char *source, int out, const char *target)
{
	static char piece[65536];
	ssize_t got;

	while ((got = text_read(in, piece, sizeof piece, source)) > 0)
		if (util_write(out, piece, (size_t)got) < 0) {
			util_fail(target);
			return -1;
		}
	return got < 0 ? -1 : 0;
}

static int
cp_file(const struct walk_item *item, const char *target)
{
	int in = open(item->path, O_RDONLY), out, error;

	if (in < 0) {
		util_fail(item->path);
		return -1;
	}
	out = cp_open_target(target, item->st.st_mode);
	if (out < 0) {
		util_fail(target);
		close(in);
		return -1;
	}
	error = cp_bytes(in, item->path, out, target);
	close(in);
	if (close(out) < 0 && error == 0) {
		util_fail(target);
		error = -1;
	}
	return error;
}

static int
cp_link(const struct walk_item *item, const char *target)
{
	char text[PATH_MAX];
	ssize_t length = readlink(item->path, text, sizeof text - 1);

	if (length < 0) {
		util_fail(item->path);
		return -1;
	}
	text[length] = '\0';
	if (symlink(text, target) < 0 &&
	    (errno != EEXIST || unlink(target) < 0 ||
	     symlink(text, target) < 0)) {
		util_fail(target);
		return -1;
	}
	return 0;
}

/* Was the file copied before, under another name?  Then target is one more. */
static bool
cp_again(const struct walk_item *item, const char *target)
{
	char **first;

	if (!cp_hard || item->st.st_nlink < 2)
		return false;
	first = inodes_meet(&cp_met, &item->st);
	if (*first == NULL) {
		*first = util_copy(target);
		return false;
	}
	if (link(*first, target) < 0 &&
	    (errno != EEXIST || unlink(target) < 0 || link(*first, target) < 0))
		util_fail(target);
	return true;
}

/* Says why item must not go to the target, which is there. */
static bool
cp_refused(const struct walk_item *item, const char *target,
	   const struct stat *there)
{
	struct stat behind = *there;

	if (!S_ISLNK(item->st.st_mode))
		stat(target, &behind);
	if (behind.st_dev == item->st.st_dev &&
	    behind.st_ino == item->st.st_ino) {
		util_say("%s: is %s itself", target, item->path);
		return true;
	}
	if (S_ISDIR(behind.st_mode)) {
		errno = EISDIR;
		util_fail(target);
		return true;
	}
	return cp_ask && !util_confirm("replace %s? ", target);
}

static void
cp_other(const struct walk_item *item, const char *target)
{
	bool plain = S_ISREG(item->st.st_mode) || S_ISLNK(item->st.st_mode);
	struct stat there;
	int error;

	if (lstat(target, &there) == 0 && cp_refused(item, target, &there))
		return;
	if (cp_tree && !plain) {
		util_say("%s: neither file, directory nor link; not copied",
			 item->path);
		return;
	}
	if (cp_again(item, target))
		return;
	error = S_ISLNK(item->st.st_mode) ? cp_link(item, target)
					  : cp_file(item, target);
	if (error == 0 && cp_keep)
		cp_attributes(&item->st, target);
}

/* Makes the directory if it is not there, writable for now. */
static bool
cp_enter(struct cp_job *job, const struct walk_item *item, const char *target)
{
	struct stat st;
	bool made = mkdir(target, (item->st.st_mode & 0777) | 0700) == 0;

	if (!made && !walk_is_directory(target)) {
		util_fail(target);
		return false;
	}
	if (stat(target, &st) < 0) {
		util_fail(target);
		return false;
	}
	if (item->depth >= job->depths) {
		job->depths = item->depth + 16;
		job->made = util_grow(job->made, job->depths);
	}
	job->made[item->depth] = made;
	if (item->depth == 0) {
		job->dev = st.st_dev;
		job->ino = st.st_ino;
	}
	return true;
}

static bool
cp_directory(struct cp_job *job, const struct walk_item *item,
	     const char *target)
{
	struct stat st;

	if (!cp_tree) {
		util_say("%s: is a directory; -R copies it", item->path);
		return false;
	}
	if (item->depth > 0 && item->st.st_dev == job->dev &&
	    item->st.st_ino == job->ino) {
		util_say("%s: is not copied into itself", item->path);
		return false;
	}
	if (item->depth == 0 && stat(target, &st) == 0 &&
	    st.st_dev == item->st.st_dev && st.st_ino == item->st.st_ino) {
		util_say("%s: is %s itself", target, item->path);
		return false;
	}
	return cp_enter(job, item, target);
}

static bool
cp_visit(const struct walk_item *item, void *arg)
{
	bool enter = S_ISDIR(item->st.st_mode);
	char *target;

	if (item->broken != 0) {
		errno = item->broken;
		util_fail(item->path);
		return false;
	}
	target = cp_target(arg, item);
	if (enter)
		enter = cp_directory(arg, item, target);
	else
		cp_other(item, target);
	free(target);
	return enter;
}

static void
cp_leave(const struct walk_item *item, void *arg)
{
	const struct cp_job *job = arg;
	char *target = cp_target(job, item);
	mode_t mode = item->st.st_mode & 0777 & ~cp_mask;

	if (cp_keep)
		cp_attributes(&item->st, target);
	else if (job->made[item->depth] && chmod(target, mode) < 0)
		util_fail(target);
	free(target);
}

static void
cp_copy(const char *source, const char *target, enum walk_follow follow)
{
	struct cp_job job = {.source = source, .target = target};
	struct walk how = {.follow = follow,
			   .visit = cp_visit,
			   .leave = cp_leave,
			   .arg = &job};

	walk(&how, source);
	free(job.made);
}

static enum walk_follow
cp_options(char **argv)
{
	enum walk_follow follow = WALK_FOLLOW_ALL;
	bool chosen = false;
	int c;

	while ((c = util_option(argv, "HLPRafipr")) >= 0) {
		cp_force |= c == 'f';
		cp_ask |= c == 'i';
		cp_keep |= c == 'p' || c == 'a';
		cp_tree |= c == 'R' || c == 'r' || c == 'a';
		cp_hard |= c == 'a';
		if (strchr("HLPa", c) != NULL) {
			chosen = true;
			follow = c == 'H'   ? WALK_FOLLOW_FIRST
				 : c == 'L' ? WALK_FOLLOW_ALL
					    : WALK_FOLLOW_NONE;
		}
	}
	return cp_tree && !chosen ? WALK_FOLLOW_NONE : follow;
}

int
main(int argc, char **argv)
{
	enum walk_follow follow;
	const char *last;
	int count, i;

	util_trouble = 1;
	util_start("cp", cp_usage);
	follow = cp_options(argv);
	count = argc - optind - 1;
	argv += optind;
	if (count < 1)
		util_usage();
	cp_mask = umask(0);
	umask(cp_mask);
	last = argv[count];
	if (!walk_is_directory(last)) {
		if (count > 1)
			util_die("%s: not a directory", last);
		cp_copy(argv[0], last, follow);
		return util_end();
	}
	for (i = 0; i < count; i++) {
		char *name = walk_last(argv[i]);
		char *target = walk_join(last, name);

		cp_copy(argv[i], target, follow);
		free(target);
		free(name);
	}
	return util_end();
}
