/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* posix_openpt and its kin, cfmakeraw */
#include "serial.h"

#include <check.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

int serial_plug(const char *path)
{
    struct termios raw;
    int serial = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    ck_assert_int_ge(serial, 0);
    ck_assert_int_eq(grantpt(serial), 0);
    ck_assert_int_eq(unlockpt(serial), 0);
    ck_assert_int_eq(tcgetattr(serial, &raw), 0);
    cfmakeraw(&raw);
    ck_assert_int_eq(tcsetattr(serial, TCSANOW, &raw), 0);
    (void)unlink(path);
    ck_assert_int_eq(symlink(ptsname(serial), path), 0);
    return serial;
}

void serial_read(int serial, unsigned char *bytes, size_t count)
{
    enum { PATIENCE_MS = 60000 };
    while (count > 0) {
        struct pollfd fd = {.fd = serial, .events = POLLIN};
        ck_assert_int_eq(poll(&fd, 1, PATIENCE_MS), 1);
        ssize_t got = read(serial, bytes, count);
        ck_assert_int_gt(got, 0);
        bytes += got;
        count -= (size_t)got;
    }
}
