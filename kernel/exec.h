/*
 * The parts of exec among themselves: exec_load.c makes an image, exec.c puts
 * it in the place of a running one, exec_spawn.c gives it to a new process.
 */
#pragma once

#include <stdint.h>
#include "abi/fcntl.h"
#include "cred.h"
#include "elf.h"
#include "life.h"
#include "process_program.h"

struct file;
struct process;
struct thread;
struct vm;

/* ---- exec_strings.c ---- */

/* Bytes of the first count strings. */
size_t exec_strings_length(const struct exec_strings *strings, uint32_t count);
/* Do they fit: KARG_MAX, pointers counted? */
bool exec_strings_fit(const struct exec_strings *strings);

/* ---- exec_script.c ---- */

#define EXEC_HEAD_SIZE	256 /* of a file: what tells what it is */
#define EXEC_INTERP_MAX 127 /* bytes of an interpreter's path */

struct exec_script {
	char interp[EXEC_INTERP_MAX + 1];
	char word[EXEC_HEAD_SIZE]; /* its one argument; "": none */
};

/* Is this the beginning of a script?  1: yes, taken apart; 0: no; -ENOEXEC: a
 * bad one. */
int exec_script_parse(const char *head, size_t size,
		      struct exec_script *script);
/* The words that its interpreter gets: interp [word] path argv[1] ...  0,
 * -E2BIG, -ENOMEM. */
int exec_script_strings(const struct exec_script *script, const char *path,
			const struct exec_strings *strings,
			struct exec_strings *result);

/* ---- exec_stack.c ---- */

struct exec_stack {
	const struct exec_strings *strings;
	const char *path; /* as it was given, for AT_EXECFN */
	const struct elf_image *elf;
	struct cred cred;
	uint64_t (*aux)[2]; /* PROGRAM_AUX entries: a copy of the vector */
};

/* Maps the stack of a space that nobody uses yet and writes what main finds
 * there.  The stack pointer, or -errno. */
int64_t exec_stack_make(struct thread *self, struct vm *vm,
			const struct exec_stack *stack);

/* ---- exec_words.c ---- */

/* Where the parts of a new stack lie: addresses of the user's. */
struct exec_places {
	uint64_t strings, path, random;
	uint64_t words; /* argc and all pointers: the stack pointer */
};
size_t exec_words_size(const struct exec_stack *stack); /* in words */
/* Decides where everything lies below top. */
void exec_places(const struct exec_stack *stack, uint64_t top,
		 struct exec_places *places);
/* Fills words (argc, argv, envp, auxv) and stack->aux. */
void exec_words(const struct exec_stack *stack,
		const struct exec_places *places, uint64_t *words);

/* ---- exec_file.c ---- */

/* A program's file, open. */
struct exec_file {
	struct thread *self;
	struct file *file; /* NULL: closed */
	/* as it was when it was judged: */
	uint32_t mode, uid, gid;
	uint64_t size;
	size_t head_size;
	char head[EXEC_HEAD_SIZE];
};

/* self: whose right to find it; cred: who will run it.  -EACCES: not a regular
 * file, or not executable.  On failure it is closed. */
int exec_file_open(struct exec_file *program, struct thread *self,
		   const char *path, const struct cred *cred);
void exec_file_close(struct exec_file *program);
/* Whom cred becomes by running it: a set-uid file makes its owner the effective
 * and the saved user, a set-gid one its group likewise; else the saved ids are
 * the effective ones. */
struct cred exec_file_cred(const struct exec_file *program,
			   const struct cred *cred);
/* Its full path, `/bin/ls` or `scheme:path`, or path if the scheme has none for
 * it.  heap; NULL: no memory. */
char *exec_file_name(const struct exec_file *program, const char *path);

/* ---- exec_load.c ---- */

/* A new image: everything that can fail has been done. */
struct exec_image {
	struct vm *vm; /* refs 1, users 1 */
	uint64_t entry, sp;
	struct program *program;
	char name[32];
	struct cred cred; /* whom it makes of who runs it */
	bool raises;	  /* that is another effective user or group */
};

/* self: who asks, and whose right it is.  cred: who will run it. */
int exec_load(struct thread *self, const char *path,
	      const struct exec_strings *strings, const struct cred *cred,
	      struct exec_image *image);
void exec_image_free(struct exec_image *image);

/* ---- exec.c ---- */

/* Makes the process who the image says, before anybody sees that image in it.
 * Under the EXEC mutex; takes PROCESS. */
void exec_rise(struct process *process, const struct exec_image *image);
/* Puts the image's space, names and words into the process, and what was there
 * into image.  Under the EXEC mutex. */
void exec_image_swap(struct process *process, struct thread *thread,
		     struct exec_image *image);
