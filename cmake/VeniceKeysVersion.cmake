# Sets venice_keys_version to what <venice_keys/version.hpp> says. A change there makes CMake run again.

set(version_header "${CMAKE_CURRENT_LIST_DIR}/../include/venice_keys/version.hpp")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${version_header}")
set(venice_keys_version "")
foreach(part IN ITEMS MAJOR MINOR PATCH)
    file(STRINGS "${version_header}" line REGEX "^#define VENICE_KEYS_VERSION_${part} [0-9]+$")
    if(NOT line MATCHES " ([0-9]+)$")
        message(FATAL_ERROR "${version_header} has no line \"#define VENICE_KEYS_VERSION_${part} NUMBER\".")
    endif()
    list(APPEND venice_keys_version "${CMAKE_MATCH_1}")
endforeach()
list(JOIN venice_keys_version "." venice_keys_version)
