# What the examples of this folder share; at the prompt, `. tracing.sh`.
#
# A session is descriptor 3: what is printed to it are rules and verbs, each line read from it is an event, and reading
# on lets go what the event before held.

# usage COUNT TEXT [WORD...]: ends a script that was given --help, or fewer words than that.
usage() {
	[ "${3-}" != --help ] || { echo "usage: $2"; exit; }
	[ $# -ge $(($1 + 2)) ] || { echo "usage: $2" >&2; exit 2; }
}

# there NAME PID: ends the script of that name unless there is such a process.
there() {
	[ -n "$2" ] && [ -e "proc:/$2/trace" ] || { echo "$1: ${2:--}: No such process" >&2; exit 2; }
}

# say LINE...: to the session; why it refused one stands in the shell's own status.
say() {
	printf '%s\n' "$@" >&3 && return
	sed -n 's/^refused /refused: /p' proc:/$$/status >&2
	return 2
}

# start PROGRAM [ARGUMENT...]: a session with this program, as the shell would start it; it is held before its first
# instruction.  A child of `new` has no standard output, for that of the line's writer is the session: 4 is the one it
# takes.  Sets pid; fails with the status of a program that could not be started.  The program is killed when the
# session is closed, unless `set close run` says otherwise.
start() {
	[ $# -gt 0 ] || { echo 'start: no program' >&2; return 2; }
	exec 3<>proc:/new 4>&1
	env | sed 's/%/%25/g; s/ /%20/g; s/^/env /' >&3
	say 'set close kill' 'on exec hold' 'on leave execve log' \
		"new /bin/sh sh -c exec%20\"\$@\"%20>&4%204>&- sh $(words "$@")" || return
	exec 4>&-
	while read -r seq who how event rest <&3; do
		pid=${who%/*}
		case "$event $rest" in
		exec*) say 'on exec off' 'on leave execve off'; return ;;
		end\ exited*) return "${rest#exited }" ;;
		revoked*) echo "$1: it has raised its ids, and runs on untraced" >&2; return 126 ;;
		esac
	done
	return 126
}

# words WORD...: as words of a line, each byte as %XX.
words() {
	printf '%s\0' "$@" | od -An -v -tx1 | tr -d '\n' | tr ' ' % | sed 's/%00/ /g; :a; s/  / % /; ta'
}

# peek PID ADDRESS: the string there, which is no longer than a path may be, on one line.
peek() {
	dd if="proc:/$1/mem" iflag=skip_bytes skip=$(($2)) bs=4096 count=1 status=none | tr '\n\0' '?\n' | head -n 1
}
