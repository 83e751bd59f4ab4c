# Read by the benchmarks' tests: counts are exact, so they may be asserted.
. "$1/tests/host/common.sh"

# Sets untraced, held, switches and idle (held.c says what they are).
held() {
	"$source/proctor" cc -O2 "$source/tests/bench/held.c" -ltrace -o "$work/held" || exit 1
	"$source/proctor" run --icount -v "$work/held:/bin/held" -- /bin/held 2000 >"$work/out" 2>&1 || {
		cat "$work/out"
		exit 1
	}
	cat "$work/out"
	untraced='' held='' switches='' idle=''
	while read -r name value; do
		eval "$name=\$value"
	done <"$work/out"
}

# family KIND N [OPTION]...: sets count, ns, switches, idle and interrupts (family.c says what they are).
# With clock empty, not on the instruction clock: only counts and ratios are worth anything then.
family() {
	[ -e "$work/family" ] ||
		"$source/proctor" cc -O2 "$source/tests/bench/family.c" -o "$work/family" || exit 1
	kind=$1 n=$2
	shift 2
	"$source/proctor" run ${clock---icount} "$@" -v "$work/family:/bin/family" -- \
		/bin/family "$kind" "$n" >"$work/out" 2>&1 || {
		cat "$work/out"
		exit 1
	}
	count='' ns='' switches='' idle='' interrupts=''
	while read -r name value; do
		eval "$name=\$value"
	done <"$work/out"
	echo "$kind $*: $count instructions, $switches switches, $idle idle entries and $interrupts interrupts of 1000"
}

# at_most WHAT VALUE LIMIT
at_most() {
	[ "$2" -le "$3" ] || { echo "$1: $2, more than $3"; status=1; }
}
