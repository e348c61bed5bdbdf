/* SPDX-License-Identifier: MIT */
/*
 * heard all|start|piece RENDER.raw CARD.wav [FRAMES [FROM]]: compare what a
 * card heard with an offline render, both of 2 channels of 16 bits, bit for
 * bit.
 *
 *   all    the sound of both is the same; before and after it is silence
 *   start  the card's sound begins as the render does, for FRAMES at least
 *   piece  FRAMES of the card's end are in the render, at frame FROM or later
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FRAMES_MAX = 1 << 26, HEADER_BYTES = 44 };

struct sound {
    uint32_t *frames;
    size_t first; /* that is not silent */
    size_t end;   /* after the last that is not silent */
    size_t count;
};

static void fail(const char *what, const char *path)
{
    (void)fprintf(stderr, "heard: %s: %s\n", what, path);
    exit(2);
}

/* A frame is 4 bytes; comparing needs no byte order. */
static struct sound sound_read(const char *path, long header_bytes)
{
    struct sound sound = {0};
    FILE *file = fopen(path, "rbe");
    if (file == NULL || fseek(file, header_bytes, SEEK_SET) != 0) {
        fail("cannot open", path);
    }
    sound.frames = malloc(FRAMES_MAX * sizeof(*sound.frames));
    if (sound.frames == NULL) {
        fail("out of memory", path);
    }
    sound.count = fread(sound.frames, sizeof(*sound.frames), FRAMES_MAX, file);
    (void)fclose(file);
    while (sound.first < sound.count && sound.frames[sound.first] == 0) {
        sound.first++;
    }
    sound.end = sound.count;
    while (sound.end > sound.first && sound.frames[sound.end - 1] == 0) {
        --sound.end;
    }
    if (sound.first == sound.end) {
        fail("nothing but silence", path);
    }
    return sound;
}

/* Frames that agree from the first that is not silent in both. */
static size_t count_equal(const struct sound *render, const struct sound *card)
{
    size_t n = 0;
    while (render->first + n < render->end && card->first + n < card->end &&
           render->frames[render->first + n] == card->frames[card->first + n]) {
        n++;
    }
    return n;
}

static bool is_piece(const struct sound *render, const struct sound *card,
                     size_t frames, size_t from)
{
    /* The very end is what the card made of running dry. */
    enum { TAIL = 4096 };
    if (card->end - card->first < frames + TAIL) {
        return false;
    }
    const uint32_t *piece = card->frames + card->end - TAIL - frames;
    for (size_t at = from; at + frames <= render->count; at++) {
        if (memcmp(render->frames + at, piece,
                   frames * sizeof(*render->frames)) == 0) {
            (void)printf("%zu frames are the render's from frame %zu on\n",
                         frames, at);
            return true;
        }
    }
    return false;
}

int main(int argc, char **argv)
{
    if (argc < 4) {
        (void)fputs(
            "usage: heard all|start|piece RENDER CARD [FRAMES [FROM]]\n",
            stderr);
        return 2;
    }
    struct sound render = sound_read(argv[2], 0);
    struct sound card = sound_read(argv[3], HEADER_BYTES);
    size_t frames = argc > 4 ? strtoul(argv[4], NULL, 10) : 0;
    size_t from = argc > 5 ? strtoul(argv[5], NULL, 10) : 0;
    size_t equal = count_equal(&render, &card);
    bool is_same;
    if (strcmp(argv[1], "piece") == 0) {
        is_same = is_piece(&render, &card, frames, from);
    } else {
        is_same = strcmp(argv[1], "start") == 0
                      ? equal >= frames
                      : equal == render.end - render.first &&
                            equal == card.end - card.first;
        (void)printf("%zu frames are the render's, of %zu heard\n", equal,
                     card.end - card.first);
    }
    free(render.frames);
    free(card.frames);
    return is_same ? 0 : 1;
}
