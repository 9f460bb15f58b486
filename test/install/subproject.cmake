# Builds and runs the programs of PROJECT in WORK, which takes the library from SOURCE as a part of itself. What it would
# compile comes from BUILT_LIBRARY and BUILT_EMULATOR. Takes PROGRAMS, separated by commas, and what common.cmake
# takes.
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

file(REMOVE_RECURSE "${WORK}")
run("${CMAKE_COMMAND}" -S "${PROJECT}" -B "${WORK}" ${settings} "-DVENICE_KEYS=${SOURCE}"
    "-DFETCHCONTENT_SOURCE_DIR_VENICE_KEYS=${SOURCE}" -DVENICE_KEYS_REPOSITORY=unused -DVENICE_KEYS_TAG=unused
    "-DBUILT_LIBRARY=${BUILT_LIBRARY}" "-DBUILT_EMULATOR=${BUILT_EMULATOR}" --no-warn-unused-cli
)
run("${CMAKE_COMMAND}" --build "${WORK}" --parallel 2)
string(REPLACE "," ";" programs "${PROGRAMS}")
foreach(program IN LISTS programs)
    run("${WORK}/${program}")
endforeach()

# The libraries alone: nothing of the tests, the programs, the examples or the benchmarks.
foreach(folder IN ITEMS "${WORK}/venice_keys" "${WORK}/_deps/venice_keys-build")
    file(GLOB_RECURSE files RELATIVE "${folder}" "${folder}/*")
    list(FILTER files INCLUDE REGEX "^(test|tools|docs|bench)/")
    if(files)
        message(FATAL_ERROR "The project got more than the library: ${files}")
    endif()
endforeach()
