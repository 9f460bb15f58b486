# Makes what CPack is about to pack what Debian's policy asks for: manuals and changelogs are compressed, without a name
# or a time, so that the same sources give the same packages. The changelog has the name that it has in all packages, and
# the licence is in the file copyright alone.
file(GLOB_RECURSE files "${CPACK_TEMPORARY_INSTALL_DIRECTORY}/*")
foreach(file IN LISTS files)
    if(file MATCHES "/share/doc/[^/]+/LICENSE$")
        file(REMOVE "${file}")
        continue()
    elseif(file MATCHES "/share/doc/[^/]+/CHANGELOG.md$")
        string(REPLACE "CHANGELOG.md" "changelog" changelog "${file}")
        file(RENAME "${file}" "${changelog}")
        set(file "${changelog}")
    elseif(NOT file MATCHES "/share/man/man[1-8]/[^/]+[.][1-8]$" AND NOT file MATCHES "/changelog.Debian$")
        continue()
    endif()
    execute_process(COMMAND gzip -9 --no-name "${file}" COMMAND_ERROR_IS_FATAL ANY)
endforeach()
