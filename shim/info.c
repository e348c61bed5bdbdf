/* SPDX-License-Identifier: MIT */
#include "info.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

enum { INVALID = 0xfffd };

/*
 * The code point at '*text', which moves on; INVALID, one byte on, for what is
 * not UTF-8 (overlong forms and surrogates included).
 */
static uint32_t next_code_point(const unsigned char **text)
{
    static const uint32_t least[4] = {0, 0x80, 0x800, 0x10000};
    const unsigned char *at = *text;
    unsigned more = *at < 0x80             ? 0
                    : (*at & 0xe0) == 0xc0 ? 1
                    : (*at & 0xf0) == 0xe0 ? 2
                    : (*at & 0xf8) == 0xf0 ? 3
                                           : 4;
    *text = at + 1;
    if (more == 4) {
        return INVALID;
    }
    uint32_t point = more == 0 ? *at : *at & (0x3fU >> more);
    for (unsigned i = 1; i <= more; ++i) {
        if ((at[i] & 0xc0) != 0x80) {
            return INVALID;
        }
        point = point << 6 | (at[i] & 0x3fU);
    }
    if (point < least[more] || point > 0x10ffff ||
        (point >= 0xd800 && point < 0xe000)) {
        return INVALID;
    }
    *text = at + 1 + more;
    return point;
}

static const char *type_name(char letter)
{
    return letter == 'i'   ? "i32"
           : letter == 'l' ? "i64"
           : letter == 'f' ? "f32"
                           : "f64";
}

static void print_channels(const char *what, const struct f4e_channel *list,
                           unsigned count, FILE *file)
{
    for (unsigned k = 0; k < count; ++k) {
        (void)fprintf(file, "%-8s %u at byte %u\n", what, k,
                      (unsigned)list[k].address);
    }
}

/* "(i32, f32) -> f64" from "if:d". */
static void print_signature(const char *signature, FILE *file)
{
    const char *results = signature + strcspn(signature, ":");
    (void)fputc('(', file);
    for (const char *at = signature; at < results; ++at) {
        (void)fprintf(file, "%s%s", at == signature ? "" : ", ",
                      type_name(*at));
    }
    (void)fputc(')', file);
    results += *results == ':';
    for (const char *at = results; *at != '\0'; ++at) {
        (void)fprintf(file, "%s%s", at == results ? " -> " : ", ",
                      type_name(*at));
    }
}

/* Controls, and marks that reorder or hide what stands around them. */
static bool is_hidden(uint32_t point)
{
    return point < 0x20 || (point >= 0x7f && point < 0xa0) ||
           (point >= 0x200b && point <= 0x200f) ||
           (point >= 0x2028 && point <= 0x202e) ||
           (point >= 0x2060 && point <= 0x206f) || point == 0xfeff ||
           point == INVALID;
}

void info_print_name(const char *name, FILE *file)
{
    const unsigned char *at = (const unsigned char *)name;
    while (*at != '\0') {
        const unsigned char *start = at;
        bool is_escaped = is_hidden(next_code_point(&at));
        for (; start < at; ++start) {
            (void)fprintf(file, is_escaped ? "\\x%02x" : "%c", *start);
        }
    }
}

void info_print(const struct f4e_patch *patch, FILE *file)
{
    (void)fprintf(file,
                  "patch    %s\n"
                  "rate     %u Hz\n"
                  "block    %u frames%s\n",
                  patch->name, (unsigned)patch->sample_rate,
                  (unsigned)patch->block_frames,
                  patch->is_driven_by_main ? ", by calling main" : "");
    print_channels("output", patch->outputs, patch->output_count, file);
    if (patch->output_count == 1 && patch->is_mono_duplicated) {
        (void)fprintf(file, "output   0 plays on both speakers\n");
    }
    print_channels("input", patch->inputs, patch->input_count, file);
    for (unsigned i = 0; i < patch->memory_count; ++i) {
        (void)fprintf(file, "memory   %u '%s', %" PRIu64 " bytes\n", i,
                      patch->memories[i].name, patch->memories[i].bytes);
    }
    for (unsigned i = 0; i < patch->asset_count; ++i) {
        (void)fprintf(file, "asset    %u bytes at byte %u\n",
                      (unsigned)patch->assets[i].size,
                      (unsigned)patch->assets[i].address);
    }
    for (unsigned i = 0; i < patch->export_count; ++i) {
        (void)fprintf(file, "export   ");
        info_print_name(patch->exports[i].name, file);
        print_signature(patch->exports[i].signature, file);
        (void)fputc('\n', file);
    }
    (void)fprintf(file,
                  "target   %s\n"
                  "built by %s\n"
                  "sha256   %s\n",
                  patch->target, patch->built_with, patch->wasm_sha256);
}

