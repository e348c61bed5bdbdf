/* SPDX-License-Identifier: MIT */
#include "alsa/devices.h"

#include "alsa/alsa_names.h"
#include "alsa/alsa_rate.h"

#include <alsa/asoundlib.h>
#include <errno.h>
#include <string.h>

enum { CARDS_MAX = 32, DEVICES_MAX = 32, FORMATS = 5, NAME_BYTES = 96 };

static const snd_pcm_format_t formats[FORMATS] = {
    SND_PCM_FORMAT_FLOAT_LE, SND_PCM_FORMAT_S32_LE, SND_PCM_FORMAT_S24_3LE,
    SND_PCM_FORMAT_S24_LE, SND_PCM_FORMAT_S16_LE};

/* One direction of a device. */
struct side {
    bool is_there;
    int error;      /* why it could not be looked at, or 0 */
    long owner_pid; /* 0: unknown */
    char owner[32];
    unsigned channels[2]; /* least, most */
    unsigned rates[2];
    bool has_format[FORMATS];
    snd_pcm_uframes_t period_min;
    char reason[160]; /* why the patch cannot use it; empty: it can */
};

struct device {
    int card;
    int number;
    char id[32]; /* of the card: stays when cards are counted anew */
    char name[2 * NAME_BYTES];
    struct side out;
    struct side in;
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
                       struct side *side)
{
    char path[512];
    char value[64];
    for (int sub = 0; sub < DEVICES_MAX && side->owner_pid == 0; sub++) {
        (void)snprintf(path, sizeof(path), "%s/card%d/pcm%d%c/sub%d/status",
                       listing->root, device->card, device->number, letter,
                       sub);
        if (read_value(path, "owner_pid", value, sizeof(value))) {
            side->owner_pid = strtol(value, NULL, 10);
        }
    }
    (void)snprintf(path, sizeof(path), "/proc/%ld/comm", side->owner_pid);
    (void)read_value(path, "", side->owner, sizeof(side->owner));
}

/* The number of channels that the patch would get, 0: none. */
static unsigned choose_channels(snd_pcm_t *pcm, snd_pcm_hw_params_t *hw,
                                const struct side *side, unsigned wanted,
                                bool is_out)
{
    unsigned most =
        side->channels[1] < wanted + 64 ? side->channels[1] : wanted + 64;
    for (unsigned n = wanted; n <= most; n++) {
        if (snd_pcm_hw_params_test_channels(pcm, hw, n) == 0) {
            return n;
        }
    }
    /* One speaker takes left and right, one microphone feeds all inputs. */
    return (!is_out || wanted <= 2) && side->channels[0] == 1 ? 1 : 0;
}

/* What --resample would do. */
static void explain_rate(struct side *side, snd_pcm_t *pcm,
                         snd_pcm_hw_params_t *hw, unsigned wanted)
{
    unsigned rate = wanted;
    char periods[64] = "";
    (void)snd_pcm_hw_params_set_rate_near(pcm, hw, &rate, NULL);
    unsigned step = alsa_rate_step(wanted, rate);
    if (step > 1) {
        (void)snprintf(periods, sizeof(periods),
                       ", in tune with periods that are multiples of %u", step);
    }
    (void)snprintf(side->reason, sizeof(side->reason),
                   "not at the patch's %u Hz; --resample converts to %u Hz%s",
                   wanted, rate, periods);
}

/* None is known here: what there is, and what plays it. */
static void explain_formats(struct side *side, snd_pcm_hw_params_t *hw,
                            const char *card)
{
    char names[80];
    bool is_iec958;
    unsigned count = alsa_list_formats(hw, names, sizeof(names), &is_iec958);
    if (is_iec958) {
        (void)snprintf(side->reason, sizeof(side->reason),
                       "only %s; try hdmi:CARD=%s or sysdefault:CARD=%s", names,
                       card, card);
    } else {
        (void)snprintf(side->reason, sizeof(side->reason),
                       "no sample format that is known here%s%s",
                       count > 0 ? ", only " : "", names);
    }
}

/* The first thing that is in the way, else the shortest period for the patch.
 */
static void judge(struct side *side, snd_pcm_t *pcm, snd_pcm_hw_params_t *hw,
                  const struct f4e_patch *patch, const char *card, bool is_out)
{
    unsigned wanted = is_out ? patch->output_count : patch->input_count;
    unsigned channels = choose_channels(
        pcm, hw, side, is_out && wanted == 1 ? 2 : wanted, is_out);
    int format = 0;
    while (format < FORMATS && !side->has_format[format]) {
        format++;
    }
    if (format == FORMATS) {
        explain_formats(side, hw, card);
    } else if (channels == 0) {
        (void)snprintf(side->reason, sizeof(side->reason),
                       "the patch has %u channels", wanted);
    } else if (snd_pcm_hw_params_test_rate(pcm, hw, patch->sample_rate, 0) !=
               0) {
        explain_rate(side, pcm, hw, patch->sample_rate);
    } else if (snd_pcm_hw_params_set_format(pcm, hw, formats[format]) < 0 ||
               snd_pcm_hw_params_set_channels(pcm, hw, channels) < 0 ||
               snd_pcm_hw_params_set_rate(pcm, hw, patch->sample_rate, 0) < 0) {
        (void)snprintf(side->reason, sizeof(side->reason),
                       "not with %u channels at %u Hz", channels,
                       (unsigned)patch->sample_rate);
    }
}

