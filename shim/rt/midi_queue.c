/* SPDX-License-Identifier: MIT */
#include "rt/midi_queue.h"

#include <string.h>

enum {
    STATUS_LEAST = 0x80,
    NOTE_OFF = 0x80,
    NOTE_ON = 0x90,
    CONTROL = 0xb0,
    SYSTEM = 0xf0,
    DATA_MOST = 0x7f,
    CHANNELS = 16,
};

/* One patch in a process: translated code has no other way to find it. */
static struct midi_queue *_Atomic connected;

unsigned midi_queue_bytes(uint32_t status)
{
    static const uint8_t channel[8] = {
        [0x8 - 8] = 3, [0x9 - 8] = 3, [0xa - 8] = 3, [0xb - 8] = 3,
        [0xc - 8] = 2, [0xd - 8] = 2, [0xe - 8] = 3,
    };
    static const uint8_t system[16] = {
        [0x1] = 2, [0x2] = 3, [0x3] = 2, [0x6] = 1, [0x8] = 1,
        [0xa] = 1, [0xb] = 1, [0xc] = 1, [0xe] = 1, [0xf] = 1,
    };
    if (status < STATUS_LEAST || status > UINT8_MAX) {
        return 0;
    }
    return status < SYSTEM ? channel[(status >> 4) & 7] : system[status & 15];
}

/* There is one writer. */
static void count(_Atomic uint64_t *counter)
{
    atomic_store_explicit(
        counter, atomic_load_explicit(counter, memory_order_relaxed) + 1,
        memory_order_relaxed);
}

static bool put(struct midi_queue *queue,
                const struct midi_queue_message *message)
{
    size_t head = atomic_load_explicit(&queue->head, memory_order_relaxed);
    size_t tail = atomic_load_explicit(&queue->tail, memory_order_acquire);
    if (head - tail == MIDI_QUEUE_MESSAGES ||
        (queue->is_watched && head - queue->looked == MIDI_QUEUE_MESSAGES)) {
        return false;
    }
    struct midi_queue_message *to =
        &queue->messages[head & (MIDI_QUEUE_MESSAGES - 1)];
    *to = *message;
    to->frame = queue->frame;
    to->due_ns = queue->due_ns;
    atomic_store_explicit(&queue->head, head + 1, memory_order_release);
    return true;
}

bool midi_queue_put(struct midi_queue *queue, uint32_t port, uint32_t status,
                    uint32_t data1, uint32_t data2)
{
    unsigned bytes = midi_queue_bytes(status);
    if (bytes == 0 || port >= F4E_MIDI_PORTS ||
        (bytes > 1 && data1 > DATA_MOST) || (bytes > 2 && data2 > DATA_MOST)) {
        count(&queue->invalid);
        return false;
    }
    const struct midi_queue_message message = {
        .port = (uint8_t)port,
        .count = (uint8_t)bytes,
        .bytes = {(uint8_t)status, bytes > 1 ? (uint8_t)data1 : (uint8_t)0,
                  bytes > 2 ? (uint8_t)data2 : (uint8_t)0}};
    if (!put(queue, &message)) {
        count(&queue->dropped);
        return false;
    }
    return true;
}

/* What a word says, or 'missing'. A pointer to nowhere says 0. */
static int32_t read_word(const struct f4e_patch *patch,
                         const struct f4e_sender_word *word, int32_t missing)
{
    uint32_t address = word->address;
    int32_t value = 0;
    if (!word->is_there) {
        return missing;
    }
    const struct f4e_memory *memory = &patch->memories[word->memory];
    if (word->is_pointee) {
        memcpy(&address, memory->data + address, sizeof(address));
        if (memory->bytes < sizeof(value) ||
            address > memory->bytes - sizeof(value)) {
            return 0;
        }
    }
    memcpy(&value, memory->data + address, sizeof(value));
    return value;
}

/* Anything is in memory; what is no number of MIDI sends nothing. */
static bool is_in(int32_t value, int32_t least, int32_t most)
{
    return value >= least && value <= most;
}

