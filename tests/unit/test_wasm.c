/* SPDX-License-Identifier: MIT */
#include "wasm/wasm.h"

#include "fixture.h"
#include "suite.h"
#include "vector.h"

#include <ctype.h>

/* Bytes from hexadecimal text. */
static uint8_t *from_hex(const char *text, size_t *size)
{
    uint8_t *bytes = arena_alloc(&arena, strlen(text) + 1, 1);
    *size = 0;
    for (const char *at = text; *at != '\0';) {
        if (*at == ' ') {
            at++;
            continue;
        }
        char digits[3] = {at[0], at[1], '\0'};
        ck_assert_msg(isxdigit((unsigned char)at[0]) &&
                          isxdigit((unsigned char)at[1]),
                      "not hexadecimal: %s", at);
        bytes[(*size)++] = (uint8_t)strtoul(digits, NULL, 16);
        at += 2;
    }
    /* Exactly as long as the module, so that a sanitizer sees over-reads. */
    uint8_t *exact = malloc(*size > 0 ? *size : 1);
    ck_assert_ptr_nonnull(exact);
    memcpy(exact, bytes, *size);
    return exact;
}

#define HEADER "0061736d 01000000 "
#define TYPE   "01 04 01 60 00 00 " /* 0x08: () -> () */
#define FUNC   "03 02 01 00 "       /* 0x0e: one function of type 0 */
#define START  HEADER TYPE FUNC     /* up to 0x12 */

