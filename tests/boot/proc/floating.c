/*
 * fpregs: what a tracee has in its floating-point and vector registers is read
 * where it is held, and what is written there it has when it goes on.
 */
#include <stddef.h>
#include "trace/scene.h"

/* Bytes of the registers, the tracee's own view: shared by nobody. */
static uint8_t in[16][16], out[16][16], high_in[16], high_out[16];
static uint8_t st_out[16];
static uint32_t mxcsr_out;
static const uint32_t mxcsr_in = 0x1fa0;

static int
has_avx(void)
{
	uint32_t a = 1, b, c = 0, d;

	__asm__ volatile("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
	return (c >> 27 & 1) && (c >> 28 & 1);
}

/* Loads the registers, makes one call, stores them; nothing in between. */
static void
call_with_values(uint64_t number, uint64_t a0, uint64_t a1)
{
	uint64_t result = number;

#define XMM(n)		    "movdqu " #n "*16(%[in]), %%xmm" #n "\n"
#define OUT(n)		    "movdqu %%xmm" #n ", " #n "*16(%[out])\n"
#define FOUR(X, a, b, c, d) X(a) X(b) X(c) X(d)
#define ALL(X)                                                                 \
	FOUR(X, 0, 1, 2, 3)                                                    \
	FOUR(X, 4, 5, 6, 7) FOUR(X, 8, 9, 10, 11) FOUR(X, 12, 13, 14, 15)
	__asm__ volatile(
		"fninit\nfld1\nfldpi\nldmxcsr %[mxcsr]\n" ALL(
			XMM) "syscall\n" ALL(OUT) "stmxcsr %[mxcsr_out]\nfstpt "
						  "%[st]\nfninit\n"
		: "+a"(result), [mxcsr_out] "=m"(mxcsr_out), [st] "=m"(st_out)
		: "D"(a0),
		  "S"(a1), [in] "r"(in), [out] "r"(out), [mxcsr] "m"(mxcsr_in)
		: "rcx", "r11", "memory", "xmm0", "xmm1", "xmm2", "xmm3",
		  "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10",
		  "xmm11", "xmm12", "xmm13", "xmm14", "xmm15", "st", "st(1)");
#undef ALL
#undef FOUR
#undef OUT
#undef XMM
}

/* The upper half of ymm3, which is xmm3's neighbour. */
static void
call_with_high_values(void)
{
	uint64_t number = SYS_getppid;

	__asm__ volatile("vmovdqu %[in], %%xmm3\n"
			 "vinsertf128 $1, %[in], %%ymm3, %%ymm3\n"
			 "syscall\n"
			 "vextractf128 $1, %%ymm3, %[out]\n"
			 "vzeroupper\n"
			 : "+a"(number), [out] "=m"(high_out)
			 : [in] "m"(high_in)
			 : "rcx", "r11", "memory", "xmm3");
}

static void
tell_bytes(const struct tracee *u, const void *bytes, size_t size)
{
	if (write(u->out, bytes, size) != (ssize_t)size)
		_exit(97);
}

static void
fill_in(void)
{
	for (size_t n = 0; n < sizeof in; n++)
		((uint8_t *)in)[n] = (uint8_t)(n * 11 + 3);
	for (size_t n = 0; n < sizeof high_in; n++)
		high_in[n] = (uint8_t)(0xf0 - n);
}

/* A call, or with a byte `s` a signal to itself, or with `h` a call with a
 * value in the upper half; tells what it has then. */
static void
has_values(const struct tracee *u)
{
	char byte;

	fill_in();
	(void)signal(SIGUSR1, SIG_IGN);
	while (read(u->in, &byte, 1) == 1) {
		if (byte == 'h') {
			call_with_high_values();
			tell_bytes(u, high_out, sizeof high_out);
			continue;
		}
		if (byte == 's')
			call_with_values(SYS_kill, (uint64_t)getpid(), SIGUSR1);
		else
			call_with_values(SYS_getppid, 0, 0);
		tell_bytes(u, out, sizeof out);
		tell_bytes(u, st_out, 10);
		tell_bytes(u, &mxcsr_out, sizeof mxcsr_out);
	}
}

static void
told_bytes(void *bytes, size_t size)
{
	CHECK_EQ(read(t.from, bytes, size), size);
}

static int
fp_get(struct trace_fpregs *regs)
{
	int fd = proc_open(t.pid, "fpregs.bin", O_RDONLY), saved;
	ssize_t n = read(fd, regs, sizeof *regs);

	saved = errno;
	close(fd);
	errno = saved;
	return n == sizeof *regs ? 0 : -1;
}

static ssize_t
fp_put(const void *bytes, size_t size)
{
	int fd = proc_open(t.pid, "fpregs.bin", O_WRONLY), saved;
	ssize_t n = write(fd, bytes, size);

	saved = errno;
	close(fd);
	errno = saved;
	return n;
}

static ssize_t
fp_write(const char *text)
{
	int fd = proc_open(t.pid, "fpregs", O_WRONLY), saved;
	ssize_t n = put(fd, text);

	saved = errno;
	close(fd);
	errno = saved;
	return n;
}

static const uint8_t pi[10] = {0x35, 0xc2, 0x68, 0x21, 0xa2,
			       0xda, 0x0f, 0xc9, 0x00, 0x40};
static const uint8_t one[10] = {0, 0, 0, 0, 0, 0, 0, 0x80, 0xff, 0x3f};

static void
check_values(void)
{
	struct trace_fpregs regs;

	fill_in();
	CHECK_EQ(fp_get(&regs), 0);
	CHECK_EQ(regs.size, sizeof regs);
	CHECK_EQ(regs.parts, has_avx() ? TRACE_FPREGS_AVX : 0);
	CHECK_EQ(regs.mxcsr, mxcsr_in);
	CHECK_EQ(regs.fcw, 0x37f);
	CHECK_EQ(regs.ftw, 0xc0); /* 6 and 7, where the stack begins */
	CHECK(memcmp(regs.st[0], pi, 10) == 0);
	CHECK(memcmp(regs.st[1], one, 10) == 0);
	CHECK(memcmp(regs.xmm, in, sizeof in) == 0);
}

/* Other values, and the tracee has these. */
static void
change_values(void)
{
	struct trace_fpregs regs;

	CHECK_EQ(fp_get(&regs), 0);
	for (size_t n = 0; n < sizeof in; n++)
		((uint8_t *)regs.xmm)[n] ^= 0xff;
	memcpy(regs.st[0], one, 10);
	regs.mxcsr = 0x1f80;
	CHECK_EQ(fp_put(&regs, sizeof regs), sizeof regs);
}

static void
check_changed(void)
{
	uint8_t seen[16][16], st[10];
	uint32_t mxcsr;

	told_bytes(seen, sizeof seen);
	told_bytes(st, sizeof st);
	told_bytes(&mxcsr, sizeof mxcsr);
	for (size_t n = 0; n < sizeof seen; n++)
		CHECK_EQ(((uint8_t *)seen)[n], ((uint8_t *)in)[n] ^ 0xff);
	CHECK(memcmp(st, one, 10) == 0);
	CHECK_EQ(mxcsr, 0x1f80);
}

TEST(values_of_a_tracee_held_at_a_call_are_read_and_those_written_arrive)
{
	static const char *const events[] = {"enter", "leave"};

	for (int i = 0; i < 2; i++) {
		int fd = session_on(has_values);

		CHECK(putf(fd, "on %s getppid hold\n", events[i]) > 0);
		go(&t);
		(void)next_event(fd);
		check_values();
		change_values();
		close(fd);
		check_changed();
		CHECK_EQ(tracee_end(&t), 0);
	}
}

TEST(values_of_a_tracee_held_at_a_signal_are_read_and_those_written_arrive)
{
	int fd = session_on(has_values);

	PUT(fd, "on signal SIGUSR1 hold\n");
	CHECK_EQ(write(t.to, "s", 1), 1);
	EXPECT_START(fd, "hold signal SIGUSR1 ");
	check_values();
	change_values();
	close(fd);
	check_changed();
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(upper_half_of_ymm_is_read_and_written)
{
	struct trace_fpregs regs;
	uint8_t seen[16];
	int fd;

	if (!has_avx())
		return;
	fd = session_on(has_values);
	PUT(fd, "on enter getppid hold\n");
	CHECK_EQ(write(t.to, "h", 1), 1);
	EXPECT_START(fd, "hold enter getppid");
	CHECK_EQ(fp_get(&regs), 0);
	fill_in();
	CHECK(memcmp(regs.ymmh[3], high_in, 16) == 0);
	CHECK(memcmp(regs.xmm[3], high_in, 16) == 0);
	CHECK(fp_write("ymmh3 0x0102030405060708090a0b0c0d0e0f10\n") > 0);
	close(fd);
	told_bytes(seen, sizeof seen);
	for (int i = 0; i < 16; i++)
		CHECK_EQ(seen[i], 16 - i);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(text_of_fpregs_has_the_values_of_its_packed_twin)
{
	static const struct {
		const char *name;
		size_t offset, bytes;
	} rows[] = {
#define FPREG(name, member, bytes, policy)                                     \
	{#name, offsetof(struct trace_fpregs, member), bytes},
#include <proctor/abi/fpregs.def>
#undef FPREG
	};
	int fd = session_on(has_values), text;
	struct trace_fpregs regs;
	char said[8192], line[64];
	ssize_t n;

	PUT(fd, "on enter getppid hold\n");
	go(&t);
	(void)next_event(fd);
	CHECK_EQ(fp_get(&regs), 0);
	text = proc_open(t.pid, "fpregs", O_RDONLY);
	n = read(text, said, sizeof said - 1);
	CHECK(n > 0);
	said[n] = '\0';
	close(text);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const uint8_t *bytes = (uint8_t *)&regs + rows[i].offset;
		int at = sprintf(line, "%s 0x", rows[i].name);

		for (size_t b = rows[i].bytes; b-- > 0;)
			at += sprintf(line + at, "%02x", bytes[b]);
		if (has_avx() || strncmp(line, "ymmh", 4) != 0)
			CHECK(strstr(said, line) != NULL);
	}
	close(fd);
	tracee_kill(&t);
}

/* ---- what is refused ---- */

static const struct {
	const char *text;
	int error;
} refusals[] = {
	{"mxcsr 0x10000\n", ERANGE},
	{"mxcsr=0x80001f80\n", ERANGE},
	{"fcw 0xff7f\n", ERANGE},
	{"fcw 0x80\n", ERANGE},
	{"fop 0x800\n", ERANGE},
	{"mxcsr_mask 0\n", EINVAL},
	{"mxcsr_mask 0x1\n", ERANGE},
	{"xmm0 0x1\nmxcsr 0x10000\n", ERANGE},
	{"mxcsr 0x10000\nxmm0 0x1\n", ERANGE},
	{"xmm0 0x1\nxmm16 0x1\n", EINVAL},
	{"xmm0 0x1\nxmm1 1\n", EINVAL},
	{"xmm0 0x1\nxmm1 0x\n", EINVAL},
	{"xmm0 0x1\nxmm1 0xg\n", EINVAL},
	{"xmm0 0x100000000000000000000000000000000\n", EINVAL},
	{"st0 0x100000000000000000000\n", EINVAL},
	{"ftw 0x100\n", EINVAL},
	{"xmm0 0x1\nxmm1\n", EINVAL},
	{"xmm0 0x1", EINVAL},
	{"xmm0 0x1\nxmm1 0x2", EINVAL},
};

TEST(fpregs_write_is_refused_whole_and_changes_nothing)
{
	int fd = session_on(has_values);
	struct trace_fpregs old, now, bad;

	PUT(fd, "on enter getppid hold\n");
	go(&t);
	(void)next_event(fd);
	CHECK_EQ(fp_get(&old), 0);
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		ssize_t n = fp_write(refusals[i].text);

		if (n != -1 || errno != refusals[i].error)
			test_fail(__FILE__, __LINE__, "%s: %d (%s)",
				  refusals[i].text, (int)n, strerror(errno));
		CHECK_EQ(fp_get(&now), 0);
		CHECK(memcmp(&now, &old, sizeof now) == 0);
	}
	bad = old;
	bad.xmm[0][0] ^= 1;
	CHECK_ERRNO(fp_put(&bad, sizeof bad - 1), EINVAL);
	CHECK_ERRNO(fp_put(&bad, 1), EINVAL);
	bad.size++;
	CHECK_ERRNO(fp_put(&bad, sizeof bad), EINVAL);
	bad.size = old.size;
	bad.parts ^= TRACE_FPREGS_AVX;
	CHECK_ERRNO(fp_put(&bad, sizeof bad), EINVAL);
	bad.parts = old.parts;
	bad.mxcsr |= 0x10000;
	CHECK_ERRNO(fp_put(&bad, sizeof bad), ERANGE);
	CHECK_EQ(fp_get(&now), 0);
	CHECK(memcmp(&now, &old, sizeof now) == 0);
	close(fd);
	tracee_kill(&t);
}

TEST(fpregs_of_one_asleep_are_read_and_not_written)
{
	struct trace_fpregs regs;

	tracee_begin(has_values);
	CHECK_EQ(fp_get(&regs), 0);
	CHECK_ERRNO(fp_put(&regs, sizeof regs), EBUSY);
	CHECK_ERRNO(fp_write("xmm0 0x1\n"), EBUSY);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(fpregs_of_one_that_runs_are_EBUSY)
{
	struct trace_fpregs regs;

	memset(&regs, 0, sizeof regs);
	regs.size = sizeof regs;
	tracee_begin(spins);
	CHECK_EQ(fp_get(&regs), -1);
	CHECK_EQ(errno, EBUSY);
	CHECK_ERRNO(fp_put(&regs, sizeof regs), EBUSY);
	CHECK_ERRNO(fp_write("xmm0 0x1\n"), EBUSY);
	tracee_kill(&t);
}

/* As many digits as one likes, either case, with blanks or `=`. */
TEST(fpregs_lines_are_taken_in_every_form_and_their_offset_means_nothing)
{
	int fd = session_on(has_values), file;
	struct trace_fpregs regs;

	PUT(fd, "on enter getppid hold\n");
	go(&t);
	(void)next_event(fd);
	file = proc_open(t.pid, "fpregs", O_WRONLY);
	CHECK_EQ(pwrite(file, "xmm1=0xAbC\nxmm2 \t0x0\n", 21, 77), 21);
	close(file);
	CHECK_EQ(fp_get(&regs), 0);
	CHECK_EQ(regs.xmm[1][0], 0xbc);
	CHECK_EQ(regs.xmm[1][1], 0x0a);
	for (int i = 0; i < 16; i++)
		CHECK_EQ((i > 1 ? regs.xmm[1][i] : 0) | regs.xmm[2][i], 0);
	fill_in();
	CHECK(memcmp(regs.xmm[3], in[3], 16) == 0);
	close(fd);
	tracee_kill(&t);
}

/* ---- their names, and those of one thread ---- */

static const char *
contents(const char *name)
{
	static char text[16384];
	int file = proc_open(t.pid, name, O_RDONLY);
	ssize_t n = read(file, text, sizeof text - 1);

	CHECK(n > 0);
	text[n] = '\0';
	close(file);
	return text;
}

/* The line of this register is next. */
static const char *
behind(const char *line, const char *name, int number)
{
	char start[32];

	if (number < 0)
		snprintf(start, sizeof start, "%s 0x", name);
	else
		snprintf(start, sizeof start, "%s%d 0x", name, number);
	CHECK_EQ(strncmp(line, start, strlen(start)), 0);
	return strchr(line, '\n') + 1;
}

TEST(floating_point_registers_are_these_in_this_order)
{
	static const char *const words[] = {"fcw",   "fsw",	  "ftw",
					    "fop",   "fip",	  "fdp",
					    "mxcsr", "mxcsr_mask"};
	static const struct {
		const char *name;
		int count;
	} rows[] = {{"st", 8}, {"xmm", 16}, {"ymmh", 16}};
	const char *line;

	tracee_begin(sleeps);
	line = contents("fpregs");
	for (int i = 0; i < 8; i++)
		line = behind(line, words[i], -1);
	for (int i = 0; i < (has_avx() ? 3 : 2); i++)
		for (int n = 0; n < rows[i].count; n++)
			line = behind(line, rows[i].name, n);
	CHECK_STR(line, "");
	go(&t);
	CHECK_EQ(tracee_end(&t), 0);
}

TEST(registers_of_a_thread_are_those_of_its_process)
{
	static const char *const names[] = {"regs", "regs.bin", "fpregs",
					    "fpregs.bin"};
	static const char line[] = "rbx 0x1234\n";
	static char own[16384];
	int fd = session_on(has_values), file;
	struct trace_regs regs;
	char name[48];

	PUT(fd, "on enter getppid hold\n");
	go(&t);
	(void)next_event(fd);
	for (int i = 0; i < 4; i++) {
		snprintf(name, sizeof name, "thread/%d/%s", (int)t.pid,
			 names[i]);
		memcpy(own, contents(name), sizeof own);
		CHECK_EQ(memcmp(own, contents(names[i]), sizeof own), 0);
	}
	snprintf(name, sizeof name, "thread/%d/regs", (int)t.pid);
	file = proc_open(t.pid, name, O_WRONLY);
	PUT(file, line);
	close(file);
	CHECK_EQ(regs_get(t.pid, &regs), 0);
	CHECK_EQ(regs.rbx, 0x1234);
	tracee_kill(&t);
	close(fd);
}
