/* SPDX-License-Identifier: MIT */
#include "wav/sound_kind.h"

#include <string.h>
#include <strings.h>

static const struct {
    const char *name;
    const char *start; /* the first four bytes ... */
    const char *form;  /* ... and the third four, or NULL: whatever */
    enum sound_kind kind;
} kinds[] = {
    {"a WAV file", "RIFF", "WAVE", SOUND_WAV},
    {"a WAV file", "RF64", "WAVE", SOUND_WAV},
    {"a WAV file", "BW64", "WAVE", SOUND_WAV},
    {"a RIFF file other than WAV", "RIFF", NULL, SOUND_OTHER},
    {"a RIFF file other than WAV", "RF64", NULL, SOUND_OTHER},
    {"a big-endian WAV file", "RIFX", NULL, SOUND_OTHER},
    {"a Wave64 file", "riff", NULL, SOUND_OTHER},
    {"an AIFF file", "FORM", "AIFF", SOUND_OTHER},
    {"an AIFF file", "FORM", "AIFC", SOUND_OTHER},
    {"a FLAC file", "fLaC", NULL, SOUND_OTHER},
    {"an Ogg file", "OggS", NULL, SOUND_OTHER},
    {"an AU file", ".snd", NULL, SOUND_OTHER},
    {"a CAF file", "caff", NULL, SOUND_OTHER},
    {"an MP3 file", "ID3\3", NULL, SOUND_OTHER},
    {"an MP3 file", "ID3\4", NULL, SOUND_OTHER},
};

enum sound_kind sound_kind_of(const uint8_t *head, size_t bytes,
                              const char **name)
{
    for (size_t i = 0; bytes >= 4 && i < sizeof(kinds) / sizeof(*kinds); i++) {
        const char *form = kinds[i].form;
        /* A file that was cut off has no form yet. */
        if (memcmp(head, kinds[i].start, 4) == 0 &&
            (form == NULL || bytes < SOUND_KIND_BYTES ||
             memcmp(head + 8, form, 4) == 0)) {
            *name = kinds[i].name;
            return kinds[i].kind;
        }
    }
    *name = "no file of sound";
    return SOUND_BARE;
}

bool sound_has_name(const char *path)
{
    static const char *const endings[] = {
        ".aif", ".aifc", ".aiff", ".au",   ".bwf",  ".caf", ".flac", ".m4a",
        ".mp3", ".oga",  ".ogg",  ".opus", ".rf64", ".w64", ".wav",  ".wave"};
    const char *slash = strrchr(path, '/');
    const char *ending = strrchr(slash == NULL ? path : slash, '.');
    for (size_t i = 0; ending != NULL && i < sizeof(endings) / sizeof(*endings);
         i++) {
        if (strcasecmp(ending, endings[i]) == 0) {
            return true;
        }
    }
    return false;
}
