/*
 * The calls on memory: mmap, munmap, mprotect, brk.  syscall.c dispatches to
 * them; they check what the user said, vm does the work.
 *
 * Errors are Linux's, but for two: a flag or a protection that is not known is
 * EINVAL, and mprotect over a hole changes nothing.  MAP_NORESERVE means what
 * it says, MAP_STACK nothing.  Writing and running the same page is allowed.
 */
#include "abi/errno.h"
#include "abi/fcntl.h"
#include "file.h"
#include "page.h"
#include "process.h"
#include "syscall.h"
#include "vm.h"

#define PROT_ALL      (KPROT_READ | KPROT_WRITE | KPROT_EXEC)
#define MAP_NORESERVE 0x4000
#define MAP_STACK     0x20000
#define MAP_KINDS     (KMAP_SHARED | KMAP_PRIVATE)
#define MAP_ALL                                                                \
	(MAP_KINDS | KMAP_FIXED | KMAP_ANONYMOUS | MAP_NORESERVE | MAP_STACK)

/* The bits of protections are the same on both sides. */
_Static_assert(KPROT_READ == ARCH_READ && KPROT_WRITE == ARCH_WRITE &&
		       KPROT_EXEC == ARCH_EXEC,
	       "a table would be needed");

struct request {
	uint64_t address, length, offset;
	unsigned prot, flags;	  /* KPROT_*, KMAP_* */
	unsigned area_flags;	  /* VM_* */
	struct vm_object *object; /* with a reference; NULL: none */
};

static int
check(const struct request *request)
{
	unsigned kind = request->flags & MAP_KINDS;

	if (kind != KMAP_SHARED && kind != KMAP_PRIVATE)
		return -EINVAL;
	if ((request->flags & ~(unsigned)MAP_ALL) || !request->length ||
	    (request->prot & ~(unsigned)PROT_ALL))
		return -EINVAL;
	if (request->offset % PAGE_SIZE)
		return -EINVAL;
	if (request->length > USER_END)
		return -ENOMEM;
	/* A file's last byte has an offset that is an off_t. */
	if (request->offset > (uint64_t)INT64_MAX - request->length)
		return request->offset > INT64_MAX ? -EINVAL : -EOVERFLOW;
	return 0;
}

static int
anonymous_object(struct request *request)
{
	uint64_t length = (request->length + PAGE_SIZE - 1) & PAGE_MASK;

	request->offset = 0;
	if (!(request->flags & KMAP_SHARED))
		return 0;
	if (!(request->flags & MAP_NORESERVE) && !vm_memory_for(length))
		return -ENOMEM;
	request->object = vm_anon_create(length / PAGE_SIZE);
	return request->object ? 0 : -ENOMEM;
}

/* Every mapping reads; a shared one writes into the file. */
static int
file_object(struct file *file, struct request *request)
{
	unsigned access = atomic_load(&file->flags) & KO_ACCMODE;

	if (access == KO_WRONLY)
		return -EACCES;
	if ((request->flags & KMAP_SHARED) && access != KO_RDWR) {
		if (request->prot & KPROT_WRITE)
			return -EACCES;
		request->area_flags |= VM_READ_ONLY;
	}
	return file->ops->mmap(file, &request->object);
}

static int
find_object(struct thread *self, int fd, struct request *request)
{
	struct file *file;
	int error;

	if (request->flags & KMAP_ANONYMOUS)
		return anonymous_object(request);
	file = fd_get(self, fd);
	if (!file)
		return -EBADF;
	error = file_object(file, request);
	file_put(file);
	return error;
}

int64_t
sys_mmap(struct thread *self, uint64_t addr, uint64_t length, int prot,
	 int flags, int fd, int64_t offset)
{
	struct request request = {
		.address = addr,
		.length = length,
		.offset = (uint64_t)offset,
		.prot = (unsigned)prot,
		.flags = (unsigned)flags,
	};
	int64_t result = check(&request);

	if (!result)
		result = find_object(self, fd, &request);
	if (result)
		return result;
	if (request.flags & KMAP_SHARED)
		request.area_flags |= VM_SHARED;
	if (request.flags & MAP_NORESERVE)
		request.area_flags |= VM_NORESERVE;
	result = vm_map(self->process->vm, addr, length, request.prot,
			request.area_flags, request.flags & KMAP_FIXED,
			request.object, request.offset, UINT64_MAX);
	if (request.object)
		request.object->ops->put(request.object);
	return result;
}

int64_t
sys_munmap(struct thread *self, uint64_t addr, uint64_t length)
{
	return vm_unmap(self->process->vm, addr, length);
}

int64_t
sys_mprotect(struct thread *self, uint64_t addr, uint64_t length, int prot)
{
	if (prot & ~PROT_ALL)
		return -EINVAL;
	return vm_protect(self->process->vm, addr, length, (unsigned)prot);
}

int64_t
sys_brk(struct thread *self, uint64_t addr)
{
	return vm_brk(self->process->vm, addr);
}
