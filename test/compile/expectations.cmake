# Compiles SOURCE and compares what the compiler says with the comments there: a line that ends in `// warns` must draw a
# warning (`// warns, with clang`: from clang), and so must no other; for each `// refused: TEXT` there must be an error
# with that text, and no other error. Takes COMPILER, COMPILER_ID, SOURCE and FLAGS (a list).

execute_process(
    COMMAND "${COMPILER}" ${FLAGS} -fsyntax-only "${SOURCE}"
    OUTPUT_VARIABLE said
    ERROR_VARIABLE said
)
cmake_path(GET SOURCE FILENAME name)
# Each line is a member of the list only without these characters.
file(READ "${SOURCE}" text)
string(REGEX REPLACE "[];[]" "" text "${text}")
string(REPLACE "\n" ";" lines "${text}")
set(number 0)
set(refusals 0)
set(problems "")
foreach(line IN LISTS lines)
    math(EXPR number "${number} + 1")
    if(line MATCHES "// refused: (.*)$")
        math(EXPR refusals "${refusals} + 1")
        string(FIND "${said}" "${CMAKE_MATCH_1}" found)
        if(found EQUAL -1)
            string(APPEND problems "\n${name}:${number}: should be refused with \"${CMAKE_MATCH_1}\"")
        endif()
    endif()
    string(REGEX MATCH "${name}:${number}:[0-9]+: warning" warned "${said}")
    set(should_warn FALSE)
    if(line MATCHES "// warns$" OR (line MATCHES "// warns, with clang$" AND COMPILER_ID MATCHES "Clang"))
        set(should_warn TRUE)
    endif()
    if(should_warn AND NOT warned)
        string(APPEND problems "\n${name}:${number}: should draw a warning")
    elseif(warned AND NOT should_warn)
        string(APPEND problems "\n${name}:${number}: should draw no warning")
    endif()
endforeach()
string(REGEX MATCHALL ": error: " errors "${said}")
list(LENGTH errors count)
if(NOT count EQUAL refusals)
    string(APPEND problems "\n${name}: ${count} errors, and ${refusals} are expected")
endif()
if(problems)
    message(FATAL_ERROR "${problems}\nThe compiler said:\n${said}")
endif()
