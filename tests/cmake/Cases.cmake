# How tests are found and become ctest's.
set(suite_here "${CMAKE_CURRENT_LIST_DIR}/..")
set(suite_out "${PROJECT_BINARY_DIR}/tests")

# Groups that Bochs runs as well.
set(suite_bochs_groups security)

# Sets `cases` to the sentences in a source, `seconds` to their limit, `with` to the sources it asks for.
function(suite_scan source)
	set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${source}")
	file(STRINGS "${source}" lines REGEX "^TEST\\(")
	list(TRANSFORM lines REPLACE "^TEST\\(([A-Za-z0-9_]+)\\).*" "\\1")
	file(STRINGS "${source}" limit REGEX "^TEST_SECONDS\\(" LIMIT_COUNT 1)
	if(NOT limit MATCHES "\\(([0-9]+)\\)")
		set(CMAKE_MATCH_1 20)
	endif()
	set(seconds ${CMAKE_MATCH_1} PARENT_SCOPE)
	# One or several comment lines ` * with: FILE...`.
	file(STRINGS "${source}" lines_with REGEX "^(/\\*| \\*) with: ")
	set(with "")
	foreach(line ${lines_with})
		string(REGEX REPLACE ".*with: *| *\\*/.*" "" line "${line}")
		separate_arguments(line)
		list(APPEND with ${line})
	endforeach()
	set(with ${with} PARENT_SCOPE)
	set(cases ${lines} PARENT_SCOPE)
endfunction()

# unit/*.c, each with the sources that its line `with: FILE...` names.
function(suite_units)
	file(GLOB sources CONFIGURE_DEPENDS "${suite_here}/unit/*.c")
	foreach(source ${sources})
		cmake_path(GET source STEM stem)
		suite_scan("${source}")
		list(TRANSFORM with PREPEND "${PROJECT_SOURCE_DIR}/")
		add_executable(unit-${stem} "${source}" "${suite_here}/test.c" ${with})
		target_include_directories(unit-${stem} PRIVATE "${suite_here}")
		target_compile_options(unit-${stem} PRIVATE -O1 -g -D_GNU_SOURCE
			${PROCTOR_WARNINGS}
			"SHELL:-iquote \"${PROJECT_SOURCE_DIR}/kernel\""
			"SHELL:-iquote \"${PROJECT_SOURCE_DIR}\""
			"SHELL:-iquote \"${PROJECT_SOURCE_DIR}/libtrace\""
			-fno-omit-frame-pointer -fno-sanitize-recover=all
			-fsanitize=address,undefined)
		target_link_options(unit-${stem} PRIVATE -fsanitize=address,undefined)
		foreach(case ${cases})
			add_test(NAME unit.${case} COMMAND unit-${stem} ${case})
			set_tests_properties(unit.${case} PROPERTIES TIMEOUT ${seconds})
		endforeach()
	endforeach()
endfunction()

# boot/GROUP/*.c: programs of the guest in tests.cpio, run by one boot for each group.
function(suite_boot_groups)
	guest_program(runner DEST ""
		SOURCES boot/runner.c boot/snapshot.c)
	guest_program(script DEST "" SOURCES boot/script.c)
	set(files "${CMAKE_CURRENT_BINARY_DIR}/runner" "${CMAKE_CURRENT_BINARY_DIR}/script")
	set(pairs ${files})
	list(TRANSFORM pairs APPEND ";/test/")
	set(targets guest-runner guest-script)
	file(GLOB groups CONFIGURE_DEPENDS LIST_DIRECTORIES true "${suite_here}/boot/*")
	foreach(folder ${groups})
		if(IS_DIRECTORY "${folder}")
			suite_boot_group("${folder}")
		endif()
	endforeach()
	add_custom_command(OUTPUT "${suite_out}/tests.cpio"
		COMMAND mkcpio "${suite_out}/tests.cpio" -0755 /test ${pairs}
		DEPENDS mkcpio ${files} ${targets}
		COMMENT "Packing the tests for the guest"
		VERBATIM)
	add_custom_target(tests-image ALL DEPENDS "${suite_out}/tests.cpio")
	add_dependencies(tests-image mkcpio ${targets})
endfunction()