static void look(struct side *side, snd_pcm_t *pcm,
                 const struct f4e_patch *patch, const char *card, bool is_out)
{
    snd_pcm_hw_params_t *hw;
    if (snd_pcm_hw_params_malloc(&hw) < 0) {
        side->error = -ENOMEM;
        return;
    }
    side->error = snd_pcm_hw_params_any(pcm, hw);
    if (side->error >= 0) {
        side->error = 0;
        (void)snd_pcm_hw_params_set_rate_resample(pcm, hw, 0);
        (void)snd_pcm_hw_params_get_channels_min(hw, &side->channels[0]);
        (void)snd_pcm_hw_params_get_channels_max(hw, &side->channels[1]);
        (void)snd_pcm_hw_params_get_rate_min(hw, &side->rates[0], NULL);
        (void)snd_pcm_hw_params_get_rate_max(hw, &side->rates[1], NULL);
        for (int i = 0; i < FORMATS; i++) {
            side->has_format[i] =
                snd_pcm_hw_params_test_format(pcm, hw, formats[i]) == 0;
        }
        judge(side, pcm, hw, patch, card, is_out);
        (void)snd_pcm_hw_params_get_period_size_min(hw, &side->period_min,
                                                    NULL);
    }
    snd_pcm_hw_params_free(hw);
}

static void look_side(const struct listing *listing, struct device *device,
                      bool is_out)
{
    struct side *side = is_out ? &device->out : &device->in;
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
        look(side, pcm, listing->patch, device->id, is_out);
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

static void print_range(unsigned least, unsigned most, const char *unit,
                        FILE *file)
{
    (void)fprintf(file, "%u", least);
    if (most != least) {
        (void)fprintf(file, "-%u", most);
    }
    (void)fprintf(file, "%s, ", unit);
}

/* "out  2 channels, 44100-192000 Hz, S32_LE S16_LE, period >= 32: OK" */
static void print_side(const char *title, const struct side *side,
                       bool is_needed, FILE *file)
{
    if (!side->is_there) {
        return;
    }
    (void)fprintf(file, "  %-4s ", title);
    if (side->error == 0) {
        print_range(side->channels[0], side->channels[1], " channels", file);
        print_range(side->rates[0], side->rates[1], " Hz", file);
        for (int i = 0; i < FORMATS; i++) {
            if (side->has_format[i]) {
                (void)fprintf(file, "%s ", snd_pcm_format_name(formats[i]));
            }
        }
        (void)fprintf(file, "period >= %lu: ", side->period_min);
    }
    (void)fprintf(file, "%s%s\n",
                  !is_needed                ? "not needed"
                  : side->reason[0] != '\0' ? "NO, "
                                            : "OK",
                  is_needed ? side->reason : "");
}

static void write_side(const char *title, const struct side *side,
                       bool is_needed, struct json *json)
{
    if (!side->is_there) {
        return;
    }
    json_open_member(json, title, '{');
    if (side->error == 0) {
        json_member_range(json, "channels", side->channels);
        json_member_range(json, "rates", side->rates);
        json_member_unsigned(json, "periodMin", side->period_min);
        json_open_member(json, "formats", '[');
        for (int i = 0; i < FORMATS; i++) {
            if (side->has_format[i]) {
                json_string(json, snd_pcm_format_name(formats[i]));
            }
        }
        json_close(json, ']');
    }
    if (side->owner_pid > 0) {
        json_member_unsigned(json, "ownerPid", (uint64_t)side->owner_pid);
    }
    json_member_bool(json, "isBusy", side->error == -EBUSY);
    json_member_bool(json, "isNeeded", is_needed);
    json_member_bool(json, "isGood", side->reason[0] == '\0');
    json_member_string(json, "reason", side->reason);
    json_close(json, '}');
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
        write_side("out", &device->out, has_outputs, &listing->json);
        write_side("in", &device->in, has_inputs, &listing->json);
        json_close(&listing->json, '}');
    } else {
        (void)fprintf(file, "%s  %s\n", name, device->name);
        print_side("out", &device->out, has_outputs, file);
        print_side("in", &device->in, has_inputs, file);
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
        device.out = (struct side){.is_there = false};
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
    snd_ctl_card_info_t *card_info = NULL;
    snd_pcm_info_t *info = NULL;
    (void)snprintf(name, sizeof(name), "hw:%d", card);
    if (snd_ctl_open(&control, name, SND_CTL_NONBLOCK) < 0) {
        return;
    }
    if (snd_ctl_card_info_malloc(&card_info) == 0 &&
        snd_pcm_info_malloc(&info) == 0 &&
        snd_ctl_card_info(control, card_info) == 0) {
        (void)snprintf(device.id, sizeof(device.id), "%s",
                       snd_ctl_card_info_get_id(card_info));
        device.number = -1;
        while (snd_ctl_pcm_next_device(control, &device.number) == 0 &&
               device.number >= 0) {
            snd_pcm_info_set_device(info, (unsigned)device.number);
            snd_pcm_info_set_stream(info, SND_PCM_STREAM_CAPTURE);
            device.in =
                (struct side){.is_there = snd_ctl_pcm_info(control, info) == 0};
            snd_pcm_info_set_stream(info, SND_PCM_STREAM_PLAYBACK);
            device.out =
                (struct side){.is_there = snd_ctl_pcm_info(control, info) == 0};
            (void)snprintf(device.name, sizeof(device.name), "%s, %s",
                           snd_ctl_card_info_get_name(card_info),
                           snd_pcm_info_get_name(info));
            print_device(listing, &device);
        }
    }
    snd_pcm_info_free(info);
    snd_ctl_card_info_free(card_info);
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
