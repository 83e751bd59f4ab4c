/*
 * Every file of a process against every asker and every way to open it: what
 * comes of it is said by the rule in proc(4), which is written here a second
 * time.
 */
#include <dirent.h>
#include "boot/rise.h"

TEST_SECONDS(600);

/* ---- the rule ---- */

struct ids {
	uid_t uid[3]; /* real, effective, saved */
	gid_t gid[3];
};

struct asker {
	uid_t uid;
	gid_t gid;
};

static const struct asker askers[] = {
	{0, 0},		{0, OTHER}, {USER, USER}, {USER, OTHER},
	{OTHER, OTHER}, {USER, 0},  {OTHER, 0},
};
#define ASKERS (sizeof askers / sizeof *askers)

static int
sees(const struct asker *asker, const struct ids *target)
{
	int same = 0;

	for (int i = 0; i < 3; i++)
		same += (target->uid[i] == asker->uid) +
			(target->gid[i] == asker->gid);
	return same == 6 || asker->uid == 0;
}

static int
fits(enum need need, int seen)
{
	return need == PUBLIC || (need != NOBODY && seen);
}

/* 0, or the errno of an open. */
static int
rule(const struct proc_file *file, int mode, int seen)
{
	int reads = mode != O_WRONLY, writes = mode != O_RDONLY;

	if (strncmp(file->name, "fd/", 3) == 0 && !seen)
		return EACCES; /* nor may fd be searched */
	if (file->kind == FOLDER && writes)
		return EISDIR;
	if ((reads && !fits(file->reads, seen)) ||
	    (writes && !fits(file->writes, seen)))
		return EACCES;
	return file->kind == SESSION && !reads ? EINVAL : 0;
}

/* ---- the targets ---- */

static struct ids wanted;

static void
is_somebody(const struct tracee *t)
{
	CHECK_EQ(setresgid(wanted.gid[0], wanted.gid[1], wanted.gid[2]), 0);
	CHECK_EQ(setresuid(wanted.uid[0], wanted.uid[1], wanted.uid[2]), 0);
	tell(t, 0);
	await(t);
}

/* A number of six digits in base 3: who the target is. */
static struct ids
ids_of(unsigned number)
{
	static const uid_t id[] = {0, USER, OTHER};
	struct ids ids;

	for (int i = 0; i < 3; i++, number /= 9) {
		ids.uid[i] = id[number % 3];
		ids.gid[i] = id[number / 3 % 3];
	}
	return ids;
}

#define COMBINATIONS 729u

/* All the user's but at most one; and of the rest a sample. */
static int
is_chosen(unsigned number)
{
	unsigned others = 0, rest = number;

	for (int i = 0; i < 6; i++, rest /= 3)
		others += rest % 3 != 1;
	return others < 2 || number % (unsigned)test_size(61, 1) == 0;
}

static void
of_each_target(void (*each)(pid_t pid, const struct asker *asker, int seen))
{
	for (unsigned number = 0; number < COMBINATIONS; number++) {
		struct tracee t;

		if (!is_chosen(number))
			continue;
		wanted = ids_of(number);
		t = tracee_start(is_somebody);
		CHECK_EQ(told(&t), 0);
		wait_state(t.pid, TRACE_STATE_ASLEEP);
		for (size_t i = 0; i < ASKERS; i++)
			each(t.pid, &askers[i], sees(&askers[i], &wanted));
		go(&t);
		CHECK_EQ(tracee_end(&t), 0);
		tester_end_count = 0;
	}
}

/* ---- opening ---- */

static void
agree(const char *what, const char *path, int mode, const struct asker *asker,
      int got, int expected)
{
	if (got != expected)
		test_fail(__FILE__, __LINE__,
			  "%s %s %d by %u/%u of %u %u %u/%u %u %u: %s, not %s",
			  what, path, mode, asker->uid, asker->gid,
			  wanted.uid[0], wanted.uid[1], wanted.uid[2],
			  wanted.gid[0], wanted.gid[1], wanted.gid[2],
			  strerror(got), strerror(expected));
}

