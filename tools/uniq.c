/*
 * uniq [-cdui] [-f N] [-s N] [INPUT [OUTPUT]]: equal lines that follow each
 * other become one.
 */
#include "text.h"
#include "util.h"

#include <ctype.h>
#include <limits.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

static const char uniq_usage[] =
	"usage: uniq [-cdui] [-f N] [-s N] [INPUT [OUTPUT]]\n"
	"Of equal lines that follow each other, prints the first.\n"
	"  -c    with their number before it\n"
	"  -d    only those there are several of\n"
	"  -u    only those there is one of\n"
	"  -i    capital and small letters are the same\n"
	"  -f N  without the first N fields\n"
	"  -s N  without the first N characters (after the fields)\n";

static bool uniq_count, uniq_several, uniq_single, uniq_fold;
static long long uniq_fields, uniq_skip;

/* What of the line is compared. */
static const char *
uniq_key(const struct text *t, size_t *size)
{
	const char *at = t->line, *end = t->line + t->length;
	long long i;

	for (i = 0; i < uniq_fields && at < end; i++) {
		while (at < end && isblank((unsigned char)*at))
			at++;
		while (at < end && !isblank((unsigned char)*at))
			at++;
	}
	at += end - at < uniq_skip ? end - at : uniq_skip;
	*size = (size_t)(end - at);
	return at;
}

static bool
uniq_equal(const struct text *a, const struct text *b)
{
	size_t a_size, b_size, i;
	const char *a_key = uniq_key(a, &a_size), *b_key = uniq_key(b, &b_size);

	if (a_size != b_size)
		return false;
	if (!uniq_fold)
		return memcmp(a_key, b_key, a_size) == 0;
	for (i = 0; i < a_size; i++)
		if (tolower((unsigned char)a_key[i]) !=
		    tolower((unsigned char)b_key[i]))
			return false;
	return true;
}

static void
uniq_print(const struct text *t, unsigned long long times)
{
	if (times == 1 ? uniq_several : uniq_single)
		return;
	if (uniq_count)
		printf("%7llu ", times);
	text_put(t->line, t->length);
	putchar('\n');
}

static void
uniq_run(struct text *new)
{
	struct text old = {0}, swap;
	unsigned long long times = 0;

	for (old.file = new->file, old.name = new->name; text_line(new);
	     times++) {
		if (times > 0 && uniq_equal(&old, new))
			continue;
		if (times > 0)
			uniq_print(&old, times);
		if (!util_printed())
			return;
		swap = old;
		old = *new;
		*new = swap;
		times = 0;
	}
	if (times > 0)
		uniq_print(&old, times);
}

int
main(int argc, char **argv)
{
	struct text input;
	int c;

	(void)argc;
	util_start("uniq", uniq_usage);
	while ((c = util_option(argv, "cduif:s:")) >= 0) {
		uniq_count |= c == 'c';
		uniq_several |= c == 'd';
		uniq_single |= c == 'u';
		uniq_fold |= c == 'i';
		if (c == 'f' || c == 's')
			*(c == 'f' ? &uniq_fields : &uniq_skip) =
				util_number(optarg, 0, LLONG_MAX, "number");
	}
	argv += optind;
	if (argv[0] != NULL && argv[1] != NULL && argv[2] != NULL)
		util_usage();
	if (!text_open(&input, argv[0] != NULL ? argv[0] : "-"))
		return util_status;
	if (argv[0] != NULL && argv[1] != NULL && strcmp(argv[1], "-") != 0 &&
	    freopen(argv[1], "w", stdout) == NULL)
		util_die_of(argv[1]);
	uniq_run(&input);
	return util_end();
}
