/* SPDX-License-Identifier: MIT */
/* mutate_text.h with .json files and check_manifest.h. */
#include "check_manifest.h"

#include "mutate_json.h"
#include "mutate_text.h"

static const char *const words[] = {
    "\"f4e-manifest\": 1,",
    "\"f4e-manifest\": 2,",
    "\"items\": [",
    "\"params\": [",
    "\"midi\": [{\"port\": 1, \"callback\": \"onNote\"}],",
    "\"midi\": [{\"port\": 0, \"callback\": \"gone\\u001b[2J\"}],",
    "\"keyboard\": {\"code\": 65532, \"pressed\": 65533},",
    "{\"name\": \"a:b\", \"address\": 65536, \"count\": 0, \"array\": false},",
    "{\"name\": \"c\", \"address\": 65535, \"element\": \"i8\"},",
    "{\"kind\": \"slider\", \"item\": \"c\", \"floatBits\": true},",
    "{\"kind\": \"crossfade\", \"item\": \"m:x\", \"item2\": \"m:y\"},",
    "\"views\": [",
    "{\"kind\": \"plot\", \"item\": \"m:bytes\", \"count\": 99},",
    "{\"kind\": \"piano\", \"item\": \"m:bytes\", \"countItem\": \"m:i\"},",
    "\"pointer\": true,",
    "\"index\": 5,",
    "\"countItem\": \"m:none\",",
    "\"cursorItem\": \"m:i\",",
    "\"order\": 4294967295,",
    "\"module\": \"\\u001b\",",
    "\"memory\": 1,",
    "\"memory\": 99,",
    "\"count\": 0,",
    "\"count\": 4294967295,",
    "\"capacity\": 3,",
    "\"capacity\": 4294967295,",
    "\"address\": 4294967295,",
    "\"address\": 196604,",
    "\"array\": false,",
    "\"array\": true,",
    "\"element\": \"f64\",",
    "\"element\": \"u8\",",
    "\"floatBits\": true,",
    "\"type\": \"a\\u009b\",",
    "\"file\": \"../x\",",
    "\"file\": \"\\u007f\",",
    "\"where\": \"\\n\",",
    "\"name\": \"m:x\",",
    "\"name\": \"\\ud83c\\udfb5\",",
    "\"name\": \"\\ud800\",",
    "\"sha256\": null,",
    "\"max\": 1e999,",
    "\"min\": -1e308,",
    "\"step\": 1e-320,",
    MUTATE_JSON_WORDS,
};

int main(int argc, char **argv)
{
    static const struct mutate_text text = {
        .suffix = ".json",
        .words = words,
        .word_count = sizeof(words) / sizeof(words[0]),
        .check = check_manifest,
    };
    return mutate_text_main(&text, argc, argv);
}
