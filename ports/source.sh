# Where ports' sources come from; read by `build`.  Everything is kept in the cache, so only the first
# run needs the Debian package or the network.

# source_keep NAME FILE: prints the path of the kept copy of FILE; FILE may be gone once it was kept.
source_keep()
{
	kept=$cache/sources/$1
	if [ -f "$2" ] && ! cmp -s "$2" "$kept"; then
		cp "$2" "$kept.new$$"
		mv -f "$kept.new$$" "$kept"
	fi
	[ -f "$kept" ] || return 1
	echo "$kept"
}

# source_lists DIR: the machine's own package sources as sources of source packages.
source_lists()
{
	mkdir -p "$1"
	for list in /etc/apt/sources.list.d/debian.sources \
		/etc/apt/sources.list; do
		[ -f "$list" ] || continue
		case $list in
		*.sources)
			sed 's/^Types:.*/Types: deb-src/' "$list" \
				>"$1/debian.sources"
			;;
		*)
			sed -n 's/^deb[[:space:]]/deb-src /p' "$list" \
				>"$1/debian.list"
			;;
		esac
	done
}

# source_debian PACKAGE FILE SHA256: prints the path of the upstream archive FILE of a Debian source
# package, of any revision that carries it with these bytes.
source_debian()
{
	kept=$cache/sources/$2
	if [ ! -f "$kept" ]; then
		source_fetch "$1" "$2" "$3" >"$temporary/apt.log" 2>&1 || {
			tail -n 20 "$temporary/apt.log" >&2
			fail "cannot get $2, source package $1, from Debian"
		}
	fi
	echo "$3  $kept" | sha256sum -c --quiet - >&2 ||
		fail "$kept is not what the recipe names; remove it"
	echo "$kept"
}

# source_fetch PACKAGE FILE SHA256: downloads it with apt's own lists left alone; needs no root.
source_fetch()
(
	apt=$(mktemp -d "$temporary/apt.XXXXXX")
	mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$apt/get"
	source_lists "$apt/parts"
	get()
	{
		apt-get -q -o Dir::Etc::sourcelist=/dev/null \
			-o Dir::Etc::sourceparts="$apt/parts" \
			-o Dir::State::Lists="$apt/lists" \
			-o Dir::Cache="$apt/cache" \
			-o APT::Sandbox::User= "$@"
	}
	get update
	cd "$apt/get" || exit
	get source --download-only "$1"
	echo "$3  $2" | sha256sum -c -
	# The others too: a recipe that names another file of the package need not ask again.
	for file in *; do
		mv "$file" "$cache/sources/$file"
	done
)