macro(suite_boot_group folder)
	cmake_path(GET folder FILENAME group)
	file(GLOB sources CONFIGURE_DEPENDS "${folder}/*.c")
	set(list "")
	foreach(source ${sources})
		cmake_path(GET source STEM stem)
		suite_scan("${source}")
		if(cases)
			guest_program(test-${group}-${stem} DEST "" LIBS trace
				SOURCES "${source}" "${suite_here}/test.c")
		else()
			# A program that the tests start.
			guest_program(test-${group}-${stem} DEST "" LIBS trace
				SOURCES "${source}")
		endif()
		list(APPEND files "${CMAKE_CURRENT_BINARY_DIR}/test-${group}-${stem}")
		list(APPEND targets guest-test-${group}-${stem})
		list(APPEND pairs "${CMAKE_CURRENT_BINARY_DIR}/test-${group}-${stem}"
			"/test/${group}/${stem}")
		foreach(case ${cases})
			string(APPEND list "${stem} ${case} ${seconds}\n")
			suite_boot_case(${group} ${case})
		endforeach()
	endforeach()
	file(CONFIGURE OUTPUT "${suite_out}/${group}.cases" CONTENT "${list}" @ONLY)
	if(list)
		suite_boot_fixture(${group})
	endif()
endmacro()

function(suite_boot_case group case)
	if(TEST ${group}.${case})
		message(FATAL_ERROR "two tests are called ${group}.${case}")
	endif()
	add_test(NAME ${group}.${case} COMMAND "${suite_here}/boot/case"
		${group}.${case} "${PROJECT_BINARY_DIR}")
	set_tests_properties(${group}.${case} PROPERTIES
		FIXTURES_REQUIRED boot-${group} TIMEOUT 60)
	if(group IN_LIST suite_bochs_groups)
		add_test(NAME bochs.${group}.${case}
			COMMAND "${suite_here}/boot/case"
			bochs.${group}.${case} "${PROJECT_BINARY_DIR}")
		set_tests_properties(bochs.${group}.${case} PROPERTIES
			FIXTURES_REQUIRED bochs-${group} TIMEOUT 60)
	endif()
endfunction()

function(suite_boot_fixture group)
	set(cpus 1)
	if(group MATCHES "^(smp|stress)$")
		set(cpus 2)
	endif()
	add_test(NAME ${group}.its_cases_run_in_one_boot
		COMMAND "${suite_here}/boot/run-group" ${group} ${cpus} 256
		"${PROJECT_SOURCE_DIR}" "${PROJECT_BINARY_DIR}")
	set_tests_properties(${group}.its_cases_run_in_one_boot PROPERTIES
		FIXTURES_SETUP boot-${group} TIMEOUT 15000 COST 1000)
	if(group IN_LIST suite_bochs_groups)
		add_test(NAME bochs.${group}.its_cases_run_in_one_boot
			COMMAND "${suite_here}/bochs/run-group" ${group}
			"${PROJECT_SOURCE_DIR}" "${PROJECT_BINARY_DIR}")
		set_tests_properties(bochs.${group}.its_cases_run_in_one_boot
			PROPERTIES FIXTURES_SETUP bochs-${group} TIMEOUT 700 COST 2000)
	endif()
endfunction()

# boot/*/*.c with a comment line ` * holds on Linux`: made for the host as well, where their cases show that what is
# asked of the guest is what Linux does.
function(suite_linux_twins)
	file(GLOB sources CONFIGURE_DEPENDS "${suite_here}/boot/*/*.c")
	file(MAKE_DIRECTORY "${suite_out}/linux/proctor")
	file(CREATE_LINK "${PROJECT_SOURCE_DIR}/kernel/abi" "${suite_out}/linux/proctor/abi" SYMBOLIC)
	foreach(source ${sources})
		file(STRINGS "${source}" twin REGEX "^ \\* holds on Linux$")
		if(twin)
			suite_linux_twin("${source}")
		endif()
	endforeach()
endfunction()

function(suite_linux_twin source)
	cmake_path(GET source STEM stem)
	suite_scan("${source}")
	add_executable(linux-${stem} "${source}" "${suite_here}/test.c")
	target_include_directories(linux-${stem} PRIVATE "${suite_here}" "${suite_out}/linux")
	target_compile_options(linux-${stem} PRIVATE -O1 -D_GNU_SOURCE ${PROCTOR_WARNINGS})
	foreach(case ${cases})
		add_test(NAME linux.${case} COMMAND linux-${stem} ${case})
		set_tests_properties(linux.${case} PROPERTIES TIMEOUT ${seconds})
	endforeach()
endfunction()

# FOLDER/NAME: a script, run as the test GROUP.NAME with the source and build folders as arguments.
function(suite_scripts folder group)
	file(GLOB scripts CONFIGURE_DEPENDS "${suite_here}/${folder}/*")
	foreach(script ${scripts})
		cmake_path(GET script FILENAME name)
		if(name MATCHES "[.]")
			continue()
		endif()
		add_test(NAME ${group}.${name} COMMAND "${script}"
			"${PROJECT_SOURCE_DIR}" "${PROJECT_BINARY_DIR}")
		set_tests_properties(${group}.${name} PROPERTIES TIMEOUT 900
			ENVIRONMENT "PROCTOR_BUILD=${PROJECT_BINARY_DIR};PROCTOR_BUILT=1")
	endforeach()
endfunction()

