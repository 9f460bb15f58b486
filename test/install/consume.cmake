# Builds and runs the consumer in WORK/build. With SOURCE, by add_subdirectory(), and with BUILT_LIBRARY and
# BUILT_EMULATOR, the archives that a build of the same sources made; with INSTALL_FROM (a build folder), it installs
# that to WORK/prefix first and uses find_package(). Takes CONSUMER, WORK, GENERATOR, COMPILER and BUILD_TYPE.

function(run)
    execute_process(COMMAND ${ARGV} RESULT_VARIABLE failed)
    if(failed)
        list(JOIN ARGV " " command)
        message(FATAL_ERROR "Failed: ${command}")
    endif()
endfunction()

set(settings "-DCMAKE_CXX_COMPILER=${COMPILER}" "-DCMAKE_BUILD_TYPE=${BUILD_TYPE}")
if(INSTALL_FROM)
    file(REMOVE_RECURSE "${WORK}")
    run("${CMAKE_COMMAND}" --install "${INSTALL_FROM}" --prefix "${WORK}/prefix")
    list(APPEND settings "-DCMAKE_PREFIX_PATH=${WORK}/prefix")

    # What is installed must not point back to where it was built.
    file(GLOB_RECURSE files "${WORK}/prefix/*.cmake")
    foreach(file IN LISTS files)
        file(READ "${file}" text)
        cmake_path(GET INSTALL_FROM PARENT_PATH build)
        string(FIND "${text}" "${build}" found)
        if(NOT found EQUAL -1)
            message(FATAL_ERROR "${file} names ${build}")
        endif()
    endforeach()
else()
    file(REMOVE_RECURSE "${WORK}/build")
    list(APPEND settings "-DVENICE_KEYS_SOURCE=${SOURCE}" "-DBUILT_LIBRARY=${BUILT_LIBRARY}"
         "-DBUILT_EMULATOR=${BUILT_EMULATOR}"
    )
endif()

run("${CMAKE_COMMAND}" -S "${CONSUMER}" -B "${WORK}/build" -G "${GENERATOR}" ${settings})
run("${CMAKE_COMMAND}" --build "${WORK}/build" --parallel 2)
run("${WORK}/build/consumer")

# The library alone: nothing of the tests, the programs, the examples or the benchmarks.
if(SOURCE)
    file(GLOB_RECURSE files RELATIVE "${WORK}/build/venice_keys" "${WORK}/build/venice_keys/*")
    list(FILTER files INCLUDE REGEX "^(test|tools|docs|bench)/")
    if(files)
        message(FATAL_ERROR "add_subdirectory() brought more than the library: ${files}")
    endif()
endif()
