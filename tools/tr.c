/*
 * tr [-cdst] SET1 [SET2]: changes, deletes or squeezes bytes.
 *
 * A set becomes a list of bytes in its order; for -c, of all that are not in
 * it.  One table then says what each byte turns into, two others which are
 * deleted and which are squeezed.
 */
#include "text.h"
#include "util.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char tr_usage[] =
	"usage: tr [-cdst] SET1 [SET2]\n"
	"Copies stdin to stdout; each byte of SET1 becomes the one of SET2\n"
	"at its place, of whose bytes the last one stands for the rest.\n"
	"  -c, -C  SET1 is all other bytes\n"
	"  -d      deletes the bytes of SET1\n"
	"  -s      of equal bytes in a row, in the last set, one stays\n"
	"  -t      SET1 ends where SET2 does\n"
	"SET: bytes, A-Z, \\n \\t \\\\ \\OCTAL, [:alpha:], [=C=], [C*N].\n";

enum { TR_BYTES = 256, TR_MOST = 65536 };

struct tr_set {
	unsigned char *bytes;
	size_t count;
	size_t fill; /* [C*] stands before this one, grows as needed; */
	bool fills;
};

static const struct {
	const char *name;
	int (*has)(int c);
} tr_classes[] = {
	{"alnum", isalnum}, {"alpha", isalpha}, {"blank", isblank},
	{"cntrl", iscntrl}, {"digit", isdigit}, {"graph", isgraph},
	{"lower", islower}, {"print", isprint}, {"punct", ispunct},
	{"space", isspace}, {"upper", isupper}, {"xdigit", isxdigit},
};

static void
tr_add(struct tr_set *set, int c, size_t times)
{
	if (times > TR_MOST || set->count > TR_MOST)
		util_die("a set is too long");
	set->bytes = util_grow(set->bytes, set->count + times);
	memset(set->bytes + set->count, c, times);
	set->count += times;
}

/* One byte of a set, escaped or not. */
static int
tr_byte(const char **at)
{
	static const char letters[] = "abfnrtv\\", bytes[] = "\a\b\f\n\r\t\v\\";
	const char *found;
	int value = 0, digits;

	if (**at != '\\' || (*at)[1] == '\0')
		return (unsigned char)*(*at)++;
	(*at)++;
	for (digits = 0; digits < 3 && **at >= '0' && **at <= '7'; digits++)
		value = value * 8 + *(*at)++ - '0';
	if (digits > 0)
		return value & 0xff;
	found = strchr(letters, *(*at)++);
	return found != NULL ? bytes[found - letters]
			     : (unsigned char)(*at)[-1];
}

/* [:CLASS:]; false: it is none. */
static bool
tr_class(struct tr_set *set, const char **at)
{
	const char *name = *at + 2, *end = strstr(name, ":]");
	size_t size, i;
	int c;

	if (strncmp(*at, "[:", 2) != 0 || end == NULL)
		return false;
	size = (size_t)(end - name);
	for (i = 0; i < sizeof tr_classes / sizeof *tr_classes; i++)
		if (strncmp(tr_classes[i].name, name, size) == 0 &&
		    tr_classes[i].name[size] == '\0')
			break;
	if (i == sizeof tr_classes / sizeof *tr_classes)
		util_die("%.*s: no such class", (int)size, name);
	for (c = 0; c < TR_BYTES; c++)
		if (tr_classes[i].has(c))
			tr_add(set, c, 1);
	*at = end + 2;
	return true;
}

/* [=C=] and [C*N]; false: it is neither. */
static bool
tr_bracket(struct tr_set *set, const char **at)
{
	const char *here = *at + 1;
	char *end;
	unsigned long times;
	int c;

	if (**at != '[' || *here == '\0')
		return false;
	if (*here == '=' && here[1] != '\0' &&
	    strncmp(here + 2, "=]", 2) == 0) {
		tr_add(set, (unsigned char)here[1], 1);
		*at = here + 4;
		return true;
	}
	c = tr_byte(&here);
	if (*here != '*')
		return false;
	times = strtoul(here + 1, &end, here[1] == '0' ? 8 : 10);
	if (*end != ']')
		return false;
	tr_add(set, c, times > 0 ? times : 1);
	if (times == 0) {
		set->fills = true;
		set->fill = set->count;
	}
	*at = end + 1;
	return true;
}

