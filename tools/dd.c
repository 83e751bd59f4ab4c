/*
 * dd [OPERAND=VALUE]...: copies by blocks, and says how many.
 *
 * Input blocks are as read gives them, whole (F) or less (P).  With bs= each
 * goes out as it came; otherwise output is gathered into blocks of obs.
 */
#include "names.h"
#include "util.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char dd_usage[] =
	"usage: dd [OPERAND=VALUE]...\n"
	"Copies stdin to stdout by blocks; numbers may end with k, M, G or b\n"
	"(512) and be products as in 2x512.\n"
	"  if=FILE of=FILE     from, to a file\n"
	"  bs=N ibs=N obs=N    bytes of a block, of input, of output (512)\n"
	"  count=N             input blocks to copy\n"
	"  skip=N seek=N       blocks of input, of output to pass over\n"
	"  conv=notrunc,sync,noerror\n"
	"                      do not cut the output, fill short blocks with "
	"NULs,\n"
	"                      go on after a read error\n"
	"  iflag=skip_bytes    skip counts bytes\n"
	"  status=none         say nothing of the blocks at the end\n";

enum dd_size { DD_IBS, DD_OBS, DD_BS, DD_COUNT, DD_SKIP, DD_SEEK, DD_SIZES };

static const struct {
	const char *name;
	uint64_t least, most;
} dd_sizes[DD_SIZES] = {
	[DD_IBS] = {"ibs", 1, 1 << 30},
	[DD_OBS] = {"obs", 1, 1 << 30},
	[DD_BS] = {"bs", 1, 1 << 30},
	[DD_COUNT] = {"count", 0, INT64_MAX},
	[DD_SKIP] = {"skip", 0, INT64_MAX},
	[DD_SEEK] = {"seek", 0, INT64_MAX},
};

static uint64_t dd_size[DD_SIZES] = {
	[DD_IBS] = 512, [DD_OBS] = 512, [DD_COUNT] = UINT64_MAX};
static const char *dd_from = "stdin", *dd_to = "stdout";
static const char *dd_from_path, *dd_to_path;
static bool dd_keep, dd_fill, dd_go_on, dd_silent, dd_by_bytes;

static uint64_t dd_in_whole, dd_in_part, dd_out_whole, dd_out_part;
static unsigned char *dd_gathered;
static size_t dd_held; /* bytes gathered */
static volatile sig_atomic_t dd_interrupted;

/* ---- operands ---- */

/* Returns false if it is none, or too large. */
static bool
dd_number(const char *text, uint64_t *number)
{
	uint64_t factor, product = 1;

	for (;;) {
		if (!names_bytes(&text, 10, "bckKMG", &factor) ||
		    __builtin_mul_overflow(product, factor, &product))
			return false;
		if (*text == '\0')
			break;
		if (*text++ != 'x')
			return false;
	}
	*number = product;
	return true;
}

static void
dd_conversions(char *list)
{
	static const struct {
		const char *name;
		bool *flag;
	} names[] = {{"notrunc", &dd_keep},
		     {"sync", &dd_fill},
		     {"noerror", &dd_go_on}};
	char *name;
	size_t i;

	while ((name = strsep(&list, ",")) != NULL) {
		for (i = 0; i < sizeof names / sizeof *names; i++)
			if (strcmp(name, names[i].name) == 0)
				break;
		if (i == sizeof names / sizeof *names)
			util_die("conv=%s: no such conversion", name);
		*names[i].flag = true;
	}
}

static bool
dd_set_size(const char *name, const char *value)
{
	size_t i;

	for (i = 0; i < DD_SIZES; i++) {
		if (strcmp(name, dd_sizes[i].name) != 0)
			continue;
		if (!dd_number(value, &dd_size[i]) ||
		    dd_size[i] < dd_sizes[i].least ||
		    dd_size[i] > dd_sizes[i].most)
			util_die("%s=%s: not a number for it", name, value);
		return true;
	}
	return false;
}

