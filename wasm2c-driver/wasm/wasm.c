/* SPDX-License-Identifier: MIT */
#include "wasm/wasm.h"

#include "wasm/leb128.h"
#include "wasm/wasm_section.h"

enum {
    HEADER_BYTES = 8,
};

static const struct {
    const char *name; /* as in messages */
    int rank;         /* of its place in a module; 0 anywhere */
} section_kinds[SECTION_ID_COUNT] = {
    [SECTION_CUSTOM] = {"section 'custom'", 0},
    [SECTION_TYPE] = {"section 'type'", 1},
    [SECTION_IMPORT] = {"section 'import'", 2},
    [SECTION_FUNCTION] = {"section 'function'", 3},
    [SECTION_TABLE] = {"section 'table'", 4},
    [SECTION_MEMORY] = {"section 'memory'", 5},
    [SECTION_TAG] = {"section 'tag'", 6},
    [SECTION_GLOBAL] = {"section 'global'", 7},
    [SECTION_EXPORT] = {"section 'export'", 8},
    [SECTION_START] = {"section 'start'", 9},
    [SECTION_ELEMENT] = {"section 'element'", 10},
    [SECTION_DATA_COUNT] = {"section 'data count'", 11},
    [SECTION_CODE] = {"section 'code'", 12},
    [SECTION_DATA] = {"section 'data'", 13},
};

/* Files people mistake for modules, by their first bytes. */
static const struct {
    const char *bytes;
    size_t length;
    const char *what;
    const char *hint;
} strangers[] = {
    {"8f4e/v", 6, "an 8f4e project text, not a module",
     "call it NAME.8f4e and say --compiler, or build the .wasm file that a "
     "compiler made of it"},
    {"\x1f\x8b", 2, "a gzip file, not a module", "unpack it with `gunzip`"},
    {"PK\x03\x04", 4, "a zip archive, not a module", "unpack it with `unzip`"},
    {"\xfd"
     "7zXZ",
     5, "an xz file, not a module", "unpack it with `unxz`"},
    {"\x28\xb5\x2f\xfd", 4, "a zstd file, not a module",
     "unpack it with `unzstd`"},
    {"\x7f"
     "ELF",
     4, "a native program or library, not a module", NULL},
    {"<", 1, "a web page or XML, not a module",
     "download the raw file: `file` should call it WebAssembly"},
    {"(", 1, "WebAssembly text, not a module",
     "translate it with `wat2wasm file.wat -o file.wasm`"},
    {";;", 2, "WebAssembly text, not a module",
     "translate it with `wat2wasm file.wat -o file.wasm`"},
    {"{", 1, "a JSON text, not a module", NULL},
};

static bool fail_magic(const uint8_t *bytes, size_t size, struct diag *diag)
{
    if (size == 0) {
        (void)diag_input(diag, 0, "the file is empty");
        return diag_hint(diag, "the 8f4e compiler writes an empty file when a "
                               "project has no module: add one to the project "
                               "and compile it again");
    }
    size_t start = 0; /* text may begin with blanks */
    while (start < size && (bytes[start] == ' ' || bytes[start] == '\t' ||
                            bytes[start] == '\n' || bytes[start] == '\r')) {
        start++;
    }
    for (size_t i = 0; i < sizeof(strangers) / sizeof(strangers[0]); i++) {
        if (strangers[i].length > size - start ||
            memcmp(bytes + start, strangers[i].bytes, strangers[i].length) !=
                0) {
            continue;
        }
        (void)diag_input(diag, 0, "this is %s", strangers[i].what);
        return strangers[i].hint != NULL &&
               diag_hint(diag, "%s", strangers[i].hint);
    }
    return diag_input(diag, 0,
                      "this is not a WebAssembly module: it does not start "
                      "with the bytes 00 61 73 6d");
}

