/*
 * wc [-lwmc] [FILE]...: counts lines, words, characters and bytes.
 *
 * A character is a byte that does not continue one of UTF-8; a word is what
 * white space separates.
 */
#include "text.h"
#include "util.h"

#include <ctype.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char wc_usage[] =
	"usage: wc [-lwmc] [FILE]...\n"
	"Counts lines, words and bytes of each file, and all of them.\n"
	"  -l  lines\n"
	"  -w  words\n"
	"  -m  characters of UTF-8\n"
	"  -c  bytes\n";

enum { WC_LINES, WC_WORDS, WC_CHARACTERS, WC_BYTES, WC_KINDS };

static const char wc_letters[] = "lwmc";
static bool wc_wanted[WC_KINDS];
static unsigned long long wc_total[WC_KINDS];
static int wc_width = 1;

static void
wc_count(const unsigned char *data, size_t size, unsigned long long *counts,
	 bool *in_word)
{
	size_t i;

	for (i = 0; i < size; i++) {
		bool space = isspace(data[i]);

		counts[WC_LINES] += data[i] == '\n';
		counts[WC_WORDS] += !space && !*in_word;
		counts[WC_CHARACTERS] += (data[i] & 0xc0) != 0x80;
		*in_word = !space;
	}
	counts[WC_BYTES] += size;
}

static void
wc_print(const unsigned long long *counts, const char *name)
{
	const char *before = "";
	int i;

	for (i = 0; i < WC_KINDS; i++) {
		if (!wc_wanted[i])
			continue;
		printf("%s%*llu", before, wc_width, counts[i]);
		before = " ";
	}
	printf(name != NULL ? " %s\n" : "\n", name);
}

static void
wc_read(int fd, const char *name, unsigned long long *counts)
{
	static unsigned char piece[65536];
	bool in_word = false;
	ssize_t got;

	while ((got = text_read(fd, piece, sizeof piece, name)) > 0)
		wc_count(piece, (size_t)got, counts, &in_word);
}

static void
wc_file(const char *name, bool named)
{
	unsigned long long counts[WC_KINDS] = {0};
	int fd = text_open_fd(name), i;

	if (fd < 0)
		return;
	wc_read(fd, name, counts);
	text_close_fd(fd);
	for (i = 0; i < WC_KINDS; i++)
		wc_total[i] += counts[i];
	wc_print(counts, named ? name : NULL);
}

/* Columns are as wide as the size of all files needs, as far as it is known
 * beforehand. */
static void
wc_set_width(char **names, int kinds)
{
	unsigned long long size = 0;
	int least = 1, known;
	struct stat st;

	if (kinds == 1 && (names[0] == NULL || names[1] == NULL))
		return;
	do {
		if (*names == NULL || strcmp(*names, "-") == 0)
			known = fstat(STDIN_FILENO, &st);
		else
			known = stat(*names, &st);
		if (known < 0)
			continue;
		if (S_ISREG(st.st_mode))
			size += (unsigned long long)st.st_size;
		else
			least = 7;
	} while (*names != NULL && *++names != NULL);
	for (; size >= 10; size /= 10)
		wc_width++;
	if (wc_width < least)
		wc_width = least;
}

int
main(int argc, char **argv)
{
	int c, kinds = 0, i;

	(void)argc;
	util_start("wc", wc_usage);
	while ((c = util_option(argv, wc_letters)) >= 0)
		wc_wanted[strchr(wc_letters, c) - wc_letters] = true;
	for (i = 0; i < WC_KINDS; i++)
		kinds += wc_wanted[i];
	if (kinds == 0) {
		wc_wanted[WC_LINES] = wc_wanted[WC_WORDS] = true;
		wc_wanted[WC_BYTES] = true;
		kinds = 3;
	}
	argv += optind;
	wc_set_width(argv, kinds);
	if (argv[0] == NULL)
		wc_file("-", false);
	for (i = 0; argv[i] != NULL; i++)
		wc_file(argv[i], true);
	if (i > 1)
		wc_print(wc_total, "total");
	return util_end();
}
