/*
 * Paths taken apart: which scheme, from where, what is left, and how long they
 * may be.
 */
#include "file_fake.h"
#include "kernel/path.c" /* with our locks */
#include "kernel/path_text.c"

static struct fd_table table;
static struct process process = {.files = &table};
static struct thread self = {.process = &process};
static struct file directory = {.refs = 1}, plain = {.refs = 1};

static struct scheme_ops schemes[] = {{.name = "file", .bit = 1},
				      {.name = "proc", .bit = 2}};

const struct scheme_ops *
scheme_find(const char *name, size_t length)
{
	for (unsigned i = 0; i < 2; i++)
		if (strlen(schemes[i].name) == length &&
		    memcmp(schemes[i].name, name, length) == 0)
			return &schemes[i];
	return NULL;
}

void
file_get(struct file *file)
{
	file_get_inline(file);
}

void
file_end(struct file *file)
{
	(void)file;
	CHECK(!"freed");
}

struct file *
fd_get(struct thread *thread, int fd)
{
	CHECK(thread == &self);
	if (fd != 3 && fd != 4)
		return NULL;
	file_get_inline(fd == 3 ? &directory : &plain);
	return fd == 3 ? &directory : &plain;
}

int64_t
copy_text_from_user(char *buf, uint64_t from, size_t size, int too_long)
{
	const char *text = (const char *)(uintptr_t)from;

	if (!text)
		return -EFAULT;
	if (strlen(text) >= size)
		return too_long;
	strcpy(buf, text);
	return (int64_t)strlen(text);
}

static void
fresh(void)
{
	directory.ops = &schemes[1];
	directory.mode = KS_IFDIR;
	plain.ops = &schemes[0];
	plain.mode = KS_IFREG;
	process.cwd = &directory;
	process.lock.rank = RANK_PROCESS;
	process.cred.euid = 5;
	table.schemes = 3;
}

/* What becomes of a path: `scheme:rest`, with an @ before the rest if it is
 * relative, or the error's number. */
static const char *
taken(const char *text, int at)
{
	static char result[5000];
	struct path path;
	int error = path_find(&self, at, (uintptr_t)text, &path);

	if (error) {
		sprintf(result, "%d", -error);
	} else {
		CHECK_EQ(path.place.cred.euid, 5);
		sprintf(result, "%s:%s%s", path.ops->name,
			path.place.start ? "@" : "", path.place.path);
		path_end(&path);
	}
	CHECK_EQ(directory.refs, 1);
	CHECK_EQ(plain.refs, 1);
	CHECK_EQ(fake_blocks, 0);
	return result;
}

TEST(path_names_its_scheme_or_means_file)
{
	fresh();
	CHECK_STR(taken("/bin/ls", KAT_FDCWD), "file:bin/ls");
	CHECK_STR(taken("//bin//ls/", KAT_FDCWD), "file:bin//ls/");
	CHECK_STR(taken("/", KAT_FDCWD), "file:");
	CHECK_STR(taken("file:", KAT_FDCWD), "file:");
	CHECK_STR(taken("proc:7/mem", KAT_FDCWD), "proc:7/mem");
	CHECK_STR(taken("proc:/7/mem", KAT_FDCWD), "proc:7/mem");
	CHECK_STR(taken("nothing:x", KAT_FDCWD), "2");
	CHECK_STR(taken("file:a:b", KAT_FDCWD), "file:a:b");
}

TEST(path_without_scheme_is_relative)
{
	fresh();
	CHECK_STR(taken("a/b", KAT_FDCWD), "proc:@a/b");
	CHECK_STR(taken("./proc:x", KAT_FDCWD), "proc:@./proc:x");
	CHECK_STR(taken("a/b:c", KAT_FDCWD), "proc:@a/b:c");
	CHECK_STR(taken("A:x", KAT_FDCWD), "proc:@A:x");
	CHECK_STR(taken("1:x", KAT_FDCWD), "proc:@1:x");
	CHECK_STR(taken(":x", KAT_FDCWD), "proc:@:x");
	CHECK_STR(taken("a", 3), "proc:@a");
	CHECK_STR(taken("a", 4), "20");
	CHECK_STR(taken("a", 9), "9");
	CHECK_STR(taken("/a", 9), "file:a");
	process.cwd = NULL;
	CHECK_STR(taken("a/b", KAT_FDCWD), "file:a/b");
}

