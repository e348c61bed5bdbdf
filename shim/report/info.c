/* SPDX-License-Identifier: MIT */
#include "report/info.h"

#include "common/print.h"
#include "message/message.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

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
    for (unsigned k = 0; k < count; k++) {
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
    for (const char *at = signature; at < results; at++) {
        (void)fprintf(file, "%s%s", at == signature ? "" : ", ",
                      type_name(*at));
    }
    (void)fputc(')', file);
    results += *results == ':';
    for (const char *at = results; *at != '\0'; at++) {
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
    for (unsigned i = 0; i < patch->memory_count; i++) {
        (void)fprintf(file, "memory   %u '%s', %" PRIu64 " bytes\n", i,
                      patch->memories[i].name, patch->memories[i].bytes);
    }
    for (unsigned i = 0; i < patch->asset_count; i++) {
        (void)fprintf(file, "asset    %u bytes at byte %u\n",
                      (unsigned)patch->assets[i].size,
                      (unsigned)patch->assets[i].address);
    }
    for (unsigned i = 0; i < patch->export_count; i++) {
        (void)fprintf(file, "export   ");
        print_name(patch->exports[i].name, file);
        print_signature(patch->exports[i].signature, file);
        (void)fputc('\n', file);
    }
    for (unsigned i = 0; i < patch->midi_count; i++) {
        (void)fprintf(file, "midi     port %u calls ", patch->midi[i].port);
        print_name(patch->exports[patch->midi[i].export_index].name, file);
        (void)fputc('\n', file);
    }
    if (patch->midi_out_ports > 0) {
        (void)fprintf(file, "midi out %s\n",
                      patch->midi_out_ports == 1 ? "port 0" : "ports 0 to 15");
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

static void write_channels(const char *name, const struct f4e_channel *list,
                           unsigned count, struct json *json)
{
    json_open_member(json, name, '[');
    for (unsigned k = 0; k < count; k++) {
        json_open(json, '{');
        json_member_unsigned(json, "channel", k);
        json_key(json, "address");
        if (list[k].address == F4E_UNCONNECTED) {
            json_null(json);
        } else {
            json_unsigned(json, list[k].address);
        }
        json_close(json, '}');
    }
    json_close(json, ']');
}

/* Types from '*letters' up to 'end' or the string's end. */
static void write_types(const char *name, const char *letters, char end,
                        struct json *json)
{
    json_open_member(json, name, '[');
    for (const char *at = letters; *at != '\0' && *at != end; at++) {
        json_string(json, type_name(*at));
    }
    json_close(json, ']');
}

static void write_exports(const struct f4e_patch *patch, struct json *json)
{
    json_open_member(json, "exports", '[');
    for (unsigned i = 0; i < patch->export_count; i++) {
        const struct f4e_export *export = &patch->exports[i];
        const char *results = strchr(export->signature, ':');
        json_open(json, '{');
        json_member_string(json, "name", export->name);
        write_types("params", export->signature, ':', json);
        write_types("results", results != NULL ? results + 1 : "", '\0', json);
        json_close(json, '}');
    }
    json_close(json, ']');
}

/* A byte address, or null for 0. */
static void write_place(const char *name, uint32_t address, struct json *json)
{
    json_key(json, name);
    if (address == 0) {
        json_null(json);
    } else {
        json_unsigned(json, address);
    }
}

void info_tell_bindings(const struct f4e_patch *patch, bool has_midi,
                        bool has_keyboard)
{
    for (unsigned i = 0; has_midi && i < patch->midi_count; i++) {
        message(PRIORITY_INFO, "midi    port %u calls %s", patch->midi[i].port,
                patch->exports[patch->midi[i].export_index].name);
    }
    if (patch->keyboard.code_address != 0 ||
        patch->keyboard.pressed_address != 0) {
        message(PRIORITY_INFO, "keys    %s",
                has_keyboard ? "the keyboard plays the patch"
                             : "the patch reads keys: --keyboard plays it");
    }
}

static void write_memories(const struct f4e_patch *patch, struct json *json)
{
    json_open_member(json, "memories", '[');
    for (unsigned i = 0; i < patch->memory_count; i++) {
        json_open(json, '{');
        json_member_string(json, "name", patch->memories[i].name);
        json_member_unsigned(json, "bytes", patch->memories[i].bytes);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_open_member(json, "assets", '[');
    for (unsigned i = 0; i < patch->asset_count; i++) {
        json_open(json, '{');
        json_member_unsigned(json, "address", patch->assets[i].address);
        json_member_unsigned(json, "size", patch->assets[i].size);
        json_close(json, '}');
    }
    json_close(json, ']');
}

void info_write(const struct f4e_patch *patch, struct json *json)
{
    json_member_string(json, "name", patch->name);
    json_member_string(json, "runtime", patch->tick_ms > 0 ? "timer" : "audio");
    json_member_unsigned(json, "sampleRate", patch->sample_rate);
    json_member_unsigned(json, "blockFrames", patch->block_frames);
    json_member_unsigned(json, "tickMs", patch->tick_ms);
    json_member_string(json, "drivenBy",
                       patch->is_driven_by_main ? "main" : "buffer");
    json_member_bool(json, "monoOnBothSpeakers", patch->is_mono_duplicated);
    write_channels("outputs", patch->outputs, patch->output_count, json);
    write_channels("inputs", patch->inputs, patch->input_count, json);
    write_memories(patch, json);
    write_exports(patch, json);
    json_open_member(json, "midi", '[');
    for (unsigned i = 0; i < patch->midi_count; i++) {
        json_open(json, '{');
        json_member_unsigned(json, "port", patch->midi[i].port);
        json_member_string(json, "callback",
                           patch->exports[patch->midi[i].export_index].name);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_member_unsigned(json, "midiOutPorts", patch->midi_out_ports);
    json_open_member(json, "keyboard", '{');
    write_place("code", patch->keyboard.code_address, json);
    write_place("pressed", patch->keyboard.pressed_address, json);
    json_close(json, '}');
    json_member_string(json, "target", patch->target);
    json_member_string(json, "builtWith", patch->built_with);
    json_member_string(json, "sha256", patch->wasm_sha256);
}

void info_print_json(const struct f4e_patch *patch, FILE *file)
{
    struct json json;
    json_init(&json, file, 1);
    json_open(&json, '{');
    info_write(patch, &json);
    json_close(&json, '}');
}
