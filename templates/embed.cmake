# Turn a template into a C string array: cmake -DIN=… -DOUT=… -DNAME=… -P.
file(READ ${IN} hex HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${hex}")
string(REGEX REPLACE "(0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,0x..,)" "\\1\n" bytes "${bytes}")
file(WRITE ${OUT} "/* Generated from ${NAME}. */\n#include \"embedded.h\"\nconst char ${NAME}[] = {\n${bytes}0x00};\n")
