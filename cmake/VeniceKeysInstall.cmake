# cmake --install, in five components: `runtime` and `emulator` have the two shared libraries, `development` what others
# build with (headers, static libraries, the CMake package, the pkg-config files), `tools` the programs and their manual,
# `documentation` the pages and the licence.

include(CMakePackageConfigHelpers)
include(GNUInstallDirs)
include(VeniceKeysPkgConfig)

set(package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/venice_keys")

# Each library has its own file of targets, so that the emulator is there for those who ask for it.
function(venice_keys_install_library target component)
    if(NOT DEFINED CMAKE_INSTALL_RPATH)
        set_target_properties(${target} PROPERTIES INSTALL_RPATH "$ORIGIN")
    endif()
    install(
        TARGETS ${target}
        EXPORT ${target}_targets
        LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT ${component} NAMELINK_COMPONENT development
        ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT development
    )
    install(
        EXPORT ${target}_targets
        NAMESPACE venice_keys::
        DESTINATION "${package_folder}"
        COMPONENT development
    )
    venice_keys_install_pkg_config(${target})
endfunction()

venice_keys_install_library(venice_keys runtime)
set(headers_to_leave_out "")
if(TARGET venice_keys_emulator)
    venice_keys_install_library(venice_keys_emulator emulator)
else()
    set(headers_to_leave_out PATTERN "emulator*.hpp" EXCLUDE)
endif()
install(
    DIRECTORY "${PROJECT_SOURCE_DIR}/include/"
    DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
    COMPONENT development
    FILES_MATCHING
    PATTERN "*.hpp" ${headers_to_leave_out}
)

# What find_package(venice_keys) reads.
get_target_property(type venice_keys TYPE)
configure_package_config_file(
    "${CMAKE_CURRENT_LIST_DIR}/venice_keys-config.cmake.in" "${PROJECT_BINARY_DIR}/venice_keys-config.cmake"
    INSTALL_DESTINATION "${package_folder}"
)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/venice_keys-config-version.cmake" COMPATIBILITY SameMinorVersion)
set(package_files "${PROJECT_BINARY_DIR}/venice_keys-config.cmake" "${PROJECT_BINARY_DIR}/venice_keys-config-version.cmake")
if(type STREQUAL "STATIC_LIBRARY")
    list(APPEND package_files "${PROJECT_SOURCE_DIR}/cmake/Findnghttp2.cmake")
endif()
install(FILES ${package_files} DESTINATION "${package_folder}" COMPONENT development)

if(TARGET venice-keys-emulator)
    if(NOT DEFINED CMAKE_INSTALL_RPATH)
        file(RELATIVE_PATH libraries "${CMAKE_INSTALL_FULL_BINDIR}" "${CMAKE_INSTALL_FULL_LIBDIR}")
        set_target_properties(venice-keys-emulator PROPERTIES INSTALL_RPATH "$ORIGIN/${libraries}")
    endif()
    install(TARGETS venice-keys-emulator RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}" COMPONENT tools)
    install(
        FILES "${PROJECT_SOURCE_DIR}/packaging/debian/venice-keys-emulator.1"
        DESTINATION "${CMAKE_INSTALL_MANDIR}/man1"
        COMPONENT tools
    )
endif()

# The pages stay where their links lead.
install(
    FILES "${PROJECT_SOURCE_DIR}/LICENSE" "${PROJECT_SOURCE_DIR}/README.md" "${PROJECT_SOURCE_DIR}/CHANGELOG.md"
          "${PROJECT_SOURCE_DIR}/CONTRIBUTING.md"
    DESTINATION "${CMAKE_INSTALL_DOCDIR}"
    COMPONENT documentation
)
install(
    DIRECTORY "${PROJECT_SOURCE_DIR}/docs"
    DESTINATION "${CMAKE_INSTALL_DOCDIR}"
    COMPONENT documentation
    PATTERN "docs/site" EXCLUDE # what the site is made of
)
