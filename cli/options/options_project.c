/* SPDX-License-Identifier: MIT */
/* options_internal.h: options about what goes with the module. */
#include "options/options_internal.h"

#include "base/strict_number.h"
#include "text/text_name.h"

bool options_parse_asset(struct options *options, const char *text,
                         struct diag *diag)
{
    const char *equals = strchr(text, '=');
    struct option_asset *asset = &options->assets[options->asset_count];
    if (options->asset_count == OPTIONS_MAX_ASSETS) {
        return diag_usage(diag, "--asset: more than %d assets",
                          OPTIONS_MAX_ASSETS);
    }
    bool is_number = equals != NULL && text[0] >= '0' && text[0] <= '9';
    /* "ID=" omits an asset of the project. */
    if (equals == NULL || equals == text ||
        (is_number && (equals[1] == '\0' ||
                       !strict_number_u32(text, (size_t)(equals - text),
                                          UINT32_MAX, &asset->address)))) {
        diag_usage(diag, "--asset: '%s' is not NAME=FILE or ADDRESS=FILE",
                   text);
        return diag_hint(diag, "--asset hit=hit.raw, --asset drum:sample="
                               "hit.raw, --asset 0x2000=hit.raw");
    }
    asset->text = text;
    asset->is_address = is_number;
    asset->file = equals + 1;
    options->asset_count++;
    return true;
}

void options_take_text(struct options *options)
{
    options->is_text = text_has_name(options->input);
    if (options->is_text && options->project == NULL &&
        options->manifest == NULL && !options->is_projectless) {
        options->project = options->input;
    }
}

bool options_check_fetch(struct options *options, struct diag *diag)
{
    const char *alone = options->is_private        ? "allow-private"
                        : options->is_updating     ? "update"
                        : options->max_bytes > 0   ? "max-bytes"
                        : options->max_seconds > 0 ? "max-seconds"
                                                   : NULL;
    if (options->command != COMMAND_FETCH) {
        return alone == NULL || diag_usage(diag, "--%s goes with fetch", alone);
    }
    if (!options->is_text) {
        diag_usage(diag, "fetch takes a text, and '%s' is not called so",
                   options->input);
        return diag_hint(diag, "f4e-build fetch patch.8f4e");
    }
    options->max_bytes =
        options->max_bytes > 0 ? options->max_bytes : OPTIONS_FETCH_BYTES;
    options->max_seconds =
        options->max_seconds > 0 ? options->max_seconds : OPTIONS_FETCH_SECONDS;
    return true;
}

bool options_check_project(const struct options *options, struct diag *diag)
{
    if (options->is_text && options->project != NULL &&
        options->project != options->input) {
        diag_usage(diag, "--project: '%s' is its own project", options->input);
        return diag_hint(diag, "leave --project out");
    }
    if (options->project != NULL && options->manifest != NULL) {
        diag_usage(diag, "--project and --manifest exclude each other");
        return diag_hint(diag, "--asset and the other options add to either");
    }
    if (options->is_projectless &&
        (options->project != NULL || options->manifest != NULL)) {
        return diag_usage(diag, "--no-project and --%s exclude each other",
                          options->project != NULL ? "project" : "manifest");
    }
    if (options->command == COMMAND_EMBED && options->output == NULL) {
        diag_usage(diag, "embed writes a module: say which");
        return diag_hint(diag, "f4e-build embed %s -o other.wasm",
                         options->input);
    }
    return true;
}
