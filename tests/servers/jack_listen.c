/* SPDX-License-Identifier: MIT */
/*
 * jack_listen PORT REFERENCE FRAMES: connect to PORT and compare what comes
 * with channel 0 of REFERENCE, bare stereo floats. Succeeds when it has heard
 * an unbroken run of FRAMES frames of it that are not silence.
 */
#include <jack/jack.h>

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SECONDS = 12, RATE = 48000, NEEDLE = 512, CHANNELS = 2 };

static jack_port_t *port;
static float heard[SECONDS * RATE];
static atomic_size_t heard_count;

static int on_process(jack_nframes_t frames, void *arg)
{
    const float *in = jack_port_get_buffer(port, frames);
    size_t count = atomic_load(&heard_count);
    size_t room = sizeof(heard) / sizeof(*heard) - count;
    size_t taken = frames < room ? frames : room;
    (void)arg;
    memcpy(heard + count, in, taken * sizeof(*in));
    atomic_store(&heard_count, count + taken);
    return 0;
}

static float *read_reference(const char *path, size_t *frames)
{
    FILE *file = fopen(path, "rb");
    size_t room = (size_t)60 * RATE;
    float *pairs = calloc(room * CHANNELS, sizeof(float));
    if (file == NULL || pairs == NULL) {
        perror(path);
        exit(2);
    }
    *frames = fread(pairs, sizeof(float) * CHANNELS, room, file);
    (void)fclose(file);
    for (size_t i = 0; i < *frames; i++) {
        pairs[i] = pairs[i * CHANNELS];
    }
    return pairs;
}

/* The longest run of the reference that starts at heard[at]. */
static size_t run_at(size_t at, size_t end, const float *reference,
                     size_t frames)
{
    size_t best = 0;
    for (size_t i = 0; i + NEEDLE < frames && at + NEEDLE < end; i++) {
        size_t length = 0;
        while (at + length < end && i + length < frames &&
               memcmp(&heard[at + length], &reference[i + length],
                      sizeof(float)) == 0) {
            length++;
        }
        best = length > best ? length : best;
    }
    return best;
}

int main(int argc, char **argv)
{
    size_t frames = 0;
    size_t wanted = argc == 4 ? strtoul(argv[3], NULL, 10) : 0;
    jack_client_t *client =
        jack_client_open("jack-listen", JackNoStartServer, NULL);
    if (client == NULL || wanted == 0) {
        (void)fprintf(stderr, "usage: jack_listen PORT REFERENCE FRAMES\n");
        return 2;
    }
    float *reference = read_reference(argv[2], &frames);
    port = jack_port_register(client, "in", JACK_DEFAULT_AUDIO_TYPE,
                              JackPortIsInput, 0);
    (void)jack_set_process_callback(client, on_process, NULL);
    for (int i = 0; i < 600 && jack_port_by_name(client, argv[1]) == NULL;
         i++) {
        (void)usleep(100000); /* a minute at most until it is there */
    }
    if (port == NULL || jack_activate(client) != 0 ||
        jack_connect(client, argv[1], jack_port_name(port)) != 0) {
        (void)fprintf(stderr, "jack_listen: cannot connect to %s\n", argv[1]);
        return 2;
    }
    while (atomic_load(&heard_count) < sizeof(heard) / sizeof(*heard) / 2) {
        (void)usleep(100000);
    }
    (void)jack_client_close(client);
    size_t best = 0;
    size_t end = atomic_load(&heard_count);
    /* Runs are looked for where a lost period may have begun one. */
    for (size_t at = 0; at < end && best < wanted; at += RATE / 2) {
        while (at < end && heard[at] == 0.0F) {
            at++;
        }
        size_t length = run_at(at, end, reference, frames);
        best = length > best ? length : best;
    }
    free(reference);
    (void)printf("heard %zu frames without a break\n", best);
    return best >= wanted ? 0 : 1;
}
