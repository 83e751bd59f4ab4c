/*
 * diff [-abiNqrsuw] [-U N] FILE1 FILE2: what became of a file, or of a tree.
 *
 * Options and directories; see diff.h for the rest.
 */
#include "diff.h"
#include "text.h"
#include "util.h"
#include "walk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char diff_usage[] =
	"usage: diff [-abiNqrsuw] [-U N] FILE1 FILE2\n"
	"Prints the lines in which two files differ.\n"
	"  -u    with 3 lines around them, for patches; -U N: with N\n"
	"  -q    only whether they differ\n"
	"  -s    also says which are the same\n"
	"  -r    directories with all that is in them\n"
	"  -N    a missing file is an empty one\n"
	"  -b    white space is as good as other white space\n"
	"  -w    white space does not count\n"
	"  -i    capital and small letters are the same\n"
	"  -a    accepted\n"
	"Status: 0 the same, 1 different, 2 trouble.\n";

enum { DIFF_BINARY_LOOK = 32768 };

static bool diff_brief, diff_same, diff_deep, diff_new, diff_unified;
static size_t diff_around = 3;
static bool diff_differ;
static char **diff_options; /* as they were given */
static int diff_option_count;

static void diff_pair(const char *name_a, const char *name_b, unsigned depth);

static bool
diff_open(struct diff_file *file, const char *name, int *fd)
{
	int error;

	*file = (struct diff_file){.name = name};
	*fd = -1;
	if (strcmp(name, "-") == 0) {
		*fd = STDIN_FILENO;
		error = fstat(*fd, &file->st);
		clock_gettime(CLOCK_REALTIME, &file->st.st_mtim);
	} else {
		error = stat(name, &file->st);
	}
	if (error < 0 && errno == ENOENT && diff_new)
		file->absent = true;
	else if (error < 0)
		util_fail(name);
	return error == 0 || file->absent;
}

static bool
diff_is_binary(const struct diff_file *file)
{
	size_t size = file->size;

	if (size > DIFF_BINARY_LOOK)
		size = DIFF_BINARY_LOOK;
	return size > 0 && memchr(file->data, '\0', size) != NULL;
}

static void
diff_print_command(const char *name_a, const char *name_b)
{
	int i;

	fputs("diff", stdout);
	for (i = 0; i < diff_option_count; i++)
		printf(" %s", diff_options[i]);
	printf(" %s %s\n", name_a, name_b);
}

/* They are not the same to the byte. */
static void
diff_texts(struct diff_file *a, struct diff_file *b, unsigned depth)
{
	struct diff_changes changes = diff_find(a, b, diff_name_lines(a, b));

	if (changes.count > 0) {
		diff_differ = true;
		if (diff_brief) {
			printf("Files %s and %s differ\n", a->name, b->name);
		} else {
			if (depth > 0)
				diff_print_command(a->name, b->name);
			if (diff_unified)
				diff_print_unified(a, b, &changes, diff_around);
			else
				diff_print_normal(a, b, &changes);
		}
	} else if (diff_same) {
		printf("Files %s and %s are identical\n", a->name, b->name);
	}
	free(changes.list);
}

static void
diff_contents(struct diff_file *a, struct diff_file *b, unsigned depth)
{
	bool same = a->size == b->size &&
		    (a->size == 0 || memcmp(a->data, b->data, a->size) == 0);

	if (same) {
		if (diff_same)
			printf("Files %s and %s are identical\n", a->name,
			       b->name);
	} else if (diff_is_binary(a) || diff_is_binary(b)) {
		printf(diff_brief ? "Files %s and %s differ\n"
				  : "Binary files %s and %s differ\n",
		       a->name, b->name);
		diff_differ = true;
	} else {
		diff_texts(a, b, depth);
	}
}

static bool
diff_load(struct diff_file *file, int fd)
{
	bool good;

	if (file->absent)
		return true;
	if (fd < 0)
		fd = open(file->name, O_RDONLY);
	if (fd < 0) {
		util_fail(file->name);
		return false;
	}
	good = diff_read(file, fd);
	text_close_fd(fd);
	return good;
}

/* ---- directories ---- */

static char **
diff_names(const char *dir)
{
	char **names = walk_names(dir);

	if (names == NULL && !(errno == ENOENT && diff_new))
		util_fail(dir);
	return names;
}

static void
diff_only(const char *dir, const char *name)
{
	printf("Only in %s: %s\n", dir, name);
	diff_differ = true;
}

