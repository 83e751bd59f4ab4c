/*
 * find [-HLP] [PATH]... [EXPRESSION]: walks trees and does what the expression
 * says with each file.
 *
 * The expression is parsed into a tree of nodes, once; each row of find_rows is
 * a primary: how its value is read, and what it finds of a file.
 */
#include "mode.h"
#include "show.h"
#include "util.h"
#include "walk.h"

#include <errno.h>
#include <fnmatch.h>
#include <grp.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char find_usage[] =
	"usage: find [-HLP] [PATH]... [EXPRESSION]\n"
	"Walks directories and prints what the expression is true of.\n"
	"  -H, -L, -P      follow links: those named here, all, none\n"
	"  -name -iname -path PATTERN    -type [bcdflps]    -empty\n"
	"  -size N[ckMG]   in blocks of 512 bytes, or of those\n"
	"  -atime -ctime -mtime N        in days; -mmin N in minutes\n"
	"  -newer FILE     -links -inum N\n"
	"  -user -group NAME             -perm [-/]MODE\n"
	"  -print -print0 -prune         -delete (and -depth)\n"
	"  -exec COMMAND {} ;            -ok asks before it\n"
	"  -exec COMMAND {} +            for many files at once\n"
	"  -maxdepth -mindepth N         -depth -xdev\n"
	"  ! A, A [-a] B, A -o B, ( A )  in this order\n"
	"N is that many, +N more, -N less.\n";

struct find_node {
	bool (*test)(struct find_node *node, const struct walk_item *item);
	struct find_node *left, *right;
	const char *text; /* a pattern, a letter */
	char **words;	  /* of a command, `{}` among them */
	long long number, unit;
	char compare; /* '+', '-' or 0: how with number */
	struct timespec time;
	/* -exec +: paths that wait */
	char **paths;
	size_t count, room, bytes;
	struct find_node *next; /* of the commands */
};

struct find_row {
	const char *name;
	void (*parse)(struct find_node *node, const struct find_row *row);
	bool (*test)(struct find_node *node, const struct walk_item *item);
	long long unit;
	bool action; /* so nothing is printed for itself */
};

enum { FIND_BATCH_BYTES = 128 * 1024 };

static char **find_words; /* what is left of the expression */
static const char *find_word;
static bool find_acts, find_deep, find_one_device, find_pruned;
static unsigned find_most = ~0u, find_least;
static struct timespec find_now;
static struct find_node *find_commands;
static dev_t find_device;

static struct find_node *
find_node(bool (*test)(struct find_node *, const struct walk_item *))
{
	struct find_node *node = util_alloc(sizeof *node);

	*node = (struct find_node){.test = test};
	return node;
}

/* ---- values ---- */

static char *
find_value(void)
{
	if (*find_words == NULL)
		util_die("%s: needs a value", find_word);
	return *find_words++;
}

static void
find_parse_nothing(struct find_node *node, const struct find_row *row)
{
	(void)node, (void)row;
}

static void
find_parse_text(struct find_node *node, const struct find_row *row)
{
	(void)row;
	node->text = find_value();
}

/* [+-]N with perhaps a letter behind it, which is returned. */
static char
find_take_number(struct find_node *node, const char *text)
{
	char *end;

	if (*text == '+' || *text == '-')
		node->compare = *text++;
	errno = 0;
	node->number = strtoll(text, &end, 10);
	if (end == text || *text < '0' || *text > '9' || errno != 0 ||
	    (*end != '\0' && end[1] != '\0'))
		util_die("%s %s: not a number", find_word, text);
	return *end;
}

static void
find_parse_number(struct find_node *node, const struct find_row *row)
{
	const char *text = find_value();

	if (find_take_number(node, text) != '\0')
		util_die("%s %s: not a number", find_word, text);
	node->unit = row->unit;
}

static void
find_parse_size(struct find_node *node, const struct find_row *row)
{
	static const char letters[] = "bckMG";
	static const long long units[] = {512, 1, 1024, 1 << 20, 1 << 30};
	const char *text = find_value(), *at;
	char letter = find_take_number(node, text);

	at = strchr(letters, letter != '\0' ? letter : 'b');
	if (at == NULL)
		util_die("%s %s: not a size", find_word, text);
	node->unit = units[at - letters];
	(void)row;
}

