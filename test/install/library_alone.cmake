# Configures the library alone in WORK, as docs/guide/building.md says, where there is nothing that only the programs and
# the tests need. It builds nothing. Takes SOURCE and what common.cmake takes.
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

file(REMOVE_RECURSE "${WORK}")
set(hidden "")
foreach(package IN ITEMS CLI11 fmt benchmark boost_unit_test_framework CURL)
    list(APPEND hidden "-DCMAKE_DISABLE_FIND_PACKAGE_${package}=ON")
endforeach()
set(alone -DVENICE_KEYS_EMULATOR=OFF -DVENICE_KEYS_TOOLS=OFF -DVENICE_KEYS_TESTS=OFF)
configure(-S "${SOURCE}" -B "${WORK}" ${alone} ${hidden} -DCMAKE_EXPORT_COMPILE_COMMANDS=ON
    --no-warn-unused-cli
)

file(READ "${WORK}/compile_commands.json" commands)
string(REGEX MATCHALL "\"file\": \"[^\"]*\"" files "${commands}")
list(FILTER files EXCLUDE REGEX "/lib/[a-z]*/[a-z_0-9]*[.]cpp\"$")
string(FIND "${commands}" "/lib/emulator/" emulator)
if(files OR NOT emulator EQUAL -1)
    message(FATAL_ERROR "More than the library would be compiled: ${files}")
endif()

# What does not fit together says so.
foreach(
    mistake IN
    ITEMS "BUILD_SHARED_LIBS=ON;VENICE_KEYS_TESTS=ON;and BUILD_SHARED_LIBS are both ON"
          "VENICE_KEYS_TOOLS=ON;VENICE_KEYS_EMULATOR=OFF;need the emulator"
)
    list(GET mistake 0 1 settings_of_mistake)
    list(GET mistake 2 text)
    list(TRANSFORM settings_of_mistake PREPEND "-D")
    execute_process(
        COMMAND "${CMAKE_COMMAND}" -S "${SOURCE}" -B "${WORK}" ${alone} ${settings_of_mistake}
        RESULT_VARIABLE failed
        ERROR_VARIABLE said
        OUTPUT_QUIET
    )
    string(REGEX REPLACE "[ \n]+" " " said "${said}")
    if(NOT failed OR NOT said MATCHES "${text}")
        message(FATAL_ERROR "${settings_of_mistake} was not refused: ${said}")
    endif()
endforeach()
