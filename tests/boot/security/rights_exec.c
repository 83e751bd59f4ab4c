/*
 * What is open on a process when it starts a set-id program: every file and
 * mode that its user could open gives EACCES from then on.
 */
#include <sys/namespace.h>
#include "boot/rise.h"

struct handle {
	const struct proc_file *file;
	int mode, fd;
};
static struct handle handles[PROC_FILES * 3];
static int handle_count;

/* Everything but sessions that may be opened now, by whom the tester is. */
static void
open_everything(pid_t pid)
{
	handle_count = 0;
	for (size_t i = 0; i < PROC_FILES; i++)
		for (int m = 0; m < 3; m++) {
			const struct proc_file *file = &proc_files[i];
			int fd = -1;

			if (file->kind != SESSION)
				fd = open(proc_file_path(pid, file),
					  proc_modes[m] | O_CLOEXEC);
			if (fd < 0)
				continue;
			handles[handle_count++] =
				(struct handle){file, proc_modes[m], fd};
		}
	CHECK(handle_count > 30);
}

static void
user_opens_everything(pid_t pid)
{
	act_as(USER, USER);
	open_everything(pid);
	act_as_root();
}

static void
close_everything(void)
{
	for (int i = 0; i < handle_count; i++)
		close(handles[i].fd);
}

/* The errno of a read (or of listing it); 0. */
static int
read_error(const struct handle *handle)
{
	static _Alignas(16) char bytes[4096];
	long n = handle->file->kind == FOLDER
			 ? call3(SYS_getdents, (uint64_t)handle->fd,
				 (uint64_t)bytes, sizeof bytes)
			 : call3(SYS_read, (uint64_t)handle->fd,
				 (uint64_t)bytes, sizeof bytes);

	return n < 0 ? (int)-n : 0;
}

static int
write_error(const struct handle *handle)
{
	return write(handle->fd, "x\n", 2) < 0 ? errno : 0;
}

static void
check_handle(const struct handle *handle, const char *what, int error, int is)
{
	if ((error == EACCES) != is)
		test_fail(__FILE__, __LINE__, "%s %s, mode %d: %s", what,
			  handle->file->name, handle->mode, strerror(error));
}

/* Is all that was opened revoked, but for what is public?  Or nothing. */
static void
check_everything(int revoked)
{
	for (int i = 0; i < handle_count; i++) {
		const struct handle *handle = &handles[i];
		int is = revoked && (handle->file->reads != PUBLIC);
		struct stat st;

		if (handle->mode != O_WRONLY)
			check_handle(handle, "read", read_error(handle), is);
		if (handle->mode != O_RDONLY)
			check_handle(handle, "write", write_error(handle), is);
		CHECK_EQ(fstat(handle->fd, &st), 0);
		if (is)
			CHECK_EQ(st.st_size, 0);
	}
}

/* The first byte of each text, where there is one now. */
static void
begin_texts(void)
{
	int begun = 0;
	char byte;

	for (int i = 0; i < handle_count; i++)
		if (handles[i].file->kind == TEXT &&
		    handles[i].mode != O_WRONLY)
			begun += read(handles[i].fd, &byte, 1) == 1;
	CHECK(begun > 10);
}

TEST(every_file_that_its_user_had_open_is_EACCES_when_it_rises)
{
	struct tracee t;

	rise_program(0, 0, 04755);
	t = rise_start(rises);
	user_opens_everything(t.pid);
	check_everything(0);
	rise_go(&t, RISE_IDS(0, USER, 1));
	check_everything(1);
	check_everything(1);
	close_everything();
	rise_end(&t);
}

TEST(text_that_was_read_in_part_is_EACCES_when_its_process_rises)
{
	struct tracee t;

	rise_program(0, 0, 04755);
	t = rise_start(rises);
	user_opens_everything(t.pid);
	begin_texts();
	rise_go(&t, RISE_IDS(0, USER, 1));
	check_everything(1);
	close_everything();
	rise_end(&t);
}