static struct tr_set
tr_parse(const char *at)
{
	struct tr_set set = {0};
	int first, last;

	while (*at != '\0') {
		if (tr_class(&set, &at) || tr_bracket(&set, &at))
			continue;
		first = last = tr_byte(&at);
		if (at[0] == '-' && at[1] != '\0') {
			at++;
			last = tr_byte(&at);
		}
		if (last < first)
			util_die("a range ends before its beginning");
		for (; first <= last; first++)
			tr_add(&set, first, 1);
	}
	return set;
}

static struct tr_set
tr_complement(const struct tr_set *set)
{
	struct tr_set rest = {0};
	int c;

	for (c = 0; c < TR_BYTES; c++)
		if (set->count == 0 ||
		    memchr(set->bytes, c, set->count) == NULL)
			tr_add(&rest, c, 1);
	return rest;
}

/* Makes the second set as long as the first. */
static void
tr_extend(struct tr_set *set, size_t count)
{
	size_t at = set->fills ? set->fill : set->count, more;
	int c;

	if (set->count >= count)
		return;
	if (set->count == 0)
		util_die("the second set is empty");
	more = count - set->count;
	c = set->bytes[at - 1];
	tr_add(set, c, more);
	memmove(set->bytes + at + more, set->bytes + at,
		set->count - more - at);
	memset(set->bytes + at, c, more);
}

static void
tr_mark(bool *table, const struct tr_set *set)
{
	size_t i;

	for (i = 0; i < set->count; i++)
		table[set->bytes[i]] = true;
}

static unsigned char tr_to[TR_BYTES];
static bool tr_deleted[TR_BYTES], tr_squeezed[TR_BYTES];

static void
tr_copy(void)
{
	static unsigned char piece[65536];
	size_t i, size;
	ssize_t got;
	int last = -1, c;

	while (util_printed() && (got = text_read(STDIN_FILENO, piece,
						  sizeof piece, "stdin")) > 0) {
		for (size = i = 0; i < (size_t)got; i++) {
			if (tr_deleted[piece[i]])
				continue;
			c = tr_to[piece[i]];
			if (c == last && tr_squeezed[c])
				continue;
			last = c;
			piece[size++] = (unsigned char)c;
		}
		fwrite(piece, 1, size, stdout);
	}
}

static void
tr_set_table(struct tr_set *from, struct tr_set *to, bool cuts)
{
	size_t i;

	if (cuts && from->count > to->count)
		from->count = to->count;
	tr_extend(to, from->count);
	for (i = 0; i < from->count; i++)
		tr_to[from->bytes[i]] = to->bytes[i];
}

int
main(int argc, char **argv)
{
	bool other = false, deletes = false, squeezes = false, cuts = false;
	struct tr_set from, to = {0};
	int c, sets;

	util_start("tr", tr_usage);
	while ((c = util_option(argv, "+cCdst")) >= 0) {
		other |= c == 'c' || c == 'C';
		deletes |= c == 'd';
		squeezes |= c == 's';
		cuts |= c == 't';
	}
	sets = argc - optind;
	if (sets < 1 || sets > 2 || (sets == 1 && !deletes && !squeezes) ||
	    (deletes && sets != 1 + squeezes))
		util_usage();
	from = tr_parse(argv[optind]);
	if (other)
		from = tr_complement(&from);
	if (sets == 2)
		to = tr_parse(argv[optind + 1]);
	for (c = 0; c < TR_BYTES; c++)
		tr_to[c] = (unsigned char)c;
	if (deletes)
		tr_mark(tr_deleted, &from);
	else if (sets == 2)
		tr_set_table(&from, &to, cuts);
	if (squeezes)
		tr_mark(tr_squeezed, sets == 2 ? &to : &from);
	tr_copy();
	return util_end();
}
