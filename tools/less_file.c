/*
 * Which of its files less shows.
 */
#include "less.h"
#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char **less_files;
int less_file_count, less_file;

const char *
less_name(void)
{
	const char *name = less_files[less_file];

	return strcmp(name, "-") == 0 ? "stdin" : name;
}

/* -1 with errno: it cannot be shown. */
static int
less_open_name(const char *name)
{
	int fd = STDIN_FILENO;
	struct stat st;

	if (strcmp(name, "-") != 0)
		fd = open(name, O_RDONLY);
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISDIR(st.st_mode))
		return fd;
	text_close_fd(fd);
	errno = EISDIR;
	return -1;
}

bool
less_show_file(int index)
{
	static char why[256];
	int fd;

	if (index < 0 || index >= less_file_count) {
		less_message = "There is no other file";
		return false;
	}
	fd = less_open_name(less_files[index]);
	if (fd < 0) {
		snprintf(why, sizeof why, "%s: %s", less_files[index],
			 strerror(errno));
		less_message = why;
		return false;
	}
	less_file = index;
	less_open(fd);
	less_top = (struct less_place){0, 0};
	return true;
}

void
less_step_file(int by)
{
	int index = less_file + by;

	while (!less_show_file(index) && index >= 0 && index < less_file_count)
		index += by;
}
