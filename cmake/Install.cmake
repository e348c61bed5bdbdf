# bin/f4e-build finds share/f4e-build relative to itself.
install(TARGETS f4e-build RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY shim/ DESTINATION ${CMAKE_INSTALL_DATADIR}/f4e-build/shim
        FILES_MATCHING PATTERN "*.c" PATTERN "*.h" PATTERN "SOURCES*"
        PATTERN "alsa.map")
install(FILES ${PROJECT_BINARY_DIR}/share/f4e-build/shim/page/page_data.c
        DESTINATION ${CMAKE_INSTALL_DATADIR}/f4e-build/shim/page)
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR}
        FILES_MATCHING PATTERN "*.md" PATTERN "*.png")
install(FILES docs/f4e-build.1 docs/f4e-patch.1
        DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
if(NOT CMAKE_CROSSCOMPILING)
  install(FILES ${PROJECT_BINARY_DIR}/completion/f4e-build
          DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
  # Where zsh looks under /usr/local, and where Debian's zsh looks under /usr.
  foreach(folder site-functions vendor-completions)
    install(FILES ${PROJECT_BINARY_DIR}/completion/_f4e-build
            DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/${folder})
  endforeach()
endif()
install(FILES README.md LICENSE CHANGELOG.md CONTRIBUTING.md
        DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY examples DESTINATION ${CMAKE_INSTALL_DOCDIR})

# For other build systems; the files find the program relative to themselves.
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_DATADIR}/cmake/f4e-build)
configure_package_config_file(
  cmake/package/f4e-buildConfig.cmake.in
  ${CMAKE_CURRENT_BINARY_DIR}/package/f4e-buildConfig.cmake
  INSTALL_DESTINATION ${package_dir} PATH_VARS CMAKE_INSTALL_BINDIR)
write_basic_package_version_file(
  ${CMAKE_CURRENT_BINARY_DIR}/package/f4e-buildConfigVersion.cmake
  COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
configure_file(cmake/package/f4e-build.pc.in
               ${CMAKE_CURRENT_BINARY_DIR}/package/f4e-build.pc @ONLY)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/package/f4e-buildConfig.cmake
              ${CMAKE_CURRENT_BINARY_DIR}/package/f4e-buildConfigVersion.cmake
              cmake/package/f4e_add_patch.cmake
        DESTINATION ${package_dir})
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/package/f4e-build.pc
        DESTINATION ${CMAKE_INSTALL_DATADIR}/pkgconfig)
install(FILES cmake/package/f4e-build.mk
        DESTINATION ${CMAKE_INSTALL_DATADIR}/f4e-build)
