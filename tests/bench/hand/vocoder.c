/* SPDX-License-Identifier: MIT */
/*
 * The vocoder. With -DSTAGED voice and chord are rendered for the whole block
 * first, then one band after the other.
 */
#include "hand.h"

#include <string.h>

enum { BANDS = 14, NOTES = 4, VOWELS = 4, VOWEL_FRAMES = 9600 };

struct band {
    float tune, al, ab, bl, bb, cl, cb, env, out;
};

struct voice {
    int32_t seed, time, vowel;
    float phase, f1, f2, l1, b1, l2, b2, out;
    float first[VOWELS], second[VOWELS];
};

static union {
    struct {
        uint32_t none;
        struct band bands[BANDS];
        struct {
            float speed, gain, left, right;
        } mixer;
        struct {
            int32_t notes[NOTES], was[NOTES];
            float steps[NOTES], phases[NOTES], out;
        } saw;
        struct hand_speaker speaker;
        struct voice voice;
    } m;
    unsigned char bytes[65536];
} memory;

void hand_start(void)
{
    static const float tunes[BANDS] = {
        0.01571F, 0.02148F, 0.02936F, 0.04014F, 0.05488F, 0.07503F, 0.10256F,
        0.14017F, 0.19150F, 0.26148F, 0.35661F, 0.48529F, 0.65772F, 0.88458F};
    static const int32_t notes[NOTES] = {45, 52, 57, 64};
    memset(&memory, 0, sizeof(memory));
    for (int i = 0; i < BANDS; i++) {
        memory.m.bands[i].tune = tunes[i];
    }
    memcpy(memory.m.saw.notes, notes, sizeof(notes));
    memory.m.mixer.speed = 0.004F;
    memory.m.mixer.gain = 1.2F;
    memory.m.speaker = (struct hand_speaker){
        .in_left = 516, .in_right = 520, .at_left = 600, .at_right = 1112};
    memory.m.voice = (struct voice){.seed = 99,
                                    .first = {0.035F, 0.09F, 0.05F, 0.065F},
                                    .second = {0.28F, 0.15F, 0.1F, 0.23F}};
}

unsigned char *hand_memory(size_t *bytes)
{
    *bytes = sizeof(memory);
    return memory.bytes;
}

static inline float speak(struct voice *v)
{
    if (++v->time >= VOWEL_FRAMES) {
        v->time = 0;
        v->vowel = (v->vowel + 1) & (VOWELS - 1);
    }
    v->seed = (int32_t)((uint32_t)v->seed * 1664525U + 1013904223U);
    v->f1 += (v->first[v->vowel] - v->f1) * 0.001F;
    v->f2 += (v->second[v->vowel] - v->f2) * 0.001F;
    v->phase += 110.0F * hand_step;
    float pulse = (float)(v->seed >> 8) * 0.00000001F;
    if (v->phase > 1.0F) {
        v->phase -= 1.0F;
        pulse += 4.0F;
    }
    v->l1 += v->f1 * v->b1;
    v->b1 += v->f1 * (pulse - v->l1 - v->b1 * 0.1F);
    v->l2 += v->f2 * v->b2;
    v->b2 += v->f2 * (pulse - v->l2 - v->b2 * 0.1F);
    return v->out = v->b1 + v->b2;
}

static void tune(void)
{
    for (int i = 0; i < NOTES; i++) {
        if (memory.m.saw.notes[i] != memory.m.saw.was[i]) {
            memory.m.saw.was[i] = memory.m.saw.notes[i];
            memory.m.saw.steps[i] =
                hand_frequency(memory.m.saw.was[i]) * hand_step;
        }
    }
}

static inline float chord(void)
{
    float *phases = memory.m.saw.phases;
    for (int i = 0; i < NOTES; i++) {
        float phase = phases[i] + memory.m.saw.steps[i];
        phases[i] = phase > 1.0F ? phase - 1.0F : phase;
    }
    return memory.m.saw.out =
               phases[0] + phases[1] + phases[2] + phases[3] - 2.0F;
}

static inline float filter(struct band *b, float voice, float saw, float speed)
{
    b->al += b->tune * b->ab;
    b->ab += b->tune * (voice - b->al - b->ab * 0.25F);
    b->bl += b->tune * b->bb;
    b->bb += b->tune * (b->ab * 0.25F - b->bl - b->bb * 0.25F);
    b->env += (hand_magnitude(b->bb) - b->env) * speed;
    b->cl += b->tune * b->cb;
    b->cb += b->tune * (saw - b->cl - b->cb * 0.25F);
    return b->out = b->cb * b->env;
}

static void mix(float even, float odd, int frame)
{
    float gain = memory.m.mixer.gain;
    float left = (even + odd * 0.6F) * gain;
    float right = (odd + even * 0.6F) * gain;
    left = hand_most(-1.0F, hand_least(1.0F, left));
    right = hand_most(-1.0F, hand_least(1.0F, right));
    memory.m.mixer.left = memory.m.speaker.left[frame] = left;
    memory.m.mixer.right = memory.m.speaker.right[frame] = right;
}

#ifdef STAGED

void hand_block(void)
{
    float voices[BLOCK_FRAMES];
    float saws[BLOCK_FRAMES];
    float sums[2][BLOCK_FRAMES];
    struct voice voice = memory.m.voice;
    tune();
    for (int i = 0; i < BLOCK_FRAMES; i++) {
        voices[i] = speak(&voice);
    }
    memory.m.voice = voice;
    for (int i = 0; i < BLOCK_FRAMES; i++) {
        saws[i] = chord();
    }
    for (int k = 0; k < BANDS; k++) {
        struct band band = memory.m.bands[k];
        float *sum = sums[k & 1];
        for (int i = 0; i < BLOCK_FRAMES; i++) {
            float out = filter(&band, voices[i], saws[i], memory.m.mixer.speed);
            sum[i] = k < 2 ? out : sum[i] + out;
        }
        memory.m.bands[k] = band;
    }
    for (int i = 0; i < BLOCK_FRAMES; i++) {
        mix(sums[0][i], sums[1][i], i);
    }
}

#else

void hand_block(void)
{
    tune(); /* sliders move between blocks only */
    for (int i = 0; i < BLOCK_FRAMES; i++) {
        float voice = speak(&memory.m.voice);
        float saw = chord();
        float sums[2];
        for (int k = 0; k < BANDS; k++) {
            float out =
                filter(&memory.m.bands[k], voice, saw, memory.m.mixer.speed);
            sums[k & 1] = k < 2 ? out : sums[k & 1] + out;
        }
        mix(sums[0], sums[1], i);
    }
}

#endif
