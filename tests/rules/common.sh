# Read by the rules, with the source folder as the current one.

# Prints our files with these name patterns, sorted; not the ports' patches or what was built.
ours() {
	patterns=
	for pattern; do
		patterns="$patterns -o -name $pattern"
	done
	set -f
	# shellcheck disable=SC2086
	find kernel schemes libtrace tools ports examples tests -type f \
		\( ${patterns# -o} \) | LC_ALL=C sort
	set +f
}

# Prints the text, if there is any, after a heading, and fails.
expect_nothing() {
	[ -n "$2" ] || return 0
	printf '%s\n%s\n' "$1" "$2"
	return 1
}

# The warnings and the flags of the kernel's code.
warnings='-std=c11 -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes
-Wmissing-prototypes -Wundef -Wvla -Wwrite-strings -Wcast-qual -Wimplicit-fallthrough
-Wformat=2 -Werror'
kernel_flags="$warnings -ffreestanding -mno-red-zone -mgeneral-regs-only -mcmodel=kernel
-fno-pie -fno-stack-protector -Ikernel"
