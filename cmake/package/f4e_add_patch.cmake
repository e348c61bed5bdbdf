# f4e_add_patch(<target> <patch.wasm>
#               [EMIT <kind>]        program (default), library, object, deb, ...
#               [OUTPUT <file>]      default: patches/<name by kind>
#               [PROJECT <file>]     project text        (--project)
#               [MANIFEST <file>]    description         (--manifest)
#               [TARGET <machine>]   machine to run on   (--target)
#               [NAME <name>]        name of the patch   (--name)
#               [CC <compiler>]      else f4e-build's own choice
#               [IMPORT_C <file>]    C for imported functions
#               [ASSETS <where>=<file>...]
#               [OPTIONS <option>...] anything else of f4e-build(1)
#               [EXCLUDE_FROM_ALL])
#
# Builds the patch as part of the build, again whenever something that it was
# made from has changed (f4e-build --depfile). With EMIT library or object,
# <target> can be named in target_link_libraries(): it brings the header, the
# code and libm. Otherwise it is a custom target. Its property F4E_OUTPUT is the
# file. Relative paths start in the current source directory, OUTPUT's in the
# current binary directory. Compilers run through CMAKE_C_COMPILER_LAUNCHER.
function(f4e_add_patch target module)
  cmake_parse_arguments(PARSE_ARGV 2 arg "EXCLUDE_FROM_ALL"
    "EMIT;OUTPUT;PROJECT;MANIFEST;TARGET;NAME;CC;IMPORT_C" "ASSETS;OPTIONS")
  if(arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "f4e_add_patch(${target}): what is "
                        "'${arg_UNPARSED_ARGUMENTS}'?")
  endif()
  if(NOT arg_EMIT)
    set(arg_EMIT program)
  endif()
  if(NOT arg_NAME)
    set(arg_NAME ${target})
  endif()
  # As f4e-build names headers and functions.
  string(REGEX REPLACE "[^A-Za-z0-9]+" "_" id "${arg_NAME}")
  string(REGEX REPLACE "^_|_$" "" id "${id}")
  string(REGEX REPLACE "^([0-9])" "patch_\\1" id "${id}")
  if(arg_EMIT STREQUAL "library")
    set(file lib${id}.a)
  elseif(arg_EMIT STREQUAL "object")
    set(file ${id}.o)
  elseif(arg_EMIT STREQUAL "program")
    set(file ${target})
  elseif(arg_EMIT STREQUAL "systemd")
    set(file ${target}.service)
  else()
    set(file ${target}.${arg_EMIT})
  endif()
  if(NOT arg_OUTPUT)
    set(arg_OUTPUT patches/${file})
  endif()
  get_filename_component(output "${arg_OUTPUT}" ABSOLUTE
                         BASE_DIR "${CMAKE_CURRENT_BINARY_DIR}")
  if(output STREQUAL "${CMAKE_BINARY_DIR}/${target}")
    message(FATAL_ERROR "f4e_add_patch(${target}): there the output has the "
                        "name of the target; choose another OUTPUT")
  endif()
  get_filename_component(module "${module}" ABSOLUTE)

  set(options --emit ${arg_EMIT} --name "${arg_NAME}")
  foreach(pair project=PROJECT manifest=MANIFEST import-c=IMPORT_C)
    string(REPLACE "=" ";" pair "${pair}")
    list(GET pair 0 option)
    list(GET pair 1 variable)
    if(arg_${variable})
      get_filename_component(path "${arg_${variable}}" ABSOLUTE)
      list(APPEND options --${option} "${path}")
    endif()
  endforeach()
  foreach(pair IN LISTS arg_ASSETS)
    string(REGEX MATCH "^([^=]*)=(.*)$" matched "${pair}")
    if(NOT matched)
      message(FATAL_ERROR "f4e_add_patch(${target}): '${pair}' is no "
                          "ADDRESS=FILE")
    endif()
    set(where "${CMAKE_MATCH_1}")
    get_filename_component(path "${CMAKE_MATCH_2}" ABSOLUTE)
    list(APPEND options --asset "${where}=${path}")
  endforeach()
  if(arg_TARGET)
    list(APPEND options --target "${arg_TARGET}")
  endif()
  if(arg_CC)
    list(APPEND options --cc "${arg_CC}")
  endif()
  foreach(word IN LISTS CMAKE_C_COMPILER_LAUNCHER)
    list(APPEND options --launcher "${word}")
  endforeach()
  list(APPEND options ${arg_OPTIONS})

  get_filename_component(folder "${output}" DIRECTORY)
  file(MAKE_DIRECTORY "${folder}")
  set(products)
  if(arg_EMIT MATCHES "^(library|object)$")
    set(products BYPRODUCTS "${folder}/${id}_patch.h")
  endif()
  file(RELATIVE_PATH shown "${CMAKE_BINARY_DIR}" "${output}")
  # One job: what runs beside it is for make or ninja to say.
  add_custom_command(OUTPUT "${output}" ${products}
    COMMAND f4e-build::f4e-build --quiet --jobs 1 ${options}
            --depfile "${output}.d" -o "${output}" -- "${module}"
    DEPENDS "${module}" "${F4E_BUILD_EXECUTABLE}"
    DEPFILE "${output}.d"
    COMMENT "Building patch ${shown}" VERBATIM)

  set(all ALL)
  if(arg_EXCLUDE_FROM_ALL)
    set(all)
  endif()
  if(arg_EMIT MATCHES "^(library|object)$")
    add_custom_target(${target}_patch ${all} DEPENDS "${output}")
    add_library(${target} INTERFACE)
    add_dependencies(${target} ${target}_patch)
    target_include_directories(${target} SYSTEM INTERFACE "${folder}")
    target_link_libraries(${target} INTERFACE "${output}" m)
  else()
    add_custom_target(${target} ${all} DEPENDS "${output}")
  endif()
  set_target_properties(${target} PROPERTIES F4E_OUTPUT "${output}")
endfunction()
