# cmake -DFOLDER=shim/page -DOUTPUT=page_data.c -P EmbedPage.cmake: the page as
# C. Its scripts become one file, main.js, which compresses better than they do
# one by one and is asked for once. Each file is compressed without what only its
# readers need: the blanks that begin lines, comments. No text of the page has lines
# of its own, nor "; // ". The same files give the same bytes.
cmake_minimum_required(VERSION 3.25)

# The text of a file, as lines without blanks before them, after an empty line.
function(read_lines path result)
  file(READ ${path} text)
  if(path MATCHES "\\.css$")
    string(REGEX REPLACE "/\\*[^*]*\\*+([^/*][^*]*\\*+)*/" "" text "${text}")
  endif()
  string(REGEX REPLACE "\n[ \t]+" "\n" text "\n${text}")
  if(path MATCHES "\\.js$")
    string(REGEX REPLACE "\n//[^\n]*" "" text "${text}")
    string(REGEX REPLACE "; +// [^\n]*" ";" text "${text}")
  endif()
  string(REGEX REPLACE "\n\n+" "\n" text "\n${text}")
  set(${result} "${text}" PARENT_SCOPE)
endfunction()

# Adds to the list 'declared' what a script declares outside of functions.
function(add_declared path declared)
  file(READ ${path} text)
  string(REGEX MATCHALL
         "\n(export )?(async )?(class|const|function|let) [A-Za-z0-9_$]+" found
         "${text}")
  list(TRANSFORM found REPLACE ".* " "")
  foreach(name IN LISTS found)
    if(name IN_LIST ${declared})
      message(FATAL_ERROR "${path}: '${name}' is declared in another script too")
    endif()
  endforeach()
  set(${declared} ${${declared}} ${found} PARENT_SCOPE)
endfunction()

# All scripts, each behind those that it imports. What they declare for
# themselves is declared for all of them then, so no name may be there twice.
function(join_scripts result)
  file(GLOB left RELATIVE ${FOLDER} ${FOLDER}/*.js)
  list(SORT left)
  set(names "")
  set(joined "")
  set(declared "")
  while(left)
    set(later "")
    foreach(name IN LISTS left)
      read_lines(${FOLDER}/${name} text)
      string(REGEX MATCHALL "\nimport [^\n]* from \"\\./[a-z]+\\.js\"" imports
             "${text}")
      list(TRANSFORM imports REPLACE ".*\"\\./([a-z]+\\.js)\"$" "\\1")
      list(REMOVE_ITEM imports "" ${names})
      if(imports)
        list(APPEND later ${name})
        continue()
      endif()
      list(APPEND names ${name})
      add_declared(${FOLDER}/${name} declared)
      string(REGEX REPLACE "\nimport [^\n]*" "" text "${text}")
      string(REGEX REPLACE "\nexport " "\n" text "${text}")
      string(APPEND joined "${text}")
    endforeach()
    if("${later}" STREQUAL "${left}")
      message(FATAL_ERROR "page: a circle of imports in ${left}")
    endif()
    set(left ${later})
  endwhile()
  set(${result} "${joined}" PARENT_SCOPE)
endfunction()

set(types html text/html css text/css js text/javascript svg image/svg+xml)
file(GLOB names RELATIVE ${FOLDER} ${FOLDER}/*.html ${FOLDER}/*.css
     ${FOLDER}/*.svg)
list(APPEND names main.js)
list(SORT names)
set(arrays "")
set(rows "")
set(count 0)
foreach(name IN LISTS names)
  if(name STREQUAL "main.js")
    join_scripts(text)
  else()
    read_lines(${FOLDER}/${name} text)
    string(REGEX REPLACE "\n<link rel=\"modulepreload\"[^\n]*" "" text "${text}")
  endif()
  string(REGEX REPLACE "\n\n+" "\n" text "${text}")
  string(REGEX REPLACE "^\n" "" text "${text}")
  file(WRITE ${OUTPUT}.text "${text}")
  file(ARCHIVE_CREATE OUTPUT ${OUTPUT}.gz PATHS ${OUTPUT}.text FORMAT raw
       COMPRESSION GZip COMPRESSION_LEVEL 9)
  file(READ ${OUTPUT}.gz bytes HEX)
  # Bytes 4 to 7 of the header are a time, 9 is the system.
  string(SUBSTRING ${bytes} 20 -1 bytes)
  set(bytes 1f8b08000000000002ff${bytes})
  string(REGEX REPLACE "(................................)" "\\1\n" bytes
         "${bytes}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  string(REGEX REPLACE "^.*\\." "" suffix ${name})
  list(FIND types ${suffix} at)
  math(EXPR at "${at} + 1")
  list(GET types ${at} type)
  string(APPEND arrays
         "static const unsigned char file${count}[] = {\n${bytes}};\n\n")
  string(APPEND rows "    {\"${name}\", \"${type}; charset=utf-8\",\n"
         "     file${count}, sizeof(file${count})},\n")
  math(EXPR count "${count} + 1")
endforeach()
file(REMOVE ${OUTPUT}.gz ${OUTPUT}.text)
file(WRITE ${OUTPUT} "/* SPDX-License-Identifier: MIT */
/* Made by cmake/EmbedPage.cmake. */
#include \"page/page_data.h\"

${arrays}const struct page_file page_files[] = {
${rows}};
const size_t page_file_count = sizeof(page_files) / sizeof(*page_files);
")