static void
diff_directories(const char *dir_a, const char *dir_b, unsigned depth)
{
	static char *none[] = {NULL};
	char **names_a = diff_names(dir_a), **names_b = diff_names(dir_b);
	char **a = names_a != NULL ? names_a : none;
	char **b = names_b != NULL ? names_b : none;

	while ((*a != NULL || *b != NULL) && util_printed()) {
		int order = *a == NULL ? 1 : *b == NULL ? -1 : strcmp(*a, *b);
		const char *name = order <= 0 ? *a : *b;

		if (order != 0 && !diff_new) {
			diff_only(order < 0 ? dir_a : dir_b, name);
		} else {
			char *path_a = walk_join(dir_a, name);
			char *path_b = walk_join(dir_b, name);

			diff_pair(path_a, path_b, depth + 1);
			free(path_a);
			free(path_b);
		}
		a += order <= 0;
		b += order >= 0;
	}
	if (names_a != NULL)
		walk_free_names(names_a);
	if (names_b != NULL)
		walk_free_names(names_b);
}

static const char *
diff_kind(const struct diff_file *file)
{
	if (S_ISDIR(file->st.st_mode))
		return "directory";
	if (S_ISREG(file->st.st_mode))
		return file->st.st_size > 0 ? "regular file"
					    : "regular empty file";
	return S_ISFIFO(file->st.st_mode) ? "fifo" : "special file";
}

/* Two things below directories; true if that was all. */
static bool
diff_kinds(const struct diff_file *a, const struct diff_file *b, unsigned depth)
{
	bool dir_a = S_ISDIR(a->st.st_mode), dir_b = S_ISDIR(b->st.st_mode);

	dir_a |= a->absent && dir_b;
	dir_b |= b->absent && dir_a;
	if (dir_a != dir_b) {
		printf("File %s is a %s while file %s is a %s\n", a->name,
		       diff_kind(a), b->name, diff_kind(b));
		diff_differ = true;
		return true;
	}
	if (!dir_a)
		return false;
	if (depth > 0 && !diff_deep)
		printf("Common subdirectories: %s and %s\n", a->name, b->name);
	else
		diff_directories(a->name, b->name, depth);
	return true;
}

static void
diff_pair(const char *name_a, const char *name_b, unsigned depth)
{
	struct diff_file a, b;
	int fd_a, fd_b;
	bool there = diff_open(&a, name_a, &fd_a);

	if (!diff_open(&b, name_b, &fd_b) || !there)
		return;
	if (a.absent && b.absent) {
		errno = ENOENT;
		util_fail(name_a);
		return;
	}
	if (diff_kinds(&a, &b, depth))
		return;
	if (strcmp(name_a, name_b) != 0 && diff_load(&a, fd_a) &&
	    diff_load(&b, fd_b))
		diff_contents(&a, &b, depth);
	else if (strcmp(name_a, name_b) == 0 && diff_same)
		printf("Files %s and %s are identical\n", name_a, name_b);
	diff_free(&a);
	diff_free(&b);
}

/* FILE and DIR: the file of that name in it. */
static char *
diff_inside(const char *name, const char *other)
{
	char *last, *path;

	if (!walk_is_directory(name) || walk_is_directory(other) ||
	    strcmp(other, "-") == 0)
		return util_copy(name);
	last = walk_last(other);
	path = walk_join(name, last);
	free(last);
	return path;
}

int
main(int argc, char **argv)
{
	char *a, *b;
	int c;

	util_start("diff", diff_usage);
	while ((c = util_option(argv, "abiNqrsuwU:")) >= 0) {
		diff_blank |= c == 'b';
		diff_fold |= c == 'i';
		diff_new |= c == 'N';
		diff_brief |= c == 'q';
		diff_deep |= c == 'r';
		diff_same |= c == 's';
		diff_unified |= c == 'u' || c == 'U';
		diff_no_space |= c == 'w';
		if (c == 'U')
			diff_around = (size_t)util_number(optarg, 0, 1 << 30,
							  "number");
	}
	if (argc - optind != 2)
		util_usage();
	diff_options = argv + 1;
	diff_option_count = optind - 1;
	a = diff_inside(argv[optind], argv[optind + 1]);
	b = diff_inside(argv[optind + 1], argv[optind]);
	diff_pair(a, b, 0);
	free(a);
	free(b);
	return util_end() != 0 ? util_trouble : diff_differ;
}
