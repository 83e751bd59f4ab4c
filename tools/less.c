/*
 * less [-FiNRS] [+COMMAND] [FILE]...: shows text a screen at a time.
 * Without a terminal it is cat.
 */
#include "less.h"
#include "text.h"
#include "util.h"

#include <unistd.h>

static const char less_usage[] =
	"usage: less [-FiNRS] [+COMMAND] [FILE]...\n"
	"Shows text a screen at a time; h shows the keys.\n"
	"  -F  text that fits on the screen is only printed\n"
	"  -i  searches take capital and small letters for the same\n"
	"  -N  with the numbers of lines\n"
	"  -R  lets colours through\n"
	"  -S  cuts long lines off\n"
	"  +COMMAND  begins with these keys: +G, +/pattern, +42\n";

static void
less_cat(const char *name)
{
	static char piece[65536];
	int fd = text_open_fd(name);
	ssize_t got;

	if (fd < 0)
		return;
	while (util_printed() &&
	       (got = text_read(fd, piece, sizeof piece, name)) > 0)
		text_put(piece, (size_t)got);
	text_close_fd(fd);
}

int
main(int argc, char **argv)
{
	static char input[] = "-", *only[] = {input, NULL};
	bool fits = false;
	char **at;
	int c;

	util_start("less", less_usage);
	while ((c = util_option(argv, "FiNRrSXEMen")) >= 0) {
		fits |= c == 'F';
		less_fold |= c == 'i';
		less_numbers |= c == 'N';
		less_raw |= c == 'R' || c == 'r';
		less_chop |= c == 'S';
	}
	for (at = argv + optind; *at != NULL && **at == '+'; at++)
		less_set_typed(*at + 1);
	less_files = *at != NULL ? at : only;
	less_file_count = *at != NULL ? argc - (int)(at - argv) : 1;
	if (*at == NULL && isatty(STDIN_FILENO))
		util_usage();
	if (!less_terminal()) {
		text_each(less_files, less_cat);
		return util_end();
	}
	while (!less_show_file(less_file)) {
		util_say("%s", less_message);
		if (++less_file == less_file_count)
			return util_status;
	}
	less_fit_screen();
	if (fits && less_file_count == 1 && less_shows_end()) {
		less_print_all();
		return util_status;
	}
	less_begin();
	less_loop();
	less_end();
	return util_status;
}
