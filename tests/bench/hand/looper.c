/* SPDX-License-Identifier: MIT */
/* The looper. Its input stays silent in the bench, but is read. */
#include "hand.h"

#include <string.h>

enum { STRING = 512, TAPE = 48000, TAPS = 6, BURST = 180 };

struct tap {
    int32_t length;
    float gain, low, out;
};

static union {
    struct {
        uint32_t none;
        struct {
            float samples[BLOCK_FRAMES];
            uint32_t at;
            float out;
        } input;
        struct {
            float left, right;
        } mix;
        struct {
            int32_t time, every, seed, burst, length;
            float string[STRING];
            int32_t at;
            float out, last;
        } pluck;
        struct hand_speaker speaker;
        struct tap taps[TAPS];
        struct {
            int32_t hold;
            float feedback, data[TAPE];
            int32_t at;
        } tape;
    } m;
    unsigned char bytes[3 * 65536];
} memory;

void hand_start(void)
{
    static const struct tap taps[TAPS] = {
        {.length = 4700, .gain = 0.6F},   {.length = 11000, .gain = 0.5F},
        {.length = 18300, .gain = 0.45F}, {.length = 24000, .gain = 0.4F},
        {.length = 35500, .gain = 0.35F}, {.length = 46000, .gain = 0.3F}};
    memset(&memory, 0, sizeof(memory));
    memory.m.input.at = 4;
    memory.m.pluck.every = 12000;
    memory.m.pluck.seed = 4711;
    memory.m.pluck.length = 180;
    memory.m.speaker = (struct hand_speaker){
        .in_left = 524, .in_right = 528, .at_left = 2620, .at_right = 3132};
    memcpy(memory.m.taps, taps, sizeof(taps));
    memory.m.tape.feedback = 0.5F;
}

unsigned char *hand_memory(size_t *bytes)
{
    *bytes = sizeof(memory);
    return memory.bytes;
}

/* A plucked string: a burst of noise that goes round and is averaged. */
static float pluck(void)
{
    float *string = memory.m.pluck.string;
    int32_t at = memory.m.pluck.at;
    uint32_t seed = (uint32_t)memory.m.pluck.seed * 1664525U + 1013904223U;
    memory.m.pluck.seed = (int32_t)seed;
    if (++memory.m.pluck.time >= memory.m.pluck.every) {
        memory.m.pluck.time = 0;
        memory.m.pluck.burst = BURST;
        memory.m.pluck.length = 90 + (((int32_t)seed >> 16) & 127);
    }
    float now = string[(at - memory.m.pluck.length) & (STRING - 1)];
    float out = (now + memory.m.pluck.last) * 0.4985F;
    memory.m.pluck.last = now;
    if (memory.m.pluck.burst > 0) {
        memory.m.pluck.burst--;
        out += (float)((int32_t)seed >> 8) * 0.00000006F;
    }
    string[at] = out;
    memory.m.pluck.at = (at + 1) & (STRING - 1);
    return memory.m.pluck.out = out;
}

static void record(float in)
{
    const struct tap *taps = memory.m.taps;
    int32_t at = memory.m.tape.at;
    if (memory.m.tape.hold == 0) {
        memory.m.tape.data[at] =
            in +
            (taps[0].out + taps[3].out + taps[5].out) * memory.m.tape.feedback;
    }
    memory.m.tape.at = at + 1 >= TAPE ? 0 : at + 1;
}

static float listen(struct tap *tap, int32_t at)
{
    int32_t place = at - tap->length;
    place = place < 0 ? place + TAPE : place;
    tap->low += (memory.m.tape.data[place] - tap->low) * 0.45F;
    return tap->out = tap->low * tap->gain;
}

static float limited(float x)
{
    return hand_most(-1.0F, hand_least(1.0F, x));
}

void hand_block(void)
{
    const struct tap *taps = memory.m.taps;
    for (int i = 0; i < BLOCK_FRAMES; i++) {
        float in = memory.m.input.out = memory.m.input.samples[i];
        float string = pluck();
        record(string + in);
        for (int k = 0; k < TAPS; k++) {
            (void)listen(&memory.m.taps[k], memory.m.tape.at);
        }
        float left = (string + taps[0].out + taps[2].out + taps[4].out) * 0.5F;
        float right = (string + taps[1].out + taps[3].out + taps[5].out) * 0.5F;
        memory.m.mix.left = memory.m.speaker.left[i] = limited(left);
        memory.m.mix.right = memory.m.speaker.right[i] = limited(right);
    }
}