static const struct {
    const char *name;
    const char *bytes;
    size_t offset;
    const char *text;
} malformed[] = {
    {"empty file", "", 0, "the file is empty"},
    {"text format", "28 6d 6f 64 75 6c 65 29", 0, "WebAssembly text"},
    {"text after a comment", "0a 20 3b 3b 20", 0, "WebAssembly text"},
    {"project text", "38 66 34 65 2f 76 31 0a", 0, "8f4e project text"},
    {"gzip", "1f 8b 08 00", 0, "gzip"},
    {"zip", "50 4b 03 04", 0, "zip"},
    {"native program", "7f 45 4c 46 02", 0, "native program"},
    {"web page", "3c 68 74 6d 6c", 0, "web page"},
    {"other bytes", "de ad be ef", 0, "not a WebAssembly module"},
    {"header cut off", "00 61 73", 3, "ends inside the header"},
    {"version cut off", "00 61 73 6d 01 00 00", 7, "ends inside the header"},
    {"component", "00 61 73 6d 0d 00 01 00", 4, "component"},
    {"version 2", "00 61 73 6d 02 00 00 00", 4, "version 2"},
    {"unknown section", HEADER "0e 00", 8, "unknown section id 14"},
    {"section without size", HEADER "01", 9, "size of a section"},
    {"section longer than the file", HEADER "01 05 01", 10,
     "section 'type' claims 5 bytes but the file has 1 left"},
    {"size over-long", HEADER "01 80 80 80 80 80 00", 9, "LEB128"},
    {"size with stray bits", HEADER "01 ff ff ff ff 1f", 9, "LEB128"},
    {"bytes after the contents", HEADER "01 05 01 60 00 00 00", 14,
     "section 'type' has 1 byte after"},
    {"section twice", HEADER TYPE TYPE, 14, "section 'type' exists twice"},
    {"sections out of order", HEADER "03 01 00 01 01 00", 11,
     "section 'type' is out of order"},
    {"tag after global", HEADER "06 01 00 0d 01 00", 11, "out of order"},
    {"more types than bytes", HEADER "01 03 f0 a2 04", 10,
     "section 'type' claims 70000 types but has 0 bytes left"},
    {"struct type", HEADER "01 03 01 5f 00", 11, "'struct' is not supported"},
    {"recursive type", HEADER "01 03 01 4e 00", 11, "'rec' is not supported"},
    {"unknown form", HEADER "01 04 01 61 00 00", 11, "0x61 is not a form"},
    {"unknown value type", HEADER "01 05 01 60 01 55 00", 13,
     "0x55 is not a value type"},
    {"GC reference", HEADER "01 05 01 60 01 6e 00", 13, "0x6e"},
    {"name past the section", HEADER "02 05 01 05 61 00 00", 12,
     "claims 5 bytes but section 'import' has 3 left"},
    {"name not UTF-8", HEADER "02 07 01 01 e9 00 02 00 01", 11, "not UTF-8"},
    {"unknown kind of import", HEADER "02 05 01 00 00 05 00", 13,
     "0x05 is not a kind of import"},
    {"import of a missing type", HEADER "02 05 01 00 00 00 00", 14,
     "type index 0 is out of range"},
    {"function of a missing type", HEADER TYPE "03 02 01 01", 17,
     "type index 1 is out of range: 1"},
    {"memory flags", HEADER "05 03 01 08 01", 11, "flags 0x08"},
    {"shared without maximum", HEADER "05 03 01 02 01", 11, "shared memory"},
    {"minimum above maximum", HEADER "05 04 01 01 02 01", 11,
     "minimum 2 above its maximum 1"},
    {"too many pages", HEADER "05 05 01 00 81 80 04", 11,
     "65537 pages, the limit is 65536"},
    {"mutability", HEADER "06 06 01 7f 02 41 00 0b", 12, "not a mutability"},
    {"call in a constant", HEADER TYPE FUNC "06 06 01 7f 00 10 00 0b", 23,
     "call is not allowed in a constant expression"},
    {"constant without end", HEADER "06 05 01 7f 00 41 00", 15,
     "section 'global' ends"},
    {"global of itself", HEADER "06 06 01 7f 00 23 00 0b", 14,
     "global index 0 is out of range"},
    {"export twice", START "07 09 02 01 61 00 00 01 61 00 00 0a 04 01 02 00 0b",
     25, "export 'a' exists twice"},
    {"export of a missing function", START "07 05 01 01 61 00 01", 24,
     "function index 1 is out of range"},
    {"start of a missing function", START "08 01 01", 20, "function index 1"},
    {"elements without table", START "09 06 01 00 41 00 0b 00", 21, "no table"},
    {"data count broken", START "0c 01 01 0a 04 01 02 00 0b", 27,
     "promises 1 segments"},
    {"data count differs", HEADER "05 03 01 00 01 0c 01 02 0b 04 01 01 01 00",
     18, "1 segments but section 'data count' promises 2"},
    {"data without memory", HEADER "0b 06 01 00 41 00 0b 00", 11, "no memory"},
    {"data past the section", HEADER "0b 04 01 01 09 00", 13,
     "claims 9 bytes but section 'data' has 1 left"},
    {"function without code", START, 18, "without a section 'code'"},
    {"more bodies than bytes", START "0a 04 f0 a2 04 00", 20,
     "section 'code' claims 70000 bodies but has 1 byte left"},
    {"more bodies than functions", START "0a 07 02 02 00 0b 02 00 0b", 20,
     "2 bodies but section 'function' declares 1"},
    {"body past the section", START "0a 04 01 05 00 0b", 22,
     "the body claims 5 bytes but section 'code' has 2 left"},
    {"too many locals", START "0a 08 01 06 01 d1 86 03 7f 0b", 22,
     "50001 locals, the limit is 50000"},
    {"type of a local", START "0a 06 01 04 01 01 40 0b", 24,
     "0x40 is not a value type"},
    {"body without end", START "0a 04 01 02 00 01", 24, "inside 1 open"},
    {"body without its last end", START "0a 06 01 04 00 02 40 0b", 26,
     "inside 1 open"},
    {"instruction after the end", START "0a 05 01 03 00 0b 01", 24,
     "after the end of the body"},
    {"else without if", START "0a 05 01 03 00 05 0b", 23, "else without if"},
    {"second else", START "0a 09 01 07 00 04 40 05 05 0b 0b", 26,
     "else without if"},
    {"unknown instruction", START "0a 05 01 03 00 ff 0b", 23,
     "unknown instruction 0xff"},
    {"unknown prefixed instruction", START "0a 06 01 04 00 fc 12 0b", 23,
     "unknown instruction 0xfc 18"},
    {"label too deep", START "0a 06 01 04 00 0c 01 0b", 23, "label 1"},
    {"label table too deep", START "0a 08 01 06 00 0e 01 00 01 0b", 23,
     "label 1"},
    {"label table too long", START "0a 08 01 06 00 0e ff 7f 00 0b", 24,
     "the body claims 16383 labels"},
    {"call of a missing function", START "0a 06 01 04 00 10 01 0b", 24,
     "function index 1"},
    {"missing local", START "0a 06 01 04 00 20 00 0b", 23, "local index 0"},
    {"missing global", START "0a 06 01 04 00 23 00 0b", 24, "global index 0"},
    {"load without memory", START "0a 07 01 05 00 28 02 00 0b", 23,
     "i32.load needs a memory"},
    {"missing memory", START "05 03 01 00 01 0a 08 01 06 00 28 42 01 00 0b", 30,
     "memory index 1 is out of range: 1"},
    {"alignment", START "05 03 01 00 01 0a 07 01 05 00 28 03 00 0b", 29,
     "larger than its natural"},
    {"data.drop without data count",
     START "05 03 01 00 01 0a 07 01 05 00 fc 09 00 0b", 28,
     "needs a section 'data count'"},
    {"data.drop of a missing segment",
     START "0c 01 00 0a 07 01 05 00 fc 09 00 0b", 28, "data segment index 0"},
    {"block type", START "0a 07 01 05 00 02 41 0b 0b", 24, "value type"},
    {"block of a missing type", START "0a 07 01 05 00 02 01 0b 0b", 24,
     "type index 1"},
    {"select of two types", START "0a 08 01 06 00 1c 02 7f 7f 0b", 24,
     "lists 2 types"},
    {"i32 constant over-long", START "0a 0b 01 09 00 41 80 80 80 80 80 00 0b",
     24, "LEB128"},
    {"f64 constant cut off", START "0a 07 01 05 00 44 00 00 0b", 24,
     "claims 8 bytes but the body has 3 left"},
    {"catch without try",
     HEADER TYPE FUNC "0d 03 01 00 00 0a 06 01 04 00 07 00 0b", 28,
     "catch without try"},
};

