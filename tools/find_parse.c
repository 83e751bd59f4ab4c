/*
 * The expression of find, made a tree of nodes.
 *
 * Each row of find_rows is a primary: how its value is read, and what it finds
 * of a file.
 */
#include "find.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "mode.h"
#include "names.h"
#include "util.h"

struct find_row {
	const char *name;
	void (*parse)(struct find_node *node, const struct find_row *row);
	bool (*test)(struct find_node *node, const struct walk_item *item);
	long long unit;
	bool action; /* so nothing is printed for itself */
};

static char **find_words; /* what is left of the expression */
static const char *find_word;
static bool find_acts;

static struct find_node *
find_node(bool (*test)(struct find_node *, const struct walk_item *))
{
	struct find_node *node = util_alloc(sizeof *node);

	*node = (struct find_node){.test = test};
	return node;
}

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
find_parse_user(struct find_node *node, const struct find_row *row)
{
	uid_t id;

	find_parse_text(node, row);
	if (!names_user(node->text, &id))
		util_die("%s: no such user", node->text);
	node->number = id;
}

static void
find_parse_group(struct find_node *node, const struct find_row *row)
{
	gid_t id;

	find_parse_text(node, row);
	if (!names_group(node->text, &id))
		util_die("%s: no such group", node->text);
	node->number = id;
}

static void
find_parse_depth(struct find_node *node, const struct find_row *row)
{
	(void)node, (void)row;
	find_state.deep = true;
}

static void
find_parse_xdev(struct find_node *node, const struct find_row *row)
{
	(void)node, (void)row;
	find_state.one_device = true;
}

static void
find_parse_limit(struct find_node *node, const struct find_row *row)
{
	const char *text = find_value();

	(void)node;
	*(row->unit ? &find_state.most : &find_state.least) =
		(unsigned)util_number(text, 0, 1000000, "depth");
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
		node->next = find_state.commands;
		find_state.commands = node;
		if (n == 1)
			util_die("%s: needs a command", find_word);
	} else {
		find_words[n] = NULL;
	}
	find_words += n + 1;
}

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

struct find_node *
find_parse(char **words)
{
	struct find_node *node;

	find_words = words;
	if (*find_words == NULL)
		return find_node(find_print);
	node = find_parse_or();
	if (*find_words != NULL)
		util_die("%s: there is no ( before it", *find_words);
	if (!find_acts)
		node = find_join(find_both, node, find_node(find_print));
	return node;
}
