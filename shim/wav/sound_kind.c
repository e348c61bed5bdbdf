/* SPDX-License-Identifier: MIT */
#include "wav/sound_kind.h"

#include "common/words.h"

#include <string.h>
#include <strings.h>

/* What it is; the first four bytes, or "": whatever, and four of those behind
 * them, or ""; where; the kind. */
#define KINDS(ROW)                                                   \
    ROW("a WAV file", "RIFF", "WAVE", 8, WAV)                        \
    ROW("a WAV file", "RF64", "WAVE", 8, WAV)                        \
    ROW("a WAV file", "BW64", "WAVE", 8, WAV)                        \
    ROW("a RIFF file other than WAV", "RIFF", "", 0, OTHER)          \
    ROW("a RIFF file other than WAV", "RF64", "", 0, OTHER)          \
    ROW("a big-endian WAV file", "RIFX", "", 0, OTHER)               \
    ROW("a Wave64 file", "riff", "", 0, OTHER)                       \
    ROW("an AIFF file", "FORM", "AIFF", 8, OTHER)                    \
    ROW("an AIFF file", "FORM", "AIFC", 8, OTHER)                    \
    ROW("an 8SVX file", "FORM", "8SVX", 8, OTHER)                    \
    ROW("a FLAC file", "fLaC", "", 0, OTHER)                         \
    ROW("an Ogg file", "OggS", "", 0, OTHER)                         \
    ROW("an AU file", ".snd", "", 0, OTHER)                          \
    ROW("a CAF file", "caff", "", 0, OTHER)                          \
    ROW("an MP3 file", "ID3\2", "", 0, OTHER)                        \
    ROW("an MP3 file", "ID3\3", "", 0, OTHER)                        \
    ROW("an MP3 file", "ID3\4", "", 0, OTHER)                        \
    ROW("an MP4 file", "", "ftyp", 4, MEDIA)                         \
    ROW("a Matroska or WebM file", "\x1a\x45\xdf\xa3", "", 0, MEDIA) \
    ROW("a WavPack file", "wvpk", "", 0, MEDIA)                      \
    ROW("a Monkey's Audio file", "MAC ", "", 0, MEDIA)               \
    ROW("a Musepack file", "MPCK", "", 0, MEDIA)                     \
    ROW("an AMR file", "#!AM", "", 0, OTHER)                         \
    ROW("a Windows Media file", "\x30\x26\xb2\x75", "", 0, MEDIA)

static const char names[] =
#define NAME(name, start, later, at, kind) name "\0"
    KINDS(NAME);
#undef NAME

static const struct {
    char start[5];
    char later[5];
    uint8_t at;
    uint8_t kind; /* enum sound_kind */
} kinds[] = {
#define ROW(name, start, later, at, kind) {start, later, at, SOUND_##kind},
    KINDS(ROW)
#undef ROW
};

enum sound_kind sound_kind_of(const uint8_t *head, size_t bytes,
                              const char **name)
{
    *name = names;
    for (size_t i = 0; bytes >= 4 && i < sizeof(kinds) / sizeof(*kinds); i++) {
        const char *start = kinds[i].start;
        const char *later = kinds[i].later;
        /* A file that was cut off has its later bytes no more. */
        bool is_cut = start[0] != '\0' && bytes < SOUND_KIND_BYTES;
        if ((start[0] == '\0' || memcmp(head, start, 4) == 0) &&
            (later[0] == '\0' || is_cut ||
             (bytes >= kinds[i].at + 4U &&
              memcmp(head + kinds[i].at, later, 4) == 0))) {
            return (enum sound_kind)kinds[i].kind;
        }
        *name = words_behind(*name);
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