START_TEST(refuses_malformed_modules)
{
    size_t size = 0;
    uint8_t *bytes = from_hex(malformed[_i].bytes, &size);
    struct wasm_module module;
    ck_assert_msg(!wasm_read(&module, bytes, size, &arena, &diag), "%s",
                  malformed[_i].name);
    ck_assert_msg(strstr(diag.text, malformed[_i].text) != NULL &&
                      diag.offset == (int64_t)malformed[_i].offset,
                  "%s: 0x%llx: %s", malformed[_i].name,
                  (unsigned long long)diag.offset, diag.text);
    free(bytes);
}
END_TEST

static const struct {
    const char *name;
    const char *bytes;
} well_formed[] = {
    {"nothing", HEADER},
    {"one function", START "0a 04 01 02 00 0b"},
    {"empty sections", HEADER "01 01 00 02 01 00 03 01 00 04 01 00 05 01 00 "
                              "0d 01 00 06 01 00 07 01 00 09 01 00 0c 01 00 "
                              "0a 01 00 0b 01 00"},
    {"custom sections anywhere", HEADER "00 01 00 " TYPE "00 03 01 61 ff " FUNC
                                        "0a 04 01 02 00 0b 00 02 01 62"},
    {"broken name section", HEADER "00 07 04 6e 61 6d 65 01 ff"},
    {"padded sizes", HEADER "01 84 80 80 00 01 60 00 00"},
    {"table and elements",
     START "04 04 01 70 00 01 09 07 01 00 41 00 0b 01 00 0a 04 01 02 00 0b"},
    {"passive elements as expressions",
     START "09 07 01 05 70 01 d2 00 0b 0a 04 01 02 00 0b"},
    {"exceptions", START "0d 03 01 00 00 0a 0a 01 08 00 06 40 07 00 19 0b 0b"},
    {"try_table", START "0a 0a 01 08 00 1f 40 01 02 00 0b 0b"},
    {"memory of 64-bit addresses",
     START "05 03 01 04 01 0a 10 01 0e 00 28 02 80 80 80 80 80 80 80 80 80 01 "
           "0b"},
    {"locals in groups", START "0a 0a 01 08 03 01 7f 00 7e 02 7d 0b"},
};