TEST(set_gid_program_takes_what_was_open_as_a_set_uid_one_does)
{
	struct tracee t;

	rise_program(0, 0, 02755);
	t = rise_start(rises);
	user_opens_everything(t.pid);
	rise_go(&t, RISE_IDS(USER, 0, 1));
	check_everything(1);
	close_everything();
	rise_end(&t);
	rise_program(OTHER, OTHER, 06755);
	t = rise_start(rises);
	user_opens_everything(t.pid);
	rise_go(&t, RISE_IDS(OTHER, OTHER, 1));
	check_everything(1);
	close_everything();
	rise_end(&t);
}

TEST(program_without_set_id_bits_takes_nothing_that_was_open)
{
	struct tracee t;

	rise_program(0, 0, 0755);
	t = rise_start(rises);
	user_opens_everything(t.pid);
	rise_go(&t, RISE_IDS(USER, USER, 0));
	check_everything(0);
	close_everything();
	rise_end(&t);
}

TEST(what_root_has_open_stays_when_a_process_rises)
{
	struct tracee t;

	rise_program(0, 0, 04755);
	t = rise_start(rises);
	open_everything(t.pid);
	rise_go(&t, RISE_IDS(0, USER, 1));
	check_everything(0);
	close_everything();
	rise_end(&t);
}

TEST(risen_process_is_opened_by_root_and_not_by_its_user)
{
	struct tracee t;

	rise_program(0, 0, 04755);
	t = rise_start(rises);
	rise_go(&t, RISE_IDS(0, USER, 1));
	act_as(USER, USER);
	CHECK_ERRNO(proc_try(t.pid, "mem", O_RDONLY), EACCES);
	CHECK_ERRNO(proc_try(t.pid, "trace", O_RDWR), EACCES);
	CHECK_ERRNO(proc_try(t.pid, "trace", O_RDONLY), EACCES);
	CHECK_ERRNO(proc_try(t.pid, "ctl", O_WRONLY), EACCES);
	act_as(0, 0);
	close(controller(t.pid));
	act_as_root();
	rise_end(&t);
}

/* ---- what it had open of itself ---- */

static int to_heir[2], from_heir[2];

/* Waits for a byte; the number of its files that do not give EACCES. */
static void
heir(void)
{
	int64_t open = 0;
	char byte;

	CHECK_EQ(read(to_heir[0], &byte, 1), 1);
	for (int i = 0; i < handle_count; i++)
		if (handles[i].file->reads != PUBLIC)
			open += (handles[i].mode == O_WRONLY
					 ? write_error(&handles[i])
					 : read_error(&handles[i])) != EACCES;
	CHECK_EQ(write(from_heir[1], &open, sizeof open), sizeof open);
	_exit(0);
}

static void
opens_itself_and_rises(const struct tracee *t)
{
	rise_become(USER);
	handle_count = 0;
	for (size_t i = 0; i < PROC_FILES; i++) {
		const struct proc_file *file = &proc_files[i];
		int mode = file->kind == VERBS ? O_WRONLY : O_RDONLY;

		if (file->kind != SESSION)
			handles[handle_count++] = (struct handle){
				file, mode,
				open(proc_file_path(getpid(), file), mode)};
	}
	if (fork() == 0)
		heir();
	tell(t, 0);
	await(t);
	rise_exec(t);
}

TEST(what_a_process_has_open_of_itself_is_nobodys_when_it_rises)
{
	struct tracee t;
	int64_t open;

	pipe_make(to_heir);
	pipe_make(from_heir);
	rise_program(0, 0, 04755);
	t = rise_start(opens_itself_and_rises);
	rise_go(&t, RISE_IDS(0, USER, 1));
	CHECK_EQ(write(to_heir[1], "g", 1), 1);
	CHECK_EQ(read(from_heir[0], &open, sizeof open), sizeof open);
	CHECK_EQ(open, 0);
	rise_end(&t);
}

