/*
 * Every file of a process, read in every way there is: what comes is one whole
 * text of one moment, with every byte defined and nothing of the kernel in it.
 */
#include "trace/files.h"

TEST_SECONDS(300);

static const size_t blocks[] = {1, 2, 3, 7, 64, 4096, 100000};
#define BLOCKS (sizeof(blocks) / sizeof(blocks[0]))

static struct files files;
static char text[FILE_SIZE], again[FILE_SIZE];

/* At these offsets the handle goes on with the text that it made. */
static void
check_odd_offsets(const char *path, int fd, size_t block, size_t n)
{
	for (size_t at = 1; at < n + 3; at += 2 * (n / 9) + 1) {
		size_t left = at < n ? n - at : 0;
		ssize_t got = pread(fd, again, block, (off_t)at);

		CHECK_EQ(got, block < left ? block : left);
		if (memcmp(again, text + at, (size_t)got))
			test_fail(__FILE__, __LINE__,
				  "%s is another text at %zu", path, at);
	}
}

/* How long it is; -1 and errno: it says nothing now. */
static ssize_t
check_file(const char *path, size_t block)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), error;
	ssize_t n;

	if (fd < 0)
		return -1;
	n = read_by(fd, text, block);
	error = errno;
	if (n >= 0) {
		check_well_formed(path, text, (size_t)n);
		check_odd_offsets(path, fd, block, (size_t)n);
	}
	close(fd);
	errno = error;
	return n;
}

static struct tracee
held(void)
{
	struct tracee t = tracee_start(sleeps);

	wait_state(t.pid, TRACE_STATE_ASLEEP);
	CHECK_EQ(ctl(t.pid, "stop\n"), 0);
	files_of(&files, t.pid);
	CHECK(files.count > 25);
	return t;
}

static void
let_go(struct tracee *t)
{
	CHECK_EQ(ctl(t->pid, "run\n"), 0);
	go(t);
	CHECK_EQ(tracee_end(t), 0);
}

TEST(every_file_of_a_process_is_one_text_by_blocks_of_any_size)
{
	struct tracee t = held();

	for (int i = 0; i < files.count; i++)
		for (size_t b = 0; b < BLOCKS; b++)
			if (check_file(files.path[i], blocks[b]) < 0)
				test_fail(__FILE__, __LINE__, "%s: %s",
					  files.path[i], strerror(errno));
	let_go(&t);
}

/* What usage counts goes on while a process is held. */
TEST(every_file_of_a_held_process_says_the_same_twice_and_as_much_as_stat)
{
	struct tracee t = held();
	struct stat st;
	ssize_t n;

	for (int i = 0; i < files.count; i++) {
		const char *path = files.path[i];

		if (strstr(path, "/usage"))
			continue;
		n = check_file(path, 100000);
		CHECK(n >= 0);
		memcpy(again, text, (size_t)n);
		CHECK_EQ(stat(path, &st), 0);
		CHECK_EQ(st.st_size, n);
		CHECK_EQ(check_file(path, 100000), n);
		if (n > 0) {
			int fd = open(path, O_RDONLY | O_CLOEXEC);

			CHECK_EQ(pread(fd, again, sizeof again, 0), n);
			close(fd);
		}
		if (memcmp(text, again, (size_t)n))
			test_fail(__FILE__, __LINE__, "%s has changed", path);
	}
	let_go(&t);
}

/* ---- while it changes ---- */

static pid_t
changing(void)
{
	pid_t pid;

	(void)unlink("/tmp/change");
	(void)unlink("/tmp/change-again");
	CHECK_EQ(symlink("/test/proc/helper", "/tmp/change"), 0);
	CHECK_EQ(symlink("/test/proc/helper", "/tmp/change-again"), 0);
	pid = fork();
	if (pid == 0) {
		execl("/tmp/change", "/test/proc/helper", "change", "0",
		      (char *)NULL);
		_exit(9);
	}
	while (strncmp(said_of(pid, "args"), "/test/proc/helper\nchange\n", 25))
		sched_yield();
	return pid;
}

static void
unchanging(pid_t pid)
{
	CHECK_EQ(kill(pid, SIGKILL), 0);
	CHECK_EQ(exit_status(wait_for(pid)), 1000 + SIGKILL);
	CHECK_EQ(unlink("/tmp/change"), 0);
	CHECK_EQ(unlink("/tmp/change-again"), 0);
}

/* `N`, as many x as N modulo 97, and the same in the environment: of one
 * program, not of two. */
