/*
 * Boot, in order, and the table by which the machine calls the kernel: the only
 * way up.  Words of the command line that begin with `kernel.` are the
 * kernel's, the others go to init.
 */
#include "abi/fcntl.h"
#include "arch/x86_64/arch.h"
#include "fault.h"
#include "heap.h"
#include "life.h"
#include "page.h"
#include "print.h"
#include "process.h"
#include "sched.h"
#include "scheme.h"
#include "syscall.h"
#include "text.h"
#include "trace/session.h"
#include "trace/trace.h"
#include "version.h"

#define INIT_PATH "/bin/init"

static const struct arch_entries entries = {
	.syscall = syscall_entry,
	.page_fault = fault_page,
	.exception = fault_exception,
	.user_return = syscall_user_return,
	.timer = sched_timer,
	.kicked = sched_kicked,
	.thread_first = sched_first,
};

static void
add_string(struct exec_strings *strings, const char *text, size_t length)
{
	char *to = strings->bytes + strings->size;

	assert(strings->size + length + 1 <= PAGE_SIZE);
	memcpy(to, text, length);
	to[length] = '\0';
	strings->size += length + 1;
}

static void
add_words(struct exec_strings *strings, const char *line)
{
	while (*line) {
		const char *end = strchr(line, ' ');
		size_t length = end ? (size_t)(end - line) : strlen(line);

		if (length && strncmp(line, "kernel.", 7) != 0) {
			add_string(strings, line, length);
			strings->argc++;
		}
		line += length + (end ? 1 : 0);
	}
}

/* What follows `name` in the kernel's words; NULL: it is not among them. */
static const char *
option(const char *line, const char *name)
{
	size_t length = strlen(name);

	while (line && strncmp(line, name, length) != 0) {
		line = strchr(line, ' ');
		line = line ? line + 1 : NULL;
	}
	return line ? line + length : NULL;
}

/* kernel.ramdisk=MB: how much the RAM file system may take. */
static void
set_ramdisk(const char *line)
{
	const char *value = option(line, "kernel.ramdisk=");
	uint64_t megabytes = 0;

	if (!value)
		return;
	for (; *value >= '0' && *value <= '9'; value++)
		megabytes = megabytes * 10 + (uint64_t)(*value - '0');
	if (megabytes > 0 && megabytes < 1u << 20)
		file_set_limit(megabytes << 20);
	else
		print("kernel.ramdisk: a number of megabytes is wanted\n");
}

static void
start_init(const struct boot_info *boot)
{
	static const char *const environment[] = {"PATH=/bin", "HOME=/"};
	struct exec_strings strings = {.bytes = heap_alloc(PAGE_SIZE)};

	assert(strings.bytes);
	add_string(&strings, "init", 4);
	strings.argc = 1;
	add_words(&strings, boot->cmdline);
	for (unsigned i = 0; i < 2; i++)
		add_string(&strings, environment[i], strlen(environment[i]));
	strings.envc = 2;
	spawn_init(INIT_PATH, &strings);
	exec_strings_free(&strings);
}

/* A thread of the kernel's own: from here on something may sleep. */
static void
boot_thread(void *arg)
{
	const struct boot_info *boot = arg;

	arch_start_cpus(sched_idle);
	scheme_init();
	start_init(boot);
	sched_exit(thread_self());
}

_Noreturn void
kernel_main(struct boot_info *boot)
{
	struct thread *thread;

	arch_console_init();
	if (option(boot->cmdline, "kernel.quiet"))
		print_quiet();
	print("Proctor %s\n", VERSION);
	page_init(boot);
	heap_init();
	sched_init();
	sched_before_sleep = trace_before_sleep;
	sched_on_logged = trace_tell;
	trace_post = signal_post;
	sched_on_signal = signal_interrupt;
	arch_init(&entries);
	thread_init();
	process_init();
	signal_alarm_init();
	file_set_archive(arch_direct(boot->archive),
			 boot->archive_end - boot->archive);
	set_ramdisk(boot->cmdline);
	sys_set_cmdline(boot->cmdline);
	thread = thread_create_kernel("boot", boot_thread, boot);
	assert(thread);
	sched_start(thread);
	thread_put(thread);
	sched_idle();
}