static void send_note(struct midi_queue *queue, const struct f4e_patch *patch,
                      const struct f4e_sender *sender,
                      struct midi_queue_sender *state)
{
    bool is_on = read_word(patch, &sender->words[0], 0) != 0;
    int32_t note = read_word(patch, &sender->words[1], 0);
    int32_t channel = read_word(patch, &sender->words[2], 1);
    int32_t velocity = read_word(patch, &sender->words[3], DATA_MOST);
    int32_t port = read_word(patch, &sender->words[4], 1);
    if (!is_in(note, 0, DATA_MOST) || !is_in(channel, 1, CHANNELS) ||
        !is_in(velocity, 0, DATA_MOST) || !is_in(port, 1, F4E_MIDI_PORTS) ||
        is_on == state->is_on) {
        return;
    }
    state->note = is_on ? (uint8_t)note : state->note;
    state->is_on = is_on;
    (void)midi_queue_put(queue, (uint32_t)port - 1,
                         (is_on ? NOTE_ON : NOTE_OFF) + (uint32_t)channel - 1,
                         state->note, (uint32_t)velocity);
}

static void send_controller(struct midi_queue *queue,
                            const struct f4e_patch *patch,
                            const struct f4e_sender *sender,
                            struct midi_queue_sender *state)
{
    int32_t number = read_word(patch, &sender->words[0], 0);
    int32_t value = read_word(patch, &sender->words[1], 0);
    int32_t channel = read_word(patch, &sender->words[2], 1);
    channel = channel == 0 ? 1 : channel;
    if ((state->has_value && state->value == value) ||
        !is_in(number, 0, DATA_MOST) || !is_in(value, 0, DATA_MOST) ||
        !is_in(channel, 1, CHANNELS)) {
        return;
    }
    state->has_value = true;
    state->value = value;
    (void)midi_queue_put(queue, 0, CONTROL + (uint32_t)channel - 1,
                         (uint32_t)number, (uint32_t)value);
}

void midi_queue_send_words(struct midi_queue *queue,
                           const struct f4e_patch *patch)
{
    for (unsigned i = 0; i < patch->sender_count && i < F4E_SENDERS_MAX; i++) {
        const struct f4e_sender *sender = &patch->senders[i];
        (sender->is_controller ? send_controller : send_note)(
            queue, patch, sender, &queue->senders[i]);
    }
}

void midi_queue_release(struct midi_queue *queue)
{
    static const struct midi_queue_message release = {.count = 0};
    if (queue == NULL) {
        return;
    }
    memset(queue->senders, 0, sizeof(queue->senders));
    if (!put(queue, &release)) {
        queue->is_release_hidden = true;
        atomic_store_explicit(&queue->is_release_lost, true,
                              memory_order_release);
    }
}

bool midi_queue_get(struct midi_queue *queue,
                    struct midi_queue_message *message)
{
    size_t tail = atomic_load_explicit(&queue->tail, memory_order_relaxed);
    if (atomic_load_explicit(&queue->head, memory_order_acquire) != tail) {
        *message = queue->messages[tail & (MIDI_QUEUE_MESSAGES - 1)];
        atomic_store_explicit(&queue->tail, tail + 1, memory_order_release);
        return true;
    }
    /* Everything before it has been read: now it comes in its order. */
    if (atomic_load_explicit(&queue->is_release_lost, memory_order_relaxed) &&
        atomic_exchange_explicit(&queue->is_release_lost, false,
                                 memory_order_acquire)) {
        *message = (struct midi_queue_message){.count = 0};
        return true;
    }
    return false;
}

void midi_queue_watch(struct midi_queue *queue, bool has_reader)
{
    size_t head = atomic_load_explicit(&queue->head, memory_order_relaxed);
    queue->is_watched = true;
    queue->is_unread = !has_reader;
    queue->looked = head > MIDI_QUEUE_MESSAGES ? head - MIDI_QUEUE_MESSAGES : 0;
}

bool midi_queue_look(struct midi_queue *queue,
                     struct midi_queue_message *message)
{
    size_t head = atomic_load_explicit(&queue->head, memory_order_relaxed);
    if (queue->looked == head) {
        *message = (struct midi_queue_message){.count = 0};
        bool is_release = queue->is_release_hidden;
        queue->is_release_hidden = false;
        return is_release;
    }
    *message = queue->messages[queue->looked & (MIDI_QUEUE_MESSAGES - 1)];
    queue->looked++;
    if (queue->is_unread) {
        atomic_store_explicit(&queue->tail, queue->looked,
                              memory_order_release);
    }
    return true;
}

void midi_queue_connect(struct midi_queue *queue)
{
    atomic_store_explicit(&connected, queue, memory_order_release);
}

void f4e_midi_out(uint32_t port, uint32_t status, uint32_t data1,
                  uint32_t data2)
{
    struct midi_queue *queue =
        atomic_load_explicit(&connected, memory_order_acquire);
    if (queue != NULL) {
        (void)midi_queue_put(queue, port, status, data1, data2);
    }
}
