/* SPDX-License-Identifier: MIT */
/* mutate_text.h with .json files and check_presets.h. */
#include "check_presets.h"

#include "mutate_json.h"
#include "mutate_text.h"

static const char *const words[] = {
    "\"soft\": {",
    "\"a:b\": {\"value\": 0.5},",
    "\"a:b\": {\"value\": [1, 2, 3]},",
    "\"value\": \"nan\"",
    "\"midi\": {\"ctrl\": 74, \"chan\": 16},",
    "\"midi\": {\"ctrl\": 1, \"lsb\": 33},",
    "\"midi\": {\"bend\": true},",
    "\"midi\": {\"note\": 127},",
    "\"ctrl\": 128,",
    "\"chan\": 0,",
    "\"min\": 1e999,",
    "\"max\": -1e-999,",
    "\"takeover\": \"pickup\",",
    "\"takeover\": \"scale\"",
    "\"osc\": [\"/x\", {\"y\": null}],",
    "{\"a\":{\"a\":{\"a\":{\"a\":",
    MUTATE_JSON_WORDS,
};

int main(int argc, char **argv)
{
    static const struct mutate_text text = {
        .suffix = ".json",
        .words = words,
        .word_count = sizeof(words) / sizeof(words[0]),
        .check = check_presets,
    };
    return mutate_text_main(&text, argc, argv);
}
