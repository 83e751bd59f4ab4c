/* The names of the RAM file system: one tree, under one lock. */
#pragma once

#include "inode.h"

extern struct mutex tree_lock; /* TREE */
extern struct inode *tree_root;

/* Where a path leads; good while the TREE mutex is held. */
enum walk_last {
	WALK_NAME,
	WALK_DOT, /* the last component is "." */
	WALK_DOTDOT,
	WALK_START /* there is none */
};
struct walk {
	enum walk_last last;
	struct inode *inode; /* what it names; NULL: nothing */
	struct inode *dir;   /* where the last component stands, or would */
	struct name *name;   /* it, if it is there (WALK_NAME) */
	const char *text;
	uint32_t length;
	bool slash;  /* a slash behind it */
	char *built; /* heap: the path with a symbolic link put in */
};
enum walk_mode {
	WALK_NEVER, /* the last component itself, for who adds or removes it */
	WALK_SLASH, /* a last symbolic link is followed if a slash is behind */
	WALK_FOLLOW,
	WALK_CREATE = 4 /* and with these: a slash behind is -EISDIR */
};
/* TREE mutex held.  -ENOENT, -ENOTDIR, -EACCES, -ELOOP, -ENAMETOOLONG,
 * -ENOSPC, -EREDIRECT; walk_end in any case. */
int walk(struct place *at, unsigned mode, struct walk *w);
void walk_end(struct walk *w);
/* What is there, with a reference; takes and drops the TREE mutex. */
int walk_find(struct place *at, bool follow, struct inode **inode);

/* May at add a new name at w?  -EEXIST, -ENOENT, -EACCES. */
int tree_may_add(const struct place *at, const struct walk *w, bool directory);
/* May at remove the name at w?  -ENOENT, -EACCES, -EPERM. */
int tree_may_remove(const struct place *at, const struct walk *w);
/* Makes a file of this type and these rights at w, where tree_may_add allowed
 * it: with a reference for the caller.  -ENOSPC. */
int tree_make(const struct place *at, const struct walk *w, uint32_t mode,
	      struct inode **inode);
/* Gives inode the name at w / takes w's name away.  TREE mutex held. */
int tree_add(struct inode *dir, const char *text, uint32_t length,
	     struct inode *inode);
void tree_remove(struct name *name);
/* An inode that name stands for becomes another one. */
void tree_replace(struct name *name, struct inode *inode);

int tree_mkdir(struct place *at, unsigned mode);
int tree_rmdir(struct place *at);
int tree_unlink(struct place *at);
int tree_link(struct place *from, struct place *to);
int tree_symlink(const char *target, struct place *at);
int tree_rename(struct place *from, struct place *to);

/* dir.c */
int64_t dir_list(struct file *file, struct uio *uio, uint64_t *offset);
/* The path of an inode with a leading slash, its length; -ENOENT: it has no
 * name any more.  Takes the TREE mutex. */
int64_t dir_path(struct inode *inode, char *buf, size_t size);

/* attr.c */
int attr_stat(struct place *at, bool follow, struct abi_stat *stat);
int64_t attr_readlink(struct place *at, struct uio *uio);
int attr_chmod(struct place *at, unsigned mode);
int attr_chown(struct place *at, bool follow, uint32_t uid, uint32_t gid);
int attr_utimens(struct place *at, bool follow,
		 const struct abi_timespec times[2]);
int attr_fchmod(struct thread *self, struct file *file, unsigned mode);
int attr_fchown(struct thread *self, struct file *file, uint32_t uid,
		uint32_t gid);
int attr_futimens(struct thread *self, struct file *file,
		  const struct abi_timespec times[2]);

/* open.c */
int open_path(struct place *at, unsigned flags, unsigned mode,
	      struct file *file);

/* unpack.c: fills the tree from the boot archive, if there is one. */
void unpack_archive(void);