START_TEST(reads_well_formed_modules)
{
    size_t size = 0;
    uint8_t *bytes = from_hex(well_formed[_i].bytes, &size);
    struct wasm_module module;
    ck_assert_msg(wasm_read(&module, bytes, size, &arena, &diag),
                  "%s: 0x%llx: %s", well_formed[_i].name,
                  (unsigned long long)diag.offset, diag.text);
    free(bytes);
}
END_TEST

/* A prefix may be a module of its own only where it ends between sections and
 * promises nothing: before the function section. */
START_TEST(refuses_every_prefix_of_a_vector)
{
    struct wasm_module whole;
    vector_module(&whole, vector_names[_i], true, &arena);
    for (size_t size = 0; size < whole.size; size++) {
        bool is_module = size == 8;
        for (uint32_t i = 0; i < whole.section_count; i++) {
            is_module = is_module || (whole.sections[i].id <= 2 &&
                                      whole.sections[i].data_offset +
                                              whole.sections[i].data_size ==
                                          size);
        }
        uint8_t *bytes = malloc(size > 0 ? size : 1);
        ck_assert_ptr_nonnull(bytes);
        memcpy(bytes, whole.bytes, size);
        diag_init(&diag, NULL);
        struct wasm_module module;
        bool is_read = wasm_read(&module, bytes, size, &arena, &diag);
        ck_assert_msg(is_read == is_module, "%s cut to %zu bytes: %s",
                      vector_names[_i], size, diag.text);
        ck_assert_msg(is_read ||
                          (diag.offset >= 0 && (size_t)diag.offset <= size),
                      "%s cut to %zu bytes: offset %lld", vector_names[_i],
                      size, (long long)diag.offset);
        free(bytes);
    }
}
END_TEST

/* Sections cover the file, bodies cover the code section. */
START_TEST(accounts_for_every_byte_of_a_vector)
{
    struct wasm_module module;
    vector_module(&module, vector_names[_i], true, &arena);
    size_t offset = 8;
    for (uint32_t i = 0; i < module.section_count; i++) {
        ck_assert_uint_eq(module.sections[i].offset, offset);
        offset = module.sections[i].data_offset + module.sections[i].data_size;
    }
    ck_assert_uint_eq(offset, module.size);
    for (uint32_t i = module.imported_function_count; i < module.function_count;
         i++) {
        const struct wasm_function *function = &module.functions[i];
        ck_assert(function->body_offset < function->code_offset);
        struct wasm_insn insn = {0};
        for (size_t at = function->code_offset; at < function->end_offset;) {
            ck_assert(wasm_insn_read(&module, &at, function->end_offset, &insn,
                                     &diag));
            ck_assert_uint_eq(insn.end, at);
        }
        ck_assert_uint_eq(insn.code, 0x0b);
        ck_assert_uint_eq(insn.end, function->end_offset);
    }
}
END_TEST

