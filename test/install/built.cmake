# The targets of the subfolder with one source file each, which shows that their settings compile it. The other
# objects come from the build under test: compiling the same files once more would show nothing new. What these need
# to be linked is what the targets here say.
foreach(policy IN ITEMS CMP0167 CMP0144) # as the subfolder does
    if(POLICY ${policy})
        cmake_policy(SET ${policy} NEW)
    endif()
endforeach()
find_package(Boost REQUIRED COMPONENTS json url) # those that the subfolder found are known in it alone
find_package(OpenSSL REQUIRED)
find_package(Threads REQUIRED)
list(APPEND CMAKE_MODULE_PATH "${CMAKE_CURRENT_LIST_DIR}/../../cmake")
find_package(nghttp2 MODULE REQUIRED)

function(stand_in built target file one_source)
    get_target_property(sources ${target} SOURCES)
    get_target_property(folder ${target} SOURCE_DIR)
    list(FILTER sources INCLUDE REGEX "(^|/)${one_source}$")
    if(NOT sources)
        message(FATAL_ERROR "${target} has no ${one_source} among its sources")
    endif()
    list(TRANSFORM sources PREPEND "${folder}/" REGEX "^[^/]")
    set_property(TARGET ${target} PROPERTY SOURCES "${sources}")

    get_target_property(links ${target} INTERFACE_LINK_LIBRARIES)
    add_library(${built} STATIC IMPORTED)
    set_target_properties(${built} PROPERTIES IMPORTED_LOCATION "${file}" INTERFACE_LINK_LIBRARIES "${links}")
endfunction()

stand_in(built_library venice_keys "${BUILT_LIBRARY}" decode_update.cpp)
if(TARGET venice_keys_emulator)
    stand_in(built_emulator venice_keys_emulator "${BUILT_EMULATOR}" json_text.cpp)
    target_link_libraries(built_emulator INTERFACE built_library)
endif()
