# Flags travel on one interface target; code that is not ours does not link it.
set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()

add_library(f4e_settings INTERFACE)
target_compile_definitions(f4e_settings INTERFACE _POSIX_C_SOURCE=200809L)
target_compile_options(f4e_settings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion
  -Wdouble-promotion -Wformat=2 -Wundef -Wvla -Wcast-qual -Wwrite-strings
  -Wpointer-arith -Wmissing-prototypes -Wstrict-prototypes
  -Wold-style-definition -Wimplicit-fallthrough -Wswitch-enum
  $<$<C_COMPILER_ID:GNU>:-Wlogical-op -Wduplicated-cond -Wduplicated-branches>
  $<$<C_COMPILER_ID:Clang>:-Wcomma -Wmissing-variable-declarations>
  $<$<BOOL:${F4E_WERROR}>:-Werror>
  -ffp-contract=off -fstack-protector-strong)
if(F4E_SANITIZE)
  target_compile_options(f4e_settings INTERFACE -fsanitize=${F4E_SANITIZE}
    -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(f4e_settings INTERFACE -fsanitize=${F4E_SANITIZE})
endif()
if(F4E_COVERAGE)
  target_compile_options(f4e_settings INTERFACE
    -fprofile-instr-generate -fcoverage-mapping)
  target_link_options(f4e_settings INTERFACE -fprofile-instr-generate)
endif()
