/* SPDX-License-Identifier: MIT */
#include "wav/sound_kind.h"

#include <string.h>
#include <strings.h>

static const struct {
    char name[27];
    char start[5]; /* the first four bytes ... */
    char form[5];  /* ... and the third four, or "": whatever */
    bool is_wav;
} kinds[] = {
    {"a WAV file", "RIFF", "WAVE", true},
    {"a WAV file", "RF64", "WAVE", true},
    {"a WAV file", "BW64", "WAVE", true},
    {"a RIFF file other than WAV", "RIFF", "", false},
    {"a RIFF file other than WAV", "RF64", "", false},
    {"a big-endian WAV file", "RIFX", "", false},
    {"a Wave64 file", "riff", "", false},
    {"an AIFF file", "FORM", "AIFF", false},
    {"an AIFF file", "FORM", "AIFC", false},
    {"a FLAC file", "fLaC", "", false},
    {"an Ogg file", "OggS", "", false},
    {"an AU file", ".snd", "", false},
    {"a CAF file", "caff", "", false},
    {"an MP3 file", "ID3\3", "", false},
    {"an MP3 file", "ID3\4", "", false},
};

enum sound_kind sound_kind_of(const uint8_t *head, size_t bytes,
                              const char **name)
{
    for (size_t i = 0; bytes >= 4 && i < sizeof(kinds) / sizeof(*kinds); i++) {
        const char *form = kinds[i].form;
        /* A file that was cut off has no form yet. */
        if (memcmp(head, kinds[i].start, 4) == 0 &&
            (form[0] == '\0' || bytes < SOUND_KIND_BYTES ||
             memcmp(head + 8, form, 4) == 0)) {
            *name = kinds[i].name;
            return kinds[i].is_wav ? SOUND_WAV : SOUND_OTHER;
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
