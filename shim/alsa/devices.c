/* SPDX-License-Identifier: MIT */
#include "alsa/devices.h"

#include "alsa/device_side.h"

#include <alsa/asoundlib.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { CARDS_MAX = 32, DEVICES_MAX = 32, NAME_BYTES = 96 };

struct device {
    int card;
    int number;
    char id[32]; /* of the card: stays when cards are counted anew */
    char name[2 * NAME_BYTES];
    struct device_side out;
    struct device_side in;
};

/* Where devices are printed to, and how. */
struct listing {
    const struct f4e_patch *patch;
    const char *root; /* /proc/asound */
    bool is_json;
    struct json json;
    FILE *file;
    unsigned count; /* printed so far */
};

static void say_nothing(const char *file, int line, const char *function,
                        int error, const char *format, ...)
{
    (void)file;
    (void)line;
    (void)function;
    (void)error;
    (void)format;
}

/* The value of "key : value" in a file, or of all of it for "". */
static bool read_value(const char *path, const char *key, char *value,
                       size_t size)
{
    char line[256];
    bool is_found = false;
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return false;
    }
    while (!is_found && fgets(line, sizeof(line), file) != NULL) {
        size_t length = strlen(key);
        const char *at = line + length;
        line[strcspn(line, "\n")] = '\0';
        if (strncmp(line, key, length) == 0) {
            at += strspn(at, length > 0 ? " \t:" : "");
            (void)snprintf(value, size, "%s", at);
            is_found = true;
        }
    }
    (void)fclose(file);
    return is_found;
}

static void find_owner(const struct listing *listing,
                       const struct device *device, char letter,
                       struct device_side *side)
{
    char path[512];
    char value[64];
    for (int sub = 0; sub < DEVICES_MAX && side->owner_pid == 0; sub++) {
        (void)snprintf(path, sizeof(path), "%s/card%d/pcm%d%c/sub%d/status",
                       listing->root, device->card, device->number, letter,
                       sub);
        if (read_value(path, "owner_pid", value, sizeof(value))) {
            side->owner_pid = (long)strtoull(value, NULL, 10);
        }
    }
    (void)snprintf(path, sizeof(path), "/proc/%ld/comm", side->owner_pid);
    (void)read_value(path, "", side->owner, sizeof(side->owner));
}

static void look_side(const struct listing *listing, struct device *device,
                      bool is_out)
{
    struct device_side *side = is_out ? &device->out : &device->in;
    char name[NAME_BYTES];
    snd_pcm_t *pcm;
    if (!side->is_there) {
        return;
    }
    (void)snprintf(name, sizeof(name), "hw:CARD=%s,DEV=%d", device->id,
                   device->number);
    side->error = snd_pcm_open(
        &pcm, name, is_out ? SND_PCM_STREAM_PLAYBACK : SND_PCM_STREAM_CAPTURE,
        SND_PCM_NONBLOCK);
    if (side->error >= 0) {
        device_side_look(side, pcm, listing->patch, device->id, is_out);
        (void)snd_pcm_close(pcm);
    } else if (side->error == -EBUSY) {
        find_owner(listing, device, is_out ? 'p' : 'c', side);
        (void)snprintf(side->reason, sizeof(side->reason), "busy");
        if (side->owner_pid > 0) {
            (void)snprintf(side->reason, sizeof(side->reason),
                           "busy: process %ld%s%s uses it", side->owner_pid,
                           side->owner[0] != '\0' ? ", " : "", side->owner);
        }
    }
    if (side->error < 0 && side->reason[0] == '\0') {
        (void)snprintf(side->reason, sizeof(side->reason), "%s",
                       snd_strerror(side->error));
    }
}

static void print_device(struct listing *listing, struct device *device)
{
    FILE *file = listing->file;
    bool has_outputs = listing->patch->output_count > 0;
    bool has_inputs = listing->patch->input_count > 0;
    char name[NAME_BYTES];
    look_side(listing, device, true);
    look_side(listing, device, false);
    (void)snprintf(name, sizeof(name), "hw:CARD=%s,DEV=%d", device->id,
                   device->number);
    if (listing->is_json) {
        json_open(&listing->json, '{');
        json_member_string(&listing->json, "name", name);
        json_member_string(&listing->json, "description", device->name);
        device_side_write("out", &device->out, has_outputs, &listing->json);
        device_side_write("in", &device->in, has_inputs, &listing->json);
        json_close(&listing->json, '}');
    } else {
        (void)fprintf(file, "%s  %s\n", name, device->name);
        device_side_print("out", &device->out, has_outputs, file);
        device_side_print("in", &device->in, has_inputs, file);
    }
    listing->count++;
}

/* From /proc/asound/cardN/. False when that says nothing of the card. */
static bool list_proc_card(struct listing *listing, int card)
{
    char path[512];
    char card_name[NAME_BYTES] = "";
    char key[8];
    struct device device = {.card = card};
    (void)snprintf(path, sizeof(path), "%s/card%d/id", listing->root, card);
    if (!read_value(path, "", device.id, sizeof(device.id))) {
        return false;
    }
    /* " 0 [PCH            ]: HDA-Intel - HDA Intel PCH" */
    (void)snprintf(path, sizeof(path), "%s/cards", listing->root);
    (void)snprintf(key, sizeof(key), "%2d [", card);
    if (read_value(path, key, card_name, sizeof(card_name))) {
        const char *dash = strstr(card_name, " - ");
        const char *start = dash != NULL ? dash + 3 : card_name;
        memmove(card_name, start, strlen(start) + 1);
    }
    for (device.number = 0; device.number < DEVICES_MAX; device.number++) {
        char name[NAME_BYTES] = "";
        device.out = (struct device_side){.is_there = false};
        device.in = device.out;
        for (int is_out = 0; is_out < 2; is_out++) {
            (void)snprintf(path, sizeof(path), "%s/card%d/pcm%d%c/info",
                           listing->root, card, device.number,
                           is_out != 0 ? 'p' : 'c');
            (is_out != 0 ? &device.out : &device.in)->is_there =
                read_value(path, "name", name, sizeof(name));
        }
        (void)snprintf(device.name, sizeof(device.name), "%s, %s", card_name,
                       name);
        if (device.out.is_there || device.in.is_there) {
            print_device(listing, &device);
        }
    }
    return true;
}

