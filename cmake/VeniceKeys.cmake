# What every target of the project is built with.

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
endif()

# venice_keys_tests(PROGRAM [LIBRARIES ...] FILES ...)
#
# One Boost.Test program out of several files. Each file is a suite named after its path below test/, with
# underscores for slashes (`unit/wire/pipeline.cpp`: suite `unit_wire_pipeline`), and a CTest test named with dots.
function(venice_keys_tests program)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "TIMEOUT" "FILES;LIBRARIES")
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 120)
    endif()
    add_executable(${program} "${PROJECT_SOURCE_DIR}/test/main.cpp" ${arg_FILES})
    target_link_libraries(
        ${program} PRIVATE venice_keys_build Boost::unit_test_framework ${arg_LIBRARIES}
    )
    target_compile_definitions(${program} PRIVATE BOOST_TEST_DYN_LINK)
    target_include_directories(${program} PRIVATE "${PROJECT_SOURCE_DIR}/lib" "${PROJECT_SOURCE_DIR}/test")
    foreach(file IN LISTS arg_FILES)
        cmake_path(ABSOLUTE_PATH file BASE_DIRECTORY "${CMAKE_CURRENT_SOURCE_DIR}" NORMALIZE)
        cmake_path(RELATIVE_PATH file BASE_DIRECTORY "${PROJECT_SOURCE_DIR}/test" OUTPUT_VARIABLE name)
        cmake_path(REMOVE_EXTENSION name)
        string(REPLACE "/" "_" suite "${name}")
        string(REPLACE "/" "." test "${name}")
        add_test(NAME ${test} COMMAND ${program} --run_test=${suite} --report_level=short)
        set_tests_properties(${test} PROPERTIES TIMEOUT ${arg_TIMEOUT})
    endforeach()
endfunction()
