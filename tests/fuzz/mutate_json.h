/* SPDX-License-Identifier: MIT */
/* Words that texts in JSON are changed with, whatever they are about. */
#ifndef F4E_MUTATE_JSON_H
#define F4E_MUTATE_JSON_H

#define MUTATE_JSON_WORDS                                                    \
    "null", "true", "false", "-0", "01", "1.", "1e", "1e300", "1.5", "\"\"", \
        "\"\\u0000\"", "\"\\ud83c\\udfb5\"", "\"\\ud800\"", "\"\\\"\\\\\"",  \
        "\xef\xbb\xbf", "\xc2\x9b", "\xff", "[", "]", "{", "}", ",", ":",    \
        "\"", "\\", "[[[[[[[[[[[[[[[["

#endif