/* The same from the card itself: containers hide /proc/asound. */
static void list_control_card(struct listing *listing, int card)
{
    struct device device = {.card = card};
    char name[16];
    snd_ctl_t *control = NULL;
    (void)snprintf(name, sizeof(name), "hw:%d", card);
    if (snd_ctl_open(&control, name, SND_CTL_NONBLOCK) < 0) {
        return;
    }
    snd_ctl_card_info_t *card_info = calloc(1, snd_ctl_card_info_sizeof());
    snd_pcm_info_t *info = calloc(1, snd_pcm_info_sizeof());
    if (card_info != NULL && info != NULL &&
        snd_ctl_card_info(control, card_info) == 0) {
        (void)snprintf(device.id, sizeof(device.id), "%s",
                       snd_ctl_card_info_get_id(card_info));
        device.number = -1;
        while (snd_ctl_pcm_next_device(control, &device.number) == 0 &&
               device.number >= 0) {
            snd_pcm_info_set_device(info, (unsigned)device.number);
            snd_pcm_info_set_stream(info, SND_PCM_STREAM_CAPTURE);
            device.in = (struct device_side){
                .is_there = snd_ctl_pcm_info(control, info) == 0};
            snd_pcm_info_set_stream(info, SND_PCM_STREAM_PLAYBACK);
            device.out = (struct device_side){
                .is_there = snd_ctl_pcm_info(control, info) == 0};
            (void)snprintf(device.name, sizeof(device.name), "%s, %s",
                           snd_ctl_card_info_get_name(card_info),
                           snd_pcm_info_get_name(info));
            print_device(listing, &device);
        }
    }
    free(info);
    free(card_info);
    (void)snd_ctl_close(control);
}

/* Names beyond hw: that a user may want. */
static bool is_useful(const char *name)
{
    static const char useful[][12] = {
        "default", "default:", "sysdefault", "sysdefault:", "plughw:", "hdmi:",
        "iec958:", "front:",   "pipewire",   "pulse",       "jack"};
    for (size_t i = 0; i < sizeof(useful) / sizeof(*useful); i++) {
        size_t length = strlen(useful[i]);
        if (strncmp(name, useful[i], length) == 0 &&
            (name[length] == '\0' || useful[i][length - 1] == ':')) {
            return true;
        }
    }
    return false;
}

static void print_hint(struct listing *listing, const char *name, char *text)
{
    for (char *at = strchr(text, '\n'); at != NULL; at = strchr(at, '\n')) {
        *at = ' ';
    }
    if (!listing->is_json) {
        (void)fprintf(listing->file, "%s  %s\n", name, text);
        return;
    }
    json_open(&listing->json, '{');
    json_member_string(&listing->json, "name", name);
    json_member_string(&listing->json, "description", text);
    json_close(&listing->json, '}');
}

static void list_hints(struct listing *listing)
{
    char none[1] = "";
    void **hints = NULL;
    if (snd_device_name_hint(-1, "pcm", &hints) < 0 || hints == NULL) {
        return;
    }
    for (void **hint = hints; *hint != NULL; hint++) {
        char *name = snd_device_name_get_hint(*hint, "NAME");
        char *text = snd_device_name_get_hint(*hint, "DESC");
        if (name != NULL && is_useful(name)) {
            print_hint(listing, name, text != NULL ? text : none);
        }
        free(name);
        free(text);
    }
    (void)snd_device_name_free_hint(hints);
}

void devices_print(const struct f4e_patch *patch, bool is_json,
                   const char *proc_root, devices_more *more, FILE *file)
{
    struct listing listing = {
        .patch = patch,
        .root = proc_root != NULL ? proc_root : "/proc/asound",
        .is_json = is_json,
        .file = file,
    };
    bool has_proc = false;
    (void)snd_lib_error_set_handler(say_nothing);
    json_init(&listing.json, file, 2);
    if (is_json) {
        json_open(&listing.json, '{');
        json_open_member(&listing.json, "devices", '[');
    }
    for (int card = 0; card < CARDS_MAX; card++) {
        has_proc = list_proc_card(&listing, card) || has_proc;
    }
    if (!has_proc && proc_root == NULL) {
        int card = -1;
        while (snd_card_next(&card) == 0 && card >= 0) {
            list_control_card(&listing, card);
        }
    }
    if (!is_json && listing.count == 0) {
        (void)fputs("no sound cards\n", file);
    }
    if (is_json) {
        json_close(&listing.json, ']');
        json_open_member(&listing.json, "names", '[');
    }
    list_hints(&listing);
    if (is_json) {
        json_close(&listing.json, ']');
    }
    if (more != NULL) {
        more(patch, is_json ? &listing.json : NULL, file);
    }
    if (is_json) {
        json_close(&listing.json, '}');
    }
    (void)snd_lib_error_set_handler(NULL);
    (void)snd_config_update_free_global();
}
