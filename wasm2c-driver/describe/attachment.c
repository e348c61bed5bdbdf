/* SPDX-License-Identifier: MIT */
#include "describe/attachment.h"

#include "wasm/leb128.h"
#include "wasm/wasm_write.h"

enum { SECTION_CUSTOM = 0, HEADER_BYTES = 8 };

static const char manifest_name[] = "f4e.manifest";
static const char asset_name[] = "f4e.asset";

static bool is_attachment(const struct wasm_custom *custom)
{
    return wasm_name_equals(custom->name, manifest_name) ||
           wasm_name_equals(custom->name, asset_name);
}

bool attachment_manifest(const struct wasm_module *module,
                         const uint8_t **bytes, size_t *size,
                         struct arena *arena, struct diag *diag)
{
    *bytes = NULL;
    for (uint32_t i = 0; i < module->custom_count; i++) {
        const struct wasm_custom *custom = &module->customs[i];
        if (!wasm_name_equals(custom->name, manifest_name)) {
            continue;
        }
        if (*bytes != NULL) {
            return diag_input(diag, (int64_t)custom->offset,
                              "the module holds a second manifest");
        }
        *bytes =
            (const uint8_t *)arena_copy(arena, custom->bytes, custom->size);
        *size = custom->size;
    }
    return true;
}

/* Split the payload of an asset's section; false when it is damaged. */
static bool split_asset(const struct wasm_custom *custom, struct wasm_name *id,
                        const uint8_t **bytes, size_t *size)
{
    uint32_t length = 0;
    size_t at = leb128_read_u32(custom->bytes, custom->size, &length);
    if (at == 0 || length > custom->size - at) {
        return false;
    }
    *id = (struct wasm_name){custom->bytes + at, length};
    *bytes = custom->bytes + at + length;
    *size = custom->size - at - length;
    return true;
}

static bool is_listed(const struct wasm_name *ids, uint32_t count,
                      struct wasm_name id)
{
    for (uint32_t i = 0; i < count; i++) {
        if (ids[i].length == id.length &&
            (id.length == 0 ||
             memcmp(ids[i].bytes, id.bytes, id.length) == 0)) {
            return true;
        }
    }
    return false;
}

bool attachment_check(const struct wasm_module *module, struct arena *arena,
                      struct diag *diag)
{
    struct wasm_name ids[ATTACHMENT_MAX_ASSETS];
    uint32_t count = 0;
    for (uint32_t i = 0; i < module->custom_count; i++) {
        const struct wasm_custom *custom = &module->customs[i];
        const uint8_t *bytes = NULL;
        size_t size = 0;
        if (!wasm_name_equals(custom->name, asset_name)) {
            continue;
        }
        if (count == ATTACHMENT_MAX_ASSETS) {
            return diag_input(diag, (int64_t)custom->offset,
                              "the module holds more than %d assets",
                              ATTACHMENT_MAX_ASSETS);
        }
        if (!split_asset(custom, &ids[count], &bytes, &size)) {
            return diag_input(diag, (int64_t)custom->offset,
                              "an asset in the module is damaged: its id does "
                              "not end in the section");
        }
        if (is_listed(ids, count, ids[count])) {
            return diag_input(diag, (int64_t)custom->offset,
                              "the module holds a second asset '%s'",
                              wasm_name_print(ids[count], arena));
        }
        count++;
    }
    return true;
}

bool attachment_asset(const struct wasm_module *module, const char *id,
                      const uint8_t **bytes, size_t *size)
{
    for (uint32_t i = 0; i < module->custom_count; i++) {
        const struct wasm_custom *custom = &module->customs[i];
        struct wasm_name name;
        if (wasm_name_equals(custom->name, asset_name) &&
            split_asset(custom, &name, bytes, size) &&
            wasm_name_equals(name, id)) {
            return true;
        }
    }
    return false;
}

static bool is_dropped(const struct wasm_module *module,
                       const struct wasm_section *section)
{
    for (uint32_t i = 0; i < module->custom_count; i++) {
        if (module->customs[i].offset == section->offset) {
            return is_attachment(&module->customs[i]);
        }
    }
    return false;
}

void attachment_strip(struct buf *out, const struct wasm_module *module)
{
    buf_add(out, module->bytes, HEADER_BYTES);
    for (uint32_t i = 0; i < module->section_count; i++) {
        const struct wasm_section *section = &module->sections[i];
        if (section->id != SECTION_CUSTOM || !is_dropped(module, section)) {
            buf_add(out, module->bytes + section->offset,
                    section->data_offset + section->data_size -
                        section->offset);
        }
    }
}

static void add_name(struct buf *out, const char *name)
{
    size_t length = strlen(name);
    wasm_write_u32(out, (uint32_t)length);
    buf_add(out, name, length);
}

bool attachment_add(struct buf *out, const struct attachment *attachment,
                    struct diag *diag)
{
    struct buf head;
    buf_init(&head, out->arena);
    add_name(&head, attachment->id != NULL ? asset_name : manifest_name);
    if (attachment->id != NULL) {
        add_name(&head, attachment->id);
    }
    if (attachment->size > UINT32_MAX - head.length) {
        return diag_input(diag, -1,
                          "%zu bytes are more than a section can hold",
                          attachment->size);
    }
    buf_byte(out, SECTION_CUSTOM);
    wasm_write_u32(out, (uint32_t)(head.length + attachment->size));
    buf_add(out, head.bytes, head.length);
    buf_add(out, attachment->bytes, attachment->size);
    return true;
}

void attachment_sha256(const struct wasm_module *module, char hex[SHA256_HEX],
                       struct arena *arena)
{
    for (uint32_t i = 0; i < module->custom_count; i++) {
        if (is_attachment(&module->customs[i])) {
            struct buf plain;
            buf_init(&plain, arena);
            attachment_strip(&plain, module);
            sha256_hex(plain.bytes, plain.length, hex);
            return;
        }
    }
    sha256_hex(module->bytes, module->size, hex);
}