static void
open_all(pid_t pid, const struct asker *asker, int seen)
{
	act_as(asker->uid, asker->gid);
	for (size_t i = 0; i < PROC_FILES; i++)
		for (int m = 0; m < 3; m++) {
			const char *path = proc_file_path(pid, &proc_files[i]);
			int fd = open(path, proc_modes[m]);

			agree("open", path, proc_modes[m], asker,
			      fd < 0 ? errno : 0,
			      rule(&proc_files[i], proc_modes[m], seen));
			close(fd);
		}
	act_as_root();
}

TEST(every_file_opens_for_those_whom_the_rule_names_and_for_nobody_else)
{
	of_each_target(open_all);
}

/* ---- access, stat and reading what was opened ---- */

/* The real ids are asked for, whatever the effective ones are. */
static void
access_all(pid_t pid, const struct asker *asker, int seen)
{
	CHECK_EQ(setresgid(asker->gid, 0, 0), 0);
	CHECK_EQ(setresuid(asker->uid, 0, 0), 0);
	for (size_t i = 0; i < PROC_FILES; i++) {
		const struct proc_file *file = &proc_files[i];
		const char *path = proc_file_path(pid, file);
		int writes = rule(file, O_WRONLY, seen);

		/* what is no mode of it is not a question of rights */
		if (writes == EISDIR)
			writes = EACCES;
		if (writes == EINVAL)
			writes = 0;
		agree("access", path, R_OK, asker,
		      access(path, R_OK) < 0 ? errno : 0,
		      rule(file, O_RDONLY, seen));
		agree("access", path, W_OK, asker,
		      access(path, W_OK) < 0 ? errno : 0, writes);
		agree("access", path, X_OK, asker,
		      access(path, X_OK) < 0 ? errno : 0,
		      file->kind == FOLDER ? rule(file, O_RDONLY, seen)
					   : EACCES);
	}
	act_as_root();
}

static void
stat_all(pid_t pid, const struct asker *asker, int seen)
{
	act_as(asker->uid, asker->gid);
	for (size_t i = 0; i < PROC_FILES; i++) {
		const struct proc_file *file = &proc_files[i];
		const char *path = proc_file_path(pid, file);
		int hidden = strncmp(file->name, "fd/", 3) == 0 && !seen;
		struct stat st;

		agree("stat", path, 0, asker, stat(path, &st) < 0 ? errno : 0,
		      hidden ? EACCES : 0);
		if (hidden)
			continue;
		CHECK_EQ(st.st_uid, wanted.uid[1]);
		CHECK_EQ(st.st_gid, wanted.gid[1]);
		if (file->kind != TEXT || rule(file, O_RDONLY, seen))
			CHECK_EQ(st.st_size, 0);
		else if (strcmp(file->name, "maps") == 0 ||
			 strcmp(file->name, "auxv") == 0)
			CHECK(st.st_size > 0);
	}
	act_as_root();
}

static void
ask_all(pid_t pid, const struct asker *asker, int seen)
{
	access_all(pid, asker, seen);
	stat_all(pid, asker, seen);
}

TEST(access_and_stat_tell_everybody_what_open_would_give)
{
	of_each_target(ask_all);
}

/* ---- the table is whole ---- */

static int
is_in_table(const char *folder, const char *name)
{
	char whole[300];

	snprintf(whole, sizeof whole, "%s%s", folder, name);
	for (size_t i = 0; i < PROC_FILES; i++)
		if (strcmp(proc_files[i].name, whole) == 0)
			return 1;
	return 0;
}

static void
lists_only_what_is_in_table(const char *path, const char *folder)
{
	DIR *dir = opendir(path);
	struct dirent *entry;
	int files = 0;

	CHECK(dir != NULL);
	while ((entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		files++;
		if (!is_in_table(folder, entry->d_name))
			test_fail(__FILE__, __LINE__,
				  "%s%s is a file whose right nobody checks",
				  folder, entry->d_name);
	}
	CHECK(files > 4);
	closedir(dir);
}

TEST(no_file_of_a_process_is_without_a_right_that_is_checked)
{
	char path[64];

	snprintf(path, sizeof path, "proc:/self/thread/%d", (int)getpid());
	lists_only_what_is_in_table("proc:/self", "");
	lists_only_what_is_in_table(path, "thread/TID/");
}