static void
dd_operand(char *operand)
{
	char *value = strchr(operand, '=');

	if (value == NULL) {
		util_say("%s: no operand", operand);
		util_usage();
	}
	*value++ = '\0';
	if (strcmp(operand, "if") == 0) {
		dd_from = dd_from_path = value;
	} else if (strcmp(operand, "of") == 0) {
		dd_to = dd_to_path = value;
	} else if (strcmp(operand, "conv") == 0) {
		dd_conversions(value);
	} else if (strcmp(operand, "iflag") == 0 &&
		   strcmp(value, "skip_bytes") == 0) {
		dd_by_bytes = true;
	} else if (strcmp(operand, "status") == 0 &&
		   (strcmp(value, "none") == 0 ||
		    strcmp(value, "noxfer") == 0)) {
		dd_silent = strcmp(value, "none") == 0;
	} else if (!dd_set_size(operand, value)) {
		util_say("%s=%s: no operand", operand, value);
		util_usage();
	}
}

/* ---- files ---- */

static void
dd_open(void)
{
	int flags = O_RDWR | O_CREAT, fd;

	if (dd_from_path != NULL) {
		fd = open(dd_from_path, O_RDONLY);
		if (fd < 0 || dup2(fd, STDIN_FILENO) < 0)
			util_die_of(dd_from_path);
		close(fd);
	}
	if (dd_to_path == NULL)
		return;
	if (!dd_keep && dd_size[DD_SEEK] == 0)
		flags |= O_TRUNC;
	fd = open(dd_to_path, flags, 0666);
	if (fd < 0)
		fd = open(dd_to_path, (flags & ~O_RDWR) | O_WRONLY, 0666);
	if (fd < 0 || dup2(fd, STDOUT_FILENO) < 0)
		util_die_of(dd_to_path);
	close(fd);
}

static bool
dd_is_file(int fd)
{
	struct stat st;

	return fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
}

static uint64_t
dd_bytes(uint64_t blocks, uint64_t size, const char *name)
{
	uint64_t bytes;

	if (__builtin_mul_overflow(blocks, size, &bytes) || bytes > INT64_MAX)
		util_die("%s: too far", name);
	return bytes;
}

/* Reads what is to be skipped: so many blocks, short ones too, or bytes. */
static void
dd_pass_over(unsigned char *block)
{
	uint64_t left = dd_size[DD_SKIP], size = dd_size[DD_IBS];
	ssize_t got;

	while (left > 0) {
		if (dd_by_bytes && left < size)
			size = left;
		got = read(STDIN_FILENO, block, size);
		if (got < 0)
			util_die_of(dd_from);
		if (got == 0)
			return;
		left -= dd_by_bytes ? (uint64_t)got : 1;
	}
}

static void
dd_skip(unsigned char *block)
{
	uint64_t size = dd_by_bytes ? 1 : dd_size[DD_IBS];
	off_t to = (off_t)dd_bytes(dd_size[DD_SKIP], size, dd_from);

	if (to == 0)
		return;
	if (dd_is_file(STDIN_FILENO) && lseek(STDIN_FILENO, to, SEEK_CUR) >= 0)
		return;
	dd_pass_over(block);
}

static void
dd_seek(void)
{
	off_t to = (off_t)dd_bytes(dd_size[DD_SEEK], dd_size[DD_OBS], dd_to);

	if (to == 0)
		return;
	if (lseek(STDOUT_FILENO, to, SEEK_CUR) < 0 ||
	    (dd_to_path != NULL && !dd_keep && dd_is_file(STDOUT_FILENO) &&
	     ftruncate(STDOUT_FILENO, to) < 0))
		util_die_of(dd_to);
}

/* ---- blocks ---- */

static void
dd_report(void)
{
	if (dd_silent)
		return;
	fprintf(stderr, "%llu+%llu records in\n%llu+%llu records out\n",
		(unsigned long long)dd_in_whole, (unsigned long long)dd_in_part,
		(unsigned long long)dd_out_whole,
		(unsigned long long)dd_out_part);
}

