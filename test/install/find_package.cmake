# Finds the package in TREE, builds a program and a plugin with it in WORK, and runs both. Takes STATIC (whether the
# libraries in TREE are), LIBDIR, and what common.cmake takes.
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

file(REMOVE_RECURSE "${WORK}")
run("${CMAKE_COMMAND}" -S "${CMAKE_CURRENT_LIST_DIR}/find_package" -B "${WORK}" ${settings}
    "-DCMAKE_PREFIX_PATH=${TREE}" "-DWITHOUT_EMULATOR=${TREE}.without_emulator/${LIBDIR}/cmake/venice_keys"
    "-DSTATIC=${STATIC}"
)
run("${CMAKE_COMMAND}" --build "${WORK}" --parallel 2)
run("${WORK}/program")
run("${WORK}/host" "${WORK}/libplugin.so")

# What is linked into a plugin stays inside it, but for what Asio shares within a process: decision 41.
if(STATIC)
    symbols_in(shown "${WORK}/libplugin.so")
    set(found ${shown})
    list(FILTER found INCLUDE REGEX "^. (vtable for |typeinfo for |typeinfo name for |void )?(venice_keys::|nghttp2|SSL_)")
    list(FILTER found EXCLUDE REGEX "service_registry")
    if(found)
        message(FATAL_ERROR "The plugin shows others what it is made of: ${found}")
    endif()
    if(NOT shown MATCHES "T update_one_key")
        message(FATAL_ERROR "The plugin does not show its own function.")
    endif()
endif()