START_TEST(decodes_immediates)
{
    struct wasm_module module;
    wat_module(
        &module,
        "(module (memory 1) (memory 2) (data \"x\")"
        " (type $pair (func (param i32) (result i32 f64)))"
        " (func (param i32) (local f32 f32 i64)"
        "  i32.const -2 drop i64.const -3 drop f32.const 1 drop"
        "  f64.const -0 drop local.get 0 i32.load 1 offset=7 align=2"
        "  br_table 0 0 0"
        " ) (func i32.const 0 (block (type $pair) f64.const 1)"
        "  drop drop (block (result f32) f32.const 1) drop"
        "  (memory.init 1 0 (i32.const 0) (i32.const 0) (i32.const 0))"
        "  (memory.copy 1 0 (i32.const 0) (i32.const 0) (i32.const 0))))",
        &arena);
    const struct wasm_function *function = &module.functions[0];
    ck_assert_uint_eq(function->local_count, 3);
    ck_assert_mem_eq(function->local_types, "\x7d\x7d\x7e", 3);
    struct wasm_insn insn[24] = {0};
    size_t count = 0;
    for (size_t at = function->code_offset; at < function->end_offset;
         count++) {
        ck_assert(wasm_insn_read(&module, &at, function->end_offset,
                                 &insn[count], &diag));
    }
    ck_assert_uint_eq(count, 12);
    ck_assert_uint_eq(insn[0].constant, 0xfffffffe);
    ck_assert_uint_eq(insn[2].constant, 0xfffffffffffffffd);
    ck_assert_uint_eq(insn[4].constant, 0x3f800000);
    ck_assert_uint_eq(insn[6].constant, 0x8000000000000000);
    ck_assert_str_eq(insn[9].opcode->name, "i32.load");
    ck_assert_uint_eq(insn[9].index2, 1);
    ck_assert_uint_eq(insn[9].alignment, 1);
    ck_assert_uint_eq(insn[9].memarg_offset, 7);
    ck_assert_uint_eq(insn[10].label_count, 2);
    ck_assert_uint_eq(wasm_insn_label(&insn[10], 2), 0);

    function = &module.functions[1];
    count = 0;
    for (size_t at = function->code_offset; at < function->end_offset;
         count++) {
        ck_assert(wasm_insn_read(&module, &at, function->end_offset,
                                 &insn[count], &diag));
    }
    struct wasm_func_type pair = wasm_block_type(&module, insn[1].block_type);
    ck_assert_uint_eq(pair.param_count, 1);
    ck_assert_uint_eq(pair.result_count, 2);
    struct wasm_func_type one = wasm_block_type(&module, insn[6].block_type);
    ck_assert_uint_eq(one.param_count, 0);
    ck_assert_uint_eq(one.result_count, 1);
    ck_assert_uint_eq(one.results[0], WASM_F32);
    ck_assert_str_eq(insn[13].opcode->name, "memory.init");
    ck_assert_uint_eq(insn[13].index, 0);
    ck_assert_uint_eq(insn[13].index2, 1);
    ck_assert_str_eq(insn[17].opcode->name, "memory.copy");
    ck_assert_uint_eq(insn[17].index, 1);
    ck_assert_uint_eq(insn[17].index2, 0);
}
END_TEST

START_TEST(reads_labels_of_a_table)
{
    const uint8_t labels[] = {0x05, 0x80, 0x01, 0x00, 0x07};
    struct wasm_insn insn = {.label_bytes = labels, .label_count = 3};
    ck_assert_uint_eq(wasm_insn_label(&insn, 0), 5);
    ck_assert_uint_eq(wasm_insn_label(&insn, 1), 128);
    ck_assert_uint_eq(wasm_insn_label(&insn, 2), 0);
    ck_assert_uint_eq(wasm_insn_label(&insn, 3), 7);
}
END_TEST

