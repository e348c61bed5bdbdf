/* SPDX-License-Identifier: MIT */
#include "options_line.h"

#include "suite.h"

enum { MAX_ARGUMENTS = 400 };

static void say_text(struct buf *out, const char *name, const char *value)
{
    if (value != NULL) {
        buf_format(out, "%s=%s ", name, value);
    }
}

static void say_number(struct buf *out, const char *name, uint32_t value,
                       uint32_t usual)
{
    if (value != usual) {
        buf_format(out, "%s=%u ", name, value);
    }
}

static void say_channels(struct buf *out, const char *name,
                         const struct option_channel *list, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (list[i].item != NULL) {
            buf_format(out, "%s%u=%s ", name, list[i].channel, list[i].item);
        } else {
            buf_format(out, "%s%u=%u ", name, list[i].channel, list[i].address);
        }
    }
}

const char *told(const struct options *options)
{
    struct buf out;
    buf_init(&out, &arena);
    say_number(&out, "command", options->command, COMMAND_BUILD);
    say_text(&out, "input", options->input);
    say_text(&out, "output", options->output);
    say_text(&out, "name", options->name);
    say_text(&out, "entry", options->entry);
    say_number(&out, "block", options->block_frames, 0);
    say_number(&out, "rate", options->sample_rate, 0);
    say_channels(&out, "out", options->outputs, options->output_count);
    say_channels(&out, "in", options->inputs, options->input_count);
    for (uint32_t i = 0; i < options->asset_count; i++) {
        const struct option_asset *asset = &options->assets[i];
        if (asset->is_address) {
            buf_format(&out, "asset%u=%s ", asset->address, asset->file);
        } else {
            say_text(&out, "asset", asset->text);
        }
    }
    say_text(&out, "assets", options->asset_folder);
    say_number(&out, "assetless", options->is_assetless, 0);
    say_text(&out, "project", options->project);
    say_text(&out, "manifest", options->manifest);
    say_text(&out, "compiler", options->compiler);
    say_number(&out, "text", options->is_text, 0);
    say_number(&out, "private", options->is_private, 0);
    say_number(&out, "updating", options->is_updating, 0);
    say_number(&out, "bytes", options->max_bytes, 0);
    say_number(&out, "seconds", options->max_seconds, 0);
    say_number(&out, "projectless", options->is_projectless, 0);
    say_number(&out, "lenient", options->is_lenient, 0);
    for (uint32_t i = 0; i < options->stub_count; i++) {
        say_text(&out, "stub", options->stubs[i]);
    }
    say_text(&out, "import-c", options->import_c);
    say_number(&out, "level", options->level, 3);
    say_number(&out, "ranges", options->ranges, RANGES_DEFAULT);
    say_text(&out, "target", options->target);
    say_text(&out, "sysroot", options->sysroot);
    say_text(&out, "alsa", options->alsa);
    say_number(&out, "static", options->is_static, 0);
    say_text(&out, "cpu", options->cpu);
    say_text(&out, "cc", options->cc);
    say_text(&out, "wasm2c", options->wasm2c);
    for (unsigned i = 0; i < options->launcher_count; i++) {
        say_text(&out, "launcher", options->launcher[i]);
    }
    say_text(&out, "depfile", options->depfile);
    say_number(&out, "jobs", options->jobs, 0);
    say_text(&out, "package-version", options->package_version);
    say_text(&out, "emit-c", options->emit_c);
    say_number(&out, "form", options->emit_kind, EMIT_PROGRAM);
    say_number(&out, "pgo", options->pgo_seconds, 0);
    say_text(&out, "pgo-script", options->pgo_script);
    say_number(&out, "tune", options->is_tuning, 0);
    say_number(&out, "unchecked", options->is_unchecked, 0);
    say_number(&out, "keep", options->is_keeping, 0);
    say_number(&out, "json", options->is_json, 0);
    say_number(&out, "verbose", options->is_verbose, 0);
    say_number(&out, "quiet", options->is_quiet, 0);
    say_number(&out, "watch", options->is_watching, 0);
    say_number(&out, "no-watch", options->is_not_watching, 0);
    say_number(&out, "crossfade", options->crossfade_ms, UINT32_MAX);
    say_number(&out, "fresh", options->is_fresh, 0);
    for (int i = 0; i < options->patch_argc; i++) {
        say_text(&out, "patch", options->patch_argv[i]);
    }
    return buf_string(&out);
}

bool parse(struct options *options, const char *line)
{
    static char *argv[MAX_ARGUMENTS];
    int argc = 0;
    argv[argc++] = arena_copy(&arena, "f4e-build", 9);
    char *copy = arena_copy(&arena, line, strlen(line));
    while (copy != NULL) {
        char *bar = strchr(copy, '|');
        if (bar != NULL) {
            *bar++ = '\0';
        }
        ck_assert_int_lt(argc, MAX_ARGUMENTS - 1);
        argv[argc++] = copy;
        copy = bar;
    }
    argv[argc] = NULL;
    return options_parse(options, argc, argv, &arena, &diag);
}
