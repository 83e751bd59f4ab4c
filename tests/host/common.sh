# Read by the tests that use `proctor` as one would.  $1 and $2 are the source and the build folder.
set -u
source=$1
build=$2
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP
status=0

run() {
	"$source/proctor" run --checked "$@"
}

# expect WHAT ACTUAL EXPECTED
expect() {
	[ "$2" = "$3" ] || {
		printf '%s: %s, not %s\n' "$1" "$2" "$3"
		status=1
	}
}

# expect_status NUMBER WORD...: runs the words, their output in $work/out and $work/err.
expect_status() {
	wanted=$1
	shift
	"$@" >"$work/out" 2>"$work/err"
	got=$?
	[ "$got" = "$wanted" ] || {
		printf '%s: status %s, not %s\n' "$*" "$got" "$wanted"
		cat "$work/out" "$work/err"
		status=1
	}
}

# expect_quiet: the last command said nothing on stderr.
expect_quiet() {
	expect 'stderr' "$(cat "$work/err")" ''
}
