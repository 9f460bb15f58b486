# As an overlay port this builds the tree that it lies in. In a registry it has to fetch a release instead:
# packaging/README.md says what takes the place of the next line.
get_filename_component(SOURCE_PATH "${CMAKE_CURRENT_LIST_DIR}/../../../.." REALPATH)

vcpkg_check_features(
    OUT_FEATURE_OPTIONS feature_options
    FEATURES
        emulator VENICE_KEYS_EMULATOR
        tools VENICE_KEYS_TOOLS
)
vcpkg_cmake_configure(
    SOURCE_PATH "${SOURCE_PATH}"
    OPTIONS
        -DVENICE_KEYS_BENCH=OFF
        -DVENICE_KEYS_INSTALL=ON
        -DVENICE_KEYS_TESTS=OFF
        ${feature_options}
)
vcpkg_cmake_install()
vcpkg_cmake_config_fixup(PACKAGE_NAME venice_keys CONFIG_PATH lib/cmake/venice_keys)
vcpkg_fixup_pkgconfig()
if("tools" IN_LIST FEATURES)
    vcpkg_copy_tools(TOOL_NAMES venice-keys-emulator AUTO_CLEAN)
endif()

# One copy serves both configurations, and the guide is not part of a port.
file(
    REMOVE_RECURSE
    "${CURRENT_PACKAGES_DIR}/debug/include"
    "${CURRENT_PACKAGES_DIR}/debug/share"
    "${CURRENT_PACKAGES_DIR}/share/doc"
    "${CURRENT_PACKAGES_DIR}/share/man"
)
file(INSTALL "${CMAKE_CURRENT_LIST_DIR}/usage" DESTINATION "${CURRENT_PACKAGES_DIR}/share/${PORT}")
vcpkg_install_copyright(FILE_LIST "${SOURCE_PATH}/LICENSE")
