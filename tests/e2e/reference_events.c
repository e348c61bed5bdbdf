/* SPDX-License-Identifier: MIT */
#include "reference.h"

#include "child.h"
#include "suite.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_FRAMES = 128, BLOCKS = 1000 };

static double item_address(const cJSON *plan, const char *item)
{
    const cJSON *memory = cJSON_GetObjectItemCaseSensitive(plan, "memory");
    return reference_number(cJSON_GetObjectItemCaseSensitive(memory, item),
                            "address");
}

static void write_midi(FILE *out, const struct reference *vector,
                       const cJSON *event)
{
    const cJSON *bytes = cJSON_GetObjectItemCaseSensitive(event, "bytes");
    const cJSON *binding = NULL;
    cJSON_ArrayForEach(binding,
                       cJSON_GetObjectItemCaseSensitive(vector->config, "midi"))
    {
        (void)fprintf(out, "%.0fb call %s",
                      reference_number(event, "block") - 1,
                      reference_string(binding, "callback"));
        for (int i = 0; i < 3; i++) {
            const cJSON *byte = cJSON_GetArrayItem(bytes, i);
            (void)fprintf(out, " %d", byte != NULL ? byte->valueint : 0);
        }
        (void)fputc('\n', out);
    }
}

struct keyboard {
    int held[8];
    size_t count;
    double code_address;
    double pressed_address;
};

static int key_id(const char *code)
{
    static const struct {
        const char *code;
        int id;
    } keys[] = {{"KeyA", 0x04}, {"Space", 0x2c}, {"ShiftLeft", 0xe1}};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        if (strcmp(keys[i].code, code) == 0) {
            return keys[i].id;
        }
    }
    return 0;
}

static void release(struct keyboard *keyboard, int id)
{
    size_t kept = 0;
    for (size_t i = 0; i < keyboard->count; i++) {
        if (keyboard->held[i] != id) {
            keyboard->held[kept++] = keyboard->held[i];
        }
    }
    keyboard->count = kept;
}

/* The last key held is the code; nothing held leaves the code as it is. */
static void write_key(FILE *out, struct keyboard *keyboard, const cJSON *event)
{
    const char *action = reference_string(event, "action");
    int id = key_id(reference_string(event, "code"));
    double block = reference_number(event, "block") - 1;
    release(keyboard, id);
    if (strcmp(action, "blur") == 0) {
        keyboard->count = 0;
    } else if (strcmp(action, "down") == 0) {
        keyboard->held[keyboard->count++] = id;
    }
    if (keyboard->count > 0) {
        (void)fprintf(out, "%.0fb set %.0f i32 %d\n", block,
                      keyboard->code_address,
                      keyboard->held[keyboard->count - 1]);
    }
    (void)fprintf(out, "%.0fb set %.0f i32 %d\n", block,
                  keyboard->pressed_address, keyboard->count > 0 ? 1 : 0);
}

void reference_write_script(struct reference *vector)
{
    cJSON *events = reference_json(vector, "events.json");
    cJSON *plan = reference_json(vector, "plan.json");
    if (events != NULL) {
        vector->script = text("%s/events.script", vector->work);
        FILE *out = fopen(vector->script, "w");
        ck_assert_ptr_nonnull(out);
        struct keyboard keyboard = {{0}, 0, 0, 0};
        const cJSON *keys =
            cJSON_GetObjectItemCaseSensitive(vector->config, "keyboard");
        if (cJSON_GetArraySize(keys) > 0) {
            keyboard.code_address =
                item_address(plan, reference_string(keys, "keyCodeMemory"));
            keyboard.pressed_address =
                item_address(plan, reference_string(keys, "keyPressedMemory"));
        }
        const cJSON *event = NULL;
        cJSON_ArrayForEach(event, events)
        {
            const char *type = reference_string(event, "type");
            if (strcmp(type, "midi") == 0) {
                write_midi(out, vector, event);
            } else if (strcmp(type, "key") == 0) {
                write_key(out, &keyboard, event);
            } else {
                (void)fprintf(
                    out, "%.0fb set %.0f %s %.9g\n",
                    reference_number(event, "block") - 1,
                    item_address(plan, reference_string(event, "memory")),
                    reference_string(event, "kind"),
                    reference_number(event, "value"));
            }
        }
        ck_assert_int_eq(fclose(out), 0);
    }
    cJSON_Delete(events);
    cJSON_Delete(plan);
}

/* The generator of the reference, as raw floats. */
void reference_write_input(const struct reference *vector, const char *path)
{
    uint32_t state = 12345;
    FILE *out = fopen(path, "wb");
    ck_assert_ptr_nonnull(out);
    for (int i = 0; i < BLOCKS * BLOCK_FRAMES; i++) {
        state = state * 1664525u + 1013904223u;
        int32_t shifted = (int32_t)(state >> 8);
        shifted = (state & 0x80000000u) != 0 ? shifted - (1 << 24) : shifted;
        float sample = (float)shifted / 8388608.0f;
        ck_assert_uint_eq(fwrite(&sample, sizeof(sample), 1, out), 1);
    }
    ck_assert_int_eq(fclose(out), 0);
    char *expected_path = text("%s/in_L.f32", vector->folder);
    size_t expected_size = 0;
    size_t size = 0;
    unsigned char *expected = slurp(expected_path, &expected_size);
    unsigned char *made = slurp(path, &size);
    ck_assert_msg(memcmp(expected, made, expected_size) == 0,
                  "%s: the test's input signal differs", vector->name);
    free(expected);
    free(made);
    free(expected_path);
}
