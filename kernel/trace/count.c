/*
 * How often a process has made each call, while a rule `count` of some session
 * named it: proc:/<pid>/calls.  Called by boundary.c, in the thread whose call
 * is over, and by rule.c and target.c, which make the table before the rule is
 * there.
 *
 * One rule: what was counted stays until the process is freed, whoever comes
 * and goes.  So a thread that finds the bit of its call adds, atomically, and
 * asks nobody.
 */
#include "trace/session.h"
#include "abi/errno.h"
#include "heap.h"

struct call_counts {
	struct {
		_Atomic uint64_t count, errors, ns;
	} of[SYSCALL_COUNT + 1]; /* the last: all that have no name */
};

int
counts_create(struct process *process)
{
	struct call_counts *none = NULL, *counts;

	if (atomic_load(&process->trace->counts))
		return 0;
	counts = heap_zalloc(sizeof(*counts));
	if (!counts)
		return -ENOMEM;
	if (!atomic_compare_exchange_strong(&process->trace->counts, &none,
					    counts))
		heap_free(counts);
	return 0;
}

/* What sigreturn leaves with is another call's. */
static bool
is_error(uint64_t number, uint64_t result)
{
	return result > (uint64_t)-4096 && number != SYS_sigreturn;
}

static void
add(_Atomic uint64_t *sum, uint64_t n)
{
	atomic_fetch_add_explicit(sum, n, memory_order_relaxed);
}

static inline __attribute__((always_inline)) void
add_call(struct thread *self, unsigned slot, uint64_t number, uint64_t result,
	 uint64_t ns, bool again)
{
	struct call_counts *counts = atomic_load_explicit(
		&self->process->trace->counts, memory_order_relaxed);

	add(&counts->of[slot].ns, ns);
	if (again)
		return;
	add(&counts->of[slot].count, 1);
	if (is_error(number, result))
		add(&counts->of[slot].errors, 1);
}

/* The one bit of all that have no name is set: is this one meant? */
static __attribute__((noinline)) void
add_other(struct thread *self, uint64_t number, uint64_t result, uint64_t ns,
	  bool again)
{
	if (rule_counts_other(self->process, number))
		add_call(self, SYSCALL_COUNT, number, result, ns, again);
}

void
counts_add(struct thread *self, uint64_t number, uint64_t result, uint64_t ns,
	   bool again)
{
	unsigned slot = call_slot(number);

	if (slot < SYSCALL_COUNT)
		add_call(self, slot, number, result, ns, again);
	else
		add_other(self, number, result, ns, again);
}

bool
trace_counted(struct process *process, unsigned slot,
	      struct trace_call_count *count)
{
	struct call_counts *counts = atomic_load(&process->trace->counts);

	if (!counts)
		return false;
	*count = (struct trace_call_count){
		.size = sizeof(*count),
		.number = slot < SYSCALL_COUNT ? slot + SYSCALL_FIRST
					       : TRACE_CALL_OTHER,
		.count = atomic_load(&counts->of[slot].count),
		.errors = atomic_load(&counts->of[slot].errors),
		.ns = atomic_load(&counts->of[slot].ns),
	};
	return count->count > 0;
}