TEST(path_to_a_scheme_that_was_dropped_is_ENOENT)
{
	fresh();
	table.schemes = 1;
	CHECK_STR(taken("/a", KAT_FDCWD), "file:a");
	CHECK_STR(taken("proc:7", KAT_FDCWD), "2");
	CHECK_STR(taken("a", KAT_FDCWD), "2");
	CHECK_STR(taken("a", 3), "2");
	table.schemes = 2;
	CHECK_STR(taken("/a", 3), "2");
	CHECK_STR(taken("a", 3), "proc:@a");
	process.cwd = NULL;
	CHECK_STR(taken("a", KAT_FDCWD), "2");
}

TEST(path_of_no_use_gets_one_error)
{
	char text[KPATH_MAX + 10];

	fresh();
	CHECK_STR(taken("", KAT_FDCWD), "2");
	CHECK_STR(taken(NULL, KAT_FDCWD), "14");
	memset(text, '/', sizeof text);
	text[KPATH_MAX] = '\0';
	CHECK_STR(taken(text, KAT_FDCWD), "36");
	text[KPATH_MAX - 1] = '\0';
	CHECK_STR(taken(text, KAT_FDCWD), "file:");
	memset(text, 'a', KNAME_MAX + 1);
	text[KNAME_MAX + 1] = '\0';
	CHECK_STR(taken(text, KAT_FDCWD), "36");
	text[KNAME_MAX] = '/';
	CHECK_EQ(strlen(taken(text, KAT_FDCWD)), KNAME_MAX + 7);
}

TEST(path_without_memory_says_so)
{
	char text[PATH_NEAR + 1];

	fresh();
	memset(text, '/', PATH_NEAR);
	text[PATH_NEAR] = '\0';
	fake_fail = 1;
	CHECK_STR(taken(text, KAT_FDCWD), "12");
	CHECK_STR(taken(text, KAT_FDCWD), "file:");
	fake_fail = 1;
	CHECK_STR(taken(text + 1, KAT_FDCWD), "file:");
	fake_fail = 0;
}

TEST(path_is_redirected_forty_times_and_no_more)
{
	struct path path;
	int times = 0;

	fresh();
	CHECK_EQ(path_find_text(&self, KAT_FDCWD, "a", &path), 0);
	CHECK_EQ(PATH_TRY(&path,
			  (times++,
			   path.place.redirect = heap_copy_text("proc:self"),
			   -EREDIRECT)),
		 -ELOOP);
	CHECK_EQ(times, 41);
	path_end(&path);
	CHECK_EQ(path_find_text(&self, KAT_FDCWD, "a", &path), 0);
	path.place.redirect = heap_copy_text("none:x");
	CHECK_EQ(path_redirect(&path), -ENOENT);
	path_end(&path);
	CHECK_EQ(directory.refs, 1);
	CHECK_EQ(plain.refs, 1);
	CHECK_EQ(fake_blocks, 0);
}

static int64_t
path_is_seven(struct file *file, char *buf, size_t size)
{
	(void)file;
	return (int64_t)text_copy(buf, "7", size);
}

static int64_t
path_is_bin(struct file *file, char *buf, size_t size)
{
	(void)file;
	return (int64_t)text_copy(buf, "/bin", size);
}

TEST(path_of_an_open_file_is_one_that_opens_it)
{
	char buf[64];

	fresh();
	schemes[0].path_of = path_is_bin;
	schemes[1].path_of = path_is_seven;
	CHECK_EQ(path_text(&directory, buf, sizeof buf), 7);
	CHECK_STR(buf, "proc:/7");
	CHECK_EQ(path_text(&plain, buf, sizeof buf), 4);
	CHECK_STR(buf, "/bin");
	for (size_t size = 0; size < 8; size++)
		CHECK_EQ(path_text(&directory, buf, size), -ENAMETOOLONG);
	CHECK_EQ(path_text(&directory, buf, 8), 7);
}
