# For the scripts of the tests here.

# run(COMMAND...): fails when the command does.
function(run)
    execute_process(COMMAND ${ARGV} RESULT_VARIABLE failed)
    if(failed)
        list(JOIN ARGV " " command)
        message(FATAL_ERROR "Failed: ${command}")
    endif()
endfunction()

# output_of(VARIABLE COMMAND...): the same, and sets the variable to what the command says.
function(output_of variable)
    execute_process(COMMAND ${ARGN} RESULT_VARIABLE failed OUTPUT_VARIABLE said OUTPUT_STRIP_TRAILING_WHITESPACE)
    if(failed)
        list(JOIN ARGN " " command)
        message(FATAL_ERROR "Failed: ${command}")
    endif()
    set(${variable} "${said}" PARENT_SCOPE)
endfunction()

# symbols_in(VARIABLE FILE): what a shared library shows, one list item for each, as in `T venice_keys::name_of(...)`.
function(symbols_in variable file)
    output_of(text "${NM}" -DC --defined-only "${file}")
    string(REGEX REPLACE "(^|\n)[0-9a-f]+ " "\\1" text "${text}")
    string(REGEX REPLACE "[][;]" ":" text "${text}") # they mean something to CMake's lists
    string(REPLACE "\n" ";" lines "${text}")
    set(${variable} "${lines}" PARENT_SCOPE)
endfunction()

# What others build with is not optimized: it is to be built, not to be fast.
set(settings -G "${GENERATOR}" "-DCMAKE_CXX_COMPILER=${COMPILER}" -DCMAKE_BUILD_TYPE=Debug -DCMAKE_CXX_FLAGS_DEBUG=-O0)

# configure(ARGUMENTS...): runs CMake with these arguments, and fails if it warns: whoever uses the library could do
# nothing about that.
function(configure)
    execute_process(
        COMMAND "${CMAKE_COMMAND}" ${settings} ${ARGV}
        RESULT_VARIABLE failed
        OUTPUT_VARIABLE said
        ERROR_VARIABLE said
    )
    if(failed OR said MATCHES "CMake [A-Za-z ]*Warning")
        list(JOIN ARGV " " arguments)
        message("${said}")
        message(FATAL_ERROR "CMake fails or warns, as said above, with ${arguments}")
    endif()
endfunction()
