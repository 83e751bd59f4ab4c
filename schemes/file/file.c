/*
 * `file:`, a file system in RAM: modes, owners, links, sparse files, mappings.
 *
 * What is here: the operations of open files, and the table.  Names are in
 * tree.c and its neighbours, contents in content.c.  The rule: file->data is an
 * inode with a reference.
 */
#include "tree.h"

#include "abi/errno.h"
#include "print.h"
#include "process.h"
#include "thread.h"
#include "usercopy.h"

static int64_t
file_read(struct thread *self, struct file *file, struct uio *uio,
	  uint64_t *offset)
{
	struct inode *inode = file->data;

	if (inode_type(inode) == KS_IFDIR)
		return -EISDIR;
	return content_read(self, inode, uio, offset);
}

/* Before the first byte is written: whoever runs it then, runs it as himself.
 */
static void
lose_set_ids_of(struct thread *self, struct inode *inode)
{
	if ((inode->mode & (KS_ISUID | KS_ISGID)) && self &&
	    process_cred(self->process).euid != 0)
		inode_lose_set_ids(inode);
}

static int64_t
file_write(struct thread *self, struct file *file, struct uio *uio,
	   uint64_t *offset)
{
	struct inode *inode = file->data;

	if (uio->left > 0)
		lose_set_ids_of(self, inode);
	return content_write(self, inode, uio, offset, file->flags & KO_APPEND);
}

static int
file_fstat(struct file *file, struct abi_stat *stat)
{
	inode_stat(file->data, stat);
	return 0;
}

static int
file_ftruncate(struct file *file, uint64_t length)
{
	struct inode *inode = file->data;

	if (inode_type(inode) != KS_IFREG)
		return -EINVAL;
	inode_lose_set_ids(inode);
	content_truncate(inode, length);
	return 0;
}

static int64_t
file_path_of(struct file *file, char *buf, size_t size)
{
	return dir_path(file->data, buf, size);
}

static void
file_free(struct file *file)
{
	inode_put(file->data);
}

/* The root, and what the boot archive holds. */
static int
file_init(void)
{
	int error;

	space_init();
	mutex_init(&tree_lock, RANK_TREE);
	error = inode_create(KS_IFDIR | 0755, 0, 0, &tree_root);
	if (error)
		panic("file: no memory for the root directory");
	tree_root->links = 2;
	tree_root->parent = tree_root;
	unpack_archive();
	return 0;
}

const struct scheme_ops file_scheme = {
	.name = "file",
	.init = file_init,
	.open = open_path,
	.stat = attr_stat,
	.mkdir = tree_mkdir,
	.rmdir = tree_rmdir,
	.unlink = tree_unlink,
	.link = tree_link,
	.symlink = tree_symlink,
	.readlink = attr_readlink,
	.rename = tree_rename,
	.chmod = attr_chmod,
	.chown = attr_chown,
	.utimens = attr_utimens,
	.statfs = space_show,
	.read = file_read,
	.write = file_write,
	.getdents = dir_list,
	.fstat = file_fstat,
	.ftruncate = file_ftruncate,
	.fchmod = attr_fchmod,
	.fchown = attr_fchown,
	.futimens = attr_futimens,
	.mmap = map_open,
	.path_of = file_path_of,
	.free = file_free,
};
