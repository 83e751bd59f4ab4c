/*
 * Lines that come in and go out, for sed.
 *
 * One line is read ahead, so that it is known which is the last.  With -i what
 * is printed goes to a new file beside the old one, which takes its place at
 * the end; if it could not be written whole, the old one stays.
 */
#include "sed.h"
#include "text.h"
#include "util.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SED_UNREAD = 2 }; /* the status if a file cannot be read */

unsigned long long sed_line;
struct sed_output sed_stdout = {.name = "stdout"};

static char **sed_names;
static struct text sed_text; /* holds the line ahead, if there is one */
static bool sed_opened, sed_ahead;
static bool sed_ended = true; /* the line in sed_space had a newline */
static struct sed_output sed_inplace;
static char *sed_new_name;

/* ---- out ---- */

struct sed_output *
sed_here(void)
{
	return sed_inplace.file != NULL ? &sed_inplace : &sed_stdout;
}

void
sed_end_line(struct sed_output *to)
{
	if (to->lacks)
		putc('\n', to->file);
	to->lacks = false;
}

void
sed_write(struct sed_output *to, const char *data, size_t size, bool ended)
{
	sed_end_line(to);
	if (size > 0)
		fwrite(data, 1, size, to->file);
	if (ended)
		putc('\n', to->file);
	to->lacks = !ended;
	if (to != &sed_stdout && to != &sed_inplace && fflush(to->file) != 0)
		util_die_of(to->name);
}

void
sed_write_space(struct sed_output *to)
{
	sed_write(to, sed_space.text, sed_space.size, sed_ended);
}

struct sed_output *
sed_open(const char *name)
{
	static struct sed_output *all;
	static struct sed_output error = {.name = "stderr"};
	struct sed_output *output;

	if (strcmp(name, "/dev/stdout") == 0)
		return &sed_stdout;
	if (strcmp(name, "/dev/stderr") == 0) {
		error.file = stderr;
		return &error;
	}
	for (output = all; output != NULL; output = output->next)
		if (strcmp(output->name, name) == 0)
			return output;
	output = util_alloc(sizeof *output);
	*output = (struct sed_output){.next = all, .name = util_copy(name)};
	output->file = fopen(name, "w");
	if (output->file == NULL)
		util_die_of(name);
	all = output;
	return output;
}

/* ---- in place ---- */

static void
sed_begin_place(const char *name)
{
	struct stat st;
	int fd;

	if (stat(name, &st) < 0 || !S_ISREG(st.st_mode))
		util_die("%s: not a file that can be edited in place", name);
	sed_new_name = util_alloc(strlen(name) + 8);
	sprintf(sed_new_name, "%s.XXXXXX", name);
	fd = mkstemp(sed_new_name);
	if (fd < 0)
		util_die_of(sed_new_name);
	fchmod(fd, st.st_mode & 07777);
	if (fchown(fd, st.st_uid, st.st_gid) < 0)
		util_fail(sed_new_name);
	sed_inplace = (struct sed_output){.name = sed_new_name,
					  .file = fdopen(fd, "w")};
	if (sed_inplace.file == NULL)
		util_die_of(name);
}

static void
sed_keep_old(const char *name)
{
	char *old = util_alloc(strlen(name) + strlen(sed_suffix) + 1);

	sprintf(old, "%s%s", name, sed_suffix);
	if (rename(name, old) < 0)
		util_die_of(old);
	free(old);
}

static void
sed_end_place(const char *name)
{
	bool lost = ferror(sed_inplace.file) != 0;

	lost |= fclose(sed_inplace.file) != 0;
	sed_inplace.file = NULL;
	if (lost) {
		util_fail(name);
		unlink(sed_new_name);
		exit(util_trouble);
	}
	if (*sed_suffix != '\0')
		sed_keep_old(name);
	if (rename(sed_new_name, name) < 0)
		util_die_of(name);
	free(sed_new_name);
}

/* ---- in ---- */

void
sed_files(char **names)
{
	static char input[] = "-", *only[] = {input, NULL};

	sed_stdout.file = stdout;
	sed_names = *names != NULL ? names : only;
}

static void
sed_end_file(void)
{
	if (ferror(sed_text.file))
		util_status = SED_UNREAD;
	if (sed_text.file != stdin)
		fclose(sed_text.file);
	sed_opened = false;
	if (sed_inplace.file != NULL)
		sed_end_place(sed_text.name);
	sed_names++;
}

static bool
sed_begin_file(void)
{
	char *line = sed_text.line;
	size_t room = sed_text.room;

	sed_opened = text_open(&sed_text, *sed_names);
	sed_text.line = line;
	sed_text.room = room;
	if (!sed_opened) {
		util_status = SED_UNREAD;
		sed_names++;
		return false;
	}
	if (sed_suffix != NULL)
		sed_begin_place(*sed_names);
	if (sed_apart)
		sed_line = 0;
	return true;
}

/* Reads the line ahead; further: also of the next files. */
static bool
sed_look(bool further)
{
	while (!sed_ahead) {
		if (!sed_opened && *sed_names == NULL)
			return false;
		if (!sed_opened && !sed_begin_file())
			continue;
		sed_ahead = text_line(&sed_text);
		if (sed_ahead)
			break;
		if (!further)
			return false;
		sed_end_file();
	}
	return true;
}

bool
sed_is_last(void)
{
	return !sed_look(!sed_apart);
}

bool
sed_next(bool append)
{
	if (!sed_look(true))
		return false;
	if (append)
		sed_put(&sed_space, "\n", 1);
	else
		sed_space.size = 0;
	sed_put(&sed_space, sed_text.line, sed_text.length);
	sed_ended = sed_text.ended;
	sed_ahead = false;
	sed_line++;
	return true;
}

/* The script has ended, maybe before the file. */
void
sed_close(void)
{
	if (sed_inplace.file != NULL)
		sed_end_file();
}
