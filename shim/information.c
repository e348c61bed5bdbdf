/* SPDX-License-Identifier: MIT */
#include "information.h"

#include "alsa/devices.h"
#include "audio/audio.h"
#include "completion/completion.h"
#include "midi/midi_ports.h"
#include "options/options.h"
#include "report/info.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* Who read it may have seen enough: "--list | head". */
void information_flush(struct failure *failure)
{
    if (fflush(stdout) != 0 && errno != EPIPE) {
        (void)failure_set(failure, STATUS_FILE,
                          "cannot write standard output: %s", strerror(errno));
    }
}

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
        (void)!midi_ports_list(options->is_json, stdout, failure);
    } else if (options->is_listing) {
        devices_print(patch, options->is_json, NULL, stdout);
    } else if (options->is_json) {
        info_print_json(patch, stdout);
    } else {
        info_print(patch, stdout);
    }
    information_flush(failure);
}
