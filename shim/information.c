/* SPDX-License-Identifier: MIT */
#include "information.h"

#include "alsa/devices.h"
#include "audio/audio.h"
#include "completion/completion.h"
#include "jack/jack_list.h"
#include "midi/midi_ports.h"
#include "options/options.h"
#include "report/info.h"

#include <stdio.h>

void information_print(const struct f4e_patch *patch, const char *program,
                       const struct options *options, struct failure *failure)
{
    if (options->is_help) {
        options_print_help(program, patch, stdout);
    } else if (options->is_version) {
        info_print_version(patch, audio_alsa_version(), stdout);
    } else if (options->shell != SHELL_NONE) {
        completion_print_script(options->shell == SHELL_ZSH, program, stdout);
    } else if (options->is_midi_listing) {
        (void)!midi_ports_list(options->is_json, jack_list_midi, stdout,
                               failure);
    } else if (options->is_listing) {
        devices_print(patch, options->is_json, NULL, jack_list_devices, stdout);
    } else if (options->is_json) {
        info_print_json(patch, stdout);
    } else {
        info_print(patch, stdout);
    }
    failure_check_output(failure);
}
