/*
 * Helps for schemes: rights from mode bits, entries of directories, manners.
 *
 * Every scheme may call these.  The rule: an operation that moves much calls
 * scheme_pause between its parts, as the kernel is not pre-empted.
 */
#include "scheme.h"

#include "abi/errno.h"
#include "abi/fcntl.h"
#include "text.h"
#include "thread.h"
#include "usercopy.h"

bool
scheme_allows(uint32_t mode, uint32_t owner, uint32_t group,
	      const struct cred *cred, unsigned want)
{
	if (cred->euid == 0)
		return !(want & KX_OK) || (mode & 0111) ||
		       (mode & KS_IFMT) == KS_IFDIR;
	if (cred->euid == owner)
		mode >>= 6;
	else if (cred->egid == group)
		mode >>= 3;
	return (want & ~mode & 7) == 0;
}

int
scheme_check(const struct abi_stat *stat, const struct cred *cred,
	     unsigned want)
{
	return scheme_allows(stat->st_mode, stat->st_uid, stat->st_gid, cred,
			     want)
		       ? 0
		       : -EACCES;
}

int
scheme_put_entry(struct uio *uio, uint64_t ino, uint64_t next, unsigned type,
		 const char *name, size_t length)
{
	union {
		struct abi_dirent entry;
		char bytes[(offsetof(struct abi_dirent, d_name) + KNAME_MAX +
			    8) &
			   ~(size_t)7];
	} record = {.entry = {.d_ino = ino}};
	size_t size =
		(offsetof(struct abi_dirent, d_name) + length + 8) & ~(size_t)7;

	if (length > KNAME_MAX || size > uio->left)
		return -EINVAL;
	record.entry.d_off = (int64_t)next;
	record.entry.d_reclen = (uint16_t)size;
	record.entry.d_type = (uint8_t)type;
	memcpy(record.bytes + offsetof(struct abi_dirent, d_name), name,
	       length);
	memset(record.bytes + offsetof(struct abi_dirent, d_name) + length, 0,
	       size - offsetof(struct abi_dirent, d_name) - length);
	return uio_put(uio, record.bytes, size);
}

bool
scheme_pause(struct thread *self)
{
	if (!self)
		return false;
	if (thread_flags(self) & THREAD_RESCHED)
		sched_yield(self);
	return thread_flags(self) & THREAD_KILLED;
}
