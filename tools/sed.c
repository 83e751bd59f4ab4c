/*
 * sed [-Eins] [-e SCRIPT | -f FILE]... [SCRIPT] [FILE]...: edits a stream.
 *
 * The script is read by sed_parse.c; here it runs, once for each line.  A line
 * is a text that ends at its first NUL for expressions.
 */
#include "sed.h"
#include "text.h"
#include "util.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char sed_usage[] =
	"usage: sed [-Eins] [-e SCRIPT | -f FILE]... [SCRIPT] [FILE]...\n"
	"Edits lines as the script says.\n"
	"  -e SCRIPT, -f FILE  a piece of script\n"
	"  -E, -r  extended regular expressions\n"
	"  -n      prints only what the script prints\n"
	"  -i      the files themselves are changed\n"
	"  -s      each file has lines and ends of its own\n"
	"Commands: { } = a b c d D g G h H i l n N p P q Q r s t T w x y : #\n"
	"Addresses: N $ /RE/ \\cREc N~STEP, and ranges A,B or A,+N; ! after\n"
	"them means all others.\n";

struct space {
	char *text;
	size_t length, room;
};

static struct space pattern, hold, output;
static bool quiet, in_place, separate;

/* The input: files one after another, one line read ahead. */
static char **files;
static struct text input;
static bool open_now, ahead, ahead_ended, line_ended = true;
static struct space next_line;
static size_t line_number;
static FILE *out;
static char *out_name;

static struct {
	char *text;
	bool is_file;
} appended[256];
static size_t appended_count;

static void
put(struct space *s, const char *text, size_t length)
{
	if (s->length + length + 1 > s->room) {
		s->room = (s->length + length + 1) * 2;
		s->text = util_grow(s->text, s->room);
	}
	memcpy(s->text + s->length, text, length);
	s->length += length;
	s->text[s->length] = '\0';
}

static void
set(struct space *s, const char *text, size_t length)
{
	s->length = 0;
	put(s, text, length);
}

/* ---- files ---- */

static void
begin_place(const char *name)
{
	struct stat st;
	size_t size = strlen(name) + 16;

	out_name = util_alloc(size);
	snprintf(out_name, size, "%s.sed%d", name, (int)getpid());
	out = fopen(out_name, "w");
	if (out == NULL)
		util_die_of(out_name);
	if (fstat(fileno(input.file), &st) == 0)
		fchmod(fileno(out), st.st_mode & 07777);
}

static void
end_place(const char *name)
{
	bool lost = ferror(out) || fflush(out) != 0;

	if (fclose(out) != 0 || lost) {
		unlink(out_name);
		util_die_of(name);
	}
	if (rename(out_name, name) < 0)
		util_die_of(name);
	free(out_name);
	out = stdout;
}

static void
close_input(void)
{
	if (!open_now)
		return;
	open_now = false;
	if (in_place)
		end_place(input.name);
	text_close(&input);
}

/* The line read ahead; false: there is none in this file. */
static bool
look_ahead(void)
{
	if (!text_line(&input))
		return false;
	set(&next_line, input.line, input.length);
	ahead_ended = input.ended;
	return ahead = true;
}

/* Opens files until there is a line; the one that is done is kept open while
 * its last line is worked on, if it is changed in place. */
static void
find_line(void)
{
	while (!ahead && !open_now && *files != NULL) {
		if (!text_open(&input, *files++))
			continue;
		open_now = true;
		if (in_place)
			begin_place(input.name);
		if (separate)
			line_number = 0;
		if (!look_ahead())
			close_input();
	}
}

static bool
is_last(void)
{
	if (ahead)
		return false;
	if (separate)
		return true;
	close_input();
	find_line();
	return !ahead;
}

/* The next line into pattern space, or behind what is there. */
static bool
next(bool append)
{
	if (!ahead) {
		close_input();
		find_line();
	}
	if (!ahead)
		return false;
	if (append)
		put(&pattern, "\n", 1);
	else
		pattern.length = 0;
	put(&pattern, next_line.text, next_line.length);
	line_ended = ahead_ended;
	line_number++;
	ahead = false;
	look_ahead();
	return true;
}