static void
find_parse_type(struct find_node *node, const struct find_row *row)
{
	find_parse_text(node, row);
	if (strlen(node->text) != 1 || strchr("bcdflps", *node->text) == NULL)
		util_die("-type %s: no such type", node->text);
}

static void
find_parse_newer(struct find_node *node, const struct find_row *row)
{
	struct stat st;

	find_parse_text(node, row);
	if (stat(node->text, &st) < 0)
		util_die_of(node->text);
	node->time = st.st_mtim;
}

static void
find_parse_perm(struct find_node *node, const struct find_row *row)
{
	const char *text = find_value();

	(void)row;
	if (*text == '/' || *text == '-')
		node->compare = *text++;
	node->number = mode_change(text, 0, false, 0);
	if (node->number < 0)
		util_die("-perm %s: not a mode", text);
}

static void
find_parse_id(struct find_node *node, const char *what)
{
	char *end;

	node->number = strtoll(node->text, &end, 10);
	if (end == node->text || *end != '\0')
		util_die("%s: no such %s", node->text, what);
}

static void
find_parse_user(struct find_node *node, const struct find_row *row)
{
	const struct passwd *user;

	find_parse_text(node, row);
	user = getpwnam(node->text);
	if (user != NULL)
		node->number = user->pw_uid;
	else
		find_parse_id(node, "user");
}

static void
find_parse_group(struct find_node *node, const struct find_row *row)
{
	const struct group *group;

	find_parse_text(node, row);
	group = getgrnam(node->text);
	if (group != NULL)
		node->number = group->gr_gid;
	else
		find_parse_id(node, "group");
}

static void
find_parse_depth(struct find_node *node, const struct find_row *row)
{
	(void)node, (void)row;
	find_deep = true;
}

static void
find_parse_xdev(struct find_node *node, const struct find_row *row)
{
	(void)node, (void)row;
	find_one_device = true;
}

static void
find_parse_limit(struct find_node *node, const struct find_row *row)
{
	const char *text = find_value();

	(void)node;
	*(row->unit ? &find_most : &find_least) =
		(unsigned)util_number(text, 0, 1000000, "depth");
}

/* ---- tests ---- */

static bool
find_yes(struct find_node *node, const struct walk_item *item)
{
	(void)node, (void)item;
	return true;
}

static bool
find_match_name(const char *pattern, const struct walk_item *item, int flags)
{
	char *name = walk_last(item->path);
	bool found = fnmatch(pattern, name, flags) == 0;

	free(name);
	return found;
}

static bool
find_name(struct find_node *node, const struct walk_item *item)
{
	return find_match_name(node->text, item, 0);
}

static bool
find_iname(struct find_node *node, const struct walk_item *item)
{
	return find_match_name(node->text, item, FNM_CASEFOLD);
}

static bool
find_path(struct find_node *node, const struct walk_item *item)
{
	return fnmatch(node->text, item->path, 0) == 0;
}

static bool
find_type(struct find_node *node, const struct walk_item *item)
{
	char mode[11];

	show_mode(item->st.st_mode, mode);
	return *node->text == (mode[0] == '-' ? 'f' : mode[0]);
}

static bool
find_compare(const struct find_node *node, long long value)
{
	if (node->compare == '+')
		return value > node->number;
	if (node->compare == '-')
		return value < node->number;
	return value == node->number;
}

/* Begun units count. */
static bool
find_size(struct find_node *node, const struct walk_item *item)
{
	long long size = item->st.st_size;

	return find_compare(node, size / node->unit + (size % node->unit != 0));
}

static bool
find_age(const struct find_node *node, const struct timespec *time)
{
	long long age = find_now.tv_sec - time->tv_sec;

	if (find_now.tv_nsec < time->tv_nsec)
		age--;
	return find_compare(node, age < 0 ? -1 : age / node->unit);
}

static bool
find_mtime(struct find_node *node, const struct walk_item *item)
{
	return find_age(node, &item->st.st_mtim);
}

static bool
find_atime(struct find_node *node, const struct walk_item *item)
{
	return find_age(node, &item->st.st_atim);
}

static bool
find_ctime(struct find_node *node, const struct walk_item *item)
{
	return find_age(node, &item->st.st_ctim);
}

static bool
find_newer(struct find_node *node, const struct walk_item *item)
{
	const struct timespec *time = &item->st.st_mtim;

	if (time->tv_sec != node->time.tv_sec)
		return time->tv_sec > node->time.tv_sec;
	return time->tv_nsec > node->time.tv_nsec;
}