/* Names of module and functions; a part that is broken is ignored. */
START_TEST(reads_debug_names)
{
    size_t size = 0;
    uint8_t *bytes = from_hex(START "0a 04 01 02 00 0b "
                                    "00 13 04 6e 61 6d 65 00 03 02 68 69 "
                                    "01 07 02 00 01 66 05 01 67",
                              &size);
    struct wasm_module module;
    ck_assert_msg(wasm_read(&module, bytes, size, &arena, &diag), "%s",
                  diag.text);
    ck_assert(wasm_name_equals(module.debug_name, "hi"));
    ck_assert(wasm_name_equals(module.functions[0].debug_name, "f"));
    ck_assert_str_eq(wasm_function_print(&module, 0, &arena), "function 0 'f'");
    free(bytes);
}
END_TEST

static const struct {
    const char *name;
    const char *bytes;
    const char *hint;
} spoilt[] = {
    /* 200 functions of type 0, exports "a" = raw 0x80 and "b" = raw 0xc7 */
    {"exports", "07 09 02 01 61 00 80 01 62 00 c7", "#export"},
    {"name in Latin-1", "07 05 01 01 e9 00 00", "ASCII"},
};

START_TEST(recognises_what_the_8f4e_compiler_spoils)
{
    enum { FUNCTIONS = 200 };
    struct buf text;
    buf_init(&text, &arena);
    buf_format(&text, "%s%s03 ca 01 c8 01 ", HEADER, TYPE);
    for (int i = 0; i < FUNCTIONS; i++) {
        buf_text(&text, "00");
    }
    buf_text(&text, spoilt[_i].bytes);
    size_t size = 0;
    uint8_t *bytes = from_hex(buf_string(&text), &size);
    struct wasm_module module;
    ck_assert(!wasm_read(&module, bytes, size, &arena, &diag));
    ck_assert_msg(strstr(diag.hint, spoilt[_i].hint) != NULL, "%s: %s (%s)",
                  spoilt[_i].name, diag.text, diag.hint);
    free(bytes);
}
END_TEST

START_TEST(recognises_raw_type_indices)
{
    enum { TYPES = 130 };
    struct buf text;
    buf_init(&text, &arena);
    buf_text(&text, HEADER "01 88 03 82 01 ");
    for (int i = 0; i < TYPES; i++) {
        buf_text(&text, "60 00 00");
    }
    buf_text(&text, "03 03 02 81 00");
    size_t size = 0;
    uint8_t *bytes = from_hex(buf_string(&text), &size);
    struct wasm_module module;
    ck_assert(!wasm_read(&module, bytes, size, &arena, &diag));
    ck_assert_msg(strstr(diag.hint, "129th type") != NULL, "%s", diag.text);
    free(bytes);
}
END_TEST

static const struct {
    const char *name;
    const char *printed;
} names[] = {
    {"main", "main"},
    {"", ""},
    {"grün ♪", "grün ♪"},
    {"a\nb\x1b[0m", "a\\x0Ab\\x1B[0m"},
    {"it's \"it\" \\", "it\\x27s \\x22it\\x22 \\x5C"},
    {"\xc2\x9b", "\\xC2\\x9B"},
    {"\xe2\x80\xae", "\\xE2\\x80\\xAE"},
};

START_TEST(prints_names_without_surprises)
{
    struct wasm_name name = {(const uint8_t *)names[_i].name,
                             strlen(names[_i].name)};
    ck_assert_str_eq(wasm_name_print(name, &arena), names[_i].printed);
}
END_TEST

START_TEST(cuts_long_names_between_characters)
{
    char text[100];
    memset(text, 'x', sizeof(text));
    memcpy(text + 79, "é", 2);
    struct wasm_name name = {(const uint8_t *)text, sizeof(text)};
    const char *printed = wasm_name_print(name, &arena);
    ck_assert_uint_eq(strlen(printed), 79 + strlen("…"));
    ck_assert_str_eq(printed + 79, "…");
}
END_TEST