/* ---- printing ---- */

static void
print_to(FILE *file, const char *text, size_t length, bool ended)
{
	fwrite(text, 1, length, file);
	if (ended)
		putc('\n', file);
}

/* The last line of the input lacks its newline as it did. */
static void
print_space(FILE *file)
{
	print_to(file, pattern.text, pattern.length,
		 line_ended || ahead || *files != NULL);
}

static void
print_appended(void)
{
	size_t i;

	for (i = 0; i < appended_count; i++) {
		char piece[4096];
		FILE *file;
		size_t n;

		if (!appended[i].is_file) {
			fputs(appended[i].text, out);
			continue;
		}
		file = fopen(appended[i].text, "r");
		if (file == NULL)
			continue;
		while ((n = fread(piece, 1, sizeof piece, file)) > 0)
			fwrite(piece, 1, n, out);
		fclose(file);
	}
	appended_count = 0;
}

/* l: what cannot be seen in escapes, in lines of 70. */
static void
print_plainly(void)
{
	static const char seen[] = "\\\\\aa\bb\ff\nn\rr\tt\vv";
	size_t i, column = 0;

	for (i = 0; i < pattern.length; i++) {
		unsigned char c = (unsigned char)pattern.text[i];
		const char *escape = NULL;
		char word[8];
		size_t j;

		for (j = 0; j + 1 < sizeof seen - 1; j += 2)
			if ((unsigned char)seen[j] == c)
				escape = &seen[j + 1];
		if (escape != NULL)
			snprintf(word, sizeof word, "\\%c", *escape);
		else if (c < ' ' || c >= 0x7f)
			snprintf(word, sizeof word, "\\%03o", c);
		else
			snprintf(word, sizeof word, "%c", c);
		if (column + strlen(word) > 69) {
			fputs("\\\n", out);
			column = 0;
		}
		fputs(word, out);
		column += strlen(word);
	}
	fputs("$\n", out);
}

/* ---- addresses ---- */

static regex_t *last_expression;

static bool
matches(regex_t *expression)
{
	if (expression != NULL)
		last_expression = expression;
	if (last_expression == NULL)
		util_die("no expression was used before");
	return regexec(last_expression, pattern.text, 0, NULL, 0) == 0;
}

static bool
at_address(const struct sed_address *a)
{
	switch (a->where) {
	case SED_LINE:
		return line_number == a->line;
	case SED_LAST:
		return is_last();
	case SED_MATCH:
		return matches(a->expression);
	case SED_STEP:
		if (a->step == 0)
			return line_number == a->line;
		return line_number >= a->line &&
		       (line_number - a->line) % a->step == 0;
	default:
		return true;
	}
}

static bool
in_range(struct sed_command *c)
{
	if (!c->inside) {
		bool zero = c->from.where == SED_LINE && c->from.line == 0;

		if (!zero && !at_address(&c->from))
			return false;
		if (zero && line_number != 1)
			return false;
		c->end = c->to.where == SED_MORE   ? line_number + c->to.line
			 : c->to.where == SED_LINE ? c->to.line
						   : 0;
		c->inside = c->end ? c->end > line_number : true;
		if (c->to.where == SED_LINE && c->to.line <= line_number)
			c->inside = false;
		if (zero && c->to.where == SED_MATCH &&
		    matches(c->to.expression))
			c->inside = false;
		if (c->to.where == SED_LAST && is_last())
			c->inside = false;
		return true;
	}
	if (c->end) {
		if (line_number >= c->end)
			c->inside = false;
		return line_number <= c->end;
	}
	if (at_address(&c->to))
		c->inside = false;
	return true;
}

static bool
selected(struct sed_command *c)
{
	bool yes = true;

	if (c->to.where != SED_NONE)
		yes = in_range(c);
	else if (c->from.where != SED_NONE)
		yes = at_address(&c->from);
	return yes != c->invert;
}

/* ---- s and y ---- */

