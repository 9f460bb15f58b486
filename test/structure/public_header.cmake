# Compiles HEADER alone and looks at every file that came with it.
# Takes COMPILER, STANDARD (an option), DIRECTORY (where the header is), INCLUDES (a list), HEADER, WORK (a folder)
# and WERROR (whether warnings are errors).

file(MAKE_DIRECTORY "${WORK}")
file(WRITE "${WORK}/alone.cpp" "#include <${HEADER}>\n#include <${HEADER}>\n")
set(includes "")
foreach(include IN LISTS INCLUDES)
    list(APPEND includes -isystem "${include}")
endforeach()

set(warnings -Wall -Wextra -Wconversion -Wshadow -Wpedantic)
if(WERROR)
    list(APPEND warnings -Werror)
endif()

execute_process(
    COMMAND
        "${COMPILER}" "${STANDARD}" ${warnings} -fsyntax-only
        -I "${DIRECTORY}" ${includes} -MD -MF "${WORK}/alone.d" "${WORK}/alone.cpp"
    RESULT_VARIABLE failed
)
if(failed)
    message(FATAL_ERROR "${HEADER} does not compile alone")
endif()

file(READ "${WORK}/alone.d" files)
foreach(library IN ITEMS boost/beast/ boost/asio/ssl boost/json openssl/)
    string(REGEX MATCH "[^ \n]*/${library}[^ \n]*" found "${files}")
    if(found)
        message(NOTICE "${found}")
        message(FATAL_ERROR "${HEADER} brings ${library}")
    endif()
endforeach()
