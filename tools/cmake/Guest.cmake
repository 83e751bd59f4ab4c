# Programs and libraries for the guest, and the image that they go into.
#
#	guest_program(NAME SOURCES FILE... [LIBS NAME...] [DEST /bin] [MODE 4755] [FLAGS FLAG...])
#	guest_library(NAME SOURCES FILE... [HEADERS FILE...] [FLAGS FLAG...])
#	guest_file(FILE DEST [MODE 4755])
#	guest_image()
#
# A library NAME is libNAME.a, also installed into the sysroot with its headers, where `proctor cc` and users of
# the toolchain file find it; a program that lists it in LIBS is linked against it.  A program goes into the
# image at DEST/NAME, with DEST "" it stays out.  Targets: guest-NAME, sysroot, sdk (sysroot with libraries),
# guest-ready (all that `proctor run` needs).
set(GUEST_SYSROOT "${PROJECT_BINARY_DIR}/sysroot")
set(GUEST_CC "${GUEST_SYSROOT}/bin/proctor-cc")
set(GUEST_STAMP "${PROJECT_BINARY_DIR}/sysroot.stamp")
set(PROCTOR_CACHE "" CACHE PATH "Where built ports are kept (empty: the user's cache folder)")

# Every folder of ports/ that has a recipe.
file(GLOB GUEST_PORTS RELATIVE "${PROJECT_SOURCE_DIR}/ports" CONFIGURE_DEPENDS
	"${PROJECT_SOURCE_DIR}/ports/*/recipe")
