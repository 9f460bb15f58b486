# cmake --install: the libraries, the public headers, the programs, and what find_package(venice_keys) needs.

include(CMakePackageConfigHelpers)
include(GNUInstallDirs)

set(libraries venice_keys)
if(TARGET venice_keys_emulator)
    set_target_properties(venice_keys_emulator PROPERTIES EXPORT_NAME emulator)
    list(APPEND libraries venice_keys_emulator)
endif()
install(TARGETS ${libraries} EXPORT venice_keys_targets ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/" DESTINATION include FILES_MATCHING PATTERN "*.hpp")
foreach(program IN ITEMS venice-keys venice-keys-emulator)
    if(TARGET ${program})
        install(TARGETS ${program} RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
    endif()
endforeach()

set(package_folder "${CMAKE_INSTALL_LIBDIR}/cmake/venice_keys")
configure_package_config_file(
    "${CMAKE_CURRENT_LIST_DIR}/venice_keys-config.cmake.in" "${PROJECT_BINARY_DIR}/venice_keys-config.cmake"
    INSTALL_DESTINATION "${package_folder}"
)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/venice_keys-config-version.cmake" COMPATIBILITY SameMinorVersion)
install(
    FILES "${PROJECT_BINARY_DIR}/venice_keys-config.cmake" "${PROJECT_BINARY_DIR}/venice_keys-config-version.cmake"
          "${PROJECT_SOURCE_DIR}/cmake/Findnghttp2.cmake"
    DESTINATION "${package_folder}"
)
install(EXPORT venice_keys_targets NAMESPACE venice_keys:: DESTINATION "${package_folder}")
