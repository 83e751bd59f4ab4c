/*
 * Every call with arguments at random: whatever happens to the caller, the
 * machine goes on.
 *
 * Children make the calls, as a user who owns nothing; one that sleeps in a
 * call for too long is killed.  The numbers come from a generator with a fixed
 * beginning, so that what was found is found again.
 */
#include <stdint.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include "boot/children.h"

TEST_SECONDS(600);

#define FOLDER "/tmp/process-calls"
#define STUCK  20 /* looks, of a millisecond each */

static struct {
	_Atomic long calls; /* that were begun */
	long number;
	uint64_t a[6];
} * shared;

static uint64_t state;

static uint64_t
draw(void)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return state * 0x2545f4914f6cdd1d;
}

/* What may be at a pointer: text, structures, garbage. */
static char scratch[16][4096];

static const char *const texts[] = {
	"a",	    "b",
	"a/b",	    "",
	".",	    "..",
	"/",	    "/tmp",
	"null:",    "zero:",
	"rand:",    "sys:contexts",
	"sys:",	    "proc:self/maps",
	"proc:",    "proc:self/trace",
	"pipe:",    "proc:self/mem",
	"file:/",   "proc:self/status",
	"tty:",	    "nosuch:",
	"proc:new", "proc:self/regs.bin",
};

#define TEXTS (sizeof texts / sizeof texts[0])

static void
fill_scratch(void)
{
	for (size_t i = 0; i < sizeof scratch / 8; i++) {
		uint64_t word = draw() % 4 ? 0 : draw();

		memcpy((char *)scratch + i * 8, &word, 8);
	}
	for (int i = 0; i < 8; i++)
		strcpy(scratch[i], texts[draw() % TEXTS]);
}

static uint64_t
pointer(void)
{
	return (uint64_t)(uintptr_t)scratch[draw() % 16] +
	       (draw() % 4 ? 0 : draw() % 4096);
}

static uint64_t
number(void)
{
	static const uint64_t edges[] = {
		0,	     UINT64_MAX,	  4096,
		INT64_MAX,   (uint64_t)INT64_MIN, INT32_MAX,
		UINT32_MAX,  0x7ffffffff000,	  0x800000000000,
		1ull << 63,  0xffff800000000000,  0xffffffff80000000,
		0x400000,    (uint64_t)-100,	  65536,
		0x100000000,
	};

	switch (draw() % 4) {
	case 0:
		return draw() % 16;
	case 1:
		return edges[draw() % (sizeof edges / sizeof edges[0])];
	case 2:
		return draw() >> draw() % 64;
	default:
		return pointer();
	}
}

/* A call that may bring two back. */
static void
call_at_random(pid_t self)
{
	uint64_t a[6];
	long nr = SYSCALL_FIRST + (long)(draw() % SYSCALL_COUNT);

	for (int i = 0; i < 6; i++)
		a[i] = number();
	/* Not the whole crowd. */
	if (nr == SYS_kill && (int)a[0] == -1)
		a[0] = (uint64_t)self;
	shared->number = nr;
	memcpy(shared->a, a, sizeof a);
	atomic_fetch_add(&shared->calls, 1);
	raw_call(nr, a);
	if (getpid() != self)
		_exit(0);
}

/* As nobody: who watches cannot be signalled, by no group either. */
static void
call_for_ever(void)
{
	pid_t self = getpid();

	CHECK_EQ(setgid(4720), 0);
	CHECK_EQ(setuid(4720), 0);
	CHECK_EQ(chdir(FOLDER), 0);
	for (int fd = 0; fd < 64; fd++)
		close(fd);
	fill_scratch();
	for (;;) {
		if (draw() % 16 == 0)
			fill_scratch();
		call_at_random(self);
	}
}

/* Until the child has ended, stands still, or all is done. */
static void
watch(pid_t pid, long all)
{
	long before = -1;
	int looks = 0;

	while (looks < STUCK && atomic_load(&shared->calls) < all) {
		long now = atomic_load(&shared->calls);

		if (waitpid(pid, NULL, WNOHANG) == pid)
			return;
		looks = now == before ? looks + 1 : 0;
		before = now;
		pause_ms(1);
	}
	CHECK_EQ(kill(pid, SIGKILL), 0);
	CHECK_EQ(waitpid(pid, NULL, 0), pid);
}

static void
call_at_random_for(long all)
{
	while (atomic_load(&shared->calls) < all) {
		state = 0x9e3779b97f4a7c15 +
			(uint64_t)atomic_load(&shared->calls);
		watch(child_start(call_for_ever), all);
	}
}

static void
remove_all(void)
{
	char path[64];

	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof path, FOLDER "/%c", 'a' + i);
		unlink(path);
		rmdir(path);
	}
	rmdir(FOLDER);
}

TEST(calls_with_random_arguments_do_the_machine_no_harm)
{
	shared = shared_memory(4096);
	mkdir(FOLDER, 0777);
	CHECK_EQ(chmod(FOLDER, 0777), 0);
	call_at_random_for(test_size(2000, 200000));
	remove_all();
	/* Whatever their children are, they are no longer. */
	if (fork() == 0) {
		CHECK_EQ(setuid(4720), 0);
		kill(-1, SIGKILL);
		_exit(0);
	}
	CHECK(wait(NULL) > 0);
}
