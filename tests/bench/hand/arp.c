/* SPDX-License-Identifier: MIT */
/* The arpeggiator. */
#include "hand.h"

#include <string.h>

enum { KEYS = 16, LINE = 16384, GATE_FRAMES = 2600 };

static union {
    struct {
        uint32_t none;
        struct {
            int32_t rate, time, tick;
        } clock;
        struct {
            float feedback;
            int32_t length;
            float line[LINE];
            int32_t at;
            float left, right;
        } echo;
        struct {
            float level, cutoff, base, amount;
        } envelope;
        struct {
            int32_t count, held[KEYS];
        } keys;
        struct {
            float p1, p2, p3, p4, resonance, out;
        } ladder;
        struct {
            float step;
            int32_t was;
            float a, b, detune, out;
        } osc;
        struct hand_speaker speaker;
        struct {
            int32_t octaves, index, octave, way, note, gate;
        } walk;
    } m;
    unsigned char bytes[2 * 65536];
} memory;

void hand_start(void)
{
    memset(&memory, 0, sizeof(memory));
    memory.m.clock.rate = 5200;
    memory.m.echo.feedback = 0.55F;
    memory.m.echo.length = 15600;
    memory.m.envelope.cutoff = 0.05F;
    memory.m.envelope.base = 0.02F;
    memory.m.envelope.amount = 0.5F;
    memory.m.ladder.resonance = 2.6F;
    memory.m.osc.b = 0.37F;
    memory.m.osc.detune = 1.007F;
    memory.m.walk.octaves = 3;
    memory.m.walk.way = 1;
    memory.m.walk.note = 48;
    memory.m.speaker = (struct hand_speaker){.in_left = 65564,
                                             .in_right = 65568,
                                             .at_left = 65712,
                                             .at_right = 66224};
}

unsigned char *hand_memory(size_t *bytes)
{
    *bytes = sizeof(memory);
    return memory.bytes;
}

/* The next key, or the first one of the next octave. */
static void walk(void)
{
    int32_t index = memory.m.walk.index + memory.m.walk.way;
    int32_t octave = memory.m.walk.octave;
    if (index >= memory.m.keys.count) {
        index = 0;
        octave = octave + 1 >= memory.m.walk.octaves ? 0 : octave + 1;
    }
    memory.m.walk.index = index;
    memory.m.walk.octave = octave;
    memory.m.walk.note = memory.m.keys.held[index & (KEYS - 1)] + octave * 12;
    memory.m.walk.gate = 1;
}

static void count(void)
{
    memory.m.clock.tick = 0;
    if (++memory.m.clock.time >= memory.m.clock.rate) {
        memory.m.clock.time = 0;
        memory.m.clock.tick = 1;
        if (memory.m.keys.count > 0) {
            walk();
        }
    }
    if (memory.m.clock.time > GATE_FRAMES) {
        memory.m.walk.gate = 0;
    }
}

static float wrapped(float phase)
{
    return phase > 1.0F ? phase - 1.0F : phase;
}

static float saws(void)
{
    if (memory.m.walk.note != memory.m.osc.was) {
        memory.m.osc.was = memory.m.walk.note;
        memory.m.osc.step = hand_frequency(memory.m.osc.was) * hand_step;
    }
    memory.m.osc.a = wrapped(memory.m.osc.a + memory.m.osc.step);
    memory.m.osc.b =
        wrapped(memory.m.osc.b + memory.m.osc.step * memory.m.osc.detune);
    return memory.m.osc.out = memory.m.osc.a + memory.m.osc.b - 1.0F;
}

static float filtered(float in, float cutoff)
{
    float g = hand_least(cutoff, 0.9F);
    float x = in - memory.m.ladder.p4 * memory.m.ladder.resonance;
    x = hand_most(-1.5F, hand_least(1.5F, x));
    x = x - x * x * x * 0.1481481F;
    memory.m.ladder.p1 += (x - memory.m.ladder.p1) * g;
    memory.m.ladder.p2 += (memory.m.ladder.p1 - memory.m.ladder.p2) * g;
    memory.m.ladder.p3 += (memory.m.ladder.p2 - memory.m.ladder.p3) * g;
    memory.m.ladder.p4 += (memory.m.ladder.p3 - memory.m.ladder.p4) * g;
    return memory.m.ladder.p4;
}

static void echo(float in, int frame)
{
    float *line = memory.m.echo.line;
    int32_t at = memory.m.echo.at;
    int32_t length = memory.m.echo.length;
    float wet = line[(at - length) & (LINE - 1)];
    line[at] = in + wet * memory.m.echo.feedback;
    at = (at + 1) & (LINE - 1);
    memory.m.echo.at = at;
    float left = in + wet * 0.5F;
    float right = in + line[(at - (length >> 1)) & (LINE - 1)] * 0.5F;
    memory.m.echo.left = memory.m.speaker.left[frame] = left;
    memory.m.echo.right = memory.m.speaker.right[frame] = right;
}

void hand_block(void)
{
    for (int i = 0; i < BLOCK_FRAMES; i++) {
        count();
        float level = memory.m.envelope.level;
        level = memory.m.walk.gate == 1 ? level + (1.0F - level) * 0.01F
                                        : level * 0.9993F;
        memory.m.envelope.level = level;
        memory.m.envelope.cutoff =
            memory.m.envelope.base + memory.m.envelope.amount * level * level;
        float out = filtered(saws(), memory.m.envelope.cutoff) * level;
        memory.m.ladder.out = out;
        echo(out, i);
    }
}
