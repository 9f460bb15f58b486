# Installs the build BUILD, moves the result to TREE, and looks at it. With SOURCE it first makes BUILD from these
# sources, with shared libraries. Takes LIBDIR and DOCDIR as well, and what common.cmake takes.
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

file(REMOVE_RECURSE "${TREE}" "${TREE}.made" "${TREE}.without_emulator")
if(SOURCE)
    # Few large files: this is the cheapest way to compile all of it. Compilers warn of files that share a translation
    # unit what they would not say of each; that a type is seen further than its parts is what counts here.
    run("${CMAKE_COMMAND}" -S "${SOURCE}" -B "${BUILD}" ${settings} -DBUILD_SHARED_LIBS=ON -DVENICE_KEYS_TOOLS=OFF
        -DVENICE_KEYS_UNITY=ALL "-DCMAKE_CXX_FLAGS=-w -Werror=attributes"
        "-DCMAKE_INSTALL_LIBDIR=${LIBDIR}" "-DCMAKE_INSTALL_DOCDIR=${DOCDIR}"
    )
    run("${CMAKE_COMMAND}" --build "${BUILD}" --parallel 2)
endif()
run("${CMAKE_COMMAND}" --install "${BUILD}" --prefix "${TREE}.made")

# What is installed must not point back to where it was built, nor to where it was installed.
file(GLOB_RECURSE files "${TREE}.made/*.cmake" "${TREE}.made/*.pc")
cmake_path(GET BUILD PARENT_PATH build_folder)
foreach(file IN LISTS files)
    file(READ "${file}" text)
    string(FIND "${text}" "${build_folder}" found)
    if(NOT found EQUAL -1)
        message(FATAL_ERROR "${file} names ${build_folder}")
    endif()
endforeach()
file(RENAME "${TREE}.made" "${TREE}")

foreach(file IN ITEMS include/venice_keys/client.hpp include/venice_keys/detail/export.hpp "${DOCDIR}/LICENSE"
                      "${DOCDIR}/README.md" "${DOCDIR}/CHANGELOG.md" "${DOCDIR}/docs/guide/getting-started.md"
                      "${LIBDIR}/pkgconfig/venice_keys.pc" "${LIBDIR}/pkgconfig/venice_keys_emulator.pc"
)
    if(NOT EXISTS "${TREE}/${file}")
        message(FATAL_ERROR "There is no ${file} in ${TREE}")
    endif()
endforeach()

# The same as it is when the emulator was not built.
file(COPY "${TREE}/${LIBDIR}/cmake" DESTINATION "${TREE}.without_emulator/${LIBDIR}")
file(GLOB files "${TREE}.without_emulator/${LIBDIR}/cmake/venice_keys/*emulator*")
file(REMOVE ${files})