static bool read_header(const uint8_t *bytes, size_t size, struct diag *diag)
{
    static const uint8_t magic[4] = {0, 'a', 's', 'm'};
    if (size == 0 || memcmp(bytes, magic,
                            size < sizeof(magic) ? size : sizeof(magic)) != 0) {
        return fail_magic(bytes, size, diag);
    }
    if (size < HEADER_BYTES) {
        return diag_input(diag, (int64_t)size,
                          "the file ends inside the header: it has %zu bytes, "
                          "a module at least %d",
                          size, HEADER_BYTES);
    }
    uint32_t version = bytes[4] | (uint32_t)bytes[5] << 8 |
                       (uint32_t)bytes[6] << 16 | (uint32_t)bytes[7] << 24;
    if (version == 1) {
        return true;
    }
    if (version >> 16 == 1) {
        (void)diag_input(diag, 4,
                         "this is a WebAssembly component, not a core module");
        return diag_hint(diag, "build the core module that went into it");
    }
    return diag_input(diag, 4, "version %u of WebAssembly, only 1 is known",
                      version);
}

static uint32_t count_sections(const uint8_t *bytes, size_t size,
                               uint32_t *customs)
{
    uint32_t count = 0;
    *customs = 0;
    for (size_t offset = HEADER_BYTES; offset < size; count++) {
        *customs += bytes[offset] == SECTION_CUSTOM;
        uint32_t length = 0;
        size_t used =
            leb128_read_u32(bytes + offset + 1, size - offset - 1, &length);
        if (used == 0 || length > size - offset - 1 - used) {
            return count + 1;
        }
        offset += 1 + used + length;
    }
    return count;
}

/*
 * The 8f4e compiler writes two kinds of index as one raw byte. From 128 on that
 * byte asks for another one, and what follows is misread. Such a section makes
 * sense when its indices are taken as raw bytes.
 */
static bool has_raw_export_index(const struct wasm_module *module,
                                 struct reader reader)
{
    struct diag ignored;
    diag_init(&ignored, NULL);
    reader.diag = &ignored;
    uint32_t count = 0;
    bool is_raw = false;
    if (!reader_count(&reader, "exports", 3, &count)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        struct wasm_name name;
        uint8_t kind = 0;
        uint8_t index = 0;
        if (!reader_name(&reader, "a name", &name) ||
            !reader_byte(&reader, "a kind", &kind) ||
            !reader_byte(&reader, "an index", &index) ||
            kind != WASM_FUNCTION || index >= module->function_count) {
            return false;
        }
        is_raw = is_raw || index >= 0x80;
    }
    return is_raw && reader_left(&reader) == 0;
}

static bool has_raw_type_index(const struct wasm_module *module,
                               struct reader reader)
{
    struct diag ignored;
    diag_init(&ignored, NULL);
    reader.diag = &ignored;
    uint32_t count = 0;
    bool is_raw = false;
    if (!reader_count(&reader, "functions", 1, &count) ||
        reader_left(&reader) != count) {
        return false;
    }
    for (size_t i = reader.offset; i < reader.end; i++) {
        if (reader.bytes[i] >= module->type_count) {
            return false;
        }
        is_raw = is_raw || reader.bytes[i] >= 0x80;
    }
    return is_raw;
}

/* A hint for modules that the 8f4e compiler spoilt. */
static bool add_compiler_hint(const struct wasm_module *module, uint8_t id,
                              const struct reader *reader)
{
    struct diag *diag = reader->diag;
    if (id == SECTION_EXPORT && has_raw_export_index(module, *reader)) {
        return diag_hint(diag,
                         "the 8f4e compiler writes the index of an exported "
                         "function wrongly from 128 on: move functions with "
                         "#export before the others, or use fewer functions");
    }
    if (id == SECTION_FUNCTION && has_raw_type_index(module, *reader)) {
        return diag_hint(diag,
                         "the 8f4e compiler writes the type of a function "
                         "wrongly from the 129th type on: use fewer different "
                         "signatures");
    }
    if ((id == SECTION_EXPORT || id == SECTION_IMPORT) &&
        strstr(diag->text, "is not UTF-8") != NULL) {
        return diag_hint(diag,
                         "the 8f4e compiler writes letters outside ASCII "
                         "wrongly: use ASCII names for entries, exports and "
                         "imports");
    }
    return false;
}

static bool read_custom(struct wasm_module *module, size_t offset,
                        struct reader *reader)
{
    struct wasm_custom *custom = &module->customs[module->custom_count];
    custom->offset = offset;
    if (!reader_name(reader, "the name of a custom section", &custom->name)) {
        return false;
    }
    custom->bytes = reader->bytes + reader->offset;
    custom->size = reader_left(reader);
    reader->offset = reader->end;
    module->custom_count++;
    return true;
}

