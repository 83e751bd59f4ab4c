/*
 * What a file is, and whose: stat, readlink, chmod, chown, utimens, by path and
 * by open file.
 *
 * The rule: the path is walked first, under the TREE mutex; the file is judged
 * and changed after it, under its OBJECT lock.
 */
#include "tree.h"

#include "abi/errno.h"
#include "process.h"
#include "text.h"
#include "usercopy.h"

#define NS 1000000000

static struct cred
cred_of(struct thread *self)
{
	return self ? process_cred(self->process) : (struct cred){0};
}

int
attr_stat(struct place *at, bool follow, struct abi_stat *stat)
{
	struct inode *inode;
	int error = walk_find(at, follow, &inode);

	if (error)
		return error;
	inode_stat(inode, stat);
	inode_put(inode);
	return 0;
}

int64_t
attr_readlink(struct place *at, struct uio *uio)
{
	struct inode *inode;
	int64_t result = walk_find(at, false, &inode);

	if (result)
		return result;
	if (inode_type(inode) == KS_IFLNK) {
		size_t n = strlen(inode->target);

		n = n < uio->left ? n : uio->left;
		result = uio_put(uio, inode->target, n);
		if (!result)
			result = (int64_t)n;
	} else {
		result = -EINVAL;
	}
	inode_put(inode);
	return result;
}

static int
change_mode(struct inode *inode, const struct cred *cred, unsigned mode)
{
	int error = 0;

	spin_lock(&inode->lock);
	if (cred->euid != 0 && cred->euid != inode->uid)
		error = -EPERM;
	if (cred->euid != 0 && cred->egid != inode->gid)
		mode &= ~(unsigned)KS_ISGID;
	if (!error)
		inode->mode = (inode->mode & KS_IFMT) | (mode & 07777);
	spin_unlock(&inode->lock);
	if (!error)
		inode_touch(inode, INODE_CHANGED);
	return error;
}

static bool
may_give(const struct inode *inode, const struct cred *cred, uint32_t uid,
	 uint32_t gid)
{
	bool owner = cred->euid == inode->uid;

	return cred->euid == 0 ||
	       ((uid == UINT32_MAX || (owner && uid == inode->uid)) &&
		(gid == UINT32_MAX ||
		 (owner && (gid == cred->egid || gid == inode->gid))));
}

/* At no time has the file its new owner and its old set-id bits. */
static int
change_owner(struct inode *inode, const struct cred *cred, uint32_t uid,
	     uint32_t gid)
{
	int error = -EPERM;

	spin_lock(&inode->lock);
	if (may_give(inode, cred, uid, gid)) {
		inode->mode = inode_without_set_ids(inode->mode);
		if (uid != UINT32_MAX)
			inode->uid = uid;
		if (gid != UINT32_MAX)
			inode->gid = gid;
		error = 0;
	}
	spin_unlock(&inode->lock);
	if (!error)
		inode_touch(inode, INODE_CHANGED);
	return error;
}

static bool
is_now(const struct abi_timespec times[2])
{
	return times[0].tv_nsec == KUTIME_NOW && times[1].tv_nsec == KUTIME_NOW;
}

static void
set_time(int64_t *ns, const struct abi_timespec *time, int64_t now)
{
	if (time->tv_nsec == KUTIME_NOW)
		*ns = now;
	else if (time->tv_nsec != KUTIME_OMIT &&
		 (__builtin_mul_overflow(time->tv_sec, NS, ns) ||
		  __builtin_add_overflow(*ns, time->tv_nsec, ns)))
		*ns = time->tv_sec < 0 ? INT64_MIN : INT64_MAX;
}

static int
change_times(struct inode *inode, const struct cred *cred,
	     const struct abi_timespec times[2])
{
	int64_t now = inode_now();

	if (cred->euid != 0 && cred->euid != inode->uid) {
		if (!is_now(times))
			return -EPERM;
		if (!inode_allows(inode, cred, KW_OK))
			return -EACCES;
	}
	spin_lock(&inode->lock);
	set_time(&inode->accessed, &times[0], now);
	set_time(&inode->modified, &times[1], now);
	inode->changed = now;
	spin_unlock(&inode->lock);
	return 0;
}

int
attr_chmod(struct place *at, unsigned mode)
{
	struct inode *inode;
	int error = walk_find(at, true, &inode);

	if (error)
		return error;
	error = change_mode(inode, &at->cred, mode);
	inode_put(inode);
	return error;
}

int
attr_chown(struct place *at, bool follow, uint32_t uid, uint32_t gid)
{
	struct inode *inode;
	int error = walk_find(at, follow, &inode);

	if (error)
		return error;
	error = change_owner(inode, &at->cred, uid, gid);
	inode_put(inode);
	return error;
}

int
attr_utimens(struct place *at, bool follow, const struct abi_timespec times[2])
{
	struct inode *inode;
	int error = walk_find(at, follow, &inode);

	if (error)
		return error;
	error = change_times(inode, &at->cred, times);
	inode_put(inode);
	return error;
}

int
attr_fchmod(struct thread *self, struct file *file, unsigned mode)
{
	struct cred cred = cred_of(self);

	return change_mode(file->data, &cred, mode);
}

int
attr_fchown(struct thread *self, struct file *file, uint32_t uid, uint32_t gid)
{
	struct cred cred = cred_of(self);

	return change_owner(file->data, &cred, uid, gid);
}

int
attr_futimens(struct thread *self, struct file *file,
	      const struct abi_timespec times[2])
{
	struct cred cred = cred_of(self);

	return change_times(file->data, &cred, times);
}
