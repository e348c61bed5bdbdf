# cmake -DESBUILD=esbuild -DFOLDER=shim/page -DOUTPUT=page_data.c
#       -P EmbedPage.cmake: the page as C. Its scripts become one file, main.js,
# which is asked for once. Each file is compressed without what only its readers
# need. The same files give the same bytes.
cmake_minimum_required(VERSION 3.25)

# The file as a browser gets it, in 'made'. Nothing is rewritten for browsers
# that are older than what the scripts are written for.
function(minify path made)
  if(path MATCHES "\\.(css|js)$")
    execute_process(
      COMMAND ${ESBUILD} ${path} --bundle --minify --format=esm --charset=utf8
              --target=es2022 --log-level=warning --outfile=${made}
      COMMAND_ERROR_IS_FATAL ANY)
    return()
  endif()
  file(READ ${path} text)
  string(REGEX REPLACE "\n<link rel=\"modulepreload\"[^\n]*" "" text "${text}")
  string(REGEX REPLACE "\n[ \t\n]+" "\n" text "${text}")
  file(WRITE ${made} "${text}")
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
  minify(${FOLDER}/${name} ${OUTPUT}.text)
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
