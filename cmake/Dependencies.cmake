# Every library the project uses; the Debian packages are in packages.txt.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(CJSON REQUIRED IMPORTED_TARGET libcjson)
pkg_check_modules(ALSA REQUIRED IMPORTED_TARGET alsa)
# Makes the page small that is in every patch.
find_program(ESBUILD esbuild REQUIRED)
if(BUILD_TESTING)
  pkg_check_modules(CHECK REQUIRED IMPORTED_TARGET check)
endif()
