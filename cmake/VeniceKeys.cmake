# What every target of the project is built with.

include(GNUInstallDirs)

add_library(venice_keys_build INTERFACE)
target_compile_features(venice_keys_build INTERFACE cxx_std_20)
target_compile_options(venice_keys_build INTERFACE -Wall -Wextra -Wconversion -Wshadow -Wpedantic)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # g++ 12 sees an overlap in `"text" + std::string` that is not there (its bug 105651).
    target_compile_options(venice_keys_build INTERFACE -Wno-restrict)
endif()
if(VENICE_KEYS_WERROR)
    target_compile_options(venice_keys_build INTERFACE -Werror)
endif()
if(VENICE_KEYS_SANITIZE)
    target_compile_options(
        venice_keys_build INTERFACE -fsanitize=${VENICE_KEYS_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all
    )
    target_link_options(venice_keys_build INTERFACE -fsanitize=${VENICE_KEYS_SANITIZE})
    if(VENICE_KEYS_SANITIZE MATCHES "thread" AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # Asio has fences around its handlers, which ThreadSanitizer does not see. The locks beside them it does.
        target_compile_options(venice_keys_build INTERFACE -Wno-tsan)
    endif()
endif()

# venice_keys_library(TARGET): what the two libraries have in common.
function(venice_keys_library target)
    # A static library may become a part of a plugin, which is a shared library.
    if(NOT DEFINED CMAKE_POSITION_INDEPENDENT_CODE)
        set_target_properties(${target} PROPERTIES POSITION_INDEPENDENT_CODE ON)
    endif()
    # Which versions have the same binary interface: docs/public-api.md.
    set(interface "${PROJECT_VERSION_MAJOR}")
    if(PROJECT_VERSION_MAJOR EQUAL 0)
        string(APPEND interface ".${PROJECT_VERSION_MINOR}")
    endif()
    set_target_properties(
        ${target}
        PROPERTIES CXX_VISIBILITY_PRESET hidden
                   VISIBILITY_INLINES_HIDDEN ON
                   VERSION "${PROJECT_VERSION}"
                   SOVERSION "${interface}"
    )
    get_target_property(type ${target} TYPE)
    if(type STREQUAL "STATIC_LIBRARY")
        target_compile_definitions(${target} PUBLIC VENICE_KEYS_STATIC) # <venice_keys/detail/export.hpp>
    endif()
endfunction()

# venice_keys_unity(TARGET): its files are compiled together.
function(venice_keys_unity target)
    set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 20)
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # It takes an included file for a header, where an unnamed namespace would be a mistake.
        target_compile_options(${target} PRIVATE -Wno-subobject-linkage)
    endif()
endfunction()

if(VENICE_KEYS_TESTS)
    option(VENICE_KEYS_TEST_PCH "Compile the tests with a precompiled header" ON)
    option(
        VENICE_KEYS_TEST_UNITY
        "Compile several files of a test program at once: cheaper, but dearer after a small change" OFF
    )
endif()

# What all test programs share: main(), and one precompiled header. It holds what most tests include and nothing of the
# project's own; a build without it (-DVENICE_KEYS_TEST_PCH=OFF) shows what a test forgets to include.
function(venice_keys_test_base)
    add_library(venice_keys_test_base OBJECT "${PROJECT_SOURCE_DIR}/test/main.cpp")
    target_link_libraries(venice_keys_test_base PUBLIC venice_keys_build Boost::unit_test_framework Boost::headers)
    target_compile_definitions(venice_keys_test_base PUBLIC BOOST_TEST_DYN_LINK)
    # The tests need not be fast, but compile fast.
    target_compile_options(venice_keys_test_base PUBLIC $<$<CONFIG:Release>:-O0>)
    if(VENICE_KEYS_TEST_UNITY AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # It takes an included file for a header, where an unnamed namespace would be a mistake.
        target_compile_options(venice_keys_test_base PUBLIC -Wno-subobject-linkage)
    endif()
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
        # glibc's std::fclose has attributes, which a std::unique_ptr that closes a file can't keep. And g++, 14 as well
        # as 12, takes a test's own operator delete, and Asio's allocation of coroutine frames, for a mismatch.
        target_compile_options(venice_keys_test_base PUBLIC -Wno-ignored-attributes -Wno-mismatched-new-delete)
    endif()
    if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
        # g++ 12 sees overruns of strings whose length it knows, as texts in tests often are, where there are none.
        target_compile_options(
            venice_keys_test_base PUBLIC -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread
        )
    endif()
    if(VENICE_KEYS_TEST_PCH)
        target_precompile_headers(
            venice_keys_test_base
            PRIVATE
                <boost/asio/any_io_executor.hpp>
                <boost/asio/awaitable.hpp>
                <boost/asio/co_spawn.hpp>
                <boost/asio/io_context.hpp>
                <boost/asio/ip/tcp.hpp>
                <boost/asio/steady_timer.hpp>
                <boost/asio/use_awaitable.hpp>
                <boost/test/unit_test.hpp>
                <chrono>
                <functional>
                <string>
                <vector>
        )
    endif()
endfunction()

# venice_keys_tests(PROGRAM [TIMEOUT SECONDS] [LIBRARIES ...] FILES ...)
#
# One Boost.Test program out of several files. Each file is a suite named after its path below test/, with
# underscores for slashes (`unit/wire/pipeline.cpp`: suite `unit_wire_pipeline`), and a CTest test named with dots.
function(venice_keys_tests program)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "FILES;LIBRARIES")
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 120)
    endif()
    if(VENICE_KEYS_SANITIZE)
        math(EXPR arg_TIMEOUT "${arg_TIMEOUT} * 5") # not optimized, and watched
    endif()
    if(NOT TARGET venice_keys_test_base)
        venice_keys_test_base()
    endif()
    add_executable(${program} ${arg_FILES})
    target_link_libraries(${program} PRIVATE venice_keys_test_base ${arg_LIBRARIES})
    target_include_directories(${program} PRIVATE "${PROJECT_SOURCE_DIR}/lib" "${PROJECT_SOURCE_DIR}/test")
    if(VENICE_KEYS_TEST_PCH)
        target_precompile_headers(${program} REUSE_FROM venice_keys_test_base)
    endif()
    # Files that share a translation unit must not meet in their names: in each, the suite is opened right behind the
    # includes, and what helps its tests stands inside.
    set_target_properties(
        ${program} PROPERTIES UNITY_BUILD ${VENICE_KEYS_TEST_UNITY} UNITY_BUILD_BATCH_SIZE 8
    )
    foreach(file IN LISTS arg_FILES)
        cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
        cmake_path(RELATIVE_PATH file BASE_DIRECTORY "${PROJECT_SOURCE_DIR}/test" OUTPUT_VARIABLE name)
        cmake_path(REMOVE_EXTENSION name)
        string(REPLACE "/" "_" suite "${name}")
        string(REPLACE "/" "." test "${name}")
        add_test(NAME ${test} COMMAND ${program} --run_test=${suite} --report_level=short)
        set_tests_properties(${test} PROPERTIES TIMEOUT ${arg_TIMEOUT})
        if(VENICE_KEYS_SANITIZE)
            # The sanitizer's report of a crash says more than Boost.Test's.
            set_tests_properties(${test} PROPERTIES ENVIRONMENT BOOST_TEST_CATCH_SYSTEM_ERRORS=no)
        endif()
    endforeach()
endfunction()
