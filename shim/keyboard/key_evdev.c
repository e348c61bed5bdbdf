/* SPDX-License-Identifier: MIT */
#include "keyboard/key_evdev.h"

#include "common/key_codes.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/input.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { DEVICES_MAX = 64, BITS = 8 };

static bool has_key(const unsigned char *bits, unsigned key)
{
    return (bits[key / BITS] >> (key % BITS) & 1) != 0;
}

/* Mice and power buttons have keys too. */
static bool is_keyboard(int fd)
{
    unsigned char bits[KEY_MAX / BITS + 1] = {0};
    return ioctl(fd, EVIOCGBIT(EV_KEY, sizeof(bits)), bits) >= 0 &&
           has_key(bits, KEY_A) && has_key(bits, KEY_Z) &&
           has_key(bits, KEY_SPACE);
}

bool key_evdev_find(char *path, size_t size, struct failure *failure)
{
    bool is_denied = false;
    for (int i = 0; i < DEVICES_MAX; i++) {
        (void)snprintf(path, size, "/dev/input/event%d", i);
        int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
        if (fd >= 0) {
            bool is_found = is_keyboard(fd);
            (void)close(fd);
            if (is_found) {
                return true;
            }
        }
        is_denied = is_denied || (fd < 0 && errno == EACCES);
    }
    if (is_denied) {
        (void)failure_set(failure, STATUS_OPEN,
                          "the input devices may not be read");
        return failure_hint(failure, "sudo usermod -aG input $USER, and log "
                                     "in again");
    }
    (void)failure_set(failure, STATUS_OPEN,
                      "no keyboard among /dev/input/event0 to event%d",
                      DEVICES_MAX - 1);
    return failure_hint(failure, "--keyboard takes the keys of the terminal");
}

unsigned char *key_evdev_room(struct key_evdev *evdev, size_t *bytes)
{
    *bytes = sizeof evdev->bytes - evdev->count;
    return evdev->bytes + evdev->count;
}

/* False when an event is of no interest. */
static bool translate(const struct input_event *input,
                      struct key_evdev_event *event)
{
    if (input->type == EV_SYN && input->code == SYN_DROPPED) {
        *event = (struct key_evdev_event){KEYBOARD_BLUR, 0};
        return true;
    }
    /* Buttons of mice and joysticks are in between. */
    if (input->type != EV_KEY ||
        (input->code >= BTN_MISC && input->code < KEY_OK)) {
        return false;
    }
    *event = (struct key_evdev_event){input->value == 0 ? KEYBOARD_UP
                                                        : KEYBOARD_DOWN,
                                      key_from_linux(input->code)};
    return true;
}

bool key_evdev_next(struct key_evdev *evdev, struct key_evdev_event *event)
{
    struct input_event input;
    size_t at = 0;
    bool is_found = false;
    while (!is_found && evdev->count - at >= sizeof(input)) {
        memcpy(&input, evdev->bytes + at, sizeof(input));
        at += sizeof(input);
        is_found = translate(&input, event);
    }
    evdev->count -= at;
    memmove(evdev->bytes, evdev->bytes + at, evdev->count);
    return is_found;
}
