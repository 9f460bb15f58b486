# What the programs in OBJECTS, a list joined by colons, need of the two shared libraries in LIBRARIES: all of it must be
# there. A public function that lacks VENICE_KEYS_API is found here, if a test or an example calls it. Takes NM.
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

# symbols(VARIABLE FILES OPTIONS...): the names in these files that are of namespace venice_keys.
function(symbols variable files)
    output_of(lines "${NM}" ${ARGN} ${files})
    string(REGEX MATCHALL "_Z(T[VISv][0-9]*)?NK?[RO]?11venice_keys[A-Za-z0-9_]*" names "${lines}")
    list(REMOVE_DUPLICATES names)
    set(${variable} "${names}" PARENT_SCOPE)
endfunction()

string(REPLACE ":" ";" objects "${OBJECTS}")
string(REPLACE ":" ";" libraries "${LIBRARIES}")
symbols(needed "${objects}" --undefined-only)
symbols(own "${objects}" --defined-only)
symbols(shown "${libraries}" --dynamic --defined-only)
list(LENGTH needed count)
if(count LESS 50)
    message(FATAL_ERROR "These programs need only ${count} functions: ${needed}")
endif()
list(REMOVE_ITEM needed ${shown} ${own})
if(needed)
    list(JOIN needed "\n" needed)
    message(FATAL_ERROR "Shared libraries lack what programs need, because it is without VENICE_KEYS_API:\n${needed}")
endif()