static void
dd_put(const unsigned char *block, size_t size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t put = write(STDOUT_FILENO, block + done, size - done);

		if (put < 0 && errno == EINTR && !dd_interrupted)
			continue;
		if (put < 0) {
			util_fail(dd_to);
			dd_out_part += done > 0;
			dd_report();
			exit(1);
		}
		done += (size_t)put;
	}
	if (size == dd_size[DD_OBS])
		dd_out_whole++;
	else
		dd_out_part++;
}

static void
dd_gather(const unsigned char *block, size_t size)
{
	while (size > 0) {
		size_t n = dd_size[DD_OBS] - dd_held;

		n = n < size ? n : size;
		memcpy(dd_gathered + dd_held, block, n);
		dd_held += n;
		block += n;
		size -= n;
		if (dd_held < dd_size[DD_OBS])
			return;
		dd_held = 0;
		dd_put(dd_gathered, dd_size[DD_OBS]);
	}
}

/* The bytes of one input block: 0 at the end, also of patience. */
static size_t
dd_take(unsigned char *block)
{
	size_t size = dd_size[DD_IBS];
	ssize_t got;

	do
		got = read(STDIN_FILENO, block, size);
	while (got < 0 && errno == EINTR && !dd_interrupted);
	if (got < 0 && !dd_interrupted) {
		util_fail(dd_from);
		if (!dd_go_on)
			return 0;
		dd_report();
		/* The block that cannot be read is passed over. */
		if (lseek(STDIN_FILENO, (off_t)size, SEEK_CUR) < 0)
			return 0;
		memset(block, 0, size);
		dd_in_part++;
		return dd_fill ? size : SIZE_MAX;
	}
	if (got <= 0)
		return 0;
	if ((size_t)got == size) {
		dd_in_whole++;
		return size;
	}
	dd_in_part++;
	if (!dd_fill)
		return (size_t)got;
	memset(block + got, 0, size - (size_t)got);
	return size;
}

static void
dd_copy(unsigned char *block)
{
	uint64_t blocks;

	for (blocks = 0; blocks < dd_size[DD_COUNT] && !dd_interrupted;
	     blocks++) {
		size_t got = dd_take(block);

		if (got == 0)
			break;
		if (got == SIZE_MAX)
			continue;
		if (dd_size[DD_BS] != 0)
			dd_put(block, got);
		else
			dd_gather(block, got);
	}
	if (dd_held > 0)
		dd_put(dd_gathered, dd_held);
}

static void
dd_interrupt(int signal)
{
	(void)signal;
	dd_interrupted = 1;
}

/* Unless SIGINT is ignored, as it is in the background. */
static void
dd_listen(void)
{
	struct sigaction action = {.sa_handler = dd_interrupt}, before;

	if (sigaction(SIGINT, NULL, &before) == 0 &&
	    before.sa_handler != SIG_IGN)
		sigaction(SIGINT, &action, NULL);
}

int
main(int argc, char **argv)
{
	unsigned char *block;

	(void)argc;
	util_trouble = 1;
	util_start("dd", dd_usage);
	while (util_option(argv, "") >= 0)
		continue;
	for (; argv[optind] != NULL; optind++)
		dd_operand(argv[optind]);
	if (dd_size[DD_BS] != 0)
		dd_size[DD_IBS] = dd_size[DD_OBS] = dd_size[DD_BS];
	block = util_alloc(dd_size[DD_IBS]);
	dd_gathered = util_alloc(dd_size[DD_OBS]);
	dd_listen();
	dd_open();
	dd_skip(block);
	dd_seek();
	dd_copy(block);
	dd_report();
	if (dd_interrupted) {
		signal(SIGINT, SIG_DFL);
		raise(SIGINT);
	}
	free(dd_gathered);
	free(block);
	return util_end();
}
