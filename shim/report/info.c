/* SPDX-License-Identifier: MIT */
#include "report/info.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "common/print.h"

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
        if (list[k].address == F4E_UNCONNECTED) {
            (void)fprintf(file, "%-8s %u is silent\n", what, k);
        } else {
            (void)fprintf(file, "%-8s %u at byte %u\n", what, k,
                          (unsigned)list[k].address);
        }
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

void info_print(const struct f4e_patch *patch, FILE *file)
{
    (void)fprintf(file, "patch    %s\n", patch->name);
    if (patch->tick_ms > 0) {
        (void)fprintf(file, "timer    main every %u ms, no audio\n",
                      patch->tick_ms);
    } else {
        (void)fprintf(file,
                      "rate     %u Hz\n"
                      "block    %u frames%s\n",
                      (unsigned)patch->sample_rate,
                      (unsigned)patch->block_frames,
                      patch->is_driven_by_main ? ", by calling main" : "");
    }
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
        print_name(patch->exports[i].name, file);
        print_signature(patch->exports[i].signature, file);
        (void)fputc('\n', file);
    }
    for (unsigned i = 0; i < patch->midi_count; ++i) {
        (void)fprintf(file, "midi     port %u calls ", patch->midi[i].port);
        print_name(patch->exports[patch->midi[i].export_index].name, file);
        (void)fputc('\n', file);
    }
    if (patch->keyboard.code_address != 0) {
        (void)fprintf(file, "keyboard code at byte %u\n",
                      (unsigned)patch->keyboard.code_address);
    }
    if (patch->keyboard.pressed_address != 0) {
        (void)fprintf(file, "keyboard pressed at byte %u\n",
                      (unsigned)patch->keyboard.pressed_address);
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

static void print_member(const char *name, const char *text, FILE *file)
{
    (void)fprintf(file, "  \"%s\": ", name);
    print_json_string(text, file);
    (void)fputs(",\n", file);
}

static void print_json_channels(const char *name,
                                const struct f4e_channel *list, unsigned count,
                                FILE *file)
{
    (void)fprintf(file, "  \"%s\": [", name);
    for (unsigned k = 0; k < count; ++k) {
        (void)fprintf(
            file, "%s{\"channel\": %u, \"address\": ", k > 0 ? ", " : "", k);
        if (list[k].address == F4E_UNCONNECTED) {
            (void)fputs("null}", file);
        } else {
            (void)fprintf(file, "%u}", (unsigned)list[k].address);
        }
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
    print_json_string(export->name, file);
    print_types("params", export->signature, ':', file);
    print_types("results", results != NULL ? results + 1 : "", '\0', file);
    (void)fputc('}', file);
}

/* A byte address, or null for 0. */
static void print_json_place(uint32_t address, FILE *file)
{
    if (address == 0) {
        (void)fputs("null", file);
    } else {
        (void)fprintf(file, "%" PRIu32, address);
    }
}

void info_print_bindings(const struct f4e_patch *patch, const char *program,
                         bool has_midi, bool has_keyboard, FILE *file)
{
    for (unsigned i = 0; has_midi && i < patch->midi_count; ++i) {
        (void)fprintf(file, "%s: midi    port %u calls ", program,
                      patch->midi[i].port);
        print_name(patch->exports[patch->midi[i].export_index].name, file);
        (void)fputc('\n', file);
    }
    if (patch->keyboard.code_address != 0 ||
        patch->keyboard.pressed_address != 0) {
        (void)fprintf(file, "%s: keys    %s\n", program,
                      has_keyboard ? "the keyboard plays the patch"
                                   : "the patch reads keys: --keyboard "
                                     "plays it");
    }
}

void info_print_json(const struct f4e_patch *patch, FILE *file)
{
    (void)fputs("{\n", file);
    print_member("name", patch->name, file);
    (void)fprintf(file,
                  "  \"sampleRate\": %u,\n"
                  "  \"blockFrames\": %u,\n"
                  "  \"tickMs\": %u,\n"
                  "  \"isDrivenByMain\": %s,\n"
                  "  \"isMonoDuplicated\": %s,\n",
                  (unsigned)patch->sample_rate, (unsigned)patch->block_frames,
                  patch->tick_ms, patch->is_driven_by_main ? "true" : "false",
                  patch->is_mono_duplicated ? "true" : "false");
    print_json_channels("outputs", patch->outputs, patch->output_count, file);
    print_json_channels("inputs", patch->inputs, patch->input_count, file);
    (void)fputs("  \"memories\": [", file);
    for (unsigned i = 0; i < patch->memory_count; ++i) {
        (void)fputs(i > 0 ? ", {\"name\": " : "{\"name\": ", file);
        print_json_string(patch->memories[i].name, file);
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
    (void)fputs("],\n  \"midi\": [", file);
    for (unsigned i = 0; i < patch->midi_count; ++i) {
        (void)fprintf(file,
                      "%s{\"port\": %u, \"function\": ", i > 0 ? ", " : "",
                      patch->midi[i].port);
        print_json_string(patch->exports[patch->midi[i].export_index].name,
                          file);
        (void)fputc('}', file);
    }
    (void)fputs("],\n  \"keyboard\": {\"code\": ", file);
    print_json_place(patch->keyboard.code_address, file);
    (void)fputs(", \"pressed\": ", file);
    print_json_place(patch->keyboard.pressed_address, file);
    (void)fputs("},\n", file);
    print_member("target", patch->target, file);
    print_member("builtWith", patch->built_with, file);
    (void)fputs("  \"wasmSha256\": ", file);
    print_json_string(patch->wasm_sha256, file);
    (void)fputs("\n}\n", file);
}
