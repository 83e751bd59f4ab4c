/*
 * Address spaces: areas (what may be there) over page tables (what is there).
 * Pages come on first touch; fork shares them and the first write copies.  The
 * VM mutex of a space guards its areas and its tables.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include "arch/x86_64/arch.h"
#include "list.h"
#include "waitq.h"

struct page;

/* Where an area's pages come from.  Embedded in its owner; pinned by
 * references. */
struct vm_object {
	const struct vm_object_ops *ops;
};
struct vm_object_ops {
	/*
	 * The page at index (of 4 KiB), with a reference for the caller; made
	 * if it does not exist and lies inside the object.  Bytes past the
	 * object's end are 0.  Called with the VM mutex held: it takes only
	 * spinlocks (rank OBJECT).  -EFAULT past the end (SIGBUS), -ENOMEM.
	 */
	int (*page)(struct vm_object *object, uint64_t index,
		    struct page **page);
	void (*get)(struct vm_object *object); /* with the VM mutex held: takes
						  no lock that sleeps */
	void (*put)(struct vm_object *object); /* with no lock of VM held */
	/* The object's name for `maps`, NUL-terminated. */
	void (*name)(struct vm_object *object, char *buf, size_t size);
};

enum vm_flags {
	VM_SHARED = 1,
	VM_STACK = 2,
	VM_HEAP = 4,
	VM_READ_ONLY = 8,  /* shared, and may never become writable */
	VM_NORESERVE = 16, /* vm_map: need not fit into the memory that is free
			    */
};

/*
 * Where the stack is; whoever makes it (exec) maps it there, with VM_STACK.
 * Below it lies a gap that only a fixed mapping enters; mappings that do not
 * care are placed downwards from VM_MAP_TOP.
 */
#define VM_STACK_SIZE  (8u << 20)
#define VM_STACK_TOP   USER_END
#define VM_STACK_GUARD (1u << 20)
#define VM_MAP_TOP     (VM_STACK_TOP - VM_STACK_SIZE - VM_STACK_GUARD)

#define VM_AREAS_MAX 65530 /* areas of one space: -ENOMEM beyond */

struct vm_area {
	struct list link; /* in vm->areas.list, by address */

	/* vm_tree.c's: two subtrees and, of all areas in this one, the lowest
	 * start, the highest end, the largest gap between two. */
	struct vm_area *left, *right;
	uint64_t low, high, hole;
	uint32_t height;

	uint64_t start, end; /* whole pages */
	unsigned prot;	     /* ARCH_READ | ARCH_WRITE | ARCH_EXEC */
	unsigned flags;
	struct vm_object *object; /* NULL: zeroes */
	uint64_t offset;	  /* in the object, of start */
	uint64_t file_bytes;	  /* from start on; beyond them zeroes (an ELF
				     segment's tail); UINT64_MAX: the whole object */
};

struct vm_areas {
	struct list list; /* by address */
	struct vm_area *root;
	uint32_t count;
};

struct vm {
	_Atomic uint32_t refs;	/* handles on it: threads, proc: files */
	_Atomic uint32_t users; /* threads that live in it; at 0 its pages go
				   and it stays empty (`dead`) */
	struct arch_space space;

	/* VM mutex must be held when using these: */
	struct mutex lock;
	struct vm_areas areas;
	uint64_t brk_start, brk;
	uint64_t gen;	/* grows at every change of the areas */
	uint64_t pages; /* present, shared ones too */
	bool dead;
};

struct vm *vm_create(void);	   /* refs 1, users 1 */
struct vm *vm_fork(struct vm *vm); /* a copy-on-write copy: refs 1, users 1;
				      NULL: no memory.  Sleeps */
void vm_get(struct vm *vm);
void vm_put(struct vm *vm);
/* A user ends: the last one frees the pages and the tables, so that no thread
 * may have the space as its own any more.  Sleeps.  Does not drop the
 * reference. */
void vm_leave(struct vm *vm);

/*
 * Would so much more fit into the memory that is free?  A part of all memory is
 * kept back for what was promised already: a program hears ENOMEM from a call
 * rather than that it, or its neighbour, dies of a page that cannot be had.
 */
bool vm_memory_for(uint64_t bytes);

/*
 * Maps length bytes.  fixed: at address, replacing what is there; else address
 * is a hint.  Returns the address, -ENOMEM, -EINVAL, -EPERM (fixed, below
 * USER_MIN).  Takes a reference of its own of object; VM_SHARED needs an
 * object.  file_bytes as in struct vm_area.  Nothing changes on failure.
 */
int64_t vm_map(struct vm *vm, uint64_t address, uint64_t length, unsigned prot,
	       unsigned flags, bool fixed, struct vm_object *object,
	       uint64_t offset, uint64_t file_bytes);
/* -EINVAL, -ENOMEM; holes in the range are allowed. */
int vm_unmap(struct vm *vm, uint64_t address, uint64_t length);
/* -EINVAL; -ENOMEM: a hole in the range; -EACCES: shared, and opened for
 * reading only.  Nothing changes on failure. */
int vm_protect(struct vm *vm, uint64_t address, uint64_t length, unsigned prot);
/* exec: the heap will grow from here on. */
void vm_brk_set(struct vm *vm, uint64_t address);
int64_t vm_brk(struct vm *vm,
	       uint64_t address); /* the break afterwards; 0 asks; -ENOMEM */
int vm_fault(struct vm *vm, uint64_t address,
	     enum arch_fault_kind kind); /* 0, -EFAULT, -ENOMEM */

/* After a fault that nothing mended: 0: an area allows it (its object has no
 * page, or there is no memory); -EACCES: an area does not; -EFAULT: there is
 * none. */
int vm_allows(struct vm *vm, uint64_t address, enum arch_fault_kind kind);

/*
 * The bytes of any space, for proc:/<pid>/mem: as many as there are before a
 * hole; -EFAULT if the first is missing or not the user's; 0 once the space is
 * dead (vm_write: -ESTALE).  Reading needs no read permission; writing to a
 * private read-only page makes a private copy, to a shared one -EACCES.
 * Interruptible by SIGKILL of self between pages (-EINTR if nothing was done).
 */
int64_t vm_read(struct thread *self, struct vm *vm, uint64_t address, void *to,
		size_t n);
int64_t vm_write(struct thread *self, struct vm *vm, uint64_t address,
		 const void *from, size_t n);

/* Calls visit for each area in order, with the space locked; visit must not
 * sleep long.  Returns vm->gen of these areas. */
uint64_t vm_for_each(struct vm *vm,
		     void (*visit)(const struct vm_area *area, void *arg),
		     void *arg);

/* An object of zeroed pages, for MAP_SHARED | MAP_ANONYMOUS; made with one
 * reference.  NULL: no memory. */
struct vm_object *vm_anon_create(uint64_t pages);
