# Configures PROJECT, somebody else's, in WORK: with the policies of the oldest CMake that the library takes, and with those
# of the CMake that is here. It must not warn. It builds nothing. BOOST_ROOT is what users set who have a Boost of their
# own; under some policies CMake ignores it and warns. Takes what is needed for any of the projects here: TREE, STATIC,
# SOURCE, BUILT_LIBRARY and BUILT_EMULATOR; and LIBDIR, and what common.cmake takes.
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

set(ENV{BOOST_ROOT} /usr)
foreach(up_to IN ITEMS "" "...${CMAKE_VERSION}")
    file(REMOVE_RECURSE "${WORK}")
    configure(-S "${PROJECT}" -B "${WORK}" "-DUP_TO=${up_to}" "-DCMAKE_PREFIX_PATH=${TREE}"
        "-DWITHOUT_EMULATOR=${TREE}.without_emulator/${LIBDIR}/cmake/venice_keys" "-DSTATIC=${STATIC}"
        "-DVENICE_KEYS=${SOURCE}" "-DFETCHCONTENT_SOURCE_DIR_VENICE_KEYS=${SOURCE}" -DVENICE_KEYS_REPOSITORY=unused
        -DVENICE_KEYS_TAG=unused "-DBUILT_LIBRARY=${BUILT_LIBRARY}" "-DBUILT_EMULATOR=${BUILT_EMULATOR}"
        --no-warn-unused-cli
    )
endforeach()
