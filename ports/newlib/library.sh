# newlib itself, without the glue: what takes a minute.  Read by the recipe, and kept in the cache under
# a hash of its own, so that a change of the glue or of a system call does not make it again.

# Flags that newlib, its glue and every program share.
newlib_flags="-fno-omit-frame-pointer -fno-stack-protector -fcf-protection=none -fno-pie \
-ffunction-sections -fdata-sections -U__linux__ -U__linux -Ulinux -U__gnu_linux__ -D__proctor__=1"

newlib_key()
{
	{
		hash_tree ports/newlib/library.sh ports/newlib/patches \
			ports/newlib/include
		cat generated/include/proctor/errno.h \
			generated/include/proctor/signal.h
		hash_stream <"$archive"
		compiler
	} | hash_stream
}

# EFTYPE is of BSD's data base functions, which are in newlib.
newlib_compiler()
{
	cat >cc <<-END
	#!/bin/sh
	exec gcc -nostdinc -isystem "$(gcc -print-file-name=include)" \\
		-isystem "$ports/newlib/include" -isystem "$work/generated/include" \\
		$newlib_flags -D__OBSOLETE_MATH=0 -DEFTYPE=EINVAL \\
		-ffile-prefix-map="$work=newlib" "\$@"
	END
	chmod +x cc
}

# Warnings (-w) are not ours to mend.
newlib_configure()
{
	"$src/configure" --target=x86_64-proctor --prefix="$work/newlib" \
		--disable-multilib --disable-newlib-supplied-syscalls \
		--enable-newlib-io-long-long --enable-newlib-io-c99-formats \
		--enable-newlib-io-long-double --enable-newlib-mb \
		--enable-newlib-retargetable-locking \
		--enable-newlib-reent-check-verify \
		--enable-newlib-global-stdio-streams \
		CC_FOR_TARGET="$work/cc" AS_FOR_TARGET=as LD_FOR_TARGET=ld \
		AR_FOR_TARGET=ar RANLIB_FOR_TARGET=ranlib NM_FOR_TARGET=nm \
		STRIP_FOR_TARGET=strip READELF_FOR_TARGET=readelf \
		OBJDUMP_FOR_TARGET=objdump OBJCOPY_FOR_TARGET=objcopy \
		CFLAGS_FOR_TARGET="-O2 -g1 -w"
}

# Sets $newlib to a folder with include/ and lib/.
newlib_library()
{
	newlib=$cache/built/newlib-library-$(newlib_key)
	[ ! -d "$newlib" ] || return 0
	mkdir build
	(
		cd build
		newlib_configure
		make -s -j2 all-target-newlib
		make -s install-target-newlib
	)
	cp "$src/COPYING.NEWLIB" newlib/x86_64-proctor
	keep newlib/x86_64-proctor "$newlib"
}
