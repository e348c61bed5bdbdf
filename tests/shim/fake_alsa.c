/* SPDX-License-Identifier: MIT */
/*
 * Preloaded into a fake patch: a device that misbehaves. FAKE_WRITES is a list
 * of what snd_pcm_writei() returns, call by call: "ok", "short" (one frame),
 * or the name of an error; the last repeats when it ends in "*". FAKE_RATE is
 * the only rate the device has, and makes it look like hardware. FAKE_BUSY and
 * FAKE_DENIED make snd_pcm_open() fail. FAKE_STUCK leaves no room for ever.
 */
#define _GNU_SOURCE /* RTLD_NEXT */
#include <alsa/asoundlib.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef snd_pcm_sframes_t write_function(snd_pcm_t *, const void *,
                                         snd_pcm_uframes_t);
typedef int open_function(snd_pcm_t **, const char *, snd_pcm_stream_t, int);
typedef int rate_function(snd_pcm_t *, snd_pcm_hw_params_t *, unsigned, int);
typedef snd_pcm_type_t type_function(snd_pcm_t *);
typedef snd_pcm_sframes_t avail_function(snd_pcm_t *);
typedef int bound_function(const snd_pcm_hw_params_t *, unsigned *, int *);

/* Put the real function's address into '*function', a function pointer. */
static void find(const char *name, void *function)
{
    void *symbol = dlsym(RTLD_NEXT, name);
    if (symbol == NULL) {
        abort();
    }
    memcpy(function, &symbol, sizeof symbol);
}

static int error_number(const char *word)
{
    static const struct {
        const char *name;
        int number;
    } errors[] = {{"EPIPE", EPIPE},   {"ESTRPIPE", ESTRPIPE},
                  {"ENODEV", ENODEV}, {"EAGAIN", EAGAIN},
                  {"EINTR", EINTR},   {"EIO", EIO}};
    for (size_t i = 0; i < sizeof errors / sizeof *errors; ++i) {
        if (strncmp(word, errors[i].name, strlen(errors[i].name)) == 0) {
            return -errors[i].number;
        }
    }
    return 0;
}

snd_pcm_sframes_t snd_pcm_writei(snd_pcm_t *pcm, const void *buffer,
                                 snd_pcm_uframes_t size)
{
    static const char *at;
    if (at == NULL) {
        at = getenv("FAKE_WRITES");
        at = at != NULL ? at : "ok*";
    }
    const char *word = at;
    size_t length = strcspn(word, ",");
    if (length > 0 && word[length - 1] != '*') {
        at += length + (word[length] == ',');
    }
    int error = error_number(word);
    if (error != 0) {
        return error;
    }
    if (strncmp(word, "short", 5) == 0 && size > 1) {
        size = 1;
    }
    write_function *real;
    find("snd_pcm_writei", &real);
    return real(pcm, buffer, size);
}

int snd_pcm_open(snd_pcm_t **pcm, const char *name, snd_pcm_stream_t stream,
                 int mode)
{
    if (getenv("FAKE_BUSY") != NULL) {
        return -EBUSY;
    }
    if (getenv("FAKE_DENIED") != NULL) {
        return -EACCES;
    }
    open_function *real;
    find("snd_pcm_open", &real);
    return real(pcm, name, stream, mode);
}

snd_pcm_type_t snd_pcm_type(snd_pcm_t *pcm)
{
    type_function *real;
    find("snd_pcm_type", &real);
    return getenv("FAKE_RATE") != NULL ? SND_PCM_TYPE_HW : real(pcm);
}

int snd_pcm_hw_params_set_rate(snd_pcm_t *pcm, snd_pcm_hw_params_t *params,
                               unsigned rate, int dir)
{
    const char *only = getenv("FAKE_RATE");
    if (only != NULL && rate != (unsigned)strtoul(only, NULL, 10)) {
        return -EINVAL;
    }
    rate_function *real;
    find("snd_pcm_hw_params_set_rate", &real);
    return real(pcm, params, rate, dir);
}

int snd_pcm_hw_params_test_rate(snd_pcm_t *pcm, snd_pcm_hw_params_t *params,
                                unsigned rate, int dir)
{
    const char *only = getenv("FAKE_RATE");
    if (only != NULL) {
        return rate == (unsigned)strtoul(only, NULL, 10) ? 0 : -EINVAL;
    }
    rate_function *real;
    find("snd_pcm_hw_params_test_rate", &real);
    return real(pcm, params, rate, dir);
}

int snd_pcm_hw_params_get_rate_min(const snd_pcm_hw_params_t *params,
                                   unsigned *rate, int *dir)
{
    const char *only = getenv("FAKE_RATE");
    if (only != NULL) {
        *rate = (unsigned)strtoul(only, NULL, 10);
        return 0;
    }
    bound_function *real;
    find("snd_pcm_hw_params_get_rate_min", &real);
    return real(params, rate, dir);
}

int snd_pcm_hw_params_get_rate_max(const snd_pcm_hw_params_t *params,
                                   unsigned *rate, int *dir)
{
    const char *only = getenv("FAKE_RATE");
    if (only != NULL) {
        *rate = (unsigned)strtoul(only, NULL, 10);
        return 0;
    }
    bound_function *real;
    find("snd_pcm_hw_params_get_rate_max", &real);
    return real(params, rate, dir);
}

snd_pcm_sframes_t snd_pcm_avail_update(snd_pcm_t *pcm)
{
    avail_function *real;
    find("snd_pcm_avail_update", &real);
    return getenv("FAKE_STUCK") != NULL ? 0 : real(pcm);
}
