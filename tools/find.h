/*
 * find, in four parts: find.c walks, find_parse.c makes a tree of nodes of the
 * expression, find_test.c says what a file is, find_act.c does something.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <time.h>

#include "walk.h"

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

/* What the expression says of the walk as a whole, and a visit of its file. */
struct find_state {
	bool deep; /* a directory comes after what is in it */
	bool one_device;
	unsigned least, most; /* depth */
	struct timespec now;
	struct find_node *commands; /* that end with + */
	bool pruned;		    /* set by the visit */
};
extern struct find_state find_state;

/* The tree of the expression `words`, which ends with NULL. */
struct find_node *find_parse(char **words);

bool find_yes(struct find_node *node, const struct walk_item *item);
bool find_name(struct find_node *node, const struct walk_item *item);
bool find_iname(struct find_node *node, const struct walk_item *item);
bool find_path(struct find_node *node, const struct walk_item *item);
bool find_type(struct find_node *node, const struct walk_item *item);
bool find_size(struct find_node *node, const struct walk_item *item);
bool find_mtime(struct find_node *node, const struct walk_item *item);
bool find_atime(struct find_node *node, const struct walk_item *item);
bool find_ctime(struct find_node *node, const struct walk_item *item);
bool find_newer(struct find_node *node, const struct walk_item *item);
bool find_links(struct find_node *node, const struct walk_item *item);
bool find_inum(struct find_node *node, const struct walk_item *item);
bool find_user(struct find_node *node, const struct walk_item *item);
bool find_group(struct find_node *node, const struct walk_item *item);
bool find_perm(struct find_node *node, const struct walk_item *item);
bool find_empty(struct find_node *node, const struct walk_item *item);

bool find_print(struct find_node *node, const struct walk_item *item);
bool find_print0(struct find_node *node, const struct walk_item *item);
bool find_prune(struct find_node *node, const struct walk_item *item);
bool find_delete(struct find_node *node, const struct walk_item *item);
bool find_exec(struct find_node *node, const struct walk_item *item);
bool find_ok(struct find_node *node, const struct walk_item *item);
bool find_exec_batch(struct find_node *node, const struct walk_item *item);
/* Runs a command that ends with + for the paths that wait. */
void find_run_batch(struct find_node *node);
size_t find_count(char **words);