static bool
find_links(struct find_node *node, const struct walk_item *item)
{
	return find_compare(node, (long long)item->st.st_nlink);
}

static bool
find_inum(struct find_node *node, const struct walk_item *item)
{
	return find_compare(node, (long long)item->st.st_ino);
}

static bool
find_user(struct find_node *node, const struct walk_item *item)
{
	return item->st.st_uid == node->number;
}

static bool
find_group(struct find_node *node, const struct walk_item *item)
{
	return item->st.st_gid == node->number;
}

static bool
find_perm(struct find_node *node, const struct walk_item *item)
{
	mode_t want = (mode_t)node->number, mode = item->st.st_mode & 07777;

	if (node->compare == '-')
		return (mode & want) == want;
	if (node->compare == '/')
		return want == 0 || (mode & want) != 0;
	return mode == want;
}

static bool
find_empty(struct find_node *node, const struct walk_item *item)
{
	char **names;
	bool empty;

	(void)node;
	if (S_ISREG(item->st.st_mode))
		return item->st.st_size == 0;
	if (!S_ISDIR(item->st.st_mode))
		return false;
	names = walk_names(item->path);
	if (names == NULL) {
		util_fail(item->path);
		return false;
	}
	empty = names[0] == NULL;
	walk_free_names(names);
	return empty;
}

/* ---- actions ---- */

static bool
find_print(struct find_node *node, const struct walk_item *item)
{
	(void)node;
	puts(item->path);
	return util_printed();
}

static bool
find_print0(struct find_node *node, const struct walk_item *item)
{
	(void)node;
	fwrite(item->path, 1, strlen(item->path) + 1, stdout);
	return util_printed();
}

static bool
find_prune(struct find_node *node, const struct walk_item *item)
{
	(void)node, (void)item;
	find_pruned = true;
	return true;
}

static bool
find_delete(struct find_node *node, const struct walk_item *item)
{
	int error;

	(void)node;
	if (strcmp(item->path, ".") == 0)
		return true;
	error = S_ISDIR(item->st.st_mode) ? rmdir(item->path)
					  : unlink(item->path);
	if (error < 0)
		util_fail(item->path);
	return error == 0;
}

/* true if the command ended with 0. */
static bool
find_run(char **words)
{
	int status = -1;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid == 0) {
		execvp(words[0], words);
		util_fail(words[0]);
		_exit(127);
	}
	if (pid < 0 || waitpid(pid, &status, 0) < 0)
		util_fail(words[0]);
	return status == 0;
}

/* A word with each {} in it made the path. */
static char *
find_replace(const char *word, const char *path)
{
	size_t length = strlen(path), size = strlen(word) + 1;
	const char *at;
	char *made, *to;

	for (at = word; (at = strstr(at, "{}")) != NULL; at += 2)
		size += length;
	made = to = util_alloc(size);
	while ((at = strstr(word, "{}")) != NULL) {
		memcpy(to, word, (size_t)(at - word));
		to += at - word;
		memcpy(to, path, length);
		to += length;
		word = at + 2;
	}
	strcpy(to, word);
	return made;
}

static size_t
find_count(char **words)
{
	size_t n = 0;

	while (words[n] != NULL)
		n++;
	return n;
}

static bool
find_exec(struct find_node *node, const struct walk_item *item)
{
	size_t count = find_count(node->words), i;
	char **words = util_alloc((count + 1) * sizeof *words);
	bool good;

	for (i = 0; i < count; i++)
		words[i] = find_replace(node->words[i], item->path);
	words[count] = NULL;
	good = find_run(words);
	for (i = 0; i < count; i++)
		free(words[i]);
	free(words);
	return good;
}

static bool
find_ok(struct find_node *node, const struct walk_item *item)
{
	return util_confirm("%s ... %s? ", node->words[0], item->path) &&
	       find_exec(node, item);
}

/* Runs the command for the paths that wait. */
static void
find_run_batch(struct find_node *node)
{
	size_t count = find_count(node->words), i;
	char **words;

	if (node->count == 0)
		return;
	words = util_alloc((count + node->count + 1) * sizeof *words);
	memcpy(words, node->words, count * sizeof *words);
	memcpy(words + count, node->paths, node->count * sizeof *words);
	words[count + node->count] = NULL;
	if (!find_run(words) && util_status == 0)
		util_status = 1;
	for (i = 0; i < node->count; i++)
		free(node->paths[i]);
	free(words);
	node->count = node->bytes = 0;
}