void info_print_version(const struct f4e_patch *patch, const char *alsa_version,
                        FILE *file)
{
    (void)fprintf(file,
                  "%s, %u Hz, blocks of %u frames\n"
                  "built by %s\n"
                  "target   %s, alsa-lib %s\n"
                  "sha256   %s\n",
                  patch->name, (unsigned)patch->sample_rate,
                  (unsigned)patch->block_frames, patch->built_with,
                  patch->target, alsa_version, patch->wasm_sha256);
}

void info_print_string(const char *text, FILE *file)
{
    const unsigned char *at = (const unsigned char *)text;
    (void)fputc('"', file);
    while (*at != '\0') {
        uint32_t point = next_code_point(&at);
        if (point == '"' || point == '\\') {
            (void)fprintf(file, "\\%c", (int)point);
        } else if (point >= 0x20 && point < 0x7f) {
            (void)fputc((int)point, file);
        } else if (point < 0x10000) {
            (void)fprintf(file, "\\u%04" PRIx32, point);
        } else {
            (void)fprintf(file, "\\u%04" PRIx32 "\\u%04" PRIx32,
                          0xd800 + ((point - 0x10000) >> 10),
                          0xdc00 + (point & 0x3ff));
        }
    }
    (void)fputc('"', file);
}

static void print_member(const char *name, const char *text, FILE *file)
{
    (void)fprintf(file, "  \"%s\": ", name);
    info_print_string(text, file);
    (void)fputs(",\n", file);
}

static void print_json_channels(const char *name,
                                const struct f4e_channel *list, unsigned count,
                                FILE *file)
{
    (void)fprintf(file, "  \"%s\": [", name);
    for (unsigned k = 0; k < count; ++k) {
        (void)fprintf(file, "%s{\"channel\": %u, \"address\": %u}",
                      k > 0 ? ", " : "", k, (unsigned)list[k].address);
    }
    (void)fputs("],\n", file);
}

/* Types from '*letters' up to 'end' or the string's end. */
static void print_types(const char *name, const char *letters, char end,
                        FILE *file)
{
    (void)fprintf(file, ", \"%s\": [", name);
    for (const char *at = letters; *at != '\0' && *at != end; ++at) {
        (void)fprintf(file, "%s\"%s\"", at == letters ? "" : ", ",
                      type_name(*at));
    }
    (void)fputc(']', file);
}

static void print_json_export(const struct f4e_export *export, FILE *file)
{
    const char *results = strchr(export->signature, ':');
    (void)fputs("{\"name\": ", file);
    info_print_string(export->name, file);
    print_types("params", export->signature, ':', file);
    print_types("results", results != NULL ? results + 1 : "", '\0', file);
    (void)fputc('}', file);
}

void info_print_json(const struct f4e_patch *patch, FILE *file)
{
    (void)fputs("{\n", file);
    print_member("name", patch->name, file);
    (void)fprintf(file,
                  "  \"sampleRate\": %u,\n"
                  "  \"blockFrames\": %u,\n"
                  "  \"isDrivenByMain\": %s,\n"
                  "  \"isMonoDuplicated\": %s,\n",
                  (unsigned)patch->sample_rate, (unsigned)patch->block_frames,
                  patch->is_driven_by_main ? "true" : "false",
                  patch->is_mono_duplicated ? "true" : "false");
    print_json_channels("outputs", patch->outputs, patch->output_count, file);
    print_json_channels("inputs", patch->inputs, patch->input_count, file);
    (void)fputs("  \"memories\": [", file);
    for (unsigned i = 0; i < patch->memory_count; ++i) {
        (void)fputs(i > 0 ? ", {\"name\": " : "{\"name\": ", file);
        info_print_string(patch->memories[i].name, file);
        (void)fprintf(file, ", \"bytes\": %" PRIu64 "}",
                      patch->memories[i].bytes);
    }
    (void)fputs("],\n  \"assets\": [", file);
    for (unsigned i = 0; i < patch->asset_count; ++i) {
        (void)fprintf(file, "%s{\"address\": %u, \"size\": %u}",
                      i > 0 ? ", " : "", (unsigned)patch->assets[i].address,
                      (unsigned)patch->assets[i].size);
    }
    (void)fputs("],\n  \"exports\": [", file);
    for (unsigned i = 0; i < patch->export_count; ++i) {
        (void)fputs(i > 0 ? ", " : "", file);
        print_json_export(&patch->exports[i], file);
    }
    (void)fputs("],\n", file);
    print_member("target", patch->target, file);
    print_member("builtWith", patch->built_with, file);
    (void)fputs("  \"wasmSha256\": ", file);
    info_print_string(patch->wasm_sha256, file);
    (void)fputs("\n}\n", file);
}
