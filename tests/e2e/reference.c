/* SPDX-License-Identifier: MIT */
#include "reference.h"

#include "child.h"
#include "suite.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint32_t fnv1a(const unsigned char *bytes, size_t size)
{
    uint32_t hash = 0x811c9dc5u;
    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ bytes[i]) * 16777619u;
    }
    return hash;
}

cJSON *reference_json(const struct reference *vector, const char *name)
{
    char *path = text("%s/%s", vector->folder, name);
    FILE *probe = fopen(path, "rb");
    cJSON *json = NULL;
    if (probe != NULL) {
        (void)fclose(probe);
        size_t size = 0;
        unsigned char *bytes = slurp(path, &size);
        json = cJSON_Parse((const char *)bytes);
        ck_assert_msg(json != NULL, "%s is not JSON", path);
        free(bytes);
    }
    free(path);
    return json;
}

double reference_number(const cJSON *object, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);
    ck_assert_msg(cJSON_IsNumber(item), "no number '%s'", key);
    return item->valuedouble;
}

const char *reference_string(const cJSON *object, const char *key)
{
    const char *value =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
    ck_assert_msg(value != NULL, "no text '%s'", key);
    return value;
}

void reference_compare_memory(const struct reference *vector,
                              const cJSON *hashes, const char *when)
{
    size_t count = cJSON_IsString(hashes) ? 1 : vector->memory_count;
    for (size_t i = 0; i < count; i++) {
        char *path = i == 0 ? text("%s/memory", vector->work)
                            : text("%s/memory.%zu", vector->work, i);
        size_t size = 0;
        unsigned char *bytes = slurp(path, &size);
        if (vector->hash_bytes != 0) {
            size = vector->hash_bytes;
        }
        char *hash = text("%08x", fnv1a(bytes, size));
        const char *expected =
            cJSON_IsString(hashes)
                ? cJSON_GetStringValue(hashes)
                : reference_string(hashes, vector->memory_names[i]);
        ck_assert_msg(strcmp(hash, expected) == 0,
                      "%s: memory %zu %s hashes to %s, V8's to %s",
                      vector->name, i, when, hash, expected);
        free(hash);
        free(bytes);
        free(path);
    }
}

/* Channel 'channel' of interleaved 'out', compared with out_L or out_R. */
static void compare_frames(const struct reference *vector,
                           const struct child *child, size_t channel,
                           size_t channels, const char *name)
{
    char *path = text("%s/%s", vector->folder, name);
    size_t size = 0;
    unsigned char *expected = slurp(path, &size);
    size_t frames = child->out_length / (channels * sizeof(float));
    ck_assert_msg(frames * sizeof(float) >= size,
                  "%s: %zu frames rendered, %zu expected", vector->name, frames,
                  size / sizeof(float));
    for (size_t i = 0; i < size / sizeof(float); i++) {
        ck_assert_msg(
            memcmp(child->out + (i * channels + channel) * sizeof(float),
                   expected + i * sizeof(float), sizeof(float)) == 0,
            "%s: channel %zu differs from V8 at frame %zu", vector->name,
            channel, i);
    }
    free(expected);
    free(path);
}

/* The reference hashes block after block; all completed blocks count. */
static void compare_output_hash(const struct reference *vector,
                                const struct child *child, size_t channel,
                                size_t channels, const char *expected)
{
    size_t frames = child->out_length / (channels * sizeof(float));
    unsigned char *samples = malloc(frames * sizeof(float) + 1);
    ck_assert_ptr_nonnull(samples);
    for (size_t i = 0; i < frames; i++) {
        memcpy(samples + i * sizeof(float),
               child->out + (i * channels + channel) * sizeof(float),
               sizeof(float));
    }
    char *hash = text("%08x", fnv1a(samples, frames * sizeof(float)));
    ck_assert_msg(strcmp(hash, expected) == 0,
                  "%s: channel %zu hashes to %s, V8's to %s", vector->name,
                  channel, hash, expected);
    free(hash);
    free(samples);
}

void reference_compare_output(const struct reference *vector,
                              const struct child *child)
{
    static const char *const names[] = {"out_L.f32", "out_R.f32"};
    const cJSON *hashes =
        cJSON_GetObjectItemCaseSensitive(vector->ref, "outputHash");
    if (cJSON_GetArraySize(hashes) == 0) {
        ck_assert_uint_eq(child->out_length, 0);
        return;
    }
    const cJSON *hash = NULL;
    cJSON_ArrayForEach(hash, hashes)
    {
        size_t channel = strcmp(hash->string, "1") == 0 ? 1 : 0;
        ck_assert_uint_lt(channel, vector->channels);
        compare_frames(vector, child, channel, vector->channels,
                       names[channel]);
        compare_output_hash(vector, child, channel, vector->channels,
                            cJSON_GetStringValue(hash));
    }
}

void reference_open(struct reference *vector, const char *name)
{
    *vector = (struct reference){
        .name = name,
        /* The oldest reference has the hash of the first page alone. */
        .hash_bytes = strcmp(name, "legacy_2025") == 0 ? 65536 : 0,
        .folder = text("%s/vectors/%s", F4E_TEST_DATA, name),
        .work = tmpdir_make(),
    };
    vector->ref = reference_json(vector, "ref.json");
    vector->config = reference_json(vector, "config.json");
    ck_assert_ptr_nonnull(vector->ref);
    vector->memory_names[vector->memory_count++] = "memory";
    const cJSON *region = NULL;
    cJSON_ArrayForEach(region, cJSON_GetObjectItemCaseSensitive(
                                   vector->config, "memoryRegions"))
    {
        vector->memory_names[vector->memory_count++] =
            cJSON_GetStringValue(region);
    }
    reference_write_script(vector);
    if (cJSON_GetArraySize(
            cJSON_GetObjectItemCaseSensitive(vector->config, "inputs")) > 0) {
        char *path = text("%s/input.f32", vector->work);
        reference_write_input(vector, path);
        free(path);
    }
}

void reference_close(struct reference *vector)
{
    cJSON_Delete(vector->ref);
    cJSON_Delete(vector->config);
    tmpdir_remove(vector->work);
    free(vector->folder);
    free(vector->patch);
    free(vector->script);
}