static void
put_replacement(const char *by, const regmatch_t *match, const char *text)
{
	for (; *by != '\0'; by++) {
		int which = -1;

		if (*by == '&')
			which = 0;
		else if (*by == '\\' && by[1] >= '0' && by[1] <= '9')
			which = *++by - '0';
		else if (*by == '\\' && by[1] == 'n')
			by++, put(&output, "\n", 1);
		else if (*by == '\\' && by[1] != '\0')
			put(&output, ++by, 1);
		else
			put(&output, by, 1);
		if (which >= 0 && match[which].rm_so >= 0)
			put(&output, text + match[which].rm_so,
			    (size_t)(match[which].rm_eo - match[which].rm_so));
	}
}

/* true: something was replaced. */
static bool
substitute(const struct sed_command *c)
{
	regmatch_t match[10];
	size_t from = 0;
	unsigned count = 0;
	bool done = false, after_match = false;

	if (c->expression != NULL)
		last_expression = c->expression;
	if (last_expression == NULL)
		util_die("no expression was used before");
	output.length = 0;
	while (from <= pattern.length &&
	       regexec(last_expression, pattern.text + from, 10, match,
		       from > 0 ? REG_NOTBOL : 0) == 0) {
		size_t begin = (size_t)match[0].rm_so;
		size_t end = (size_t)match[0].rm_eo;
		bool empty = begin == end;

		put(&output, pattern.text + from, begin);
		if (!(empty && begin == 0 && after_match))
			count++;
		if (!(empty && begin == 0 && after_match) &&
		    count >= c->which && (c->all || !done)) {
			put_replacement(c->by, match, pattern.text + from);
			done = true;
		} else {
			put(&output, pattern.text + from + begin, end - begin);
		}
		after_match = !empty;
		from += end;
		if (empty && from < pattern.length)
			put(&output, pattern.text + from, 1);
		if (empty)
			from++;
		if (done && !c->all)
			break;
	}
	if (!done)
		return false;
	if (from < pattern.length)
		put(&output, pattern.text + from, pattern.length - from);
	set(&pattern, output.text, output.length);
	return true;
}

static void
translate(const struct sed_command *c)
{
	size_t i;

	for (i = 0; i < pattern.length; i++) {
		const char *found = pattern.text[i] == '\0'
					    ? NULL
					    : strchr(c->set, pattern.text[i]);

		if (found != NULL)
			pattern.text[i] = c->by[found - c->set];
	}
}

/* ---- the script ---- */

static void
append(char *text, bool is_file)
{
	if (appended_count == sizeof appended / sizeof *appended)
		util_die("too much to append");
	appended[appended_count].text = text;
	appended[appended_count++].is_file = is_file;
}

static void
end_cycle(void)
{
	if (!quiet)
		print_space(out);
	print_appended();
}

static _Noreturn void
quit(int status, bool print)
{
	if (print)
		end_cycle();
	if (in_place)
		while (ahead) {
			print_to(out, next_line.text, next_line.length,
				 ahead_ended);
			ahead = false;
			look_ahead();
		}
	close_input();
	exit(util_end() ? 4 : status);
}

enum after { GO_ON, NEXT_CYCLE, SAME_CYCLE };

static bool replaced;

/* D: up to the first newline; the rest is worked on without a new line. */
static enum after
delete_first(void)
{
	char *newline = memchr(pattern.text, '\n', pattern.length);

	if (newline == NULL)
		return NEXT_CYCLE;
	pattern.length -= (size_t)(newline + 1 - pattern.text);
	memmove(pattern.text, newline + 1, pattern.length + 1);
	return SAME_CYCLE;
}

static enum after
do_spaces(char name)
{
	struct space spare;

	switch (name) {
	case 'g':
		set(&pattern, hold.text, hold.length);
		break;
	case 'G':
		put(&pattern, "\n", 1);
		put(&pattern, hold.text, hold.length);
		break;
	case 'h':
		set(&hold, pattern.text, pattern.length);
		break;
	case 'H':
		put(&hold, "\n", 1);
		put(&hold, pattern.text, pattern.length);
		break;
	case 'x':
		spare = pattern;
		pattern = hold;
		hold = spare;
		break;
	default:
		break;
	}
	return GO_ON;
}

