/* SPDX-License-Identifier: MIT */
/* Declared in options/options_internal.h. */
#include "options/options_internal.h"

#include "common/number.h"

#include <string.h>
#include <strings.h>

bool options_add_entry(struct options *options, const struct f4e_patch *patch,
                       const char *name, struct failure *failure)
{
    if (options->entry_count == ENTRIES_MAX) {
        return failure_set(failure, STATUS_USAGE,
                           "--run-entry can be given %d times", ENTRIES_MAX);
    }
    for (unsigned i = 0; i < patch->export_count; i++) {
        if (strcmp(name, patch->exports[i].name) == 0) {
            options->entries[options->entry_count++] = &patch->exports[i];
            return true;
        }
    }
    (void)failure_set(failure, STATUS_USAGE,
                      "--run-entry: the patch exports no function '%s'", name);
    return failure_hint(failure, "--info lists the exported functions");
}

/* "2=Launchkey" */
static void split_port(const char *text, struct midi_choice *choice)
{
    size_t digits = strspn(text, "0123456789");
    *choice = (struct midi_choice){.text = text};
    if (digits > 0 && digits < 5 && text[digits] == '=') {
        choice->has_port = true;
        uint64_t port = 0;
        (void)number_whole(text, text + digits, NUMBER_DECIMAL, &port);
        choice->port = (unsigned)port;
        choice->text = text + digits + 1;
    }
}

/* The same; the patch has bindings for port 2. */
static bool parse_midi(const struct f4e_patch *patch, const char *name,
                       const char *text, bool may_be_bound,
                       struct midi_choice *choice, struct failure *failure)
{
    split_port(text, choice);
    bool is_bound = !choice->has_port || may_be_bound;
    for (unsigned i = 0; i < patch->midi_count; i++) {
        is_bound = is_bound || patch->midi[i].port == choice->port;
    }
    if (!is_bound && patch->midi_count > 0) {
        (void)failure_set(failure, STATUS_USAGE,
                          "--%s: the patch does not listen to port %u", name,
                          choice->port);
        return failure_hint(failure, "--%s %u=%s", name, patch->midi[0].port,
                            choice->text);
    }
    return choice->text[0] != '\0' ||
           failure_set(failure, STATUS_USAGE, "--%s is empty", name);
}

/* "song.mid" is a file that is written, not a port. */
static bool is_midi_file(const char *text)
{
    const char *dot = strrchr(text, '.');
    return dot != NULL &&
           (strcasecmp(dot, ".mid") == 0 || strcasecmp(dot, ".midi") == 0);
}

/* "none", a file, or a port that the patch plays. */
static bool add_midi_out(struct options *options, const struct f4e_patch *patch,
                         const char *text, struct failure *failure)
{
    if (strcmp(text, "none") == 0) {
        options->is_midi_out_off = true;
        return true;
    }
    if (is_midi_file(text)) {
        options->midi_out_file = text;
        return true;
    }
    if (options->midi_out_count == MIDI_OUT_MAX) {
        return failure_set(failure, STATUS_USAGE,
                           "--midi-out can be given %d times", MIDI_OUT_MAX);
    }
    struct midi_choice *choice = &options->midi_out[options->midi_out_count++];
    split_port(text, choice);
    unsigned ports = options->has_versions ? (unsigned)F4E_MIDI_PORTS
                                           : patch->midi_out_ports;
    if (choice->has_port && ports > 0 && choice->port >= ports) {
        (void)failure_set(failure, STATUS_USAGE,
                          "--midi-out: the patch sends to port%s, not to %u",
                          ports == 1 ? " 0" : "s 0 to 15", choice->port);
        return failure_hint(failure, "--midi-out 0=%s", choice->text);
    }
    return choice->text[0] != '\0' ||
           failure_set(failure, STATUS_USAGE, "--midi-out is empty");
}

bool options_add_midi(struct options *options, const struct f4e_patch *patch,
                      const struct option_row *row, const char *text,
                      struct failure *failure)
{
    if (row->id == OPTION_MIDI_RAW) {
        return parse_midi(patch, option_name(row), text, options->has_versions,
                          &options->midi_raw, failure);
    }
    if (row->id == OPTION_MIDI) {
        return parse_midi(patch, option_name(row), text, false,
                          &options->midi_file, failure);
    }
    if (row->id == OPTION_MIDI_OUT) {
        return add_midi_out(options, patch, text, failure);
    }
    if (strcmp(text, "none") == 0) {
        options->is_midi_off = true;
        return true;
    }
    if (options->midi_in_count == MIDI_IN_MAX) {
        return failure_set(failure, STATUS_USAGE,
                           "--midi-in can be given %d times", MIDI_IN_MAX);
    }
    return parse_midi(patch, option_name(row), text, options->has_versions,
                      &options->midi_in[options->midi_in_count++], failure);
}

bool options_add_cc(struct options *options, const char *text,
                    struct failure *failure)
{
    if (options->cc_count == CC_MAX) {
        (void)failure_set(failure, STATUS_USAGE, "--cc can be given %d times",
                          CC_MAX);
        return failure_hint(failure, "--cc-map FILE");
    }
    options->cc[options->cc_count++] = text;
    return true;
}

