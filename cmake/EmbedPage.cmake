# cmake -DFOLDER=shim/page -DOUTPUT=page_data.c -P EmbedPage.cmake: the files of
# the page as C, each compressed by itself, without what only their readers need:
# the blanks that begin lines, lines of comment, comments of style sheets. No
# text of the page has lines of its own. The same files give the same bytes.
set(types html text/html css text/css js text/javascript svg image/svg+xml)
file(GLOB names RELATIVE ${FOLDER} ${FOLDER}/*.html ${FOLDER}/*.css
     ${FOLDER}/*.js ${FOLDER}/*.svg)
list(SORT names)
set(arrays "")
set(rows "")
set(count 0)
foreach(name IN LISTS names)
  file(READ ${FOLDER}/${name} text)
  if(name MATCHES "\\.css$")
    string(REGEX REPLACE "/\\*[^*]*\\*+([^/*][^*]*\\*+)*/" "" text "${text}")
  endif()
  string(REGEX REPLACE "\n[ \t]+" "\n" text "\n${text}")
  if(name MATCHES "\\.js$")
    string(REGEX REPLACE "\n//[^\n]*" "" text "${text}")
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
