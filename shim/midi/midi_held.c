/* SPDX-License-Identifier: MIT */
#include "midi/midi_held.h"

#include <stddef.h>
#include <string.h>

enum {
    NOTE_OFF = 0x80,
    NOTE_ON = 0x90,
    CONTROL = 0xb0,
    ALL_SOUND_OFF = 120,
    ALL_NOTES_OFF = 123, /* and above: the modes that imply it */
    SYSTEM_RESET = 0xff,
};

static bool is_same(const struct midi_holder *holder, struct midi_source source)
{
    return holder->is_used && holder->source.client == source.client &&
           holder->source.port == source.port;
}

/* The one for this source and port, a new one if 'is_wanted', or NULL. */
static struct midi_holder *find(struct midi_held *held,
                                struct midi_source source, unsigned target,
                                bool is_wanted)
{
    struct midi_holder *unused = NULL;
    for (size_t i = 0; i < MIDI_HELD_SOURCES_MAX; i++) {
        struct midi_holder *holder = &held->holders[i];
        if (is_same(holder, source) && holder->target == target) {
            return holder;
        }
        unused = unused == NULL && !holder->is_used ? holder : unused;
    }
    if (!is_wanted || unused == NULL) {
        return NULL;
    }
    *unused = (struct midi_holder){
        .is_used = true, .source = source, .target = target};
    return unused;
}

void midi_held_message(struct midi_held *held, struct midi_source source,
                       unsigned target, const struct midi_message *message)
{
    unsigned kind = message->bytes[0] & 0xf0U;
    unsigned channel = message->bytes[0] & 0x0fU;
    unsigned data = message->bytes[1] & 0x7fU;
    bool is_on = kind == NOTE_ON && message->bytes[2] > 0;
    struct midi_holder *holder = find(held, source, target, is_on);
    uint8_t bit = (uint8_t)(1U << data % 8);
    if (holder == NULL) {
        return;
    }
    if (is_on) {
        holder->notes[channel][data / 8] |= bit;
    } else if (kind == NOTE_ON || kind == NOTE_OFF) {
        holder->notes[channel][data / 8] &= (uint8_t)~bit;
    } else if (kind == CONTROL &&
               (data >= ALL_NOTES_OFF || data == ALL_SOUND_OFF)) {
        memset(holder->notes[channel], 0, sizeof(holder->notes[channel]));
    } else if (message->bytes[0] == SYSTEM_RESET) {
        memset(holder->notes, 0, sizeof(holder->notes));
    }
}

static unsigned count_notes(const uint8_t *notes)
{
    unsigned count = 0;
    for (unsigned i = 0; i < MIDI_HELD_NOTES; i++) {
        count += notes[i / 8] >> i % 8 & 1U;
    }
    return count;
}

unsigned midi_held_count(const struct midi_held *held,
                         struct midi_source source)
{
    unsigned count = 0;
    for (size_t i = 0; i < MIDI_HELD_SOURCES_MAX; i++) {
        const struct midi_holder *holder = &held->holders[i];
        for (unsigned k = 0; is_same(holder, source) && k < MIDI_HELD_CHANNELS;
             k++) {
            count += count_notes(holder->notes[k]);
        }
    }
    return count;
}

/* The next note of a channel, or after the last one of them the controller. */
static bool release_channel(struct midi_holder *holder, unsigned channel,
                            struct midi_message *message)
{
    uint8_t *notes = holder->notes[channel];
    for (unsigned i = 0; i < MIDI_HELD_NOTES; i++) {
        if (notes[i / 8] == 0) {
            i += 7; /* eight at a time: this may be the audio thread */
        } else if ((notes[i / 8] >> i % 8 & 1U) != 0) {
            notes[i / 8] &= (uint8_t)~(1U << i % 8);
            holder->ending |= (uint16_t)(1U << channel);
            *message = (struct midi_message){
                {(uint8_t)(NOTE_OFF | channel), (uint8_t)i, 0}};
            return true;
        }
    }
    if ((holder->ending >> channel & 1U) != 0) {
        holder->ending &= (uint16_t)~(1U << channel);
        *message = (struct midi_message){
            {(uint8_t)(CONTROL | channel), ALL_NOTES_OFF, 0}};
        return true;
    }
    return false;
}

bool midi_held_release(struct midi_held *held, struct midi_source source,
                       unsigned *target, struct midi_message *message)
{
    for (size_t i = 0; i < MIDI_HELD_SOURCES_MAX; i++) {
        struct midi_holder *holder = &held->holders[i];
        for (unsigned k = 0; is_same(holder, source) && k < MIDI_HELD_CHANNELS;
             k++) {
            if (release_channel(holder, k, message)) {
                *target = holder->target;
                return true;
            }
        }
        holder->is_used = holder->is_used && !is_same(holder, source);
    }
    return false;
}