static bool
find_exec_batch(struct find_node *node, const struct walk_item *item)
{
	size_t size = strlen(item->path) + 1 + sizeof(char *);

	if (node->bytes + size > FIND_BATCH_BYTES)
		find_run_batch(node);
	if (node->count == node->room) {
		node->room = node->room * 2 + 64;
		node->paths = util_grow(node->paths,
					node->room * sizeof *node->paths);
	}
	node->paths[node->count++] = util_copy(item->path);
	node->bytes += size;
	return true;
}

static void
find_parse_exec(struct find_node *node, const struct find_row *row)
{
	size_t n = 0;

	node->words = find_words;
	while (find_words[n] != NULL && strcmp(find_words[n], ";") != 0 &&
	       (row->test != find_exec || n == 0 ||
		strcmp(find_words[n], "+") != 0 ||
		strcmp(find_words[n - 1], "{}") != 0))
		n++;
	if (find_words[n] == NULL || n == 0)
		util_die("%s: needs a command that ends with ; or {} +",
			 find_word);
	if (strcmp(find_words[n], "+") == 0) {
		find_words[n - 1] = NULL;
		node->test = find_exec_batch;
		node->next = find_commands;
		find_commands = node;
		if (n == 1)
			util_die("%s: needs a command", find_word);
	} else {
		find_words[n] = NULL;
	}
	find_words += n + 1;
}

/* ---- the expression ---- */

enum { FIND_MINUTE = 60, FIND_DAY = 86400 };

static const struct find_row find_rows[] = {
	{"-atime", find_parse_number, find_atime, FIND_DAY, false},
	{"-ctime", find_parse_number, find_ctime, FIND_DAY, false},
	{"-delete", find_parse_depth, find_delete, 0, true},
	{"-depth", find_parse_depth, find_yes, 0, false},
	{"-empty", find_parse_nothing, find_empty, 0, false},
	{"-exec", find_parse_exec, find_exec, 0, true},
	{"-group", find_parse_group, find_group, 0, false},
	{"-iname", find_parse_text, find_iname, 0, false},
	{"-inum", find_parse_number, find_inum, 1, false},
	{"-links", find_parse_number, find_links, 1, false},
	{"-maxdepth", find_parse_limit, find_yes, 1, false},
	{"-mindepth", find_parse_limit, find_yes, 0, false},
	{"-mmin", find_parse_number, find_mtime, FIND_MINUTE, false},
	{"-mtime", find_parse_number, find_mtime, FIND_DAY, false},
	{"-name", find_parse_text, find_name, 0, false},
	{"-newer", find_parse_newer, find_newer, 0, false},
	{"-ok", find_parse_exec, find_ok, 0, true},
	{"-path", find_parse_text, find_path, 0, false},
	{"-perm", find_parse_perm, find_perm, 0, false},
	{"-print", find_parse_nothing, find_print, 0, true},
	{"-print0", find_parse_nothing, find_print0, 0, true},
	{"-prune", find_parse_nothing, find_prune, 0, false},
	{"-size", find_parse_size, find_size, 0, false},
	{"-type", find_parse_type, find_type, 0, false},
	{"-user", find_parse_user, find_user, 0, false},
	{"-xdev", find_parse_xdev, find_yes, 0, false},
};

static bool
find_both(struct find_node *node, const struct walk_item *item)
{
	return node->left->test(node->left, item) &&
	       node->right->test(node->right, item);
}

static bool
find_either(struct find_node *node, const struct walk_item *item)
{
	return node->left->test(node->left, item) ||
	       node->right->test(node->right, item);
}

static bool
find_not(struct find_node *node, const struct walk_item *item)
{
	return !node->left->test(node->left, item);
}

static bool
find_next_is(const char *word)
{
	return *find_words != NULL && strcmp(*find_words, word) == 0;
}

static struct find_node *find_parse_or(void);

static struct find_node *
find_parse_row(void)
{
	struct find_node *node;
	size_t i;

	find_word = *find_words++;
	for (i = 0; i < sizeof find_rows / sizeof *find_rows; i++)
		if (strcmp(find_rows[i].name, find_word) == 0)
			break;
	if (i == sizeof find_rows / sizeof *find_rows)
		util_die("%s: no such primary", find_word);
	node = find_node(find_rows[i].test);
	find_rows[i].parse(node, &find_rows[i]);
	find_acts |= find_rows[i].action;
	return node;
}