static enum after
do_change(const struct sed_command *c)
{
	if (c->to.where == SED_NONE || c->invert || !c->inside)
		fputs(c->text, out);
	return NEXT_CYCLE;
}

static enum after
do_next(bool append_line)
{
	if (is_last() && !ahead) {
		if (separate && *files != NULL)
			close_input(), find_line();
		if (!ahead)
			quit(0, true);
	}
	if (!append_line && !quiet)
		print_space(out);
	print_appended();
	next(append_line);
	return GO_ON;
}

static enum after
do_substitute(const struct sed_command *c)
{
	if (!substitute(c))
		return GO_ON;
	replaced = true;
	if (c->print)
		print_space(out);
	if (c->file != NULL)
		print_to(c->file->file, pattern.text, pattern.length, true);
	return GO_ON;
}

static enum after
do_print(const struct sed_command *c)
{
	const char *newline;

	switch (c->name) {
	case '=':
		fprintf(out, "%zu\n", line_number);
		break;
	case 'l':
		print_plainly();
		break;
	case 'p':
		print_space(out);
		break;
	case 'P':
		newline = memchr(pattern.text, '\n', pattern.length);
		print_to(out, pattern.text,
			 newline ? (size_t)(newline - pattern.text)
				 : pattern.length,
			 true);
		break;
	case 'i':
		fputs(c->text, out);
		break;
	default:
		print_to(c->file->file, pattern.text, pattern.length, true);
		break;
	}
	return GO_ON;
}

/* *i: the command, and then that before the next one. */
static enum after
do_command(struct sed_command *c, size_t *i)
{
	bool was = replaced;

	switch (c->name) {
	case 'b':
		*i = c->target;
		return GO_ON;
	case 't':
	case 'T':
		replaced = false;
		if (was == (c->name == 't'))
			*i = c->target;
		return GO_ON;
	case 'a':
	case 'r':
		append(c->text, c->name == 'r');
		return GO_ON;
	case 'c':
		return do_change(c);
	case 'd':
		return NEXT_CYCLE;
	case 'D':
		return delete_first();
	case 'n':
	case 'N':
		return do_next(c->name == 'N');
	case 'q':
	case 'Q':
		quit(c->status, c->name == 'q');
	case 's':
		return do_substitute(c);
	case 'y':
		translate(c);
		return GO_ON;
	case '{':
	case '}':
	case ':':
		return GO_ON;
	default:
		return strchr("gGhHx", c->name) ? do_spaces(c->name)
						: do_print(c);
	}
}

static void
cycle(void)
{
	enum after after = GO_ON;
	size_t i;

	do {
		after = GO_ON;
		for (i = 0; i < sed_count && after == GO_ON; i++) {
			struct sed_command *c = &sed_script[i];

			if (selected(c))
				after = do_command(c, &i);
			else if (c->name == '{')
				i = c->target;
		}
		if (after == GO_ON)
			end_cycle();
		else
			print_appended();
	} while (after == SAME_CYCLE);
}

int
main(int argc, char **argv)
{
	static char none[] = "-", *only[] = {none, NULL};
	bool given = false;
	int c;

	(void)argc;
	util_start("sed", sed_usage);
	util_trouble = 1;
	while ((c = util_option(argv, "Erinse:f:")) >= 0) {
		sed_extended |= c == 'E' || c == 'r';
		quiet |= c == 'n';
		in_place |= c == 'i';
		separate |= c == 's' || c == 'i';
		if (c == 'e')
			sed_add(optarg);
		else if (c == 'f')
			sed_add_file(optarg);
		given |= c == 'e' || c == 'f';
	}
	if (!given) {
		if (argv[optind] == NULL)
			util_usage();
		sed_add(argv[optind++]);
	}
	sed_ready();
	out = stdout;
	set(&pattern, "", 0);
	set(&hold, "", 0);
	files = argv[optind] == NULL ? only : argv + optind;
	while (next(false) && util_printed()) {
		replaced = false;
		cycle();
	}
	close_input();
	return util_end();
}
