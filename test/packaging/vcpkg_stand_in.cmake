# Runs a portfile as vcpkg would, except that the functions here take the place of vcpkg's, which is not in Debian. They
# check what they are given, and install from a build that is there. Takes PORTFILE, BUILT (a build folder), PACKAGE
# (what the port installs into), WANTED (the features, with commas), and writes what the port configures with to OPTIONS.

cmake_minimum_required(VERSION 3.25)

function(must_be_there path)
    if(NOT EXISTS "${path}")
        message(FATAL_ERROR "The portfile names ${path}, which does not exist.")
    endif()
endfunction()

function(vcpkg_check_features)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "OUT_FEATURE_OPTIONS" "FEATURES")
    set(options "")
    while(arg_FEATURES)
        list(POP_FRONT arg_FEATURES feature variable)
        if(feature IN_LIST FEATURES)
            list(APPEND options "-D${variable}=ON")
        else()
            list(APPEND options "-D${variable}=OFF")
        endif()
    endwhile()
    set(${arg_OUT_FEATURE_OPTIONS} "${options}" PARENT_SCOPE)
endfunction()

function(vcpkg_cmake_configure)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "SOURCE_PATH" "OPTIONS")
    must_be_there("${arg_SOURCE_PATH}/CMakeLists.txt")
    list(JOIN arg_OPTIONS "\n" options)
    file(WRITE "${OPTIONS}" "${options}\n")
endfunction()

function(vcpkg_cmake_install)
    foreach(prefix IN ITEMS "${PACKAGE}" "${PACKAGE}/debug")
        execute_process(
            COMMAND "${CMAKE_COMMAND}" --install "${BUILT}" --prefix "${prefix}" OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY
        )
    endforeach()
endfunction()

function(vcpkg_cmake_config_fixup)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "PACKAGE_NAME;CONFIG_PATH" "")
    must_be_there("${PACKAGE}/${arg_CONFIG_PATH}/${arg_PACKAGE_NAME}-config.cmake")
    must_be_there("${PACKAGE}/debug/${arg_CONFIG_PATH}/${arg_PACKAGE_NAME}-config.cmake")
    file(MAKE_DIRECTORY "${PACKAGE}/share")
    file(RENAME "${PACKAGE}/${arg_CONFIG_PATH}" "${PACKAGE}/share/${arg_PACKAGE_NAME}")
    file(REMOVE_RECURSE "${PACKAGE}/debug/${arg_CONFIG_PATH}" "${PACKAGE}/lib/cmake" "${PACKAGE}/debug/lib/cmake")
endfunction()

function(vcpkg_fixup_pkgconfig)
    must_be_there("${PACKAGE}/lib/pkgconfig/venice_keys.pc")
endfunction()

function(vcpkg_copy_tools)
    cmake_parse_arguments(PARSE_ARGV 0 arg "AUTO_CLEAN" "" "TOOL_NAMES")
    foreach(tool IN LISTS arg_TOOL_NAMES)
        must_be_there("${PACKAGE}/bin/${tool}")
        file(COPY "${PACKAGE}/bin/${tool}" DESTINATION "${PACKAGE}/tools/${PORT}")
    endforeach()
    if(arg_AUTO_CLEAN)
        file(REMOVE_RECURSE "${PACKAGE}/bin" "${PACKAGE}/debug/bin")
    endif()
endfunction()

function(vcpkg_install_copyright)
    cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "FILE_LIST")
    must_be_there("${arg_FILE_LIST}")
    configure_file("${arg_FILE_LIST}" "${PACKAGE}/share/${PORT}/copyright" COPYONLY)
endfunction()

file(REMOVE_RECURSE "${PACKAGE}")
set(PORT venice-keys)
set(CURRENT_PACKAGES_DIR "${PACKAGE}")
string(REPLACE "," ";" FEATURES "${WANTED}")
include("${PORTFILE}")
