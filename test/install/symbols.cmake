# Looks at what the shared LIBRARY shows to programs. Takes NM, READELF, and SONAME, the name that it must have.
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

output_of(dynamic "${READELF}" -d "${LIBRARY}")
if(NOT dynamic MATCHES "SONAME[^\n]*\\[([^]]*)\\]" OR NOT CMAKE_MATCH_1 STREQUAL SONAME)
    message(FATAL_ERROR "The SONAME of ${LIBRARY} is \"${CMAKE_MATCH_1}\" and should be \"${SONAME}\"")
endif()

# Of `detail`, what the public headers call.
set(of_detail "(send|confirm|start)_[a-z_0-9]+|(de)?allocate_handler|throw_request_failed|is_single_threaded"
              "|time_limit_of|(set|clear)_expiration|venice_keys_must_be_built_with_the_same_[A-Za-z_]+<[^>]*>"
)
list(JOIN of_detail "" of_detail)
symbols_in(symbols "${LIBRARY}")
set(bad "")
set(public 0)
foreach(symbol IN LISTS symbols)
    # Weak ones are what compilers make of headers, and of classes that are shown as a whole. Asio wants its own to be
    # one for the program and the library, and so does the standard library: decision 41. The others' must stay inside.
    if(symbol MATCHES "^[WVu] ")
        if(symbol MATCHES "boost::(beast|json|urls|intrusive)|nghttp2")
            list(APPEND bad "${symbol}")
        elseif(symbol MATCHES "^. (vtable for |typeinfo for |typeinfo name for |void )?venice_keys::"
               AND NOT symbol MATCHES "venice_keys::(request_failed|observer|stream_observer|detail::bulk_source)"
               AND NOT symbol MATCHES "must_be_built_with_the_same|service_registry"
        )
            list(APPEND bad "${symbol}")
        endif()
    elseif(symbol MATCHES "^. (vtable for |typeinfo for |typeinfo name for )?(std::[a-z_:<>]* )?(void )?venice_keys::")
        math(EXPR public "${public} + 1")
        if(symbol MATCHES "venice_keys::detail::" AND NOT symbol MATCHES "^. (void )?venice_keys::detail::(${of_detail})[(]"
           AND NOT symbol MATCHES "same_build"
        )
            list(APPEND bad "${symbol}")
        endif()
    else()
        list(APPEND bad "${symbol}")
    endif()
endforeach()
if(bad)
    list(JOIN bad "\n" bad)
    message(FATAL_ERROR "${LIBRARY} shows what is none of a program's business:\n${bad}")
endif()
if(public LESS 15)
    message(FATAL_ERROR "${LIBRARY} shows only ${public} functions of venice_keys")
endif()