static bool check_midi(const struct options *options,
                       const struct f4e_patch *patch, struct failure *failure)
{
    const char *name = options->midi_in_count > 0       ? "midi-in"
                       : options->midi_raw.text != NULL ? "midi-raw"
                       : options->is_midi_required      ? "require-midi"
                                                        : NULL;
    bool has_file = options->midi_file.text != NULL;
    if (options->is_midi_loop && !has_file) {
        return failure_set(failure, STATUS_USAGE, "--midi-loop needs --midi");
    }
    if (has_file && patch->midi_count == 0) {
        name = "midi"; /* controllers do not hear a file */
    }
    if (options->is_midi_off && options->midi_in_count > 0) {
        return failure_set(failure, STATUS_USAGE,
                           "--midi-in is none and '%s' at the same time",
                           options->midi_in[0].text);
    }
    bool has_map = options->cc_count > 0 || options->has_programs ||
                   options->cc_map != NULL;
    if (name == NULL || patch->midi_count > 0 || (has_map && !has_file) ||
        (options->has_versions && !has_file)) {
        return true;
    }
    (void)failure_set(failure, STATUS_USAGE,
                      "--%s: the patch does not listen to MIDI", name);
    return failure_hint(failure, "the project binds a function by '@config "
                                 "midi.inputs'");
}

static bool check_midi_out(const struct options *options,
                           const struct f4e_patch *patch,
                           struct failure *failure)
{
    bool has_port = options->midi_out_count > 0;
    bool has_target = has_port || options->midi_out_file != NULL;
    const char *name = has_target                      ? "midi-out"
                       : options->midi_out_raw != NULL ? "midi-out-raw"
                                                       : NULL;
    if (name != NULL && patch->midi_out_ports == 0 && !options->has_versions) {
        (void)failure_set(failure, STATUS_USAGE,
                          "--%s: the patch sends no MIDI", name);
        return failure_hint(failure, "a module that imports 'midiOut' does");
    }
    if (has_port && options->render != NULL) {
        (void)failure_set(
            failure, STATUS_USAGE,
            "--midi-out: a render has no ports, it writes a file");
        return failure_hint(failure, "--midi-out %s.mid",
                            options->midi_out[0].text);
    }
    return !options->has_running_status || options->midi_out_raw != NULL ||
           failure_set(failure, STATUS_USAGE,
                       "--midi-running-status needs --midi-out-raw");
}

static bool check_state(const struct options *options, struct failure *failure)
{
    bool is_there = options->state != NULL || options->load_state != NULL;
    const char *name = options->is_state_by_name ? "state-by-name"
                       : options->is_state_reset ? "reset-state"
                                                 : NULL;
    return is_there || name == NULL ||
           failure_set(failure, STATUS_USAGE,
                       "--%s needs --state or --load-state", name);
}

static bool check_keyboard(const struct options *options,
                           const struct f4e_patch *patch,
                           struct failure *failure)
{
    if (options->keyboard == NULL || patch->keyboard.code_address != 0 ||
        patch->keyboard.pressed_address != 0 || options->has_versions) {
        return true;
    }
    (void)failure_set(failure, STATUS_USAGE,
                      "--keyboard: the patch has no memory for keys");
    return failure_hint(failure, "the project names it by '@config "
                                 "keyboard.keyCodeMemory'");
}

static bool is_stdin(const char *path)
{
    return path != NULL && strcmp(path, "-") == 0;
}

/* What one of them has read is not there for another. */
static bool check_stdin(const struct options *options, struct failure *failure)
{
    const struct {
        const char *name;
        bool is_reader;
    } readers[] = {
        {"control", options_has_control(options, "-")},
        {"midi-raw", is_stdin(options->midi_raw.text)},
        {"script", is_stdin(options->script)},
        {"midi", is_stdin(options->midi_file.text)},
        {"input", is_stdin(options->input)},
        {"input-raw", is_stdin(options->input_raw)},
    };
    const char *first = NULL;
    for (size_t i = 0; i < sizeof(readers) / sizeof(*readers); i++) {
        if (first != NULL && readers[i].is_reader) {
            return failure_set(failure, STATUS_USAGE,
                               "--%s - and --%s - exclude each other", first,
                               readers[i].name);
        }
        first = readers[i].is_reader ? readers[i].name : first;
    }
    return true;
}

bool options_check_sources(struct options *options,
                           const struct f4e_patch *patch,
                           struct failure *failure)
{
    bool is_played =
        options->keyboard != NULL || options->control_count > 0 ||
        options->watch != NULL || options->is_meter ||
        options->midi_file.text != NULL || options->midi_raw.text != NULL ||
        options->midi_in_count > 0 || options->midi_out_count > 0 ||
        options->midi_out_file != NULL || options->midi_out_raw != NULL ||
        options->is_midi_required || options->cc_count > 0 ||
        options->has_programs;
    options->is_entries_only =
        options->entry_count > 0 && options->render == NULL &&
        options->record == NULL && !options->has_device && !options->is_dummy &&
        !options->has_limit && !is_played;
    return check_stdin(options, failure) && check_state(options, failure) &&
           check_keyboard(options, patch, failure) &&
           check_midi(options, patch, failure) &&
           check_midi_out(options, patch, failure);
}