# shell/FOLDER/*: cases of commands, one boot for each folder, the tests shell.NAME.
function(suite_shell)
	file(GLOB folders CONFIGURE_DEPENDS LIST_DIRECTORIES true "${suite_here}/shell/*")
	foreach(folder ${folders})
		if(NOT IS_DIRECTORY "${folder}")
			continue()
		endif()
		cmake_path(GET folder FILENAME name)
		add_test(NAME shell.${name}_run_in_one_boot COMMAND "${suite_here}/shell/run"
			${name} "${PROJECT_SOURCE_DIR}" "${PROJECT_BINARY_DIR}")
		set_tests_properties(shell.${name}_run_in_one_boot PROPERTIES
			FIXTURES_SETUP shell-${name} TIMEOUT 1000 COST 500)
		file(GLOB sources CONFIGURE_DEPENDS "${folder}/*")
		foreach(source ${sources})
			suite_shell_cases("${source}" ${name})
		endforeach()
	endforeach()
endfunction()

function(suite_shell_cases source folder)
	set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${source}")
	file(STRINGS "${source}" lines REGEX "^## [a-zA-Z0-9_]+$")
	list(TRANSFORM lines REPLACE "^## " "")
	foreach(case ${lines})
		add_test(NAME shell.${case} COMMAND "${suite_here}/shell/case"
			${folder} ${case} "${PROJECT_BINARY_DIR}")
		set_tests_properties(shell.${case} PROPERTIES
			FIXTURES_REQUIRED shell-${folder} TIMEOUT 60)
	endforeach()
endfunction()

# dash/snippets/SECTION: all run in one boot and on the host, each section compared by a test of its own.
function(suite_dash)
	add_executable(dash-driver-host dash/driver.c)
	target_compile_options(dash-driver-host PRIVATE -O2 -D_GNU_SOURCE
		${PROCTOR_WARNINGS})
	guest_program(dash-driver DEST "" SOURCES dash/driver.c)
	set(compare "${suite_here}/dash/compare")
	add_test(NAME shell.its_snippets_run_in_one_boot COMMAND "${compare}" run
		"${PROJECT_SOURCE_DIR}" "${PROJECT_BINARY_DIR}")
	set_tests_properties(shell.its_snippets_run_in_one_boot PROPERTIES
		FIXTURES_SETUP dash TIMEOUT 900 COST 1000
		ENVIRONMENT "PROCTOR_BUILD=${PROJECT_BINARY_DIR};PROCTOR_BUILT=1")
	add_test(NAME shell.every_section_of_the_manual_has_its_snippets
		COMMAND "${compare}" count "${PROJECT_SOURCE_DIR}" "${PROJECT_BINARY_DIR}")
	file(GLOB snippets CONFIGURE_DEPENDS RELATIVE "${suite_here}/dash/snippets"
		"${suite_here}/dash/snippets/*")
	foreach(section ${snippets})
		string(REPLACE "-" "_" sentence "${section}")
		add_test(NAME shell.${sentence}_as_on_the_host
			COMMAND "${compare}" section "${PROJECT_SOURCE_DIR}"
			"${PROJECT_BINARY_DIR}" "${section}")
		set_tests_properties(shell.${sentence}_as_on_the_host PROPERTIES
			FIXTURES_REQUIRED dash TIMEOUT 60)
	endforeach()
	suite_scripts(dash/scripts shell)
endfunction()

# examples/NAME.transcript, examples/sh/NAME.transcript: all run in one boot, each compared by a test of its own.
function(suite_transcripts)
	file(GLOB transcripts CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}/examples"
		"${PROJECT_SOURCE_DIR}/examples/*.transcript"
		"${PROJECT_SOURCE_DIR}/examples/sh/*.transcript")
	set(harness "${suite_here}/docs/transcripts")
	add_test(NAME docs.transcripts_run_in_one_boot COMMAND "${harness}" run
		"${PROJECT_SOURCE_DIR}" "${PROJECT_BINARY_DIR}")
	set_tests_properties(docs.transcripts_run_in_one_boot PROPERTIES
		FIXTURES_SETUP transcripts TIMEOUT 600)
	foreach(transcript ${transcripts})
		string(REGEX REPLACE "[.]transcript$" "" name "${transcript}")
		cmake_path(GET name FILENAME sentence)
		string(REGEX REPLACE "[-.]" "_" sentence "${sentence}")
		add_test(NAME docs.${sentence}_does_what_its_transcript_shows
			COMMAND "${harness}" compare "${PROJECT_SOURCE_DIR}"
			"${PROJECT_BINARY_DIR}" "${name}")
		set_tests_properties(docs.${sentence}_does_what_its_transcript_shows
			PROPERTIES FIXTURES_REQUIRED transcripts TIMEOUT 60)
	endforeach()
endfunction()
