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
