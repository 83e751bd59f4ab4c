/*
 * A program's file on its way to be loaded: found, judged, its beginning read.
 * Called by exec_load.c.
 *
 * A program must be readable as well as executable, since what is mapped is an
 * open file.  Mode and owner are read once, from that file, together: whether
 * it may run and whom it makes of its caller cannot be of two files.
 */
#include "exec.h"

#include "abi/errno.h"
#include "file.h"
#include "heap.h"
#include "namespace.h"
#include "path.h"
#include "text.h"

#define WRITE_OF_OTHERS 0022u

static int
file_judge(struct exec_file *program, const struct cred *cred)
{
	struct file *file = program->file;
	struct abi_stat stat;
	int64_t length;
	int error = file->ops->fstat(file, &stat);

	if (error)
		return error;
	if ((stat.st_mode & KS_IFMT) != KS_IFREG ||
	    scheme_check(&stat, cred, KX_OK))
		return -EACCES;
	program->mode = stat.st_mode;
	program->uid = stat.st_uid;
	program->gid = stat.st_gid;
	program->size = stat.st_size > 0 ? (uint64_t)stat.st_size : 0;
	length = file_read_at(program->self, file, program->head,
			      sizeof(program->head), 0);
	if (length < 0)
		return (int)length;
	program->head_size = (size_t)length;
	return 0;
}

int
exec_file_open(struct exec_file *program, struct thread *self, const char *path,
	       const struct cred *cred)
{
	int error =
		path_open(self, KAT_FDCWD, path, KO_RDONLY, 0, &program->file);

	if (error) {
		program->file = NULL;
		return error;
	}
	program->self = self;
	error = file_judge(program, cred);
	if (error)
		exec_file_close(program);
	return error;
}

void
exec_file_close(struct exec_file *program)
{
	if (program->file)
		file_put(program->file);
	program->file = NULL;
}

/* Set-gid without the group's x bit is no set-gid, as on Linux.  The bits of a
 * file that others than its owner may write say nothing: whoever writes it
 * would be the owner.  Nobody rises in a world that its caller has made
 * smaller. */
struct cred
exec_file_cred(const struct exec_file *program, const struct cred *cred)
{
	const uint32_t group = KS_ISGID | 0010;
	uint32_t mode = namespace_is_whole(program->self) ? program->mode : 0;
	struct cred risen = *cred;

	if (mode & WRITE_OF_OTHERS)
		mode = 0;
	if (mode & KS_ISUID)
		risen.euid = program->uid;
	if ((mode & group) == group)
		risen.egid = program->gid;
	risen.suid = risen.euid;
	risen.sgid = risen.egid;
	return risen;
}

char *
exec_file_name(const struct exec_file *program, const char *path)
{
	char *name = heap_alloc(KPATH_MAX), *result;

	if (!name)
		return NULL;
	result = heap_copy_text(
		path_text(program->file, name, KPATH_MAX) > 0 ? name : path);
	heap_free(name);
	return result;
}
