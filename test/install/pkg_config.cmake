# Builds a program in WORK with what PKG_CONFIG says of the libraries in TREE, and runs it. Takes STATIC (whether the
# libraries in TREE are), LIBDIR, VERSION, and what common.cmake takes.
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

if(NOT PKG_CONFIG)
    set(level NOTICE)
    if("$ENV{VENICE_KEYS_NO_SKIP}")
        set(level FATAL_ERROR)
    endif()
    message(${level} "SKIPPED: there is no pkg-config")
    return()
endif()

set(ENV{PKG_CONFIG_PATH} "${TREE}/${LIBDIR}/pkgconfig")
set(ENV{LD_LIBRARY_PATH} "${TREE}/${LIBDIR}")
file(REMOVE_RECURSE "${WORK}")
file(MAKE_DIRECTORY "${WORK}")

# flags(VARIABLE ARGUMENTS...): what pkg-config says, as a list.
function(flags variable)
    output_of(said "${PKG_CONFIG}" ${ARGN})
    separate_arguments(said UNIX_COMMAND "${said}")
    set(${variable} "${said}" PARENT_SCOPE)
endfunction()

flags(version --modversion venice_keys)
if(NOT version STREQUAL VERSION)
    message(FATAL_ERROR "venice_keys.pc says version ${version}, not ${VERSION}")
endif()

flags(compile --cflags venice_keys_emulator)
set(objects "")
foreach(source IN ITEMS main update)
    run("${COMPILER}" -std=c++20 ${compile} -c "${CMAKE_CURRENT_LIST_DIR}/consumer/${source}.cpp"
        -o "${WORK}/${source}.o"
    )
    list(APPEND objects "${WORK}/${source}.o")
endforeach()

flags(link --libs venice_keys_emulator)
run("${COMPILER}" ${objects} ${link} -o "${WORK}/program")
run("${WORK}/program")
if(STATIC)
    flags(link --static --libs venice_keys_emulator)
    run("${COMPILER}" ${objects} ${link} -o "${WORK}/program_static")
    run("${WORK}/program_static")
elseif("${compile};${link}" MATCHES "ssl|nghttp2|boost|VENICE_KEYS_STATIC")
    message(FATAL_ERROR "A program needs nothing that the shared libraries are made of: ${compile} ${link}")
endif()

flags(link --libs venice_keys)
if(link MATCHES "emulator")
    message(FATAL_ERROR "The library alone does not need the emulator: ${link}")
endif()