/* A few bytes may ask for 50000 locals each: the whole must stay linear. */
START_TEST(limits_locals_of_the_whole_module)
{
    enum { FUNCTIONS = 1000 };
    struct buf text;
    buf_init(&text, &arena);
    buf_text(&text, HEADER TYPE "03 ea 07 e8 07 ");
    for (int i = 0; i < FUNCTIONS; i++) {
        buf_text(&text, "00");
    }
    buf_text(&text, "0a da 36 e8 07 ");
    for (int i = 0; i < FUNCTIONS; i++) {
        buf_text(&text, "06 01 d0 86 03 7f 0b");
    }
    size_t size = 0;
    uint8_t *bytes = from_hex(buf_string(&text), &size);
    size_t used = arena.used;
    struct wasm_module module;
    ck_assert(!wasm_read(&module, bytes, size, &arena, &diag));
    ck_assert_msg(strstr(diag.text, "allowed in this module") != NULL, "%s",
                  diag.text);
    ck_assert(arena.used - used < 2000000);
    free(bytes);
}
END_TEST

/* Nesting is followed without recursion. */
START_TEST(follows_deep_nesting)
{
    enum { DEPTH = 100000 };
    struct buf text;
    buf_init(&text, &arena);
    buf_text(&text, START "0a 86 b5 92 80 00 01 80 b5 92 80 00 00 ");
    size_t head = 0;
    free(from_hex(buf_string(&text), &head));
    uint32_t body = 1 + 3 * DEPTH + 1;
    uint32_t section = 1 + 5 + body;
    size_t size = head + body - 1;
    uint8_t *bytes = malloc(size);
    ck_assert_ptr_nonnull(bytes);
    size_t ignored = 0;
    uint8_t *start = from_hex(buf_string(&text), &ignored);
    memcpy(bytes, start, head);
    free(start);
    for (int i = 0; i < 5; i++) {
        uint8_t more = i < 4 ? 0x80 : 0;
        bytes[19 + i] = (uint8_t)((section >> (7 * i) & 0x7f) | more);
        bytes[25 + i] = (uint8_t)((body >> (7 * i) & 0x7f) | more);
    }
    for (size_t i = 0; i < DEPTH; i++) {
        bytes[head + 2 * i] = 0x02;
        bytes[head + 2 * i + 1] = 0x40;
        bytes[head + 2 * (size_t)DEPTH + i] = 0x0b;
    }
    bytes[size - 1] = 0x0b;
    struct wasm_module module;
    ck_assert_msg(wasm_read(&module, bytes, size, &arena, &diag), "0x%llx: %s",
                  (unsigned long long)diag.offset, diag.text);
    free(bytes);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("wasm");
    TCase *tests = tcase_create("wasm");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 20);
    tcase_add_loop_test(tests, refuses_malformed_modules, 0,
                        sizeof(malformed) / sizeof(malformed[0]));
    tcase_add_loop_test(tests, reads_well_formed_modules, 0,
                        sizeof(well_formed) / sizeof(well_formed[0]));
    tcase_add_loop_test(tests, refuses_every_prefix_of_a_vector, 0,
                        VECTOR_COUNT);
    tcase_add_loop_test(tests, accounts_for_every_byte_of_a_vector, 0,
                        VECTOR_COUNT);
    tcase_add_test(tests, decodes_immediates);
    tcase_add_test(tests, reads_labels_of_a_table);
    tcase_add_test(tests, reads_debug_names);
    tcase_add_loop_test(tests, recognises_what_the_8f4e_compiler_spoils, 0,
                        sizeof(spoilt) / sizeof(spoilt[0]));
    tcase_add_test(tests, recognises_raw_type_indices);
    tcase_add_loop_test(tests, prints_names_without_surprises, 0,
                        sizeof(names) / sizeof(names[0]));
    tcase_add_test(tests, cuts_long_names_between_characters);
    tcase_add_test(tests, limits_locals_of_the_whole_module);
    tcase_add_test(tests, follows_deep_nesting);
    suite_add_tcase(suite, tests);
    return suite;
}
