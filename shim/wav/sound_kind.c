/* SPDX-License-Identifier: MIT */
#include "wav/sound_kind.h"

#include <string.h>
#include <strings.h>

static const struct {
    char name[27];
    char start[5]; /* the first four bytes, or "": whatever ... */
    char later[5]; /* ... and four of those behind them, or "" ... */
    uint8_t at;    /* ... where */
    uint8_t kind;  /* enum sound_kind */
} kinds[] = {
    {"a WAV file", "RIFF", "WAVE", 8, SOUND_WAV},
    {"a WAV file", "RF64", "WAVE", 8, SOUND_WAV},
    {"a WAV file", "BW64", "WAVE", 8, SOUND_WAV},
    {"a RIFF file other than WAV", "RIFF", "", 0, SOUND_OTHER},
    {"a RIFF file other than WAV", "RF64", "", 0, SOUND_OTHER},
    {"a big-endian WAV file", "RIFX", "", 0, SOUND_OTHER},
    {"a Wave64 file", "riff", "", 0, SOUND_OTHER},
    {"an AIFF file", "FORM", "AIFF", 8, SOUND_OTHER},
    {"an AIFF file", "FORM", "AIFC", 8, SOUND_OTHER},
    {"an 8SVX file", "FORM", "8SVX", 8, SOUND_OTHER},
    {"a FLAC file", "fLaC", "", 0, SOUND_OTHER},
    {"an Ogg file", "OggS", "", 0, SOUND_OTHER},
    {"an AU file", ".snd", "", 0, SOUND_OTHER},
    {"a CAF file", "caff", "", 0, SOUND_OTHER},
    {"an MP3 file", "ID3\2", "", 0, SOUND_OTHER},
    {"an MP3 file", "ID3\3", "", 0, SOUND_OTHER},
    {"an MP3 file", "ID3\4", "", 0, SOUND_OTHER},
    {"an MP4 file", "", "ftyp", 4, SOUND_MEDIA},
    {"a Matroska or WebM file", "\x1a\x45\xdf\xa3", "", 0, SOUND_MEDIA},
    {"a WavPack file", "wvpk", "", 0, SOUND_MEDIA},
    {"a Monkey's Audio file", "MAC ", "", 0, SOUND_MEDIA},
    {"a Musepack file", "MPCK", "", 0, SOUND_MEDIA},
    {"an AMR file", "#!AM", "", 0, SOUND_OTHER},
    {"a Windows Media file", "\x30\x26\xb2\x75", "", 0, SOUND_MEDIA},
};

enum sound_kind sound_kind_of(const uint8_t *head, size_t bytes,
                              const char **name)
{
    for (size_t i = 0; bytes >= 4 && i < sizeof(kinds) / sizeof(*kinds); i++) {
        const char *start = kinds[i].start;
        const char *later = kinds[i].later;
        /* A file that was cut off has its later bytes no more. */
        bool is_cut = start[0] != '\0' && bytes < SOUND_KIND_BYTES;
        if ((start[0] == '\0' || memcmp(head, start, 4) == 0) &&
            (later[0] == '\0' || is_cut ||
             (bytes >= kinds[i].at + 4U &&
              memcmp(head + kinds[i].at, later, 4) == 0))) {
            *name = kinds[i].name;
            return (enum sound_kind)kinds[i].kind;
        }
    }
    *name = "no file of sound";
    return SOUND_BARE;
}

const char *sound_converter(enum sound_kind kind)
{
    return kind == SOUND_MEDIA ? "ffmpeg -i" : "sox";
}

bool sound_has_name(const char *path)
{
    static const char *const endings[] = {
        ".8svx", ".aac",  ".aif",  ".aifc", ".aiff", ".amr",  ".ape",
        ".au",   ".bw64", ".bwf",  ".caf",  ".flac", ".m4a",  ".mka",
        ".mp3",  ".mp4",  ".mpc",  ".oga",  ".ogg",  ".opus", ".rf64",
        ".w64",  ".wav",  ".wave", ".webm", ".wma",  ".wv"};
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
