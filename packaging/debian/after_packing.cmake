# CPack gives a package with a shared library scripts that call ldconfig. Debian has a trigger for that, which the
# packages have, and lintian refuses the scripts: this packs such a package once more, without them.
foreach(package IN LISTS CPACK_PACKAGE_FILES)
    execute_process(
        COMMAND dpkg-deb --info "${package}" postinst
        RESULT_VARIABLE without
        OUTPUT_VARIABLE script
        ERROR_QUIET
    )
    if(without OR NOT script MATCHES "ldconfig")
        continue()
    endif()
    set(folder "${CPACK_TEMPORARY_DIRECTORY}/packed_again")
    file(REMOVE_RECURSE "${folder}")
    execute_process(COMMAND dpkg-deb --raw-extract "${package}" "${folder}" COMMAND_ERROR_IS_FATAL ANY)
    file(REMOVE "${folder}/DEBIAN/postinst" "${folder}/DEBIAN/postrm")
    execute_process(
        COMMAND dpkg-deb -Zxz --root-owner-group --build "${folder}" "${package}" OUTPUT_QUIET
        COMMAND_ERROR_IS_FATAL ANY
    )
endforeach()