/* ---- private ---- */

static void
becomes_private_and_execs(const struct tracee *t)
{
	rise_become(USER);
	tell(t, 0);
	await(t);
	tell(t, ctl(getpid(), "private\n"));
	await(t);
	rise_exec(t);
}

static void
opens_nothing_but_public(pid_t pid)
{
	for (size_t i = 0; i < PROC_FILES; i++)
		for (int m = 0; m < 3; m++) {
			const struct proc_file *file = &proc_files[i];
			int fd = open(proc_file_path(pid, file), proc_modes[m]);

			CHECK_EQ(fd >= 0, file->reads == PUBLIC &&
						  proc_modes[m] == O_RDONLY);
			close(fd);
		}
}

TEST(every_file_of_a_private_process_is_shut_until_it_starts_a_program)
{
	struct tracee t;

	rise_program(0, 0, 0755);
	t = rise_start(becomes_private_and_execs);
	rise_go(&t, 0);
	opens_nothing_but_public(t.pid);
	act_as(USER, USER);
	opens_nothing_but_public(t.pid);
	act_as_root();
	rise_go(&t, RISE_IDS(USER, USER, 0));
	user_opens_everything(t.pid);
	close_everything();
	rise_end(&t);
}

TEST(what_was_open_before_a_process_became_private_outlives_its_exec)
{
	struct tracee t;

	rise_program(0, 0, 0755);
	t = rise_start(becomes_private_and_execs);
	user_opens_everything(t.pid);
	rise_go(&t, 0);
	check_everything(0);
	rise_go(&t, RISE_IDS(USER, USER, 0));
	check_everything(0);
	close_everything();
	rise_end(&t);
}

TEST(what_was_open_before_a_private_process_rises_is_EACCES)
{
	struct tracee t;

	rise_program(0, 0, 04755);
	t = rise_start(becomes_private_and_execs);
	user_opens_everything(t.pid);
	rise_go(&t, 0);
	rise_go(&t, RISE_IDS(0, USER, 1));
	check_everything(1);
	close_everything();
	rise_end(&t);
}

/* ---- namespaces ---- */

static void
gives_up_a_scheme_and_execs(const struct tracee *t)
{
	rise_become(USER);
	CHECK_EQ(nsdrop("rand", NULL, 0), 0);
	tell(t, 0);
	await(t);
	rise_exec(t);
}

TEST(process_that_has_given_up_a_scheme_does_not_rise)
{
	struct tracee t;

	rise_program(0, 0, 06755);
	t = rise_start(gives_up_a_scheme_and_execs);
	user_opens_everything(t.pid);
	rise_go(&t, RISE_IDS(USER, USER, 0));
	check_everything(0);
	close_everything();
	rise_end(&t);
}

static void
makes_one_that_does_not_rise(const struct tracee *t)
{
	struct trace_status status;
	struct event e;
	int fd;

	rise_become(USER);
	fd = open("proc:/new", O_RDWR | O_CLOEXEC);
	REFUSED(fd, "new " RISE_PROGRAM " p once\n", EACCES);
	CHECK_EQ(nsdrop("rand", NULL, 0), 0);
	PUT(fd, "new " RISE_PROGRAM " p once\n");
	e = next_event(fd);
	status = status_of(e.pid);
	for (int i = 0; i < 3; i++) {
		CHECK_EQ(status.uid[i], USER);
		CHECK_EQ(status.gid[i], USER);
	}
	EXPECT(fd, "log end exited 0");
	tell(t, 0);
}

TEST(new_makes_a_set_id_program_where_nobody_rises)
{
	struct tracee t;

	rise_program(0, 0, 06755);
	t = rise_start(makes_one_that_does_not_rise);
	CHECK_EQ(tracee_end(&t), 0);
	unlink(RISE_PROGRAM);
}
