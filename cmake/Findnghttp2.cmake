# Finds libnghttp2 by its header and its library, and makes the target nghttp2::nghttp2. Debian's package brings no CMake
# package of its own. Installed beside venice_keys-config.cmake, for the static libraries leave it to their user to link.

find_path(nghttp2_INCLUDE_DIR nghttp2/nghttp2.h)
find_library(nghttp2_LIBRARY nghttp2)
mark_as_advanced(nghttp2_INCLUDE_DIR nghttp2_LIBRARY)
if(nghttp2_INCLUDE_DIR)
    file(STRINGS "${nghttp2_INCLUDE_DIR}/nghttp2/nghttp2ver.h" nghttp2_VERSION REGEX "define NGHTTP2_VERSION ")
    string(REGEX REPLACE ".*\"([0-9.]+).*" "\\1" nghttp2_VERSION "${nghttp2_VERSION}")
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(
    nghttp2
    REQUIRED_VARS nghttp2_LIBRARY nghttp2_INCLUDE_DIR
    VERSION_VAR nghttp2_VERSION
)

if(nghttp2_FOUND AND NOT TARGET nghttp2::nghttp2)
    add_library(nghttp2::nghttp2 UNKNOWN IMPORTED)
    set_target_properties(
        nghttp2::nghttp2 PROPERTIES IMPORTED_LOCATION "${nghttp2_LIBRARY}"
                                    INTERFACE_INCLUDE_DIRECTORIES "${nghttp2_INCLUDE_DIR}"
    )
endif()
