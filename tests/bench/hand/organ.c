/* SPDX-License-Identifier: MIT */
/*
 * The chord organ. With -DSTAGED each voice renders its whole block before the
 * next one begins; the sums are added in the same order.
 */
#include "hand.h"

#include <string.h>

enum { VOICES = 8, LINE = 1024 };

struct voice {
    float step, phase, level, out;
    int32_t note;
};

static union {
    struct {
        uint32_t none;
        struct {
            float b1, b2, b3, b4, b6, b8;
        } bars;
        struct {
            float speed, depth, phase, rate;
        } chorus;
        struct {
            int32_t count, held[VOICES];
        } keys;
        struct {
            float dry, left, right, turn, line[LINE];
            int32_t at;
        } rotor;
        struct hand_speaker speaker;
        struct voice voices[VOICES];
    } m;
    unsigned char bytes[65536];
} memory;

void hand_start(void)
{
    memset(&memory, 0, sizeof(memory));
    memory.m.bars.b1 = 1.0F;
    memory.m.bars.b2 = 0.7F;
    memory.m.bars.b3 = 0.5F;
    memory.m.bars.b4 = 0.35F;
    memory.m.bars.b6 = 0.2F;
    memory.m.bars.b8 = 0.15F;
    memory.m.chorus.speed = 5.8F;
    memory.m.chorus.depth = 0.003F;
    memory.m.chorus.rate = 1.0F;
    memory.m.speaker = (struct hand_speaker){
        .in_left = 84, .in_right = 88, .at_left = 4204, .at_right = 4716};
}

unsigned char *hand_memory(size_t *bytes)
{
    *bytes = sizeof(memory);
    return memory.bytes;
}

static float chorus(void)
{
    float phase = memory.m.chorus.phase + memory.m.chorus.speed * hand_step;
    phase = phase > 1.0F ? phase - 1.0F : phase;
    memory.m.chorus.phase = phase;
    return 1.0F + hand_sine(phase) * memory.m.chorus.depth;
}

static void press(struct voice *voice, int key)
{
    if (key < memory.m.keys.count && voice->note != memory.m.keys.held[key]) {
        voice->note = memory.m.keys.held[key];
        voice->step = hand_frequency(voice->note) * hand_step;
    }
}

static inline float sing(struct voice *voice, int key, float rate)
{
    float level = voice->level;
    float phase = voice->phase + voice->step * rate;
    phase = phase > 1.0F ? phase - 1.0F : phase;
    level = key < memory.m.keys.count ? level + (1.0F - level) * 0.002F
                                      : level * 0.9996F;
    float sum = hand_sine(phase) * memory.m.bars.b1;
    sum += hand_sine(phase * 2.0F) * memory.m.bars.b2;
    sum += hand_sine(phase * 3.0F) * memory.m.bars.b3;
    sum += hand_sine(phase * 4.0F) * memory.m.bars.b4;
    sum += hand_sine(phase * 6.0F) * memory.m.bars.b6;
    sum += hand_sine(phase * 8.0F) * memory.m.bars.b8;
    voice->phase = phase;
    voice->level = level;
    voice->out = sum * level;
    return voice->out;
}

static void turn(float sum, int frame)
{
    float *line = memory.m.rotor.line;
    int32_t at = memory.m.rotor.at;
    float dry = sum * 0.08F;
    float angle = memory.m.rotor.turn + 0.0000141F;
    angle = angle > 1.0F ? angle - 1.0F : angle;
    line[at] = dry;
    int32_t delay = (int32_t)(200.0F + 180.0F * hand_sine(angle));
    float wet = line[(at - delay) & (LINE - 1)] * 0.6F;
    memory.m.rotor.dry = dry;
    memory.m.rotor.turn = angle;
    memory.m.rotor.at = (at + 1) & (LINE - 1);
    memory.m.rotor.left = memory.m.speaker.left[frame] = dry + wet;
    memory.m.rotor.right = memory.m.speaker.right[frame] = dry - wet;
}

#ifdef STAGED

void hand_block(void)
{
    float rates[BLOCK_FRAMES];
    float sums[BLOCK_FRAMES] = {0};
    for (int i = 0; i < BLOCK_FRAMES; i++) {
        rates[i] = chorus();
    }
    memory.m.chorus.rate = rates[BLOCK_FRAMES - 1];
    for (int k = 0; k < VOICES; k++) {
        struct voice *voice = &memory.m.voices[k];
        float phases[BLOCK_FRAMES];
        float levels[BLOCK_FRAMES];
        float outs[BLOCK_FRAMES];
        press(voice, k);
        for (int i = 0; i < BLOCK_FRAMES; i++) {
            float phase = voice->phase + voice->step * rates[i];
            voice->phase = phases[i] = phase > 1.0F ? phase - 1.0F : phase;
        }
        for (int i = 0; i < BLOCK_FRAMES; i++) {
            float level = voice->level;
            voice->level = levels[i] = k < memory.m.keys.count
                                           ? level + (1.0F - level) * 0.002F
                                           : level * 0.9996F;
        }
        for (int i = 0; i < BLOCK_FRAMES; i++) {
            float sum = hand_sine(phases[i]) * memory.m.bars.b1;
            sum += hand_sine(phases[i] * 2.0F) * memory.m.bars.b2;
            sum += hand_sine(phases[i] * 3.0F) * memory.m.bars.b3;
            sum += hand_sine(phases[i] * 4.0F) * memory.m.bars.b4;
            sum += hand_sine(phases[i] * 6.0F) * memory.m.bars.b6;
            sum += hand_sine(phases[i] * 8.0F) * memory.m.bars.b8;
            outs[i] = sum * levels[i];
        }
        for (int i = 0; i < BLOCK_FRAMES; i++) {
            sums[i] = k == 0 ? outs[i] : sums[i] + outs[i];
        }
        voice->out = outs[BLOCK_FRAMES - 1];
    }
    for (int i = 0; i < BLOCK_FRAMES; i++) {
        turn(sums[i], i);
    }
}

#else

void hand_block(void)
{
    for (int k = 0; k < VOICES; k++) {
        press(&memory.m.voices[k], k); /* keys change between blocks only */
    }
    for (int i = 0; i < BLOCK_FRAMES; i++) {
        float rate = chorus();
        float sum = sing(&memory.m.voices[0], 0, rate);
        memory.m.chorus.rate = rate;
        for (int k = 1; k < VOICES; k++) {
            sum += sing(&memory.m.voices[k], k, rate);
        }
        turn(sum, i);
    }
}

#endif
