# `cpack` in the build directory of the release preset makes a Debian package.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME f4e-build)
set(CPACK_PACKAGE_VENDOR "f4e-build")
set(CPACK_PACKAGE_CONTACT "f4e-build maintainers <maintainers@localhost>"
    CACHE STRING "Maintainer of the Debian package")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "${PROJECT_DESCRIPTION}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION sound)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# What a build runs and links: any clang that is new enough, or gcc.
set(CPACK_DEBIAN_PACKAGE_DEPENDS
    "wabt, clang-19 | clang | gcc, binutils, libasound2-dev, libc6-dev")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "lld-19 | lld, curl")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "ccache, alsa-utils")
include(CPack)
