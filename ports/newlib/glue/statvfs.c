/*
 * How much a scheme holds: POSIX's struct, of the kernel's.
 */
#include <string.h>
#include <sys/statvfs.h>

#include <proctor/abi/types.h>
#include "glue.h"

static void
statvfs_fill(struct statvfs *out, const struct abi_statfs *in)
{
	memset(out, 0, sizeof(*out));
	out->f_bsize = (unsigned long)in->f_bsize;
	out->f_frsize = (unsigned long)in->f_frsize;
	out->f_blocks = in->f_blocks;
	out->f_bfree = in->f_bfree;
	out->f_bavail = in->f_bavail;
	out->f_files = in->f_files;
	out->f_ffree = out->f_favail = in->f_ffree;
	out->f_fsid = (unsigned)in->f_fsid[0];
	out->f_flag = (unsigned long)in->f_flags;
	out->f_namemax = (unsigned long)in->f_namelen;
}

int
statvfs(const char *restrict path, struct statvfs *restrict out)
{
	struct abi_statfs in;

	if (__result(__sys_statfs(path, &in)) < 0)
		return -1;
	statvfs_fill(out, &in);
	return 0;
}

int
fstatvfs(int fd, struct statvfs *out)
{
	struct abi_statfs in;

	if (__result(__sys_fstatfs(fd, &in)) < 0)
		return -1;
	statvfs_fill(out, &in);
	return 0;
}
