# The Debian packages, made by CPack from the components that cmake --install has. `./dev package` configures a build with
# VENICE_KEYS_PACKAGES=ON for this, installs nothing, and checks what comes out.

# Debian wants an address at which somebody answers. Whoever publishes the packages sets their own; example.invalid is
# reserved, and nobody reads what is sent there.
set(VENICE_KEYS_PACKAGE_MAINTAINER "The venice-keys developers <venice-keys@example.invalid>" CACHE STRING
    "Who answers for the Debian packages: a name and an address"
)

if(NOT BUILD_SHARED_LIBS OR NOT CMAKE_INSTALL_PREFIX STREQUAL "/usr")
    message(FATAL_ERROR "Debian packages need BUILD_SHARED_LIBS=ON and CMAKE_INSTALL_PREFIX=/usr. ./dev package sets both.")
endif()
get_target_property(soversion venice_keys SOVERSION)

# Packages for one release of a distribution name it, and are older than those that the distribution may have one day.
file(STRINGS /etc/os-release os_release REGEX "^(ID|VERSION_ID)=")
string(REGEX MATCH "(^|;)ID=\"?([a-z]+)" found "${os_release}")
set(distribution "${CMAKE_MATCH_2}")
string(REGEX MATCH "(^|;)VERSION_ID=\"?([0-9.]+)" found "${os_release}")
string(APPEND distribution "${CMAKE_MATCH_2}")
set(release "1~${distribution}")
set(version "${PROJECT_VERSION}-${release}")

# The demonstration is not packed.
set_target_properties(venice-keys-demo venice_keys_demo_check PROPERTIES EXCLUDE_FROM_ALL ON)

# A program has to see the Boost that the library saw: the development package depends on that very one.
set(boost "libboost${Boost_VERSION_MAJOR}.${Boost_VERSION_MINOR}-dev")
execute_process(
    COMMAND dpkg-query --show "--showformat=\${db:Status-Status}" "${boost}" OUTPUT_VARIABLE status ERROR_QUIET
)
if(NOT status STREQUAL "installed")
    message(FATAL_ERROR "The Boost that CMake found is not the system's: ${boost} is not installed. A package can depend \
on the system's alone, so build with that."
    )
endif()

# The licence and the changelog that Debian's policy asks of each package.
file(READ "${PROJECT_SOURCE_DIR}/LICENSE" licence)
string(STRIP "${licence}" licence)
string(REGEX REPLACE "\n\n" "\n.\n" licence "${licence}")
string(REGEX REPLACE "\n" "\n " licence " ${licence}")
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC) # of SOURCE_DATE_EPOCH, if that is set
configure_file("${CMAKE_CURRENT_LIST_DIR}/copyright.in" "${CMAKE_CURRENT_BINARY_DIR}/debian/copyright" @ONLY)
configure_file("${CMAKE_CURRENT_LIST_DIR}/changelog.in" "${CMAKE_CURRENT_BINARY_DIR}/debian/changelog.Debian" @ONLY)

# describe(COMPONENT NAME SECTION DEPENDS DESCRIPTION): the package of a component. What it needs beyond DEPENDS
# dpkg-shlibdeps finds out.
macro(describe component name section depends description)
    string(TOUPPER "${component}" upper)
    list(APPEND CPACK_COMPONENTS_ALL "${component}")
    set(CPACK_DEBIAN_${upper}_PACKAGE_NAME "${name}")
    set(CPACK_DEBIAN_${upper}_PACKAGE_SECTION "${section}")
    set(CPACK_DEBIAN_${upper}_PACKAGE_DEPENDS "${depends}")
    set(CPACK_DEBIAN_${upper}_DESCRIPTION "${description}")
    install(
        FILES "${CMAKE_CURRENT_BINARY_DIR}/debian/copyright" "${CMAKE_CURRENT_BINARY_DIR}/debian/changelog.Debian"
        DESTINATION "${CMAKE_INSTALL_DATAROOTDIR}/doc/${name}"
        COMPONENT ${component}
    )
endmacro()

set(about "venice-keys is a C++20 library that manages the API keys of Venice.ai
accounts from an asynchronous server. It is built on Boost.Asio and speaks
HTTP/1.1 and HTTP/2. A lost or refused request is sent again where that has
the same effect, requests keep within the rate limits that the service
states, and every failure says how far the call got."
)
set(library "libvenice-keys${soversion}")
set(emulator "libvenice-keys-emulator${soversion}")
describe(
    runtime ${library} libs ""
    "client library for the API keys of Venice.ai accounts
${about}
.
This package contains the shared library."
)
# The emulator is for tests: a server that runs the library alone need not have it.
describe(
    emulator ${emulator} libs "${library} (= ${version})"
    "emulator of Venice.ai's API-keys resource as a library
The emulator is an HTTPS server with the API-keys resource of Venice.ai,
inside the process of a test. It speaks HTTP/1.1 and HTTP/2, enforces the
limits of the service, and fails in the ways that the test tells it to.
.
This package contains the shared library."
)
describe(
    development libvenice-keys-dev libdevel
    "${library} (= ${version}), ${emulator} (= ${version}), ${boost}"
    "client library for the API keys of Venice.ai accounts (development)
${about}
.
This package contains what programs are built with: the headers of the library
and of the emulator, a CMake package and pkg-config files."
)
set(CPACK_DEBIAN_DEVELOPMENT_PACKAGE_SUGGESTS "libvenice-keys-doc, venice-keys-tools, cmake | pkg-config")
describe(
    tools venice-keys-tools devel "${library} (= ${version}), ${emulator} (= ${version})"
    "emulator of Venice.ai's API-keys resource as a program
venice-keys-emulator is an HTTPS server with the API-keys resource of
Venice.ai, for tests of programs that use this resource. It speaks HTTP/1.1
and HTTP/2, enforces the limits of the service, and fails in the ways that its
arguments tell it to. Nothing that it does reaches Venice."
)
describe(
    documentation libvenice-keys-doc doc ""
    "client library for the API keys of Venice.ai accounts (documentation)
${about}
.
This package contains the guide, and what is new in this version."
)
set(CPACK_DEBIAN_DOCUMENTATION_PACKAGE_ARCHITECTURE all)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME venice-keys)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "") # or else it is put before each description
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE "${release}")
set(CPACK_DEBIAN_PACKAGE_MAINTAINER "${VENICE_KEYS_PACKAGE_MAINTAINER}")
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS
    "${CMAKE_CURRENT_BINARY_DIR}/lib" "${CMAKE_CURRENT_BINARY_DIR}/lib/emulator"
)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS_POLICY ">=")
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE
)
file(WRITE "${CMAKE_CURRENT_BINARY_DIR}/debian/triggers" "activate-noawait ldconfig\n")
set(CPACK_DEBIAN_RUNTIME_PACKAGE_CONTROL_EXTRA "${CMAKE_CURRENT_BINARY_DIR}/debian/triggers")
set(CPACK_DEBIAN_EMULATOR_PACKAGE_CONTROL_EXTRA "${CMAKE_CURRENT_BINARY_DIR}/debian/triggers")
set(CPACK_PRE_BUILD_SCRIPTS "${CMAKE_CURRENT_LIST_DIR}/before_packing.cmake")
set(CPACK_POST_BUILD_SCRIPTS "${CMAKE_CURRENT_LIST_DIR}/after_packing.cmake")
include(CPack)
