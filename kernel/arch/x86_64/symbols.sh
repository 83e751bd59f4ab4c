#!/bin/sh
# symbols.sh NM [KERNEL]: writes the table of the kernel's functions in NASM's language; without KERNEL an
# empty one, for the first of the two links.
set -eu
export LC_ALL=C

list() {
	[ $# -lt 2 ] || "$1" -n --defined-only "$2"
}

list "$@" | awk '
$2 ~ /^[tT]$/ && $1 ~ /^ffffffff/ && $3 !~ /^\.L/ && $3 !~ /[.@]\./ && $1 != last {
	address[n] = "0x" substr($1, 9)
	name[n++] = $3
	last = $1
}
END {
	print "\tglobal symbols, symbol_count, symbol_names"
	print "section .symbols progbits alloc noexec nowrite align=16"
	print "symbol_count: dd " n + 0
	print "symbols:"
	at = 0
	for (i = 0; i < n; i++) {
		print "\tdd " address[i] " - 0x80000000, " at
		at += length(name[i]) + 1
	}
	print "symbol_names:"
	for (i = 0; i < n; i++)
		print "\tdb \x27" name[i] "\x27, 0"
}'
