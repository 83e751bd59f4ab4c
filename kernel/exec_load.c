/*
 * From a path to an image that is ready to run: mapped into a new address
 * space, its stack written.  Called by exec.c and exec_spawn.c.
 *
 * Nothing of the caller changes here: an image that could not be finished is
 * let go and nobody has seen it.
 */
#include "exec.h"

#include "abi/errno.h"
#include "arch/x86_64/arch.h"
#include "file.h"
#include "heap.h"
#include "text.h"
#include "vm.h"

static int64_t
load_read(void *arg, void *to, size_t n, uint64_t offset)
{
	struct exec_file *program = arg;

	return file_read_at(program->self, program->file, to, n, offset);
}

static int
load_parse(struct exec_file *program, struct elf_image *elf)
{
	const struct elf_source source = {load_read, program, program->size};
	void *scratch = heap_alloc(ELF_SCRATCH_SIZE);
	int error = -ENOMEM;

	if (scratch)
		error = elf_parse(&source, USER_MIN, VM_MAP_TOP, scratch, elf);
	heap_free(scratch);
	return error;
}

static unsigned
load_prot(unsigned flags)
{
	return (flags & ELF_READ ? ARCH_READ : 0u) |
	       (flags & ELF_WRITE ? ARCH_WRITE : 0u) |
	       (flags & ELF_EXEC ? ARCH_EXEC : 0u);
}

static int
load_map(struct vm *vm, const struct elf_image *elf, struct vm_object *object)
{
	for (unsigned i = 0; i < elf->segments; i++) {
		const struct elf_segment *segment = &elf->segment[i];
		bool copied = segment->flags & ELF_WRITE;
		int64_t at = vm_map(
			vm, segment->start, segment->end - segment->start,
			load_prot(segment->flags), copied ? 0 : VM_NORESERVE,
			true, segment->file_bytes ? object : NULL,
			segment->offset, segment->file_bytes);

		if (at < 0)
			return (int)at;
	}
	vm_brk_set(vm, elf->segment[elf->segments - 1].end);
	return 0;
}

static int
load_segments(struct exec_file *program, struct vm *vm,
	      const struct elf_image *elf)
{
	struct vm_object *object;
	int error = program->file->ops->mmap(program->file, &object);

	if (error)
		return error == -ENODEV ? -EACCES : error;
	error = load_map(vm, elf, object);
	object->ops->put(object);
	return error;
}

/* What is to be told of the image: its path, words and name. */
static int
load_describe(struct exec_file *program, const char *path,
	      const struct exec_strings *strings, struct exec_image *image)
{
	const char *slash = strrchr(path, '/');
	size_t args_size = exec_strings_length(strings, strings->argc);
	char *exe = exec_file_name(program, path);

	if (!exe)
		return -ENOMEM;
	image->program = program_create(exe, strings->bytes, args_size,
					strings->bytes + args_size,
					strings->size - args_size);
	heap_free(exe);
	text_copy(image->name, slash ? slash + 1 : path, sizeof(image->name));
	return image->program ? 0 : -ENOMEM;
}

static int
load_image(struct exec_file *program, const char *path,
	   const struct exec_strings *strings, const struct cred *cred,
	   struct exec_image *image)
{
	struct elf_image elf;
	struct exec_stack stack = {strings, path, &elf,
				   exec_file_cred(program, cred), NULL};
	int error = load_parse(program, &elf);
	int64_t sp;

	if (error)
		return error;
	error = load_describe(program, path, strings, image);
	if (error)
		return error;
	stack.aux = image->program->aux;
	image->cred = stack.cred;
	image->raises =
		stack.cred.euid != cred->euid || stack.cred.egid != cred->egid;
	image->entry = elf.entry;
	image->vm = vm_create();
	if (!image->vm)
		return -ENOMEM;
	error = load_segments(program, image->vm, &elf);
	if (error)
		return error;
	sp = exec_stack_make(program->self, image->vm, &stack);
	if (sp < 0)
		return (int)sp;
	image->sp = (uint64_t)sp;
	return 0;
}

/* The file is a script: its interpreter is loaded, with other words, and it is
 * the interpreter's set-id bits that count. */
static int
load_interp(struct exec_file *program, const char *path,
	    const struct exec_script *script,
	    const struct exec_strings *strings, const struct cred *cred,
	    struct exec_image *image)
{
	struct exec_strings words;
	int error = exec_script_strings(script, path, strings, &words);

	if (error)
		return error;
	exec_file_close(program);
	error = exec_file_open(program, program->self, script->interp, cred);
	if (!error)
		error = load_image(program, path, &words, cred, image);
	exec_strings_free(&words);
	return error;
}

int
exec_load(struct thread *self, const char *path,
	  const struct exec_strings *strings, const struct cred *cred,
	  struct exec_image *image)
{
	struct exec_file program;
	struct exec_script script;
	int error = exec_file_open(&program, self, path, cred);

	memset(image, 0, sizeof(*image));
	if (error)
		return error;
	error = exec_script_parse(program.head, program.head_size, &script);
	if (!error)
		error = load_image(&program, path, strings, cred, image);
	else if (error > 0)
		error = load_interp(&program, path, &script, strings, cred,
				    image);
	exec_file_close(&program);
	if (error)
		exec_image_free(image);
	return error;
}

void
exec_image_free(struct exec_image *image)
{
	if (image->vm) {
		vm_leave(image->vm);
		vm_put(image->vm);
	}
	program_put(image->program);
	memset(image, 0, sizeof(*image));
}