/* The id and size of a section; '*rank' is that of the section before. */
static bool read_section_header(struct wasm_module *module,
                                struct reader *reader, int *rank,
                                struct wasm_section *section)
{
    section->offset = reader->offset;
    uint32_t size = 0;
    const uint8_t *bytes = NULL;
    if (!reader_byte(reader, "a section", &section->id)) {
        return false;
    }
    if (section->id >= SECTION_ID_COUNT) {
        return reader_fail(reader, section->offset, "unknown section id %u",
                           section->id);
    }
    const char *name = section_kinds[section->id].name;
    if (!reader_u32(reader, "the size of a section", &size) ||
        !reader_bytes(reader, name, size, &bytes)) {
        return false;
    }
    section->data_offset = reader->offset - size;
    section->data_size = size;
    module->section_count++;
    int own = section_kinds[section->id].rank;
    if (own == 0) {
        return true;
    }
    if (own == *rank) {
        return reader_fail(reader, section->offset, "%s exists twice", name);
    }
    if (own < *rank) {
        return reader_fail(reader, section->offset, "%s is out of order", name);
    }
    *rank = own;
    return true;
}

static bool read_section(struct wasm_module *module, struct reader *file,
                         int *rank, struct arena *arena)
{
    struct wasm_section *section = &module->sections[module->section_count];
    if (!read_section_header(module, file, rank, section)) {
        return false;
    }
    struct reader start = *file;
    start.offset = section->data_offset;
    start.end = file->offset;
    start.within = section_kinds[section->id].name;
    struct reader reader = start;
    if (section->id == SECTION_CUSTOM) {
        return read_custom(module, section->offset, &reader);
    }
    bool is_read = wasm_section_read(module, section->id, &reader, arena);
    if (is_read && reader_left(&reader) > 0) {
        size_t left = reader_left(&reader);
        is_read = reader_fail(&reader, reader.offset,
                              "%s has %zu %s after its contents", reader.within,
                              left, left == 1 ? "byte" : "bytes");
    }
    return is_read || add_compiler_hint(module, section->id, &start);
}

/* Sections that others count on. */
static bool check_missing(const struct wasm_module *module, struct diag *diag)
{
    bool has_code = false;
    bool has_data = false;
    for (uint32_t i = 0; i < module->section_count; i++) {
        has_code = has_code || module->sections[i].id == SECTION_CODE;
        has_data = has_data || module->sections[i].id == SECTION_DATA;
    }
    uint32_t defined = module->function_count - module->imported_function_count;
    if (!has_code && defined > 0) {
        return diag_input(diag, (int64_t)module->size,
                          "section 'function' declares %u functions but the "
                          "file ends without a section 'code'",
                          defined);
    }
    if (!has_data && module->data_count > 0) {
        return diag_input(diag, (int64_t)module->size,
                          "section 'data count' promises %u segments but the "
                          "file ends without a section 'data'",
                          module->data_count);
    }
    return true;
}

bool wasm_read(struct wasm_module *module, const uint8_t *bytes, size_t size,
               struct arena *arena, struct diag *diag)
{
    *module = (struct wasm_module){.bytes = bytes, .size = size};
    if (!read_header(bytes, size, diag)) {
        return false;
    }
    uint32_t customs = 0;
    uint32_t sections = count_sections(bytes, size, &customs);
    module->sections = arena_alloc(arena, sections, sizeof(*module->sections));
    module->customs = arena_alloc(arena, customs, sizeof(*module->customs));
    struct reader file = {
        .bytes = bytes,
        .offset = HEADER_BYTES,
        .end = size,
        .within = "the file",
        .function = UINT32_MAX,
        .diag = diag,
    };
    int rank = 0;
    while (reader_left(&file) > 0) {
        if (!read_section(module, &file, &rank, arena)) {
            return false;
        }
    }
    if (!check_missing(module, diag)) {
        return false;
    }
    for (uint32_t i = 0; i < module->custom_count; i++) {
        if (wasm_name_equals(module->customs[i].name, "name")) {
            wasm_names_read(module, &module->customs[i]);
            break;
        }
    }
    return true;
}

enum wasm_type wasm_letter_type(char letter)
{
    switch (letter) {
    case 'i':
        return WASM_I32;
    case 'I':
        return WASM_I64;
    case 'f':
        return WASM_F32;
    default:
        return WASM_F64;
    }
}