list(TRANSFORM GUEST_PORTS REPLACE "/recipe$" "")
file(GLOB_RECURSE guest_recipes CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/ports/*")
file(GLOB guest_abi CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/kernel/abi/*")
if(PROCTOR_CACHE)
	set(guest_cache --cache "${PROCTOR_CACHE}")
endif()
add_custom_command(OUTPUT "${GUEST_STAMP}"
	COMMAND "${PROJECT_SOURCE_DIR}/ports/build" --quiet ${guest_cache}
		--into "${GUEST_SYSROOT}" ${GUEST_PORTS}
	COMMAND "${CMAKE_COMMAND}" -E make_directory "${GUEST_SYSROOT}/root"
	COMMAND "${CMAKE_COMMAND}" -E touch "${GUEST_STAMP}"
	DEPENDS ${guest_recipes} ${guest_abi}
	COMMENT "Building the ports: ${GUEST_PORTS} (the first time takes minutes)"
	VERBATIM)
add_custom_target(sysroot DEPENDS "${GUEST_STAMP}")
add_custom_target(sdk DEPENDS sysroot)
add_custom_target(guest-ready)

# Compiles sources of the current folder; sets `objects` in the caller.
function(guest_objects name)
	cmake_parse_arguments(ARG "" "" "SOURCES;FLAGS" ${ARGN})
	set(list "")
	foreach(source ${ARG_SOURCES})
		cmake_path(ABSOLUTE_PATH source NORMALIZE)
		cmake_path(GET source STEM stem)
		set(object "${CMAKE_CURRENT_BINARY_DIR}/${name}.dir/${stem}.o")
		add_custom_command(OUTPUT "${object}"
			COMMAND "${CMAKE_COMMAND}" -E make_directory
				"${CMAKE_CURRENT_BINARY_DIR}/${name}.dir"
			COMMAND "${GUEST_CC}" -std=c11 -O2 ${PROCTOR_WARNINGS}
				-D_GNU_SOURCE
				-iquote "${GUEST_SYSROOT}/include/proctor"
				-iquote "${PROJECT_SOURCE_DIR}/libtrace"
				-iquote "${PROJECT_SOURCE_DIR}/tests"
				-I "${PROJECT_SOURCE_DIR}/libtrace"
				${ARG_FLAGS} -MMD -MF "${object}.d" -MT "${object}"
				-c "${source}" -o "${object}"
			DEPENDS "${source}" "${GUEST_STAMP}" sysroot
			DEPFILE "${object}.d"
			COMMENT "Compiling ${name}: ${stem}.c for the guest"
			VERBATIM)
		list(APPEND list "${object}")
	endforeach()
	set(objects ${list} PARENT_SCOPE)
endfunction()

function(guest_library name)
	cmake_parse_arguments(ARG "" "" "SOURCES;HEADERS;FLAGS" ${ARGN})
	guest_objects(${name} SOURCES ${ARG_SOURCES} FLAGS ${ARG_FLAGS})
	set(archive "${CMAKE_CURRENT_BINARY_DIR}/lib${name}.a")
	set(install "")
	set(headers "")
	foreach(header ${ARG_HEADERS})
		cmake_path(ABSOLUTE_PATH header NORMALIZE)
		list(APPEND headers "${header}")
		list(APPEND install COMMAND "${CMAKE_COMMAND}" -E copy "${header}"
			"${GUEST_SYSROOT}/include/")
	endforeach()
	add_custom_command(OUTPUT "${archive}"
		COMMAND "${CMAKE_COMMAND}" -E rm -f "${archive}"
		COMMAND ar rcsD "${archive}" ${objects}
		COMMAND "${CMAKE_COMMAND}" -E copy "${archive}" "${GUEST_SYSROOT}/lib/"
		${install}
		DEPENDS ${objects} ${headers}
		COMMENT "Archiving lib${name}.a for the guest"
		VERBATIM)
	add_custom_target(guest-${name} ALL DEPENDS "${archive}")
	add_dependencies(guest-${name} sysroot)
	add_dependencies(sdk guest-${name})
	set_property(GLOBAL PROPERTY GUEST_ARCHIVE_${name} "${archive}")
endfunction()

function(guest_program name)
	cmake_parse_arguments(ARG "" "DEST;MODE" "SOURCES;LIBS;FLAGS" ${ARGN})
	if(NOT DEFINED ARG_DEST AND NOT "DEST" IN_LIST ARGN)
		set(ARG_DEST /bin)
	endif()
	guest_objects(${name} SOURCES ${ARG_SOURCES} FLAGS ${ARG_FLAGS})
	set(program "${CMAKE_CURRENT_BINARY_DIR}/${name}")
	set(archives "")
	set(targets sysroot)
	foreach(library ${ARG_LIBS})
		if(NOT TARGET guest-${library})
			continue()
		endif()
		get_property(archive GLOBAL PROPERTY GUEST_ARCHIVE_${library})
		list(APPEND archives "${archive}")
		list(APPEND targets guest-${library})
	endforeach()
	add_custom_command(OUTPUT "${program}"
		COMMAND "${GUEST_CC}" -o "${program}" ${objects} ${archives}
		DEPENDS ${objects} ${archives} ${targets}
		COMMENT "Linking ${name} for the guest"
		VERBATIM)
	set(outputs "${program}")
	if(ARG_DEST)
		# The image holds no debug information: the host's gdb reads it here.
		set(packed "${CMAKE_CURRENT_BINARY_DIR}/${name}.packed")
		add_custom_command(OUTPUT "${packed}"
			COMMAND strip -g -o "${packed}" "${program}"
			DEPENDS "${program}"
			COMMENT "Stripping ${name}"
			VERBATIM)
		guest_file("${packed}" "${ARG_DEST}/${name}" TARGET guest-${name} MODE "${ARG_MODE}")
		list(APPEND outputs "${packed}")
	endif()
	add_custom_target(guest-${name} ALL DEPENDS ${outputs})
	add_dependencies(guest-${name} ${targets})
endfunction()

function(guest_file file dest)
	cmake_parse_arguments(ARG "" "TARGET;MODE" "" ${ARGN})
	set_property(GLOBAL APPEND PROPERTY GUEST_FILES "${file}")
	if(ARG_MODE)
		set(file "=${ARG_MODE}:${file}")
	endif()
	set_property(GLOBAL APPEND PROPERTY GUEST_PAIRS "${file}" "${dest}")
	set_property(GLOBAL APPEND PROPERTY GUEST_TARGETS ${ARG_TARGET})
endfunction()

# The boot archive, once all folders have said what is in it.
function(guest_image)
	get_property(files GLOBAL PROPERTY GUEST_FILES)
	get_property(pairs GLOBAL PROPERTY GUEST_PAIRS)
	get_property(targets GLOBAL PROPERTY GUEST_TARGETS)
	set(image "${PROJECT_BINARY_DIR}/image.cpio")
	add_custom_command(OUTPUT "${image}"
		COMMAND mkcpio "${image}" -0755 /bin -0700 /root -0755 /home -0755:1000 /home/user -1777 /tmp -0755 /run
			"${GUEST_SYSROOT}/root" / ${pairs}
		DEPENDS mkcpio "${GUEST_STAMP}" ${files} ${targets}
		COMMENT "Packing the guest's image"
		VERBATIM)
	add_custom_target(image ALL DEPENDS "${image}")
	add_dependencies(image sysroot mkcpio ${targets})
	add_dependencies(guest-ready image guest)
	foreach(kernel kernel kernel-checked proctor.elf proctor-checked.elf)
		if(TARGET ${kernel})
			add_dependencies(guest-ready ${kernel})
		endif()
	endforeach()
	guest_iso()
endfunction()

# The images that GRUB boots.
function(guest_iso)
	set(kernel "${PROJECT_BINARY_DIR}/kernel/proctor.elf")
	set(image "${PROJECT_BINARY_DIR}/image.cpio")
	set(maker "${PROJECT_SOURCE_DIR}/tools/host/make-iso")
	set(demo "${PROJECT_BINARY_DIR}/demo.iso")
	set(batch "${PROJECT_BINARY_DIR}/demo-batch.iso")
	add_custom_target(demo-iso
		COMMAND "${maker}" "${demo}" "${kernel}" "${image}" demo
		COMMAND "${maker}" "${batch}" "${kernel}" "${image}" demo batch
		DEPENDS "${maker}"
		COMMENT "Making the images that GRUB boots"
		VERBATIM)
	add_dependencies(demo-iso guest-ready)
endfunction()