static void
check_one_program(pid_t pid)
{
	unsigned long n, count;
	const char *at = said_of(pid, "args");

	CHECK_EQ(sscanf(at, "/test/proc/helper\nchange\n%lu", &n), 1);
	at = strchr(at + 25, '\n') + 1;
	count = strspn(at, "x");
	if (n > 0)
		CHECK_EQ(count, n % 97 + 1);
	at = said_of(pid, "env");
	if (sscanf(at, "N=%lu\n", &n) == 1) {
		at = strstr(at, "\nX=") + 3;
		CHECK_EQ(strspn(at, "x"), n % 97 + 1);
	}
	at = said_of(pid, "status");
	CHECK(strncmp(at, "name change\n", 12) == 0 ||
	      strncmp(at, "name change-again\n", 18) == 0);
}

TEST(every_file_is_one_text_while_its_process_maps_opens_and_execs)
{
	pid_t pid = changing();
	long good = 0;

	for (long round = test_size(6, 200); round > 0; round--) {
		files_of(&files, pid);
		for (int i = 0; i < files.count; i++) {
			ssize_t n = check_file(
				files.path[i],
				blocks[(size_t)(round + i) % BLOCKS]);

			if (n < 0)
				CHECK(errno == EBUSY || errno == ENOENT);
			else
				good++;
		}
		check_one_program(pid);
	}
	CHECK(good > 60);
	unchanging(pid);
}

/* Two that share a descriptor get bytes of whole texts, each once at most. */
TEST(two_readers_of_one_descriptor_share_one_text)
{
	struct tracee t = held();

	for (int i = 0; i < files.count; i++) {
		int fd = open(files.path[i], O_RDONLY | O_CLOEXEC);
		int mine = 0, status;
		ssize_t whole = pread(fd, text, sizeof text, 0), n;
		pid_t other = fork();

		CHECK(whole >= 0);
		while ((n = read(fd, again, 3)) > 0)
			mine += (int)n;
		CHECK_EQ(n, 0);
		if (other == 0) {
			_exit(mine & 0x7f);
		}
		status = exit_status(wait_for(other));
		CHECK_EQ((mine + status) & 0x7f, whole & 0x7f);
		close(fd);
	}
	let_go(&t);
}

/* ---- what is not to be seen ---- */

static int
is_kernels(uint64_t value)
{
	return value >= UINT64_C(0xffff800000000000) &&
	       value != UINT64_MAX; /* orig_rax outside of a call */
}

static int
is_poison(uint64_t value)
{
	return value == UINT64_C(0xdddddddddddddddd) ||
	       value == UINT64_C(0xdbdbdbdbdbdbdbdb);
}

static void
check_value(const char *path, uint64_t value)
{
	if (is_kernels(value) || is_poison(value))
		test_fail(__FILE__, __LINE__, "%s says 0x%llx", path,
			  (unsigned long long)value);
}

/* Every 8 bytes, wherever they begin; in text, every run of 16 digits. */
static void
check_nothing_of_the_kernels(const char *path, const char *bytes, size_t n)
{
	uint64_t value;

	for (size_t i = 0; i + sizeof value <= n; i++) {
		memcpy(&value, bytes + i, sizeof value);
		if (is_poison(value) || (i % 8 == 0 && ends_with(path, ".bin")))
			check_value(path, value);
		if (i && strspn(bytes + i, "0123456789abcdef") == 16)
			check_value(path, strtoull(bytes + i, NULL, 16));
	}
}

/* A read of each size gives so many bytes and writes none behind them. */
static void
check_reads_of_every_size(const char *path)
{
	static const char mark = 0x5a;

	for (size_t size = 1; size <= 65; size++) {
		size_t block = size == 65 ? FILE_SIZE - 64 : size;
		int fd = open(path, O_RDONLY | O_CLOEXEC);
		ssize_t n;

		memset(text, mark, 128);
		n = read(fd, text, block);
		CHECK(n >= 0 && (size_t)n <= block);
		for (size_t i = (size_t)n; i < (size_t)n + 63; i++)
			CHECK(n > 64 || text[i] == mark);
		text[n] = '\0';
		check_nothing_of_the_kernels(path, text, (size_t)n);
		close(fd);
	}
}

TEST(files_of_a_process_show_no_poison_and_no_address_of_the_kernel)
{
	struct tracee t = held();

	for (int i = 0; i < files.count; i++)
		check_reads_of_every_size(files.path[i]);
	let_go(&t);
}