static struct find_node *
find_parse_one(void)
{
	struct find_node *node;

	if (*find_words == NULL)
		util_die("the expression ends too soon");
	if (find_next_is("!")) {
		find_words++;
		node = find_node(find_not);
		node->left = find_parse_one();
		return node;
	}
	if (!find_next_is("("))
		return find_parse_row();
	find_words++;
	node = find_parse_or();
	if (!find_next_is(")"))
		util_die("a ) is missing");
	find_words++;
	return node;
}

static struct find_node *
find_join(bool (*test)(struct find_node *, const struct walk_item *),
	  struct find_node *left, struct find_node *right)
{
	struct find_node *node = find_node(test);

	node->left = left;
	node->right = right;
	return node;
}

static struct find_node *
find_parse_and(void)
{
	struct find_node *left = find_parse_one();

	while (*find_words != NULL && !find_next_is("-o") &&
	       !find_next_is(")")) {
		if (find_next_is("-a"))
			find_words++;
		left = find_join(find_both, left, find_parse_one());
	}
	return left;
}

static struct find_node *
find_parse_or(void)
{
	struct find_node *left = find_parse_and();

	while (find_next_is("-o")) {
		find_words++;
		left = find_join(find_either, left, find_parse_and());
	}
	return left;
}

static struct find_node *
find_parse(void)
{
	struct find_node *node;

	if (*find_words == NULL)
		return find_node(find_print);
	node = find_parse_or();
	if (*find_words != NULL)
		util_die("%s: there is no ( before it", *find_words);
	if (!find_acts)
		node = find_join(find_both, node, find_node(find_print));
	return node;
}

/* ---- the walk ---- */

static void
find_judge(const struct walk_item *item, void *arg)
{
	struct find_node *node = arg;

	if (item->depth >= find_least)
		node->test(node, item);
}

static bool
find_visit(const struct walk_item *item, void *arg)
{
	bool later = find_deep && S_ISDIR(item->st.st_mode);
	bool away;

	if (item->depth == 0)
		find_device = item->st.st_dev;
	away = find_one_device && item->st.st_dev != find_device;
	find_pruned = false;
	if (!later)
		find_judge(item, arg);
	if (find_deep ? item->depth < find_most && !away
		      : !find_pruned && item->depth < find_most && !away)
		return true;
	if (later)
		find_judge(item, arg);
	return false;
}

static void
find_leave(const struct walk_item *item, void *arg)
{
	if (find_deep)
		find_judge(item, arg);
}

static enum walk_follow
find_options(char ***argv)
{
	static const char letters[] = "PHL";
	enum walk_follow follow = WALK_FOLLOW_NONE;
	const char *at;

	for (; **argv != NULL && (**argv)[0] == '-'; (*argv)++) {
		if (strcmp(**argv, "--help") == 0)
			util_option(*argv - 1, "+");
		at = (**argv)[1] != '\0' ? strchr(letters, (**argv)[1]) : NULL;
		if (at == NULL || (**argv)[2] != '\0')
			break;
		follow = (enum walk_follow)(at - letters);
	}
	return follow;
}

int
main(int argc, char **argv)
{
	static char here[] = ".", *places[] = {here, NULL};
	struct walk how = {.visit = find_visit, .leave = find_leave};
	char **paths;

	(void)argc;
	util_trouble = 1;
	util_start("find", find_usage);
	argv++;
	how.follow = find_options(&argv);
	paths = argv;
	while (*argv != NULL && **argv != '-' && strcmp(*argv, "!") != 0 &&
	       strcmp(*argv, "(") != 0)
		argv++;
	find_words = util_alloc((find_count(argv) + 1) * sizeof *argv);
	memcpy(find_words, argv, (find_count(argv) + 1) * sizeof *argv);
	*argv = NULL;
	clock_gettime(CLOCK_REALTIME, &find_now);
	how.arg = find_parse();
	for (paths = *paths != NULL ? paths : places; *paths != NULL; paths++)
		walk(&how, *paths);
	for (; find_commands != NULL; find_commands = find_commands->next)
		find_run_batch(find_commands);
	return util_end();
}
