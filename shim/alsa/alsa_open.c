/* SPDX-License-Identifier: MIT */
#include "alsa/alsa_open.h"

#include "common/alsa_errors.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/*
 * alsa-lib's configuration, and a "plug" in front of 'name' added to it. The
 * user's choice of a converter stands; else the first one that is installed.
 */
static int make_conf(snd_config_t **conf, const char *name)
{
    static const char converters[] =
        "rate_converter [ \"speexrate_medium\" \"samplerate_medium\" "
        "\"speexrate\" \"linear\" ]";
    char text[512];
    snd_input_t *input;
    snd_config_t *chosen;
    int error = snd_config_update();
    if (error >= 0) {
        error = snd_config_copy(conf, snd_config);
    }
    if (error < 0) {
        return error;
    }
    bool is_chosen =
        snd_config_search(*conf, "defaults.pcm.rate_converter", &chosen) >= 0;
    int length =
        snprintf(text, sizeof(text),
                 "pcm.f4e_converting { type plug slave.pcm \"%s\" %s }\n", name,
                 is_chosen ? "" : converters);
    /* A quoted name: what would end the quotes is not a device. */
    error = length >= (int)sizeof(text) || strpbrk(name, "\"\\\n") != NULL
                ? -EINVAL
                : snd_input_buffer_open(&input, text, length);
    if (error >= 0) {
        error = snd_config_load(*conf, input);
        (void)snd_input_close(input);
    }
    if (error < 0) {
        (void)snd_config_delete(*conf);
        *conf = NULL;
    }
    return error;
}

static int open_handle(struct alsa_handle *handle, const char *name,
                       snd_pcm_stream_t direction, bool is_converting)
{
    if (!is_converting) {
        return snd_pcm_open(&handle->pcm, name, direction, SND_PCM_NONBLOCK);
    }
    int error = make_conf(&handle->conf, name);
    return error < 0
               ? error
               : snd_pcm_open_lconf(&handle->pcm, "f4e_converting", direction,
                                    SND_PCM_NONBLOCK, handle->conf);
}

bool alsa_open(struct alsa_handle *handle, const char *name,
               snd_pcm_stream_t direction, bool is_converting,
               struct failure *failure)
{
    *handle = (struct alsa_handle){0};
    alsa_errors_capture();
    int error = open_handle(handle, name, direction, is_converting);
    if (error >= 0) {
        return true;
    }
    handle->pcm = NULL;
    alsa_close(handle);
    (void)failure_set(
        failure, STATUS_OPEN, "cannot open the device '%s'%s: %s", name,
        direction == SND_PCM_STREAM_CAPTURE ? " for the patch's input" : "",
        error == -EBUSY    ? "another program is using it"
        : error == -ENOENT ? "there is no such device"
                           : snd_strerror(error));
    alsa_errors_detail(failure);
    if (error == -EBUSY) {
        return failure_hint(failure, "fuser -v /dev/snd/*");
    }
    if (error == -EACCES || error == -EPERM) {
        return failure_hint(failure, "sudo usermod -aG audio $USER");
    }
    if (direction == SND_PCM_STREAM_CAPTURE) {
        return failure_hint(failure, "--input off plays with silence for "
                                     "input, --in-device names another device");
    }
    return failure_hint(failure, "--list-devices");
}

void alsa_close(struct alsa_handle *handle)
{
    if (handle->pcm != NULL) {
        (void)snd_pcm_close(handle->pcm);
    }
    if (handle->conf != NULL) {
        (void)snd_config_delete(handle->conf);
    }
    *handle = (struct alsa_handle){0};
}

/* "0" or "0,1" after a card's number; 'at' is moved past the digits. */
static bool take_number(const char **at, char first)
{
    const char *digit = *at + (first != '\0');
    if ((first != '\0' && **at != first) || !isdigit((unsigned char)*digit)) {
        return false;
    }
    while (isdigit((unsigned char)*digit)) {
        digit++;
    }
    *at = digit;
    return true;
}

static int card_id(int card, char *id, size_t size)
{
    char name[32];
    snd_ctl_t *ctl;
    snd_ctl_card_info_t *info = calloc(1, snd_ctl_card_info_sizeof());
    (void)snprintf(name, sizeof(name), "hw:%d", card);
    if (info == NULL) {
        return -ENOMEM;
    }
    int error = snd_ctl_open(&ctl, name, SND_CTL_NONBLOCK);
    if (error >= 0) {
        error = snd_ctl_card_info(ctl, info);
        if (error >= 0) {
            (void)snprintf(id, size, "%s", snd_ctl_card_info_get_id(info));
        }
        (void)snd_ctl_close(ctl);
    }
    free(info);
    return error;
}

static int card_of(snd_pcm_t *pcm)
{
    snd_pcm_info_t *info = calloc(1, snd_pcm_info_sizeof());
    int card = -1;
    if (info != NULL) {
        if (snd_pcm_info(pcm, info) >= 0) {
            card = snd_pcm_info_get_card(info);
        }
        free(info);
    }
    return card;
}

void alsa_reopen_name(snd_pcm_t *pcm, const char *name, char *reopen_name,
                      size_t size)
{
    char id[64];
    size_t prefix = strcspn(name, ":");
    const char *at = name + prefix + (name[prefix] == ':');
    const char *device = NULL;
    const char *subdevice = NULL;
    (void)snprintf(reopen_name, size, "%s", name);
    bool is_known =
        strncmp(name, "hw:", 3) == 0 || strncmp(name, "plughw:", 7) == 0;
    if (!is_known || !take_number(&at, '\0')) {
        return;
    }
    device = at;
    if (take_number(&at, ',')) {
        subdevice = at;
        (void)take_number(&at, ',');
    }
    int card = card_of(pcm);
    if (*at != '\0' || card < 0 || card_id(card, id, sizeof(id)) < 0) {
        return;
    }
    (void)snprintf(reopen_name, size, "%.*s:CARD=%s%s%.*s%s%s", (int)prefix,
                   name, id, subdevice != NULL ? ",DEV=" : "",
                   subdevice != NULL ? (int)(subdevice - device - 1) : 0,
                   device + (subdevice != NULL),
                   subdevice != NULL && *subdevice != '\0' ? ",SUBDEV=" : "",
                   subdevice != NULL && *subdevice != '\0' ? subdevice + 1
                                                           : "");
}
