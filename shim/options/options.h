/* SPDX-License-Identifier: MIT */
/*
 * Parses the command line of a finished patch. One table (options_internal.h)
 * serves the parser, --help and the test that compares it with
 * docs/f4e-patch.1.
 */
#ifndef F4E_OPTIONS_H
#define F4E_OPTIONS_H

#include "common/failure.h"
#include "completion/completion.h"
#include "f4e_patch.h"
#include "options/settings.h"

#include <stdbool.h>
#include <stdio.h>

/*
 * Parse the command line into '*options'; strings stay the caller's. --seconds
 * and --blocks become frames of the patch. Fails with STATUS_USAGE.
 */
F4E_MUST_CHECK bool options_parse(struct options *options,
                                  const struct f4e_patch *patch, int argc,
                                  char **argv, struct failure *failure);

/* The same for a patch whose code is exchanged while it plays: MIDI, ports and
 * keys that this version does not have may come with a later one. */
F4E_MUST_CHECK bool options_parse_versions(struct options *options,
                                           const struct f4e_patch *patch,
                                           int argc, char **argv,
                                           struct failure *failure);

/* Whether something is to be printed that needs no patch in memory: --help,
 * --version, --completion, --info, --list-devices, --list-midi. */
bool options_is_information(const struct options *options);

/* Whether --list, --params or --views is among them. */
bool options_is_names(const struct options *options);

/* Print --help for a program called 'program'. */
void options_print_help(const char *program, const struct f4e_patch *patch,
                        FILE *file);

/* What a value is that only others know: those of the patch and the machine. */
enum value_kind {
    VALUE_OTHER,   /* nothing to offer, or all has been offered */
    VALUE_NAME,    /* of a variable */
    VALUE_SETTING, /* a variable's name, then '=' */
    VALUE_NAMES,   /* names with commas between */
    VALUE_PRESET,
    VALUE_EXPORT,   /* a function */
    VALUE_MIDI_IN,  /* a MIDI port to be played from */
    VALUE_MIDI_OUT, /* a MIDI port to send to */
    VALUE_DEVICE,   /* of ALSA */
};

/*
 * Answer what may stand where the last of 'words' begins: options, the words
 * that they take, files. What else is to be offered comes back, and
 * completion->skip says from where on.
 */
enum value_kind options_complete(struct completion *completion,
                                 char *const *words, size_t count);

#endif
