/*
 * Which of its files less shows.
 */
#include "less.h"
#include "text.h"

#include <string.h>

char **less_files;
int less_file_count, less_file;

const char *
less_name(void)
{
	const char *name = less_files[less_file];

	return strcmp(name, "-") == 0 ? "stdin" : name;
}

bool
less_show_file(int index)
{
	int fd;

	if (index < 0 || index >= less_file_count) {
		less_message = "There is no other file";
		return false;
	}
	fd = text_open_fd(less_files[index]);
	if (fd < 0) {
		less_message = "The file cannot be opened";
		return false;
	}
	less_file = index;
	less_open(fd);
	less_top = (struct less_place){0, 0};
	return true;
}
