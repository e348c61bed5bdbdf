/* SPDX-License-Identifier: MIT */
#include "metadata/manifest_json.h"

#include "base/utf8.h"
#include "metadata/manifest_read_internal.h"
#include "wasm/reader.h"

enum {
    MAX_BLOCK_FRAMES = 65536,
    MAX_TICK_MS = 3600000,
};

static bool read_runtime(const struct manifest_read_context *context,
                         const struct json_node *root)
{
    struct manifest *manifest = context->manifest;
    struct json_node node;
    const char *runtime = NULL;
    if (!json_node_text(root, "runtime", &runtime, context->arena,
                        context->diag) ||
        !json_node_u32(root, "tickMs", 1, MAX_TICK_MS, &manifest->tick_ms,
                       context->diag)) {
        return false;
    }
    if (runtime == NULL) {
        return true;
    }
    (void)json_node_member(root, "runtime", &node);
    manifest->has_runtime = true;
    manifest->runtime = RUNTIME_AUDIO;
    if (strcmp(runtime, "timer") == 0) {
        manifest->runtime = RUNTIME_TIMER;
        return manifest->tick_ms != 0 ||
               json_node_fail(&node, context->diag,
                              "a timer needs a member 'tickMs'");
    }
    return strcmp(runtime, "audio") == 0 ||
           json_node_fail(&node, context->diag,
                          "neither \"audio\" nor \"timer\"");
}

static bool read_numbers(const struct manifest_read_context *context,
                         const struct json_node *root)
{
    struct manifest *manifest = context->manifest;
    const char *driver = NULL;
    if (!json_node_sha256(root, &manifest->sha256, context->arena,
                          context->diag) ||
        !json_node_text(root, "name", &manifest->name, context->arena,
                        context->diag) ||
        !read_runtime(context, root) ||
        !json_node_text(root, "drivenBy", &driver, context->arena,
                        context->diag) ||
        !json_node_u32(root, "blockFrames", 1, MAX_BLOCK_FRAMES,
                       &manifest->block_frames, context->diag) ||
        !json_node_u32(root, "sampleRate", 1, MANIFEST_MAX_RATE_HZ,
                       &manifest->sample_rate, context->diag) ||
        !json_node_bool(root, "monoOnBothSpeakers",
                        &manifest->is_mono_duplicated, context->diag)) {
        return false;
    }
    if (driver != NULL && strcmp(driver, "buffer") != 0) {
        manifest->entry = driver;
    }
    return true;
}

static bool read_channels(const struct manifest_read_context *context,
                          const struct json_node *root, const char *key,
                          bool *has_any, struct manifest_channel *channels,
                          uint32_t *channel_count)
{
    struct json_node list;
    uint32_t count = 0;
    bool is_given[PATCH_MAX_CHANNELS] = {false};
    if (!json_node_list(root, key, PATCH_MAX_CHANNELS, &list, &count,
                        context->diag)) {
        return false;
    }
    *has_any = *has_any || list.value != NULL;
    struct json_node item = {0};
    while (json_node_next(&list, &item)) {
        uint32_t channel = 0;
        uint32_t address = PATCH_UNCONNECTED;
        if (!json_node_object(&item, context->diag) ||
            !json_node_need(&item, "channel", context->diag) ||
            !json_node_u32(&item, "channel", 0, PATCH_MAX_CHANNELS - 1,
                           &channel, context->diag) ||
            !json_node_u32(&item, "address", 0, UINT32_MAX - 1, &address,
                           context->diag)) {
            return false;
        }
        if (is_given[channel]) {
            return json_node_fail(&item, context->diag,
                                  "channel %u is there twice", channel);
        }
        is_given[channel] = true;
        while (*channel_count <= channel) {
            channels[(*channel_count)++] =
                (struct manifest_channel){PATCH_UNCONNECTED, NULL};
        }
        channels[channel].address = address;
    }
    return true;
}

static bool read_root(const struct manifest_read_context *context,
                      const struct json_node *root)
{
    struct manifest *manifest = context->manifest;
    uint32_t version = 0;
    if (!json_node_object(root, context->diag)) {
        return false;
    }
    if (!json_node_need(root, "f4e-manifest", context->diag)) {
        return diag_hint(context->diag,
                         "f4e-build inspect --json PATCH.wasm writes one");
    }
    if (!json_node_u32(root, "f4e-manifest", 1, UINT32_MAX, &version,
                       context->diag)) {
        return false;
    }
    if (version != MANIFEST_VERSION) {
        return diag_input(context->diag, -1,
                          "$.f4e-manifest: a manifest of version %u: this "
                          "program reads version %d",
                          version, MANIFEST_VERSION);
    }
    return read_numbers(context, root) &&
           read_channels(context, root, "outputs", &manifest->has_outputs,
                         manifest->outputs, &manifest->output_count) &&
           read_channels(context, root, "inputs", &manifest->has_inputs,
                         manifest->inputs, &manifest->input_count) &&
           manifest_read_names(context, root);
}

/* Programs write all of it in one line, so the column matters. */
static bool fail_syntax(const uint8_t *bytes, const char *end, const char *file,
                        struct diag *diag)
{
    uint32_t line = 1;
    const char *start = (const char *)bytes;
    for (const char *at = start; at < end; at++) {
        if (*at == '\n') {
            line++;
            start = at + 1;
        }
    }
    return diag_line(diag, file, line, "not JSON near column %zu",
                     (size_t)(end - start) + 1);
}

bool manifest_read(struct manifest *manifest, const uint8_t *bytes, size_t size,
                   const char *file, enum patch_source source,
                   struct arena *arena, struct diag *diag)
{
    *manifest = (struct manifest){.source = source, .file = file};
    diag->file = file;
    if (memchr(bytes, '\0', size) != NULL || !utf8_is_valid(bytes, size)) {
        return diag_input(diag, -1, "the manifest is not UTF-8 text");
    }
    const char *end = NULL;
    cJSON *json =
        cJSON_ParseWithLengthOpts((const char *)bytes, size + 1, &end, true);
    if (json == NULL) {
        return fail_syntax(bytes, end, file, diag);
    }
    struct manifest_foreign foreign = {NULL, 0, 0};
    const struct manifest_read_context context = {manifest, &foreign, arena,
                                                  diag};
    const struct json_node root = {.value = json};
    bool ok = read_root(&context, &root);
    cJSON_Delete(json);
    return ok;
}
