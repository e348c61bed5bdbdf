/* SPDX-License-Identifier: MIT */
#include "alsa/alsa_rate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* One "Its setup is:" of a dump. */
struct setup {
    unsigned long rate;
    unsigned long period;
};

/* Where in a dump we are. */
struct dump {
    struct alsa_rate rate;
    double ratio;         /* heard to played, of the stages so far */
    bool is_stage;        /* the next setup is a converter's ... */
    bool is_slave;        /* ... or of what is behind it */
    struct setup setup;   /* being read */
    struct setup outside; /* the converter's */
};

static void end_setup(struct dump *dump)
{
    const struct setup *inside = &dump->setup;
    const struct setup *outside = &dump->outside;
    if (dump->is_slave && inside->rate > 0 && inside->period > 0 &&
        outside->rate > 0 && outside->period > 0) {
        dump->ratio *= (double)outside->period * (double)inside->rate /
                       ((double)inside->period * (double)outside->rate);
        dump->rate.to_hz = (unsigned)inside->rate;
        if (dump->rate.from_hz == 0) {
            dump->rate.from_hz = (unsigned)outside->rate;
        }
    }
    dump->is_slave = dump->is_stage;
    dump->is_stage = false;
    dump->outside = dump->setup;
    dump->setup = (struct setup){0};
}

/* The number of "key   : number" in a line. */
static bool take_number(const char *line, const char *key,
                        unsigned long *number)
{
    size_t length = strlen(key);
    line += strspn(line, " ");
    if (strncmp(line, key, length) != 0) {
        return false;
    }
    line += length + strspn(line + length, " ");
    if (*line != ':') {
        return false;
    }
    *number = (unsigned long)strtoull(line + 1, NULL, 10);
    return true;
}

static void take_line(struct dump *dump, const char *line)
{
    static const char converter[] = "Converter: ";
    if (strstr(line, "Rate conversion PCM (") != NULL) {
        dump->is_stage = true;
    } else if (strncmp(line, converter, sizeof(converter) - 1) == 0) {
        (void)snprintf(dump->rate.converter, sizeof(dump->rate.converter), "%s",
                       line + sizeof(converter) - 1);
    } else if (take_number(line, "period_size", &dump->setup.period)) {
        end_setup(dump); /* the rate stands before it */
    } else {
        (void)take_number(line, "rate", &dump->setup.rate);
    }
}

struct alsa_rate alsa_rate_parse(const char *text)
{
    struct dump dump = {.ratio = 1.0};
    char line[128];
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        (void)snprintf(line, sizeof(line), "%.*s", (int)length, text);
        take_line(&dump, line);
        text += length + (text[length] == '\n');
    }
    if (dump.rate.from_hz == 0) {
        return (struct alsa_rate){0};
    }
    dump.rate.cents = 1200.0 * log2(dump.ratio);
    return dump.rate;
}

struct alsa_rate alsa_rate_of(snd_pcm_t *pcm)
{
    struct alsa_rate rate = {0};
    snd_output_t *output;
    char *text = NULL;
    if (snd_output_buffer_open(&output) < 0) {
        return rate;
    }
    if (snd_pcm_dump(pcm, output) >= 0 && snd_output_putc(output, '\0') >= 0 &&
        snd_output_buffer_string(output, &text) > 0) {
        rate = alsa_rate_parse(text);
    }
    (void)snd_output_close(output);
    return rate;
}

unsigned alsa_rate_step(unsigned from_hz, unsigned to_hz)
{
    unsigned a = from_hz;
    unsigned b = to_hz;
    while (b != 0) {
        unsigned rest = a % b;
        a = b;
        b = rest;
    }
    return a > 0 ? from_hz / a : 1;
}

bool alsa_rate_is_exact(const struct alsa_rate *rate)
{
    return fabs(rate->cents) < 0.0005;
}
